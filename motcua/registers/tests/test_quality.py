"""Quality: rules counted by sender, each night once and on each load once; the report that a sender can act on."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from motcua.outbox.public import drain
from motcua.registers.actions.loading import Source, load_register
from motcua.registers.actions.measuring import measure_all, measure_register
from motcua.registers.actions.retention import REJECTED_DAYS, forget_rejected_rows
from motcua.registers.actions.writing import write_record
from motcua.registers.adapters.reports import write_report
from motcua.registers.models import LoadRun, QualityFigure, RejectedRow
from motcua.registers.queries.loads import list_rejected_rows
from motcua.registers.queries.quality import count_outlived, list_quality, list_quality_days, list_quality_sources
from motcua.registers.queries.registers import get_register
from motcua.registers.rules.quality import MAX_SOURCES, OTHERS, QualityCheck, Tally
from motcua.registers.tests.factories import NOW, describe, person
from motcua.registers.types import FieldProblem, LoadReport, RejectedRowInfo

DAY = timedelta(days=1)
_NONE = UUID(int=0)
GOOD: dict[str, Any] = {"birth_on": "1990-05-17", "sex": "female", "area_code": "26743", "household_no": "H1"}


def _write(number: str, source: str = "Phường Thử", **more: Any) -> None:
    write_record("people", person(number=number, **more), valid_from=NOW - DAY, source=source, now=NOW)


@pytest.mark.slow
@pytest.mark.django_db
def test_figures_name_the_rule_the_field_and_who_sent_it_and_a_day_is_measured_once() -> None:
    describe()
    _write("079190000001", **GOOD)
    _write("079190000002", source="Quận Cũ", **GOOD | {"birth_on": "1985-01-01"})
    measured = measure_all(now=NOW)
    assert measured["people"] == 2 and "people" not in measure_all(now=NOW)
    info = get_register("people")
    on, rows = list_quality(info)
    worst = {row.rule: row for row in rows}["id_fits_birth_year"]
    assert (worst.failed, worst.checked, worst.field, worst.holds_bp) == (1, 2, "birth_on", 5000)
    assert {row.rule: row.failed for row in rows}["filled:phone"] == 2
    assert [name for name, _, _ in list_quality_sources(info, on=on)] == ["Quận Cũ", "Phường Thử"]
    assert list_quality(info, source="Phường Thử")[1][-1].checked == 1
    measure_register("people", now=NOW + DAY)
    days = list_quality_days(info, rule="id_fits_birth_year", now=NOW + DAY)
    assert [(day.failed, day.checked) for day in days] == [(1, 2), (1, 2)]


@pytest.mark.django_db
def test_a_load_is_measured_by_its_event_once_however_often_it_is_delivered() -> None:
    describe()
    rows = [(1, person(**GOOD)), (2, person(number="079190000002", birth_on="1985-01-01"))]
    source = Source(file_name="a", sha256="a" * 64, sender="Phường Thử", valid_from=NOW - DAY)
    load_register("people", lambda: iter(rows), source=source, now=NOW)
    drain(now=NOW)
    drain(now=NOW + DAY)
    figure = QualityFigure.objects.get(run__file_sha256="a" * 64, rule="id_fits_birth_year")
    assert (figure.checked, figure.failed, figure.source) == (2, 1, "Phường Thử")
    assert LoadRun.objects.get().measured_at == NOW
    for more in ({"run": figure.run_id}, {"run": None}):
        row = QualityFigure(register_id=figure.register_id, run_id=more["run"], rule=figure.rule, source="s",
                            measured_on=figure.measured_on, checked=1, failed=0)  # fmt: skip
        if more["run"] is None:
            row.save()
            row.pk = None
        with pytest.raises(IntegrityError, match="quality_once"), transaction.atomic():
            row.save(force_insert=True)


@pytest.mark.slow
@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=20))
def test_every_record_is_counted_once_for_every_rule(sources: list[str]) -> None:
    asked = QualityCheck((), ("x",), lambda data: ())
    tallies: dict[str, Tally] = {}
    for source in sources:
        asked.measure(tallies, source, {"x": source} if source == "a" else {})
    counts = {name: (tally.checked, tally.failed["filled:x", "x"]) for name, tally in tallies.items()}
    assert counts == {each: (sources.count(each), 0 if each == "a" else sources.count(each)) for each in set(sources)}


def test_senders_beyond_what_a_person_reads_are_one() -> None:
    asked = QualityCheck((), (), lambda data: ())
    tallies: dict[str, Tally] = {}
    for number in range(MAX_SOURCES + 5):
        asked.measure(tallies, str(number), {})
    assert len(tallies) == MAX_SOURCES + 1 and tallies[OTHERS].checked == 5


_CELL = st.one_of(
    st.text(max_size=20), st.integers(), st.none(), st.booleans(), st.lists(st.text(max_size=3), max_size=2)
)


@pytest.mark.slow
@given(st.lists(st.dictionaries(st.text(max_size=5), _CELL, max_size=4), max_size=4))
def test_any_row_stands_in_the_report_and_none_is_a_formula(raws: list[dict[str, object]]) -> None:
    problem = FieldProblem(field="full_name", message="quá ngắn")
    rows = [RejectedRowInfo(line_no=place, raw=raw, problems=(problem,)) for place, raw in enumerate(raws, start=1)]
    report = LoadReport(run_uuid=_NONE, register="people", rows_read=9, rows_new=0, rows_changed=0, rows_same=0,
                        rows_rejected=len(rows), is_quarantined=True, file_name="=1+1", source="@x")  # fmt: skip
    book = openpyxl.load_workbook(BytesIO(write_report(report, rows)))
    first, second = book.worksheets
    assert [first.cell(place + 1, 1).value for place in range(1, len(rows) + 1)] == [row.line_no for row in rows]
    assert all(cell.data_type != "f" for sheet in (first, second) for line in sheet.iter_rows() for cell in line)


@pytest.mark.django_db
def test_rows_that_were_not_taken_are_forgotten_after_their_time_and_counted_still() -> None:
    describe()
    rows = [*((n, person(number=f"07919000000{n}")) for n in range(1, 6)), (6, person(number="x"))]
    source = Source(file_name="a", sha256="a" * 64, sender="Phường Thử", valid_from=NOW)
    report = load_register("people", lambda: iter(rows), source=source, now=NOW)
    assert forget_rejected_rows(now=NOW + (REJECTED_DAYS - 1) * DAY) == 0
    assert len(list(list_rejected_rows(report.run_uuid))) == 1
    assert forget_rejected_rows(now=NOW + (REJECTED_DAYS + 1) * DAY) == 1
    assert not RejectedRow.objects.exists() and LoadRun.objects.get().rows_rejected == 1


@pytest.mark.django_db
def test_records_that_outlived_their_retention_are_counted() -> None:
    describe()
    for number, on in ((1, "2001-01-01"), (2, "2025-01-01")):
        dose = {"personal_id": "079190000001", "vaccine": "Sởi", "dose_no": number, "given_on": on}
        write_record("vaccinations", dose, valid_from=NOW, source="Thử", now=NOW)
    assert count_outlived(get_register("vaccinations"), now=NOW) == 1
    assert count_outlived(get_register("people"), now=NOW) is None
