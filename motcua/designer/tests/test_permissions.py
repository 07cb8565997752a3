"""Every address of the designer: open to those who design and approve, shut to all others, changed by none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from motcua.designer.actions.approvals import submit_draft
from motcua.designer.actions.comments import add_comment
from motcua.designer.models import Comment, Draft, DraftFile, DraftSave, Submission
from motcua.designer.queries.drafts import get_draft
from motcua.designer.tests.factories import (
    NOW,
    SLUG,
    make_approver,
    make_draft,
    make_owner,
    open_agency,
    read_package,
    staff_office,
)
from motcua.designer.urls import urlpatterns
from motcua.documents.public import ensure_demo_key
from motcua.identity.public import Principal
from motcua.identity.tests.factories import make_official, make_principal, make_resident, sign_in
from motcua.places.public import get_agency
from motcua.procedures.public import publish_package

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CODE = "1.001193"
READS = (
    "home", "procedures", "procedure", "draft", "history", "save", "files", "file", "edit_file", "texts", "questions",
    "term", "papers", "fees", "steps", "bpmn", "dmn", "form", "comments", "check", "golden", "add_golden", "diff",
    "preview", "preview_office", "simulation", "export", "import", "migration", "submit", "versions_diff", "approvals",
    "approval",
)  # fmt: skip
OWNERS_WRITE = (
    "open", "discard", "reopen", "restore", "edit_file", "remove_file", "texts", "questions", "term", "papers", "fees",
    "steps", "add_golden", "accept_golden", "import", "migration", "submit", "withdraw", "republish",
)  # fmt: skip
BOTH_WRITE = ("comment", "resolve", "preview")
APPROVERS_WRITE = ("approve", "return")
OF_A_DRAFT = [each.name or "" for each in urlpatterns if "draft_uuid" in str(each.pattern)]
OF_A_REQUEST = [each.name or "" for each in urlpatterns if "submission_uuid" in str(each.pattern)]


@dataclass(frozen=True)
class Place:
    """A draft that waits for approval, at one agency, and how each address of it is called."""

    agency_id: int
    owner: Principal
    draft: UUID
    submission: UUID
    version_id: int
    values: dict[str, Any]

    def find(self, name: str, **other: Any) -> str:
        pattern = str(next(each.pattern for each in urlpatterns if each.name == name))
        known = self.values | {"file": self._file(name)} | other
        return reverse(f"designer:{name}", kwargs={key: known[key] for key in known if f":{key}>" in pattern})

    def _file(self, name: str) -> str:
        return "result.typ" if name != "remove_file" else "golden/dung-han.json"


@pytest.fixture
def place() -> Place:
    agency_id = open_agency()
    staff_office(agency_id)
    agency = get_agency(agency_id)
    ensure_demo_key(agency.code, agency.name, now=NOW)
    version = publish_package(read_package(), slug=SLUG, now=NOW)
    owner = make_owner(agency_id)
    uuid = make_draft(owner)
    comment = add_comment(owner, uuid, file="form.json", element_id="", text="Hỏi gọn hơn", now=NOW)
    submission = submit_draft(owner, uuid, now=NOW)
    save = DraftSave.objects.filter(draft=get_draft(owner, uuid).id).order_by("pk")[0]
    values = {
        "draft_uuid": uuid, "submission_uuid": submission, "comment_uuid": comment, "code": CODE, "save_id": save.pk,
        "decision": "fee", "old": version.version_id, "new": version.version_id,
    }  # fmt: skip
    return Place(agency_id, owner, uuid, submission, version.version_id, values)


def make_client(who: Principal | None, *, stepped_up: bool = True) -> Client:
    client = Client()
    if who is not None:
        sign_in(client, who.user_id, stepped_up=stepped_up)
    return client


def ask_all(client: Client, place: Place, **other: Any) -> Iterator[tuple[str, str, int]]:
    """Ask every address in every way it has: (name, method, status)."""
    for name in READS:
        yield name, "GET", client.get(place.find(name, **other)).status_code
    for name in (*OWNERS_WRITE, *BOTH_WRITE, *APPROVERS_WRITE):
        yield (
            name,
            "POST",
            client.post(
                place.find(name, **other), {"revision": "1", "text": "x", "version": str(place.version_id)}
            ).status_code,
        )
    put = client.put(place.find("file", **other), data=b"x", headers={"If-Match": '"1"'}, content_type="text/plain")
    yield "file", "PUT", put.status_code


def snapshot() -> list[object]:
    """Everything that a wrong person must not have changed."""
    return [
        sorted(Draft.objects.values_list("uuid", "state", "revision")),
        sorted(DraftFile.objects.values_list("name", "sha256")),
        DraftSave.objects.count(),
        sorted(Submission.objects.values_list("uuid", "state")),
        sorted(Comment.objects.values_list("uuid", "text", "resolved_at")),
    ]


def test_no_address_is_forgotten_here() -> None:
    assert {each.name for each in urlpatterns} == {*READS, *OWNERS_WRITE, *BOTH_WRITE, *APPROVERS_WRITE}


def test_who_is_not_signed_in_is_asked_to_sign_in(place: Place) -> None:
    before = snapshot()
    for name, method, status in ask_all(make_client(None), place):
        assert status in (302, 303), (name, method, status)
    assert snapshot() == before


def resident(_agency_id: int) -> Principal:
    return make_principal(make_resident().user_id)


def office(agency_id: int) -> Principal:
    return make_principal(make_official("counter", "specialist", "leader", agency_id=agency_id).user_id)


def no_role(_agency_id: int) -> Principal:
    return make_principal(make_official().user_id)


@pytest.mark.parametrize("who", [resident, office, no_role])
def test_residents_and_other_officials_see_nothing(place: Place, who: Callable[[int], Principal]) -> None:
    client, before = make_client(who(place.agency_id)), snapshot()
    for name, method, status in ask_all(client, place):
        assert status in ((302, 303, 403, 404) if who is resident else (403,)), (name, method, status)
    assert snapshot() == before


@pytest.mark.parametrize("make", [make_owner, make_approver])
def test_other_agencies_do_not_learn_that_a_draft_exists(place: Place, make: Callable[[int], Principal]) -> None:
    """The answer to an address that exists elsewhere is the answer to one that exists nowhere."""
    client, before = make_client(make(open_agency())), snapshot()
    nowhere = {"draft_uuid": uuid4(), "submission_uuid": uuid4(), "comment_uuid": uuid4()}
    unknown = {(name, method): status for name, method, status in ask_all(client, place, **nowhere)}
    for name, method, status in ask_all(client, place):
        if name in (*OF_A_DRAFT, *OF_A_REQUEST):
            assert status in (403, 404, 409), (name, method, status)
            assert status == unknown[name, method], (name, method, status)
    mine = [each for each in snapshot()[0] if each[0] == place.draft]  # type: ignore[attr-defined]  # the drafts' rows
    assert mine == [each for each in before[0] if each[0] == place.draft]  # type: ignore[attr-defined]  # likewise
    assert Submission.objects.get(uuid=place.submission).state == "waiting"
    assert snapshot()[4] == before[4]


def test_owners_and_approvers_read_every_page(place: Place) -> None:
    for who in (place.owner, make_approver(place.agency_id)):
        client = make_client(who)
        for name in READS:
            expected = 403 if name == "import" and who is not place.owner else 200
            assert client.get(place.find(name)).status_code == expected, name


def test_approvers_change_no_draft_and_owners_approve_none(place: Place) -> None:
    before = snapshot()
    approver = make_client(make_approver(place.agency_id))
    for name in OWNERS_WRITE:
        typed = {"revision": "1", "text": "x", "version": str(place.version_id)}
        status = approver.post(place.find(name), typed).status_code
        assert status == 403, (name, status)
    put = approver.put(place.find("file"), data=b"x", headers={"If-Match": '"1"'}, content_type="text/plain")
    assert put.status_code == 403
    owner = make_client(place.owner)
    for name in APPROVERS_WRITE:
        files_hash = Submission.objects.get(uuid=place.submission).files_hash
        day = {"decision_on-day": "2", "decision_on-month": "3", "decision_on-year": "2026"}
        typed = {"reason": "x", "decision_no": "1/QĐ", "files_hash": files_hash} | day
        assert owner.post(place.find(name), typed).status_code == 403, name
    assert snapshot() == before


def test_approval_asks_for_the_second_factor_first(place: Place) -> None:
    client = make_client(make_approver(place.agency_id), stepped_up=False)
    answer = client.post(place.find("approve"), {"files_hash": "x"})
    assert answer.status_code == 303 and reverse("identity:step_up") in answer["Location"]
    assert Submission.objects.get(uuid=place.submission).state == "waiting"


def test_reading_addresses_take_no_posts_and_the_other_way_round(place: Place) -> None:
    client = make_client(place.owner)
    for name in sorted({*READS} - {*OWNERS_WRITE, *BOTH_WRITE}):
        assert client.post(place.find(name)).status_code == 405, name
    for name in ({*OWNERS_WRITE, *BOTH_WRITE, *APPROVERS_WRITE}) - {*READS}:
        assert client.get(place.find(name)).status_code == 405, name
