"""Files into registers: every format, every row explained, stopped and gone on, bad files returned whole."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import orjson
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from motcua.registers.actions import loading
from motcua.registers.actions.loading import Source, load_register
from motcua.registers.actions.spooling import Row
from motcua.registers.adapters.files import read_rows
from motcua.registers.models import LoadRun, Record, RecordVersion
from motcua.registers.queries.loads import list_rejected_rows
from motcua.registers.queries.reading import find_records
from motcua.registers.tests.factories import NOW, describe, person
from motcua.registers.types import LoadRefused, LoadReport, Unread, Wanted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _registers(db: None) -> None:
    describe()


def _source(name: str = "a") -> Source:
    return Source(file_name=f"{name}.jsonl", sha256=name.rjust(64, "0"), sender="Phường Thử", valid_from=NOW)


def _load(rows: Sequence[dict[str, Any] | None], name: str = "a", **more: Any) -> LoadReport:
    numbered: list[Row] = list(enumerate(rows, start=1))
    return load_register("people", lambda: iter(numbered), source=_source(name), now=NOW, **more)


def _people(count: int) -> list[dict[str, Any] | None]:
    return [person(number=f"0791900{number:05d}") for number in range(count)]


def test_every_row_is_explained() -> None:
    rows = [*_people(10), None, person(number="12"), person(number="079190000001", address="2 Đường Thử")]
    report = _load(rows)
    assert (report.rows_new, report.rows_changed, report.rows_rejected, report.rows_read) == (10, 1, 2, 13)
    rejected = list(list_rejected_rows(report.run_uuid))
    assert [each.line_no for each in rejected] == [11, 12] and rejected[1].problems[0].field == "personal_id"
    want = Wanted(register="people", key="personal_id", value="079190000001")
    assert find_records([want], at=NOW)[want].data["address"] == "2 Đường Thử"


def test_the_same_file_is_loaded_once_and_the_same_rows_change_nothing() -> None:
    rows = _people(10)
    _load(rows)
    assert _load(rows).rows_new == 10 and Record.objects.count() == 10
    again = _load(rows, name="b")
    assert (again.rows_new, again.rows_same) == (0, 10) and RecordVersion.objects.count() == 10


@pytest.mark.slow
def test_a_load_that_was_stopped_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "BATCH_ROWS", 7)
    seen: list[int] = []

    def stop(report: LoadReport) -> None:
        seen.append(report.rows_read)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _load(_people(30), progress=stop)
    assert LoadRun.objects.get().done_lines == 14 and Record.objects.count() == 14
    report = _load(_people(30))
    assert report.is_finished and report.rows_new == 30 and Record.objects.count() == 30


def test_a_bad_file_is_returned_whole_with_its_reasons() -> None:
    rows: list[dict[str, Any] | None] = [*_people(7), *[person(number="x")] * 3]
    report = _load(rows)
    assert report.is_quarantined and Record.objects.count() == 0
    assert len(list(list_rejected_rows(report.run_uuid))) == 3
    with pytest.raises(LoadRefused):
        _load(rows)


def test_formats_give_the_same_rows(tmp_path: Path) -> None:
    rows = [person(number="079190000001", area_code="26743"), person(number="079190000002", name="Lê Thử")]
    names = ["personal_id", "full_name", "area_code"]
    with (tmp_path / "a.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, names, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(orjson.dumps(row) for row in rows) + b"\n\n")
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in [names, *[[row.get(name) for name in names] for row in rows]]:
        book.active.append(line)
    book.save(tmp_path / "a.xlsx")
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT * FROM read_json('{tmp_path / 'a.jsonl'}')) TO '{tmp_path / 'a.parquet'}'")
    expected = [(1, rows[0]), (2, rows[1])]
    assert {
        kind: list(read_rows(tmp_path / f"a.{kind}")) for kind in ("csv", "jsonl", "xlsx", "parquet")
    } == dict.fromkeys(("csv", "jsonl", "xlsx", "parquet"), expected)


@pytest.mark.slow
@given(st.binary(max_size=400), st.sampled_from(["csv", "jsonl", "xlsx", "parquet", "exe"]))
def test_no_file_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes, kind: str) -> None:
    path = tmp_path_factory.mktemp("fuzz") / f"a.{kind}"
    path.write_bytes(content)
    try:
        for number, row in read_rows(path):
            assert number >= 1 and isinstance(row, dict | Unread)
    except LoadRefused as refusal:
        assert refusal.message


@pytest.mark.slow
def test_the_command_shows_progress_and_says_why_it_returned_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "dan-cu.csv"
    path.write_text("Số định danh,full_name\n079190000001,Nguyễn Thị Hạnh Thử\n", "utf-8")
    columns = tmp_path / "cot.toml"
    columns.write_text('"Số định danh" = "personal_id"\n', "utf-8")
    call_command("load_register", "people", str(path), columns=columns, source="Phường Thử")
    assert "mới 1" in capsys.readouterr().out
    path.write_text("personal_id,full_name\n1,X\n", "utf-8")
    with pytest.raises(CommandError, match="trả lại"):
        call_command("load_register", "people", str(path), rejected=True)
    assert "dòng 1:" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Không có sổ"):
        call_command("load_register", "nobody", str(path))
    path.write_text("personal_id,full_name\n079190000002,Lê Thử\n", "utf-8")
    for wrong in ("= x", "a = 1"):
        columns.write_text(wrong, "utf-8")
        with pytest.raises(CommandError, match="tên cột"):
            call_command("load_register", "people", str(path), columns=columns)
    with pytest.raises(CommandError, match="tên cột"):
        call_command("load_register", "people", str(path), columns=tmp_path / "none.toml")
    with pytest.raises(CommandError, match="không mở được"):
        call_command("load_register", "people", str(tmp_path / "none.csv"))
    with pytest.raises(CommandError, match="Không ghi được báo cáo"):
        call_command("load_register", "people", str(path), report=tmp_path)


@pytest.mark.slow
def test_a_number_that_excel_cut_and_a_row_that_cannot_be_read_are_kept_with_what_to_do(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    people = [["0791900000" + f"{number:02d}", "Lê Thử", "17/05/1990", "Nữ"] for number in range(10)]
    for line in (["Số định danh cá nhân", "Họ và tên", "Ngày sinh", "Giới tính"], *people,
                 [79_190_000_050, "Cắt Số", 33_010, "Nam"], ["079190000051", "#REF!", None, None]):  # fmt: skip
        book.active.append(line)
    path = tmp_path / "a.xlsx"
    book.save(path)
    source = Source(file_name="a.xlsx", sha256="9" * 64, sender="Phường Thử", valid_from=NOW)
    report = load_register("people", lambda: read_rows(path), source=source, now=NOW)
    assert (report.rows_new, report.rows_rejected) == (10, 2)
    want = Wanted(register="people", key="personal_id", value="079190000003")
    data = find_records([want], at=NOW)[want].data
    assert (data["birth_on"], data["sex"]) == ("1990-05-17", "female")
    cut, broken = list_rejected_rows(report.run_uuid)
    assert "mất số 0 ở đầu" in cut.problems[0].message and cut.problems[0].field == "personal_id"
    assert "Excel" in broken.problems[0].message and "#REF!" in broken.raw.values()
