"""Packages of the national portal: taken in as dossiers, or laid before a person with every reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from motcua.audit.public import SYSTEM, Actor
from motcua.cases.public import InboxFilter, find_case_by_code, get_case, list_inbox
from motcua.documents.public import read_file, sign_bytes
from motcua.documents.tests.factories import INFECTED, make_bare_pdf
from motcua.dossiers.public import get_folder, track_by_code
from motcua.dossiers.tests.factories import ANSWERS, City, file_dossier
from motcua.identity.public import find_person_by_personal_id
from motcua.identity.tests.factories import make_principal
from motcua.kernel import clock
from motcua.kernel.clock import to_local
from motcua.national.actions.deciding import decide_intake, return_package
from motcua.national.actions.receiving import Received, receive_package
from motcua.national.actions.taking import take_in
from motcua.national.models import Intake, IntakeFile, StatusMessage
from motcua.national.rules.packages import write_package
from motcua.national.tasks import scan_files
from motcua.national.tests.factories import make_file, make_package, make_party, sign_package
from motcua.national.types import (
    DecisionUnknown,
    IntakeNotFound,
    IntakeSettled,
    IntakeStale,
    Package,
    SignatureRefused,
)
from motcua.outbox.public import drain

pytestmark = pytest.mark.django_db
OFFICIAL = Actor(kind="official", id="1", name="Cán bộ Thử")


def deliver(package: Package | bytes, *, now: Any = None) -> Received:
    now = now or clock.now()
    content, signature = sign_package(package, now=now)
    received = receive_package(content, signature, now=now)
    drain(now=now)
    return received


def get_row(received: Received) -> Intake:
    return Intake.objects.get(uuid=received.intake_uuid)


def codes(row: Intake) -> set[str]:
    return {reason["code"] for reason in row.reasons}


@pytest.mark.slow
def test_a_package_becomes_a_dossier_found_by_both_codes(city: City) -> None:
    now = clock.now()
    filed_at = (now - timedelta(days=1)).replace(microsecond=0)
    package = make_package(now=now, filed_at=filed_at)
    row = get_row(deliver(package, now=now))
    assert row.state == "taken" and row.reasons == [] and row.case_id is not None
    case, folder = get_case(row.case_id), get_folder(row.case_id)
    assert case.channel == "national" and case.origin_code == package.national_code
    assert folder.dossier.received_at == filed_at and f"-{to_local(filed_at):%y%m%d}-" in case.code
    assert [paper.field_key for paper in folder.papers] == ["to_khai"] and folder.dossier.form_data["has_child"] == "no"
    assert folder.dossier.applicant.name == package.applicant.name
    person = find_person_by_personal_id(package.applicant.identifier)
    assert person is not None and folder.dossier.applicant_id == person.id
    for code in (case.code, package.national_code):
        found, status = find_case_by_code(code), track_by_code(code)
        assert found is not None and found.id == case.id and status is not None and status.state == 1
        inbox = list_inbox(make_principal(city.counter.user_id), filter=InboxFilter(text=code), page=1, now=now)
        assert [task.case_code for task in inbox.items] == [case.code]


@pytest.mark.slow
def test_the_clock_is_that_of_the_national_reception(city: City) -> None:
    now = clock.now()
    filed_at = (now - timedelta(days=2)).replace(microsecond=0)
    row = get_row(deliver(make_package(now=now, filed_at=filed_at), now=now))
    ours = get_case(file_dossier(city, now=filed_at).case_id)
    assert row.case_id is not None and get_case(row.case_id).due_at == ours.due_at


@pytest.mark.slow
def test_again_is_once_and_other_content_under_a_taken_code_waits(city: City) -> None:
    package = make_package(now=clock.now())
    first, again = deliver(package), deliver(package)
    assert again.is_repeat and again.intake_uuid == first.intake_uuid and again.state == "taken"
    assert take_in(first.intake_uuid, actor=SYSTEM, now=clock.now()) == "taken"
    changed = get_row(deliver(replace(package, answers=ANSWERS | {"request_content": "Nội dung khác"})))
    assert changed.state == "waiting" and codes(changed) == {"taken_before"}
    assert Intake.objects.filter(state="taken").count() == 1
    assert StatusMessage.objects.filter(national_code=package.national_code).count() == 1


def test_nobody_unknown_brings_anything(city: City) -> None:
    now = clock.now()
    content, signature = sign_package(make_package(now=now), now=now)
    other = sign_bytes(content, agency_code=city.agency.code)  # trusted by its root, but no front door
    for wrong in ("", "a.b.c", signature[:-4] + "AAAA", other):
        with pytest.raises(SignatureRefused):
            receive_package(content, wrong, now=now)
    with pytest.raises(SignatureRefused):
        receive_package(content + b" ", signature, now=now)
    assert not Intake.objects.exists()


@pytest.mark.slow
def test_an_unknown_field_waits_is_explained_once_and_never_asked_again(city: City) -> None:
    now = clock.now()
    answers = {key: value for key, value in ANSWERS.items() if key != "request_content"} | {"NoiDungDeNghi": "Xin thử"}
    received = deliver(make_package(now=now, answers=answers))
    row = get_row(received)
    assert row.state == "waiting" and {("unknown_field", "NoiDungDeNghi")} == {
        (each["code"], each["field"]) for each in row.reasons
    }
    values: dict[str, Any] = {"decision": "explain", "name": "NoiDungDeNghi", "actor": OFFICIAL, "now": now}
    with pytest.raises(DecisionUnknown):
        decide_intake(received.intake_uuid, value="no_such_key", revision=row.revision, **values)
    with pytest.raises(IntakeStale):
        decide_intake(received.intake_uuid, value="request_content", revision=row.revision + 1, **values)
    assert decide_intake(received.intake_uuid, value="request_content", revision=row.revision, **values) == "taken"
    row.refresh_from_db()
    assert row.case_id is not None
    assert get_folder(row.case_id).dossier.form_data["request_content"] == "Xin thử"
    assert get_row(deliver(make_package(now=now, answers=answers))).state == "taken"
    with pytest.raises(IntakeSettled):
        decide_intake(received.intake_uuid, value="request_content", revision=row.revision, **values)


@pytest.mark.slow
def test_an_unknown_part_and_paper_may_be_left_in_the_package(city: City) -> None:
    now = clock.now()
    package = make_package(now=now, files=(make_file(), make_file("giay-la")), answers=ANSWERS | {"x": 1})
    received = deliver(package)
    row = get_row(received)
    assert codes(row) == {"unknown_field", "unknown_paper"}
    for name in ("x", "giay-la"):
        row.refresh_from_db()
        state = decide_intake(received.intake_uuid, decision="set_aside", name=name, revision=row.revision,
                              actor=OFFICIAL, now=now)  # fmt: skip
    assert state == "taken"
    with pytest.raises(IntakeNotFound):
        take_in(received.intake_uuid.__class__(int=1), actor=SYSTEM, now=now)


@pytest.mark.slow
def test_every_reason_of_the_form_is_said_and_a_value_may_be_written(city: City) -> None:
    now = clock.now()
    answers = ANSWERS | {"has_child": "lạ", "birth_on": "hôm qua"}
    received = deliver(make_package(now=now, answers=answers))
    row = get_row(received)
    assert {(each["code"], each["field"]) for each in row.reasons} == {("form", "has_child"), ("form", "birth_on")}
    for name, value in (("has_child", "no"), ("birth_on", "17/05/1990")):
        row.refresh_from_db()
        state = decide_intake(received.intake_uuid, decision="write", name=name, value=value, revision=row.revision,
                              actor=OFFICIAL, now=now)  # fmt: skip
    assert state == "taken"


@pytest.mark.slow
def test_a_number_of_another_person_needs_a_second_look(city: City) -> None:
    now = clock.now()
    known = city.resident
    assert known.personal_id is not None
    received = deliver(make_package(now=now, applicant=make_party(identifier=known.personal_id)))
    row = get_row(received)
    assert row.state == "waiting" and codes(row) == {"applicant_differs"}
    assert decide_intake(
        received.intake_uuid, decision="same_person", revision=row.revision, actor=OFFICIAL, now=now
    ) == "taken"  # fmt: skip
    row.refresh_from_db()
    assert row.case_id is not None and get_folder(row.case_id).dossier.applicant_id == known.id


@pytest.mark.slow
@pytest.mark.parametrize(("values", "reason"), [
    ({"procedure_code": "9.999999"}, "unknown_procedure"),
    ({"agency_code": "H29.000"}, "unknown_agency"),
    ({"kind": "result"}, "other_kind"),
    ({"files": (make_file(content=b"<html>"),)}, "file_refused"),
])  # fmt: skip
def test_each_code_that_is_not_ours_is_named(city: City, values: dict[str, Any], reason: str) -> None:
    row = get_row(deliver(make_package(now=clock.now(), **values)))
    assert row.state == "waiting" and reason in codes(row)


@pytest.mark.slow
def test_a_moment_to_come_is_not_believed(city: City) -> None:
    now = clock.now()
    row = get_row(deliver(make_package(now=now, filed_at=(now + timedelta(days=2)).replace(microsecond=0))))
    assert codes(row) == {"moment_ahead"}


@pytest.mark.slow
def test_an_organisation_files_too(city: City) -> None:
    now = clock.now()
    party = make_party(kind="organisation", tax_code="0300588569", organisation_name="Công ty Thử Gói", birth_on=None)
    row = get_row(deliver(make_package(now=now, applicant=party)))
    assert row.state == "taken" and row.case_id is not None
    assert get_folder(row.case_id).dossier.applicant_kind == "organisation"
    wrong = get_row(deliver(make_package(now=now, applicant=make_party(kind="organisation", tax_code="123"))))
    assert wrong.state == "waiting" and wrong.reasons


@pytest.mark.slow
def test_what_cannot_be_read_is_kept_and_shown(city: City) -> None:
    received = deliver(b'{"MaHoSoQuocGia": 5}')
    row = get_row(received)
    assert row.state == "waiting" and codes(row) == {"unreadable"}
    assert decide_intake(
        received.intake_uuid, decision="retry", revision=row.revision, actor=OFFICIAL, now=clock.now()
    ) == "waiting"  # fmt: skip
    with pytest.raises(DecisionUnknown):
        decide_intake(received.intake_uuid, decision="burn", revision=row.revision, actor=OFFICIAL, now=clock.now())


@pytest.mark.slow
def test_what_is_sent_back_is_told_to_the_portal_with_its_reason(city: City) -> None:
    now = clock.now()
    received = deliver(make_package(now=now, procedure_code="9.999999"))
    row = get_row(received)
    with pytest.raises(DecisionUnknown):
        return_package(received.intake_uuid, reason="  ", revision=row.revision, actor=OFFICIAL, now=now)
    return_package(received.intake_uuid, reason="Nộp ở Sở Xây dựng", revision=row.revision, actor=OFFICIAL, now=now)
    note = StatusMessage.objects.get(thread=received.intake_uuid)
    assert (note.state, note.reason, note.national_code) == (3, "Nộp ở Sở Xây dựng", row.national_code)
    with pytest.raises(IntakeSettled):
        return_package(received.intake_uuid, reason="Lại", revision=row.revision + 1, actor=OFFICIAL, now=now)


@pytest.mark.slow
def test_a_file_with_malware_is_named(city: City) -> None:
    now = clock.now()
    bad = make_bare_pdf("<< >>\n%" + INFECTED.decode() + uuid4().hex)
    file = replace(make_file(content=bad), name="to-khai.pdf")
    content, signature = sign_package(make_package(now=now, files=(file,)), now=now)
    received = receive_package(content, signature, now=now)
    scan_files(received.file_ids, now=now)
    drain(now=now)
    assert codes(get_row(received)) == {"file_infected"}


@pytest.mark.slow
def test_the_table_keeps_its_promises(city: City) -> None:
    row = get_row(deliver(make_package(now=clock.now(), procedure_code="9.999999")))
    values: dict[str, Any] = {"source": row.source, "package_id": row.package_id, "received_at": row.received_at}
    for wrong in (
        {"national_code": row.national_code, "sha256": row.sha256},
        {"national_code": "X", "sha256": "x"},
        {"national_code": "X", "sha256": "a" * 64, "state": "taken"},
        {"national_code": "X", "sha256": "a" * 64, "state": "refused"},
        {"national_code": "X", "sha256": "a" * 64, "state": "waiting"},
        {"national_code": "X", "sha256": "a" * 64, "state": "lost"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Intake.objects.create(**(values | wrong))
    for wrong_file in ({"number": 1}, {"number": 9, "refusal": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            IntakeFile.objects.create(intake=row, paper="p", name="n", sha256="", **({"refusal": "x"} | wrong_file))


@pytest.mark.slow
def test_the_bytes_that_came_are_kept(city: City) -> None:
    package = make_package(now=clock.now(), applicant=make_party(birth_on=date(1980, 1, 1)))
    assert read_file(get_row(deliver(package)).package_id) == write_package(package)
