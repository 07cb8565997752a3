"""Designed packages: all problems at once, all or none, known by their files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from motcua.procedures.models import ProcedureVersion
from motcua.procedures.public import (
    PackageInvalid,
    compute_fee,
    find_procedure,
    get_form,
    get_result_template,
    load_designed_procedures,
    search_procedures,
)
from motcua.procedures.tests.factories import NOW, PACKAGES, TODAY, load_packages

pytestmark = pytest.mark.django_db
SLUG = "khai-trinh-mau"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(PACKAGES, tmp_path / "packages")
    return tmp_path / "packages"


def test_a_package_is_published_whole() -> None:
    assert load_packages().created == ("9.000001",)
    found = find_procedure("9.000001", on=TODAY)
    assert found is not None
    assert (found.process_key, found.term.clock_rule, found.valid_from) == (SLUG, "pause", date(2025, 7, 1))
    assert [event.code for event in found.life_events] == ["sinh-con"]
    assert get_form(found.version_id).pages[0].title == "Người nộp"
    assert get_result_template(found.version_id).name == f"{SLUG}/result.typ"
    assert compute_fee(found, channel="online", applicant_kind="person", on=TODAY).amount_vnd == 0
    assert compute_fee(found, channel="post", applicant_kind="person", on=TODAY, copies=2).amount_vnd == 16_000


def test_loading_twice_changes_nothing() -> None:
    load_packages()
    report = load_packages(now=NOW + timedelta(days=1))
    assert (report.unchanged, report.has_changes) == (("9.000001",), False)


def test_any_changed_file_is_a_new_version_and_the_old_one_keeps_its_template(folder: Path) -> None:
    load_packages(folder)
    (folder / SLUG / "result.typ").write_text("= Mẫu mới")
    later = NOW + timedelta(days=2)
    assert load_packages(folder, now=later).changed == ("9.000001",)
    old, new = ProcedureVersion.objects.order_by("version_no")
    assert old.valid_to == new.valid_from == later.date()
    assert get_result_template(old.pk).text != get_result_template(new.pk).text == "= Mẫu mới"


def _replace(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(package: Path) -> None:
        path = package / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


@pytest.mark.parametrize(
    ("change", "part", "words"),
    [
        (_replace("procedure.toml", 'code = "9.000001"', 'code = "?"'), "procedure.toml", "mã thủ tục"),
        (_replace("procedure.toml", "amount = 2\n", "amount = 0\n"), "procedure.toml", "amount"),
        (_replace("procedure.toml", '"workday"', '"fortnight"'), "procedure.toml", "unit"),
        (_replace("procedure.toml", '["sinh-con"]', '["la"]'), "procedure.toml", "life_events"),
        (_replace("procedure.toml", "[term]", "[terms]"), "procedure.toml", "[term]"),
        (_replace("procedure.toml", "amount_vnd = 8000", "amount_vnd = -1"), "procedure.toml", "amount_vnd"),
        (_replace("procedure.toml", 'code = "ban-sao"', 'code = "to-khai"'), "procedure.toml", "lặp lại"),
        (_replace("procedure.toml", '["online", "in_person"]', '["bồ câu"]'), "procedure.toml", "channels"),
        (_replace("procedure.toml", "form:area", "form:nowhere"), "form.json", "nowhere"),
        (_replace("procedure.toml", "code =", "code ="[:-1]), "procedure.toml", "không đọc được"),
        (_replace("form.json", '"paper": "to-khai"', '"paper": "la"'), "form.json", "la"),
        (_replace("form.json", '"components"', '"parts"'), "form.json", ""),
        (_replace("process.bpmn", 'candidateGroups="counter"', 'candidateGroups="nobody"'), "process.bpmn", "nobody"),
        (_replace("process.bpmn", "</bpmn:process>", ""), "process.bpmn", ""),
        (lambda package: (package / "result.typ").unlink(), "result.typ", "thiếu tệp"),
        (lambda package: (package / "result.typ").write_bytes(b"\xff"), "result.typ", "UTF-8"),
    ],
)
def test_a_broken_package_is_refused_with_its_reason(
    folder: Path, change: Callable[[Path], None], part: str, words: str
) -> None:
    change(folder / SLUG)
    with pytest.raises(PackageInvalid) as refused:
        load_packages(folder)
    assert any(problem.part == part and words in problem.message for problem in refused.value.problems)
    assert not ProcedureVersion.objects.exists()


def test_all_problems_of_all_packages_are_listed(folder: Path) -> None:
    shutil.copytree(folder / SLUG, folder / "hai")
    _replace("procedure.toml", "amount = 2\n", "amount = 0\n")(folder / SLUG)
    _replace("procedure.toml", '"workday"', '"fortnight"')(folder / "hai")
    with pytest.raises(PackageInvalid) as refused:
        load_packages(folder)
    assert {problem.package for problem in refused.value.problems} == {SLUG, "hai"}


def test_two_packages_of_one_code_are_refused(folder: Path) -> None:
    shutil.copytree(folder / SLUG, folder / "hai")
    with pytest.raises(PackageInvalid):
        load_packages(folder)


@pytest.mark.slow
def test_the_shipped_packages_load_and_their_fees_can_be_told() -> None:
    created = load_designed_procedures(now=NOW).created
    assert len(created) == 12
    for code in created:
        found = find_procedure(code, on=TODAY)
        assert found is not None
        for channel in found.channels:
            fee = compute_fee(found, channel=channel, applicant_kind="person", on=TODAY)
            assert fee.reason_vi
            assert all(line.amount_vnd is not None or line.text for line in fee.lines)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("lam giay khai sinh cho con", "dang-ky-khai-sinh"),
        ("giấy khai sinh", "dang-ky-khai-sinh"),
        ("cưới vợ", "dang-ky-ket-hon"),
        ("giay doc than", "xac-nhan-tinh-trang-hon-nhan"),
        ("báo tử", "dang-ky-khai-tu"),
        ("sao y bản chính", "chung-thuc-ban-sao"),
        ("nhap ho khau", "dang-ky-thuong-tru"),
        ("mở quán ăn", "dang-ky-ho-kinh-doanh"),
        ("mo cong ty", "dang-ky-doanh-nghiep"),
        ("cấp lại bằng lái xe", "doi-giay-phep-lai-xe"),
        ("doi bang lai", "doi-giay-phep-lai-xe"),
        ("lam passport", "cap-ho-chieu-pho-thong"),
        ("dong thue quan", "khai-thue-ho-kinh-doanh"),
        ("xin phép xây nhà", "cap-phep-xay-dung-nha-o"),
    ],
)
def test_people_find_the_shipped_ones_first(text: str, slug: str) -> None:
    load_designed_procedures(now=NOW)
    best = search_procedures(text, on=TODAY).items[0]
    assert get_result_template(best.version_id).name == f"{slug}/result.typ"
