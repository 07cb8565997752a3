"""Finished cases into registers: a birth is a person and an act, at once, once; what does not fit waits."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

import motcua.registers as registers
from motcua.outbox.public import count_pending
from motcua.registers.actions.case_records import (
    CaseOutcome,
    apply_case_rules,
    dismiss_case_record,
    settle_case_record,
)
from motcua.registers.actions.writing import write_record
from motcua.registers.models import CaseRecord, Record, RecordVersion
from motcua.registers.queries.reading import find_linked, find_records
from motcua.registers.tests.factories import NOW, OFFICIAL, describe, person
from motcua.registers.types import CaseRecordNotFound, RecordInfo, RecordInvalid, Wanted

pytestmark = pytest.mark.django_db
DESIGNED = Path(registers.__file__).parent.parent / "procedures" / "designed"
MOTHER, FATHER, BABY = "079196001234", "079094001234", "079226900001"
DAY = timedelta(days=1)


def _answers(slug: str) -> dict[str, Any]:
    golden = sorted((DESIGNED / slug / "golden").glob("*.json"))[0]
    return json.loads(golden.read_text("utf-8"))["answers"]  # type: ignore[no-any-return]  # a file of ours


def _finish(slug: str, result: dict[str, Any] | None = None, *, no: str = "H29.901-1", **answers: Any) -> CaseOutcome:
    issued = {"no": "05/KQ-H29.901", "on": "2026-03-02", "year": 2026, "agency_code": "H29.901", "agency_name": "UBND"}
    context = {"answers": _answers(slug) | answers, "result": result or {}, "dossier": {"no": no}, "issued": issued,
               "applicant": {}}  # fmt: skip
    rules = (DESIGNED / slug / "records.toml").read_bytes()
    return apply_case_rules(rules, context=context, case_ref=no, source=f"Hồ sơ {no}", actor=OFFICIAL, now=NOW)


def _find(register: str, key: str, value: str, days: int = 0) -> RecordInfo | None:
    want = Wanted(register=register, key=key, value=value)
    return find_records([want], at=NOW + days * DAY).get(want)


def _know(number: str, **more: Any) -> None:
    write_record("people", person(number=number, **more), valid_from=NOW - 9000 * DAY, source="Thử", now=NOW - DAY)


def test_a_birth_is_a_person_and_an_act_and_saying_it_twice_changes_nothing() -> None:
    assert _finish("dang-ky-khai-sinh", {"personal_number": BABY}) == CaseOutcome(written=2, waiting=0)
    baby = _find("people", "personal_id", BABY)
    assert baby is not None and baby.data["mother_id"] == MOTHER and baby.slice.source == "Hồ sơ H29.901-1"
    act = Wanted(register="civil_status", key="subject", value=BABY)
    (found,) = find_linked([act], at=NOW)[act]
    assert found.data["kind"] == "birth" and found.data["father_id"] == FATHER
    before = RecordVersion.objects.count(), count_pending()
    assert _finish("dang-ky-khai-sinh", {"personal_number": BABY}) == CaseOutcome(written=0, waiting=0)
    assert (RecordVersion.objects.count(), count_pending()) == before


def test_records_are_gone_when_the_result_is_not_issued_after_all() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        _finish("dang-ky-khai-sinh", {"personal_number": BABY})
        raise RuntimeError
    assert not Record.objects.exists() and not CaseRecord.objects.exists()


def test_a_number_of_somebody_else_waits_for_a_steward_and_the_act_is_written() -> None:
    describe()
    outcome = _finish("dang-ky-khai-sinh", {"personal_number": "chưa có"})
    assert (outcome.written, outcome.waiting) == (0, 2)
    assert {each.register for each in outcome.notes} == {"people", "civil_status"} and outcome.notes[0].reasons
    waiting = CaseRecord.objects.get(register__code="people")
    assert waiting.problems[0]["field"] == "personal_id"
    with pytest.raises(RecordInvalid):
        settle_case_record(waiting.pk, waiting.data, actor=OFFICIAL, now=NOW)
    whole = waiting.data | {"personal_id": BABY}
    nameless = {"full_name": "Nguyễn Thử"}
    for incomplete, why in ((nameless, ""), (nameless, "Cứ ghi"), (whole | {"birth_on": "1950-01-01"}, "")):
        with pytest.raises(RecordInvalid):  # nobody would find it again; or it contradicts itself
            settle_case_record(waiting.pk, incomplete, despite=why, actor=OFFICIAL, now=NOW)
    settle_case_record(waiting.pk, whole, despite="Chưa có mã hộ", actor=OFFICIAL, now=NOW)
    assert _find("people", "personal_id", BABY) is not None
    act = CaseRecord.objects.get(register__code="civil_status")
    for _ in range(2):
        with pytest.raises(CaseRecordNotFound):
            settle_case_record(waiting.pk, waiting.data, actor=OFFICIAL, now=NOW)
    dismiss_case_record(act.pk, reason="Đã ghi bằng giấy", actor=OFFICIAL, now=NOW)
    with pytest.raises(CaseRecordNotFound):
        dismiss_case_record(act.pk, reason="Đã ghi bằng giấy", actor=OFFICIAL, now=NOW)


@pytest.mark.slow
def test_a_death_reaches_the_person_the_spouse_and_the_residence() -> None:
    describe()
    _know("079050000001", spouse_id="079155000002", marital_status="married")
    _know("079155000002", name="Lê Thị Thử", spouse_id="079050000001", marital_status="married", phone="0900")
    home = {"personal_id": "079050000001", "kind": "permanent", "area_code": "26743", "address": "1 Đường Thử"}
    write_record("residences", home, valid_from=NOW - 900 * DAY, source="Thử", now=NOW - DAY)
    died = (NOW - 3 * DAY).date().isoformat()
    assert _finish("dang-ky-khai-tu", dead_id="079050000001", died_on=died).written == 4
    dead, widow = _find("people", "personal_id", "079050000001"), _find("people", "personal_id", "079155000002")
    assert dead is not None and dead.data["died_on"] == died
    assert widow is not None and (widow.data["marital_status"], widow.data["phone"]) == ("widowed", "0900")
    assert "spouse_id" not in widow.data
    assert _find("residences", "residence", "079050000001|permanent") is None
    assert _find("residences", "residence", "079050000001|permanent", days=-30) is not None


@pytest.mark.slow
def test_what_was_learnt_later_stays_when_an_earlier_day_is_spoken_of() -> None:
    describe()
    _know("079050000001", phone="1")
    later = person(number="079050000001", phone="2")
    write_record("people", later, valid_from=NOW - DAY, source="Thử", now=NOW - DAY / 2)
    _finish("dang-ky-khai-tu", dead_id="079050000001", died_on=(NOW - 5 * DAY).date().isoformat())
    now, before = _find("people", "personal_id", "079050000001"), _find("people", "personal_id", "079050000001", -3)
    assert now is not None and before is not None and now.data["died_on"] == before.data["died_on"]
    assert (now.data["phone"], before.data["phone"]) == ("2", "1")


def test_a_marriage_changes_those_who_are_known_only() -> None:
    describe()
    answers = _answers("dang-ky-ket-hon")
    _know(answers["wife_id"], marital_status="single")
    assert _finish("dang-ky-ket-hon").written == 2
    wife = _find("people", "personal_id", answers["wife_id"])
    assert wife is not None and wife.data["spouse_id"] == answers["husband_id"]
    assert _find("people", "personal_id", answers["husband_id"]) is None


@pytest.mark.parametrize(("slug", "result", "register", "key", "value"), [
    ("dang-ky-ho-kinh-doanh", {"business_code": "079190000001"}, "enterprises", "tax_code", "079190000001"),
    ("cap-phep-xay-dung-nha-o", {}, "construction_permits", "permit_no", "05/KQ-H29.901-2026"),
    ("doi-giay-phep-lai-xe", {"new_licence_no": "790260000001"}, "driving_licences", "licence_no", "790260000001"),
    ("an-toan-thuc-pham", {"certificate_no": "45/ATTP"}, "business_licences", "licence_no", "45/ATTP"),
])  # fmt: skip
def test_permits_and_licences_are_found_by_their_number(
    slug: str, result: dict[str, Any], register: str, key: str, value: str
) -> None:
    assert _finish(slug, result).waiting == 0
    found = _find(register, key, value)
    assert found is not None and found.data["dossier_no"] == "H29.901-1"


def test_land_changes_hands_whole_and_a_part_waits_for_the_surveyor() -> None:
    describe()
    answers = _answers("dang-ky-bien-dong-dat-dai")
    parcel = {"area_code": answers["parcel_area_code"], "sheet_no": answers["map_sheet"],
              "parcel_no": answers["parcel_no"], "holder_tax_code": "0319900018", "purpose": "ODT"}  # fmt: skip
    write_record("land", parcel, valid_from=NOW - 900 * DAY, source="Thử", now=NOW - DAY)
    whole = {"change": "sale", "area_moved": answers["parcel_area"]}
    assert _finish("dang-ky-bien-dong-dat-dai", {"title_no": "CS 1"}, **whole) == CaseOutcome(written=1, waiting=0)
    found = _find("land", "certificate_no", "CS 1")
    assert found is not None and found.data["holder_id"] == answers["receiver_id"] and found.data["purpose"] == "ODT"
    assert "holder_tax_code" not in found.data
    split = _finish("dang-ky-bien-dong-dat-dai", no="H29.901-2", change="split")
    assert (split.written, [each.register for each in split.notes]) == (0, ["land"])


def test_the_database_holds_a_case_to_one_record_for_each_rule() -> None:
    _finish("dang-ky-khai-sinh", {"personal_number": BABY})
    row = CaseRecord.objects.order_by("pk")[0]
    row.pk = None
    with pytest.raises(IntegrityError, match="case_gives_a_record_once"), transaction.atomic():
        row.save(force_insert=True)
    with pytest.raises(IntegrityError, match="written_or_waiting"), transaction.atomic():
        CaseRecord.objects.update(record=None)
    with pytest.raises(IntegrityError, match="dismissed_with_reason"), transaction.atomic():
        CaseRecord.objects.update(record=None, written_at=None, dismissed_at=NOW)
