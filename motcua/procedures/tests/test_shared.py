"""The whole national data, where it lies beside the project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from motcua.kernel.text import fold
from motcua.procedures.models import ProcedureVersion, SearchEntry, SourceRecord
from motcua.procedures.public import ImportReport, find_procedure, get_form, search_procedures
from motcua.procedures.tests.factories import TODAY, import_folder

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "real" / "procedures"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.skipif(not FOLDER.exists(), reason="the given real data do not lie beside the project"),
]

PEOPLE = {
    "lam giay khai sinh cho con": "đăng ký khai sinh",
    "giấy khai sinh": "đăng ký khai sinh",
    "cấp lại bằng lái xe": "Cấp lại giấy phép lái xe",
    "doi bang lai": "Đổi giấy phép lái xe",
    "mở quán ăn": "Đăng ký thành lập hộ kinh doanh",
    "ly hon": "ly hôn",
    "dang ki ket hon": "đăng ký kết hôn",
    "lam ho khau": "Đăng ký thường trú",
    "mat can cuoc": "Cấp lại thẻ căn cước",
}


@pytest.fixture
def report() -> ImportReport:
    return import_folder(FOLDER)


def test_all_of_it_comes_in_and_twice_changes_nothing(report: ImportReport) -> None:
    assert (report.records_imported, report.records_found, report.catalogue_rows) == (250, 250, 2642)
    foreign = {problem.subject for problem in report.problems if problem.code == "text_of_another_procedure"}
    assert foreign == {"2.001709", "1.014208", "2.001428", "3.000226"}
    assert report.fields["channels"].parsed >= 246
    assert report.fields["papers"].parsed >= 235
    assert report.fields["term"].parsed >= 150
    assert report.fields["fees"].parsed >= 140
    assert not import_folder(FOLDER).has_changes
    for path in FOLDER.rglob("*.json"):
        code = json.loads(path.read_bytes())["ma_thu_tuc"]
        stored = SourceRecord.objects.get(procedure__code=code, kind="national")
        assert bytes(stored.content) == path.read_bytes()
    for version_id in ProcedureVersion.objects.filter(source="national").values_list("pk", flat=True):
        assert get_form(version_id).pages
    found = find_procedure("1.004222", on=TODAY)
    assert found is not None
    assert found.term.text == "7 ngày làm việc"


@pytest.mark.timeout(400)
def test_every_procedure_is_found(report: ImportReport) -> None:
    missed = []
    for code, name in SearchEntry.objects.values_list("code", "name"):
        for text in (name, fold(name), code):
            found = search_procedures(text, on=TODAY).items
            same = {item.code for item in found if fold(item.name) == fold(name)}
            if code not in same:
                missed.append((code, text))
    assert missed == []
    for text, meant in PEOPLE.items():
        assert meant in search_procedures(text, on=TODAY).items[0].name, text
