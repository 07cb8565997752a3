"""Approval: by a second person, of exactly the files shown, with the number of a decision; then it is in force."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from motcua.audit.public import SYSTEM, list_decisions_of
from motcua.designer.actions.approvals import (
    approve_submission,
    return_submission,
    submit_draft,
    withdraw_submission,
)
from motcua.designer.actions.drafts import save_file
from motcua.designer.actions.opening import open_draft, open_draft_from_version
from motcua.designer.models import Submission
from motcua.designer.queries.approvals import get_submission, list_submissions
from motcua.designer.queries.checks import diff_with_version
from motcua.designer.queries.drafts import get_draft, read_file, read_files
from motcua.designer.tests.factories import NOW, make_approver, make_draft, make_owner, open_agency, staff_office
from motcua.designer.types.drafts import (
    ApprovalStale,
    DecisionMissing,
    NotReady,
    NotYourRole,
    ProcessPublished,
    SecondPersonNeeded,
    SubmissionNotWaiting,
)
from motcua.identity.public import Principal, grant_role
from motcua.identity.tests.factories import LONG_AGO, make_principal
from motcua.outbox.public import drain, subscribe, unsubscribe
from motcua.procedures.public import find_procedure, list_versions, publish_package

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LATER = NOW + timedelta(hours=1)
TODAY = date(2026, 3, 2)


@pytest.fixture
def agency() -> int:
    agency_id = open_agency()
    staff_office(agency_id)
    return agency_id


def approve(who: Principal, uuid: UUID, *, files_hash: str = "", number: str = "12/QĐ-UBND") -> object:
    found = Submission.objects.get(uuid=uuid)
    return approve_submission(
        who, found.uuid, files_hash=files_hash or found.files_hash, decision_no=number, decision_on=TODAY, now=LATER
    )


def change_term(owner: Principal, uuid: object) -> None:
    draft = get_draft(owner, uuid)  # type: ignore[arg-type]  # a uuid, as the factories give it
    file = read_file(draft.id, "procedure.toml")
    text = file.content.replace(b'text = "', b'text = "Sua: ', 1)
    save_file(owner, draft.uuid, name="procedure.toml", content=text, revision=file.revision, now=LATER)


def test_approved_draft_comes_into_force_with_its_decision(agency: int) -> None:
    owner, approver = make_owner(agency), make_approver(agency)
    uuid = make_draft(owner)
    submission = submit_draft(owner, uuid, note="Sửa theo luật mới", now=NOW)
    assert submit_draft(owner, uuid, now=NOW) == submission  # pressed twice: one request
    assert [each.uuid for each in list_submissions(approver).items] == [submission]
    approve(approver, submission)
    detail = find_procedure("1.001193", on=TODAY)
    assert detail is not None and detail.approved_by_decision_no == "12/QĐ-UBND"
    assert get_draft(owner, uuid).state == "published"
    assert get_submission(owner, submission).decided_by_name == approver.full_name
    acts = [entry.what for entry in list_decisions_of(f"draft:{uuid}").items]
    assert sorted(acts) == ["designer.publish", "designer.submit"]


def test_publication_is_told_to_those_who_listen(agency: int) -> None:
    heard: list[ProcessPublished] = []

    def listen(event: ProcessPublished, *, now: datetime) -> None:
        heard.append(event)

    subscribe(ProcessPublished, name="designer.tests.listen")(listen)
    try:
        owner = make_owner(agency)
        approve(make_approver(agency), submit_draft(owner, make_draft(owner), now=NOW))
        drain(now=LATER)
    finally:
        unsubscribe("designer.tests.listen")
    assert [(event.procedure_code, event.decision_no) for event in heard] == [("1.001193", "12/QĐ-UBND")]


def test_the_same_person_never_approves(agency: int) -> None:
    owner = make_owner(agency)
    grant_role(owner.user_id, role="process_approver", agency_id=agency, valid_from=LONG_AGO, actor=SYSTEM, now=NOW)
    both = make_principal(owner.user_id)
    submission = submit_draft(both, make_draft(both), now=NOW)
    with pytest.raises(SecondPersonNeeded):
        approve(both, submission)
    with pytest.raises(SecondPersonNeeded):
        return_submission(both, submission, reason="x", now=LATER)


def test_the_last_editor_never_approves_what_another_submits(agency: int) -> None:
    first, second = make_owner(agency), make_owner(agency, "Người Sửa Cuối")
    grant_role(second.user_id, role="process_approver", agency_id=agency, valid_from=LONG_AGO, actor=SYSTEM, now=NOW)
    editor = make_principal(second.user_id)
    uuid = make_draft(first)
    change_term(editor, uuid)
    submission = submit_draft(first, uuid, now=LATER)
    with pytest.raises(SecondPersonNeeded):
        approve(editor, submission)


def test_an_edit_voids_the_request(agency: int) -> None:
    owner, approver = make_owner(agency), make_approver(agency)
    uuid = make_draft(owner)
    submission = submit_draft(owner, uuid, now=NOW)
    change_term(owner, uuid)
    assert get_submission(owner, submission).state == "voided"
    with pytest.raises(SubmissionNotWaiting):
        approve(approver, submission)


def test_other_files_than_shown_are_not_approved(agency: int) -> None:
    owner, approver = make_owner(agency), make_approver(agency)
    submission = submit_draft(owner, make_draft(owner), now=NOW)
    with pytest.raises(ApprovalStale):
        approve(approver, submission, files_hash="0" * 64)
    assert find_procedure("1.001193", on=TODAY) is None


@pytest.mark.parametrize(("number", "day"), [("", TODAY), ("  ", TODAY), ("1/QĐ", None), ("1/QĐ", date(2026, 3, 4))])
def test_a_decision_needs_its_number_and_day(agency: int, number: str, day: date | None) -> None:
    owner, approver = make_owner(agency), make_approver(agency)
    submission = submit_draft(owner, make_draft(owner), now=NOW)
    found = get_submission(approver, submission)
    with pytest.raises(DecisionMissing):
        approve_submission(
            approver, submission, files_hash=found.files_hash, decision_no=number, decision_on=day, now=LATER
        )


def test_errors_and_failing_samples_stand_in_the_way(agency: int) -> None:
    owner = make_owner(agency)
    uuid = make_draft(owner)
    save_file(owner, uuid, name="process.bpmn", content=b"<x/>", revision=1, now=LATER)
    with pytest.raises(NotReady):
        submit_draft(owner, uuid, now=LATER)
    other = make_draft(owner)
    draft = get_draft(owner, other)
    name = next(name for name in read_files(draft.id) if name.startswith("golden/"))
    wrong = read_files(draft.id)[name].replace(b'"approved"', b'"stopped"').replace(b'"fee_vnd": 0', b'"fee_vnd": 7')
    save_file(owner, other, name=name, content=wrong, revision=1, now=LATER)
    with pytest.raises(NotReady):
        submit_draft(owner, other, now=LATER)


def test_only_owners_submit_and_only_approvers_approve(agency: int) -> None:
    owner, approver = make_owner(agency), make_approver(agency)
    uuid = make_draft(owner)
    with pytest.raises(NotYourRole):
        submit_draft(approver, uuid, now=NOW)
    submission = submit_draft(owner, uuid, now=NOW)
    with pytest.raises(NotYourRole):
        approve(make_owner(agency, "Người Khác"), submission)
    with pytest.raises(SubmissionNotWaiting):
        approve(make_approver(open_agency()), submission)
    withdraw_submission(owner, uuid, now=LATER)
    assert get_submission(owner, submission).state == "voided"


def test_returned_with_a_reason(agency: int) -> None:
    owner, approver = make_owner(agency), make_approver(agency)
    submission = submit_draft(owner, make_draft(owner), now=NOW)
    with pytest.raises(DecisionMissing):
        return_submission(approver, submission, reason=" ", now=LATER)
    return_submission(approver, submission, reason="Thiếu căn cứ", now=LATER)
    assert get_submission(owner, submission).reason == "Thiếu căn cứ"


def test_roll_back_is_a_new_version_with_the_old_files(agency: int) -> None:
    owner, approver = make_owner(agency), make_approver(agency)
    uuid = make_draft(owner)
    approve(approver, submit_draft(owner, uuid, now=NOW), number="1/QĐ")
    second = open_draft(owner, procedure_code="1.001193", now=LATER)
    change_term(owner, second)
    approve(approver, submit_draft(owner, second, now=LATER), number="2/QĐ")
    assert [change.part for change in diff_with_version(get_draft(owner, second))[1]] == ["term"]
    old = list_versions("1.001193")[-1]
    third = open_draft_from_version(owner, version_id=old.version_id, now=LATER)
    assert get_draft(owner, third).origin == "old_version"
    approve(approver, submit_draft(owner, third, now=LATER), number="3/QĐ")
    current = find_procedure("1.001193", on=TODAY)
    assert current is not None
    assert (current.approved_by_decision_no, current.term.text) == ("3/QĐ", old.term.text)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "odd"},
        {"files_hash": "x"},
        {"state": "published"},
        {"state": "returned"},
        {"decision_no": "1/QĐ"},
    ],
)
def test_constraints_of_requests(agency: int, values: dict[str, object]) -> None:
    owner = make_owner(agency)
    submit_draft(owner, make_draft(owner), now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.update(**values)


@pytest.mark.parametrize("column", ["submitted_by_id", "last_editor_id"])
def test_the_database_asks_for_a_second_person(agency: int, column: str) -> None:
    owner, other = make_owner(agency), make_owner(agency, "Người Thứ Hai")
    submission = submit_draft(owner, make_draft(owner), now=NOW)
    row = Submission.objects.get(uuid=submission)
    Submission.objects.update(submitted_by_id=other.user_id, last_editor_id=other.user_id)
    Submission.objects.update(**{column: owner.user_id})
    values = {"state": "returned", "reason": "x", "decided_at": LATER, "decided_by_id": owner.user_id}
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(pk=row.pk).update(**values)


def test_one_waiting_request_for_a_draft(agency: int) -> None:
    owner = make_owner(agency)
    submit_draft(owner, make_draft(owner), now=NOW)
    row = Submission.objects.get()
    row.pk, row.uuid = None, __import__("uuid").uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_running_package_is_kept_apart_from_drafts(agency: int) -> None:
    """What is published by a draft is exactly the draft's files: the hash in the audit names them."""
    owner, approver = make_owner(agency), make_approver(agency)
    uuid = make_draft(owner)
    files = read_files(get_draft(owner, uuid).id)
    approve(approver, submit_draft(owner, uuid, now=NOW))
    again = publish_package(files, slug="dang-ky-khai-sinh", now=LATER)
    assert again.version_no == 1
