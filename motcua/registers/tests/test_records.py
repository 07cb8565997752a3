"""Records through the real database: two times, keys, merging and its undoing, readings."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from motcua.audit.public import list_reads_of
from motcua.registers.actions.describing import SHIPPED, describe_registers
from motcua.registers.actions.merging import merge_records, move_key, unmerge_records
from motcua.registers.actions.readings import read_linked, read_records
from motcua.registers.actions.writing import correct_record, end_record, write_record
from motcua.registers.models import RecordVersion
from motcua.registers.queries.reading import find_linked, find_records, get_record, list_history
from motcua.registers.queries.searching import find_matching
from motcua.registers.tests.factories import NOW, OFFICIAL, READING, describe, person
from motcua.registers.types import (
    KeyTaken,
    MergeRefused,
    Reading,
    ReadingRefused,
    RecordInfo,
    RecordInvalid,
    RecordNotFound,
    RegisterInvalid,
    Wanted,
)

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)
BORN = NOW - 30 * YEAR


@pytest.fixture(autouse=True)
def _registers(db: None) -> None:
    describe()


def _write(data: dict[str, object], *, since: timedelta = YEAR, later: int = 0) -> RecordInfo:
    return write_record("people", data, valid_from=NOW - since, source="Thử", now=NOW + timedelta(hours=later))


def _want(number: str, *fields: str) -> Wanted:
    return Wanted(register="people", key="personal_id", value=number, fields=fields)


def test_describing_twice_changes_nothing_in_two_queries() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert describe_registers(now=NOW) == ()
    assert sum("FROM" in query["sql"] for query in queries) == 2  # for all registers, however many


def test_two_descriptions_of_one_register_are_refused_whole(tmp_path: Path) -> None:
    toml, schema = _read_people()
    _describe_people(tmp_path, toml, schema)
    shutil.copytree(tmp_path / "people", tmp_path / "again")
    with pytest.raises(RegisterInvalid, match="hai mô tả"):
        describe_registers(now=NOW, folder=tmp_path)


def test_a_change_keeps_what_was_true_before_and_what_was_known_then() -> None:
    first = _write(person(area_code="26743"))
    moved = write_record(
        "people", person(area_code="26758"), valid_from=NOW - timedelta(days=30), source="Thử", now=NOW + YEAR
    )
    assert moved.uuid == first.uuid
    then, now = NOW - timedelta(days=60), NOW + YEAR
    assert get_record(first.uuid, at=then).data["area_code"] == "26743"
    assert get_record(first.uuid, at=now).data["area_code"] == "26758"
    assert get_record(first.uuid, at=now, known_at=NOW).data["area_code"] == "26743"
    assert [each.data["area_code"] for each in list_history(first.uuid)] == ["26743", "26743", "26758"]


def test_a_correction_reaches_back_and_the_mistake_stays_readable_as_of_its_time() -> None:
    wrong = _write(person(name="Nguyễn Thị Hanh Thử"))
    correct_record(wrong.uuid, person(), source="Đính chính", actor="thu", now=NOW + timedelta(hours=1))
    at = NOW - timedelta(days=10)
    assert get_record(wrong.uuid, at=at).data["full_name"] == "Nguyễn Thị Hạnh Thử"
    assert get_record(wrong.uuid, at=at).slice.is_correction
    assert get_record(wrong.uuid, at=at, known_at=NOW).data["full_name"] == "Nguyễn Thị Hanh Thử"


def test_two_changes_in_one_moment_are_both_known_for_some_time() -> None:
    first = _write(person(address="1 Đường Thử"))
    _write(person(address="2 Đường Thử"))
    history = list_history(first.uuid)
    assert len({each.known_from for each in history}) == 2
    assert get_record(first.uuid, at=NOW).data["address"] == "2 Đường Thử"


def test_what_ended_is_no_more_but_was() -> None:
    record = _write(person())
    end_record(record.uuid, valid_to=NOW, source="Khai tử", actor="thu", now=NOW)
    with pytest.raises(RecordNotFound):
        get_record(record.uuid, at=NOW)
    assert get_record(record.uuid, at=NOW - timedelta(days=1)).data["full_name"] == "Nguyễn Thị Hạnh Thử"


@pytest.mark.parametrize(
    "data",
    [{}, {"full_name": ""}, person(sex="khác"), person(number="12"), person(birth_on="31/12/1990"), person(unknown=1)],
)
def test_a_record_that_is_not_what_the_register_keeps_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(RecordInvalid) as refusal:
        _write(data)
    assert refusal.value.problems and all(each.message for each in refusal.value.problems)


def test_keys_of_two_records_are_not_mixed() -> None:
    _write(person())
    _write(person(number="079190000002", old_id="123456789"))
    with pytest.raises(KeyTaken):
        _write(person(old_id="123456789"))


def test_an_old_number_still_leads_to_its_record() -> None:
    record = _write(person(old_id="123456789"))
    _write(person(old_id="987654321"), later=1)
    old = Wanted(register="people", key="old_id", value="123456789")
    assert find_records([old], at=NOW)[old].uuid == record.uuid


@pytest.mark.slow
def test_merging_and_unmerging_lead_back_to_where_it_was() -> None:
    kept, other = _write(person()), _write(person(number="079190000002", name="Nguyen Thi Hanh Thu"))
    merge = merge_records(kept.uuid, merged_uuid=other.uuid, reason="một người", actor=OFFICIAL, now=NOW)
    want = _want("079190000002")
    assert find_records([want], at=NOW)[want].uuid == kept.uuid
    for one, two in ((other, kept), (kept, other), (kept, kept)):
        with pytest.raises((MergeRefused, RecordNotFound)):
            merge_records(one.uuid, merged_uuid=two.uuid, reason="lần nữa", actor=OFFICIAL, now=NOW)
    unmerge_records(merge, actor=OFFICIAL, now=NOW)
    found = find_records([want], at=NOW)[want]
    assert found.uuid == other.uuid and found.data["full_name"] == "Nguyen Thi Hanh Thu"
    with pytest.raises(MergeRefused):
        unmerge_records(merge, actor=OFFICIAL, now=NOW)


def test_a_split_gives_a_key_to_the_other_record() -> None:
    one, two = _write(person(old_id="123456789")), _write(person(number="079190000002"))
    move_key(one.uuid, name="old_id", value="123456789", to_uuid=two.uuid, actor=OFFICIAL, now=NOW)
    old = Wanted(register="people", key="old_id", value="123456789")
    assert find_records([old], at=NOW)[old].uuid == two.uuid


def test_every_reading_is_noted_and_none_is_for_nothing() -> None:
    record = _write(person(area_code="26743"))
    want = _want("079190000001", "full_name")
    found = read_records([want, _want("079190000009")], reading=READING, now=NOW)
    assert {each.value for each in found} == {"079190000001"}
    assert dict(found[want].data) == {"full_name": "Nguyễn Thị Hạnh Thử"}
    reads = list_reads_of(f"record:{record.uuid}")
    assert [(each.what, each.purpose) for each in reads.items] == [("people:full_name", READING.purpose)]
    with pytest.raises(ReadingRefused):
        read_records([want], reading=Reading(actor=OFFICIAL, purpose=" ", legal_ground="x"), now=NOW)


@pytest.mark.slow
def test_reading_many_records_takes_as_many_queries_as_reading_one(django_assert_num_queries: object) -> None:
    wanted = []
    for number in range(6):
        _write(person(number=f"07919000010{number}"))
        wanted.append(_want(f"07919000010{number}", "full_name"))
    find_records(wanted, at=NOW)  # how a register is described is read once a process
    for some in (wanted[:1], wanted):
        with django_assert_num_queries(2):  # type: ignore[operator]  # a fixture of pytest-django
            assert len(read_records(some, reading=READING, now=NOW)) == len(some)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM registers_recordversion",
        "UPDATE registers_recordversion SET data = '{}'",
        "UPDATE registers_recordversion SET known_to = now() + interval '1 day' WHERE known_to IS NOT NULL",
        "DELETE FROM registers_record",
        "UPDATE registers_registerversion SET version = 9",
    ],
)
def test_history_cannot_be_rewritten(sql: str) -> None:
    _write(person())
    _write(person(address="2 Đường Thử"), later=1)
    with pytest.raises(IntegrityError, match="keeps its history"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_two_truths_at_one_time_are_refused_by_the_database() -> None:
    record = _write(person())
    row = RecordVersion.objects.get(record__uuid=record.uuid)
    row.pk = None
    with pytest.raises(IntegrityError, match="record_one_truth"), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.slow
def test_a_record_of_an_older_version_is_read_as_one_of_today(tmp_path: Path) -> None:
    record = _write(person(area_code="26743"))
    toml, schema = _read_people()
    schema = schema.replace('"area_code"', '"ward_code"')
    with pytest.raises(RegisterInvalid):  # another schema under the same version
        describe_registers(now=NOW, folder=_describe_people(tmp_path / "same", toml, schema))
    toml = toml.replace("version = 2", "version = 3", 1) + '\n[[upgrade]]\nrename = ["area_code", "ward_code"]\n'
    later = NOW + timedelta(hours=1)
    assert describe_registers(now=later, folder=_describe_people(tmp_path / "next", toml, schema)) == ("people",)
    want = _want("079190000001")
    assert find_records([want], at=NOW)[want].data["ward_code"] == "26743"
    assert get_record(record.uuid, at=NOW).data["ward_code"] == "26743"
    assert find_matching("people", {}, record_uuid=record.uuid, now=NOW)[0].data["ward_code"] == "26743"
    assert list_history(record.uuid)[0].data["area_code"] == "26743"  # what was said stays as it was said
    assert get_record(record.uuid, at=NOW).slice.schema_version == 2


def _read_people() -> tuple[str, str]:
    return tuple((SHIPPED / "people" / name).read_text("utf-8") for name in ("register.toml", "schema.json"))  # type: ignore[return-value]  # two names, two texts


def _describe_people(folder: Path, toml: str, schema: str) -> Path:
    (folder / "people").mkdir(parents=True)
    (folder / "people" / "register.toml").write_text(toml, "utf-8")
    (folder / "people" / "schema.json").write_text(schema, "utf-8")
    return folder


@pytest.mark.slow
def test_a_link_names_all_records_that_hold_the_value_at_that_time() -> None:
    mother, moved = "079190000001", NOW - timedelta(days=30)
    _write(person(household_no="H1"))
    _write(person(number="079220000002", name="Nguyễn Thử Con", mother_id=mother, household_no="H1"))
    grown = person(number="079220000002", name="Nguyễn Thử Con", mother_id=mother, household_no="H2")
    write_record("people", grown, valid_from=moved, source="Thử", now=NOW + timedelta(hours=1))
    house = Wanted(register="people", key="household", value="H1")
    children = Wanted(register="people", key="mother", value=mother)
    now = find_linked([house, children], at=NOW)
    assert [each.data["personal_id"] for each in now[house]] == [mother]
    assert [each.data["personal_id"] for each in now[children]] == ["079220000002"]
    before = find_linked([house], at=moved - timedelta(days=1))
    assert {each.data["personal_id"] for each in before[house]} == {mother, "079220000002"}
    assert len(read_linked([children], reading=READING, now=NOW)[children]) == 1
