"""The import: nothing lost, twice changes nothing, a change is a new version, a bad file is a problem."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from motcua.procedures.actions import reading
from motcua.procedures.models import ProcedureVersion, SourceRecord
from motcua.procedures.public import ImportPathInvalid, find_procedure, get_form
from motcua.procedures.tests.factories import (
    NOW,
    PACKAGES,
    TODAY,
    import_folder,
    load_packages,
    make_record,
    make_row,
    write_source,
)

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_records_and_lists_come_in(small_catalogue: Path) -> None:
    found = find_procedure("1.900001", on=TODAY)
    assert found is not None
    assert found.is_fileable
    assert found.process_key == "one-stop-standard"
    assert [fee.amount_vnd for fee in found.fees] == [20_000, 20_000]
    listed = find_procedure("1.900003", on=TODAY)
    assert listed is not None
    assert (listed.source, listed.is_fileable, listed.term.is_stated) == ("list", False, False)


def test_every_record_can_be_filed_with_a_form_made_from_its_papers(small_catalogue: Path) -> None:
    for version in ProcedureVersion.objects.filter(source="national"):
        form = get_form(version.pk)
        papers = {field.paper for page in form.pages for field in page.fields if field.type == "filepicker"}
        assert papers == {"p1", "p2"}


def test_the_source_is_kept_byte_for_byte(small_catalogue: Path) -> None:
    for path in small_catalogue.rglob("*.json"):
        record = SourceRecord.objects.get(procedure__code=path.stem)
        assert bytes(record.content) == path.read_bytes()


@pytest.mark.slow
def test_twice_changes_nothing(small_catalogue: Path) -> None:
    before = list(ProcedureVersion.objects.order_by("pk").values())
    report = import_folder(small_catalogue, now=NOW + timedelta(days=3))
    assert not report.has_changes
    assert (report.unchanged, report.catalogue_unchanged) == (2, 1)
    assert list(ProcedureVersion.objects.order_by("pk").values()) == before


@pytest.mark.slow
def test_a_changed_record_is_a_new_version_from_the_day_of_import(small_catalogue: Path) -> None:
    later = NOW + timedelta(days=5)
    write_source(small_catalogue, [make_record(so_quyet_dinh="2/QĐ-XX")])
    report = import_folder(small_catalogue, now=later)
    assert (report.changed, report.unchanged) == (1, 1)
    old, new = ProcedureVersion.objects.filter(procedure__code="1.900001").order_by("version_no")
    assert (old.valid_from, old.valid_to) == (TODAY, later.date())
    assert (new.valid_from, new.valid_to, new.version_no) == (later.date(), None, 2)


@pytest.mark.slow
def test_two_changes_on_one_day_leave_the_last_in_force(small_catalogue: Path) -> None:
    for number in ("2/QĐ-XX", "3/QĐ-XX"):
        write_source(small_catalogue, [make_record(so_quyet_dinh=number)])
        import_folder(small_catalogue)
    found = find_procedure("1.900001", on=TODAY)
    assert found is not None
    assert (found.decision_no, found.version_no) == ("3/QĐ-XX", 3)


@pytest.mark.slow
def test_a_record_takes_over_from_a_row_of_a_list(small_catalogue: Path) -> None:
    later = NOW + timedelta(days=1)
    write_source(small_catalogue, [make_record("1.900003", "Cấp phép thả diều")])
    import_folder(small_catalogue, now=later)
    found = find_procedure("1.900003", on=later.date())
    assert found is not None
    assert found.is_fileable


@pytest.mark.slow
def test_a_designed_procedure_stays_and_the_record_is_kept(small_catalogue: Path) -> None:
    load_packages()
    write_source(small_catalogue, [make_record("9.000001", "Bản quốc gia")])
    report = import_folder(small_catalogue)
    found = find_procedure("9.000001", on=TODAY)
    assert found is not None
    assert found.is_designed
    assert SourceRecord.objects.get(procedure__code="9.000001", kind="national").version_id is None
    assert "designed_kept" in {problem.code for problem in report.problems}
    assert not import_folder(small_catalogue).has_changes


@pytest.mark.slow
def test_bad_files_are_problems_and_the_rest_comes_in(tmp_path: Path) -> None:
    folder = write_source(tmp_path, [make_record()], [make_row("1.900004", "Một việc"), make_row("1.900004", "Trùng")])
    bad = folder / "records"
    (bad / "a.json").write_bytes(b"\xff\xfe\x00")
    (bad / "b.json").write_text("[1]")
    (bad / "c.json").write_text('{"ma_thu_tuc": "1.9"}')
    (bad / "d.json").write_text("[" * 100_000)
    (bad / "e.json").write_bytes(b" " * 2_000_001)
    (bad / "z.json").write_text((bad / "bo-mau" / "1.900001.json").read_text())
    (folder / "lists" / "x.xlsx").write_bytes(b"PK not a book")
    report = import_folder(folder)
    assert (report.records_found, report.records_imported, report.catalogue_rows) == (7, 1, 1)
    codes = sorted(problem.code for problem in report.problems)
    assert codes == [
        "file_too_large", "file_unreadable", "file_unreadable", "file_unreadable", "file_unreadable", "listed_twice",
        "record_twice", "record_unreadable",
    ]  # fmt: skip


def test_a_list_that_breaks_off_or_never_ends_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [make_row(f"1.90000{number}", f"Việc số {number}") for number in range(1, 5)]
    folder = write_source(tmp_path, [make_record("2.000001")], rows)
    whole = folder / "lists" / "danh-sach.xlsx"
    with ZipFile(whole) as good, ZipFile(folder / "lists" / "hong.xlsx", "w") as broken:
        for item in good.namelist():
            content = good.read(item)
            broken.writestr(item, content[: len(content) * 2 // 3] if "worksheets/" in item else content)
    monkeypatch.setattr(reading, "MAX_LIST_ROWS", 4)
    report = import_folder(folder)
    assert (report.catalogue_rows, report.records_imported) == (2, 1)
    assert {"list_cut", "file_unreadable"} <= {problem.code for problem in report.problems}


def test_files_of_odd_names_and_broken_signs_come_in_too(tmp_path: Path) -> None:
    folder = write_source(tmp_path, [make_record()])
    odd = make_record("1.900002", "Việc \ud800 lạ") | {"ket_qua_xu_ly": None, "thanh_phan_ho_so": [1]}
    (folder / "UPPER.JSON").write_text(json.dumps(odd))
    (folder / os.fsdecode(b"\xff.json")).write_bytes(json.dumps(make_record("1.900003", "Ba")).encode("utf-16"))
    report = import_folder(folder)
    assert (report.records_imported, report.records_found) == (3, 3)
    assert {problem.code for problem in report.problems} == {"wrong_type"}
    assert not import_folder(folder).has_changes
    for version in ProcedureVersion.objects.filter(source="national"):
        assert get_form(version.pk).pages
    call_command("import_procedures", str(folder), stdout=StringIO())


def test_the_text_of_another_procedure_is_reported_and_still_fileable(tmp_path: Path) -> None:
    record = make_record(raw_text="Mã thủ tục2.000009Số quyết định")
    report = import_folder(write_source(tmp_path, [record], [make_row("1.900001", "Tên trong danh mục")]))
    assert "text_of_another_procedure" in {problem.code for problem in report.problems}
    found = find_procedure("1.900001", on=TODAY)
    assert found is not None
    assert (found.name, found.is_fileable, found.papers) == ("Tên trong danh mục", True, ())


def test_same_names_are_reported(tmp_path: Path) -> None:
    report = import_folder(write_source(tmp_path, [make_record("1.900001"), make_record("1.900002")]))
    assert [problem.subject for problem in report.problems if problem.code == "same_name"] == ["1.900001, 1.900002"]


def test_a_wrong_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportPathInvalid):
        import_folder(tmp_path / "không-có")
    with pytest.raises(ImportPathInvalid):
        import_folder(tmp_path)
    with pytest.raises(CommandError):
        call_command("import_procedures", str(tmp_path))


def test_the_report_counts_each_field(tmp_path: Path) -> None:
    report = import_folder(write_source(tmp_path, [make_record(), make_record("1.900002", ket_qua_xu_ly="")]))
    count = report.fields["results"]
    assert (count.parsed, count.empty) == (1, 1)
    assert all(each.parsed + each.doubtful + each.unparsed + each.empty == 2 for each in report.fields.values())


@pytest.mark.slow
def test_the_command_prints_the_report(tmp_path: Path) -> None:
    write_source(tmp_path, [make_record()], [make_row("1.900004", "Một việc")])
    out = StringIO()
    call_command("import_procedures", str(tmp_path), stdout=out)
    call_command("import_procedures", str(tmp_path), stdout=out)
    first, second = out.getvalue().split("Bản ghi: ")[1:]
    assert first.startswith("1 trên 1.")
    assert "thời hạn" in first
    assert "Không có thay đổi." in second
    assert "Không có thay đổi." not in first


def test_the_command_for_packages_prints_its_report() -> None:
    out = StringIO()
    call_command("load_designed_procedures", folder=PACKAGES, stdout=out)
    call_command("load_designed_procedures", folder=PACKAGES, stdout=out)
    assert "Mới: 1 (9.000001)" in out.getvalue()
    assert "Không có thay đổi." in out.getvalue()
