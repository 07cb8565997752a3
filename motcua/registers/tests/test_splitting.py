"""Splitting, merging back, renumbering: the record stays, what was said stays readable, all or none."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from motcua.registers.actions.merging import merge_records, unmerge_records
from motcua.registers.actions.renumbering import renumber_parcels
from motcua.registers.actions.splitting import split_record
from motcua.registers.actions.writing import write_record
from motcua.registers.models import Split
from motcua.registers.queries.reading import find_linked, find_records, get_record
from motcua.registers.rules.renumbering import Renumbering, find_collisions, plan_moves
from motcua.registers.tests.factories import NOW, OFFICIAL, describe, person
from motcua.registers.types import KeyTaken, MergeRefused, RecordInfo, Wanted

YEAR, HOUR = timedelta(days=365), timedelta(hours=1)
ONE, TWO = "079190000001", "079190000002"


def _person(**more: Any) -> dict[str, Any]:
    return person(**more)


def _write(register: str = "people", later: int = 0, **data: Any) -> RecordInfo:
    return write_record(register, data, valid_from=NOW - YEAR, source="Thử", now=NOW + later * HOUR)


def _find(
    value: str, register: str = "people", key: str = "personal_id", known: int | None = None
) -> RecordInfo | None:
    want = Wanted(register=register, key=key, value=value)
    known_at = None if known is None else NOW + known * HOUR
    return find_records([want], at=NOW, known_at=known_at).get(want)


def _split(record: RecordInfo, *, later: int = 1, old_id: str = "123456789") -> RecordInfo:
    return split_record(
        record.uuid, taken_out=person(number=TWO, name="Lê Thử", old_id=old_id), remaining=person(),
        reason="Hai người bị nhập một", source="Đối chiếu", actor=OFFICIAL, now=NOW + later * HOUR,
    )  # fmt: skip


@pytest.mark.django_db
def test_a_split_makes_two_and_each_number_leads_to_its_own_as_known_then() -> None:
    describe()
    mixed = _write(**_person(old_id="123456789", phone="1"))
    made = _split(mixed)
    assert made.uuid != mixed.uuid and made.data["full_name"] == "Lê Thử"
    kept = _find(ONE)
    assert kept is not None and kept.uuid == mixed.uuid and "old_id" not in kept.data and kept.slice.is_correction
    for number, key in ((TWO, "personal_id"), ("123456789", "old_id")):
        found = _find(number, key=key)
        assert found is not None and found.uuid == made.uuid and found.slice.valid_from == mixed.slice.valid_from
    before = _find("123456789", key="old_id", known=0)
    assert before is not None and before.uuid == mixed.uuid and before.data["phone"] == "1"
    row = Split.objects.get()
    assert (row.origin.uuid, row.made.uuid, row.split_by) == (mixed.uuid, made.uuid, OFFICIAL.id)


@pytest.mark.slow
@pytest.mark.django_db
def test_a_split_is_undone_by_a_merge_and_that_by_an_unmerge() -> None:
    describe()
    mixed = _write(**_person(old_id="123456789"))
    made = _split(mixed)
    merge = merge_records(mixed.uuid, merged_uuid=made.uuid, reason="đúng là một", actor=OFFICIAL, now=NOW + 2 * HOUR)
    found = _find(TWO)
    assert found is not None and found.uuid == mixed.uuid
    with pytest.raises(MergeRefused):  # what a merge joined, an unmerge parts
        _split(mixed, later=3)
    unmerge_records(merge, actor=OFFICIAL, now=NOW + 4 * HOUR)
    again = _find(TWO)
    assert again is not None and again.uuid == made.uuid


@pytest.mark.slow
@pytest.mark.django_db
def test_a_split_takes_no_number_of_a_third_and_says_why() -> None:
    describe()
    mixed = _write(**_person())
    _write(**_person(number=TWO))
    with pytest.raises(KeyTaken):
        _split(mixed)
    assert not Split.objects.exists()
    with pytest.raises(MergeRefused):
        split_record(mixed.uuid, taken_out={}, remaining={}, reason=" ", source="", actor=OFFICIAL, now=NOW)


@pytest.mark.django_db
def test_nothing_is_split_into_itself_and_nothing_comes_out_twice() -> None:
    describe()
    mixed = _write(**_person(old_id="123456789"))
    _split(mixed)
    row = Split.objects.get()
    for broken in (Split(origin=row.made, made=row.made), Split(origin=row.origin, made=row.made)):
        broken.split_at, broken.reason = NOW, "x"
        with pytest.raises(IntegrityError), transaction.atomic():
            broken.save(force_insert=True)


def _parcel(area: str, sheet: str, parcel: str = "7", **more: Any) -> RecordInfo:
    return _write("land", area_code=area, sheet_no=sheet, parcel_no=parcel, holder_id=ONE, **more)


def _renumber(*changes: Renumbering, is_dry: bool = False) -> tuple[int, tuple[str, ...], bool]:
    report = renumber_parcels(
        changes, decision="QĐ-TD-9", valid_from=NOW - timedelta(days=3), is_dry=is_dry, actor=OFFICIAL, now=NOW + HOUR
    )
    return report.moved, report.collisions, report.is_done


@pytest.mark.django_db
def test_parcels_of_merged_wards_are_found_by_both_numbers_and_stay_the_same_record() -> None:
    describe()
    one, two = _parcel("26740", "1"), _parcel("26743", "1")
    change = Renumbering(from_area="26740", to_area="26743")
    assert _renumber(change) == (1, ("26743|1|7",), False)  # two would bear one number: none moves
    counted = Renumbering(from_area="26740", to_area="26743", sheets={"1": "101"})
    assert _renumber(counted, is_dry=True) == (1, (), False)
    assert _renumber(counted) == (1, (), True) and _renumber(counted) == (0, (), False)
    for number in ("26740|1|7", "26743|101|7"):
        found = _find(number, "land", "parcel")
        assert found is not None and found.uuid == one.uuid and found.data["former_parcels"] == ["26740|1|7"]
    assert get_record(one.uuid, at=NOW - timedelta(days=4)).data["area_code"] == "26740"
    assert get_record(two.uuid, at=NOW).data["sheet_no"] == "1"
    mine = Wanted(register="land", key="holder", value=ONE)
    assert len(find_linked([mine], at=NOW)[mine]) == 2


@pytest.mark.django_db
def test_sheets_may_change_places() -> None:
    describe()
    one, two = _parcel("26740", "1"), _parcel("26740", "2")
    swap = Renumbering(from_area="26740", to_area="26740", sheets={"1": "2", "2": "1"})
    assert _renumber(swap) == (2, (), True)
    found = _find("26740|2|7", "land", "parcel")
    assert found is not None and found.uuid == one.uuid
    assert get_record(two.uuid, at=NOW).data["sheet_no"] == "1"


@pytest.mark.django_db
def test_the_command_is_dry_by_default(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    describe()
    _parcel("26740", "1")
    path = tmp_path / "bang.csv"
    path.write_text("from_area,to_area,from_sheet,to_sheet\n26740,26743,1,101\n", "utf-8")
    options = {"decision": "QĐ-TD-9", "valid_from": NOW.date()}
    call_command("renumber_parcels", str(path), **options)
    assert "Sẽ đổi số của 1 thửa" in capsys.readouterr().out
    call_command("renumber_parcels", str(path), apply=True, **options)
    assert "Đã đổi số của 1 thửa" in capsys.readouterr().out
    path.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(CommandError, match="cột"):
        call_command("renumber_parcels", str(path), **options)


_SHEET = st.sampled_from("123")


@pytest.mark.slow
@given(
    st.sets(st.tuples(st.sampled_from(["26740", "26743"]), _SHEET, _SHEET), max_size=8), st.dictionaries(_SHEET, _SHEET)
)
def test_without_collisions_every_parcel_keeps_a_number_of_its_own(
    parcels: set[tuple[str, str, str]], sheets: dict[str, str]
) -> None:
    numbers = ["|".join(parcel) for parcel in sorted(parcels)]
    held = [(place, place, UUID(int=place), number) for place, number in enumerate(numbers)]
    moves = list(plan_moves(held, Renumbering(from_area="26740", to_area="26743", sheets=sheets)))
    staying = set(numbers) - {move.before for move in moves}
    after = [move.after for move in moves] + sorted(staying)
    assert bool(find_collisions(moves, staying)) == (len(after) != len(set(after)))
    assert all(move.after.startswith("26743|") for move in moves)
