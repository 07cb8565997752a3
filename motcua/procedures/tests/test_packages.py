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
    get_package_files,
    get_result_template,
    load_designed_procedures,
    publish_package,
    read_package_folder,
    search_procedures,
)
from motcua.procedures.tests.factories import NOW, PACKAGES, TODAY, load_packages

pytestmark = pytest.mark.django_db
SLUG = "khai-trinh-mau"
GOLDEN = b'{"name": "a", "filed_at": "", "channel": "online", "answers": {}, "steps": [], "expect": {}}'
PEOPLE_SAY = {
    "lam giay khai sinh cho con": "dang-ky-khai-sinh",
    "giấy khai sinh": "dang-ky-khai-sinh",
    "cưới vợ": "dang-ky-ket-hon",
    "giay doc than": "xac-nhan-tinh-trang-hon-nhan",
    "báo tử": "dang-ky-khai-tu",
    "sao y bản chính": "chung-thuc-ban-sao",
    "nhap ho khau": "dang-ky-thuong-tru",
    "mở quán ăn": "mo-quan-an",
    "mở tiệm tạp hóa": "dang-ky-ho-kinh-doanh",
    "sang ten so do": "dang-ky-bien-dong-dat-dai",
    "work permit": "giay-phep-lao-dong",
    "tiền trợ cấp khuyết tật": "tro-cap-xa-hoi",
    "giấy vệ sinh thực phẩm": "an-toan-thuc-pham",
    "chuyen truong cho con": "chuyen-truong",
    "mua nha o xa hoi": "nha-o-xa-hoi",
    "đào đường": "cap-phep-dao-duong",
    "mo cong ty": "dang-ky-doanh-nghiep",
    "cấp lại bằng lái xe": "doi-giay-phep-lai-xe",
    "doi bang lai": "doi-giay-phep-lai-xe",
    "lam passport": "cap-ho-chieu-pho-thong",
    "dong thue quan": "khai-thue-ho-kinh-doanh",
    "xin phép xây nhà": "cap-phep-xay-dung-nha-o",
}


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


def _files() -> dict[str, bytes]:
    return read_package_folder(PACKAGES / SLUG)


def test_a_published_package_gives_back_its_exact_files() -> None:
    files = _files() | {"golden/duoc.json": GOLDEN}
    published = publish_package(files, slug=SLUG, approved_by_decision_no="12/QĐ-UBND", now=NOW)
    assert get_package_files(published.version_id) == files
    assert (published.version_no, published.approved_by_decision_no) == (1, "12/QĐ-UBND")
    assert publish_package(files, slug=SLUG, now=NOW).version_id == published.version_id


def test_publishing_again_on_one_day_and_rolling_back_make_versions() -> None:
    first = publish_package(_files(), slug=SLUG, now=NOW)
    changed = _files() | {"procedure.toml": _files()["procedure.toml"].replace(b"amount = 2\n", b"amount = 3\n")}
    second = publish_package(changed, slug=SLUG, now=NOW)
    third = publish_package(get_package_files(first.version_id), slug=SLUG, now=NOW + timedelta(minutes=1))
    assert [first.version_no, second.version_no, third.version_no] == [1, 2, 3]
    assert (second.term.amount, third.term.amount) == (3, first.term.amount)
    found = find_procedure("9.000001", on=TODAY)
    assert found is not None
    assert found.version_id == third.version_id
    assert third.process_version_id == first.process_version_id


def test_what_the_owner_published_is_not_replaced_by_the_shipped_one() -> None:
    load_packages()
    changed = _files() | {"procedure.toml": _files()["procedure.toml"].replace(b"amount = 2\n", b"amount = 3\n")}
    own = publish_package(changed, slug=SLUG, approved_by_decision_no="7/QĐ-UBND", now=NOW + timedelta(days=1))
    report = load_packages(now=NOW + timedelta(days=2))
    assert (report.has_changes, report.kept) == (False, ("9.000001",))
    found = find_procedure("9.000001", on=TODAY + timedelta(days=2))
    assert found is not None
    assert found.version_id == own.version_id


@pytest.mark.parametrize(
    ("path", "content", "words"),
    [
        ("golden/a.json", b"{", "không đọc được"),
        ("golden/a.json", b"[]", "đối tượng"),
        ("golden/a.json", b"{}", "filed_at"),
        ("../a.py", b"", "không thuộc gói"),
        ("decisions/Ga.dmn", b"", "không thuộc gói"),
        ("decisions/fee.dmn", b" " * 2_000_001, "2 MB"),
        ("procedure.toml", b"[[linked]]\ncode = '?'\nname = 'A'", "[[linked]]"),
        ("procedure.toml", b"[[linked]]\ncode = '9.000002'", "name"),
        ("procedure.toml", b"[[linked]]\ncode = '9.000002'\nname = 'A'\nshare_workdays = 0", "share_workdays"),
    ],
)
def test_files_that_a_package_may_not_hold_are_refused(path: str, content: bytes, words: str) -> None:
    whole = _files()
    whole[path] = whole[path] + b"\n" + content if path in whole else content
    with pytest.raises(PackageInvalid) as refused:
        publish_package(whole, slug=SLUG, now=NOW)
    assert any(words in problem.message for problem in refused.value.problems)


@pytest.mark.slow
def test_the_shipped_packages_load_and_their_fees_can_be_told() -> None:
    created = load_designed_procedures(now=NOW).created
    assert len(created) == 20
    for code in created:
        found = find_procedure(code, on=TODAY)
        assert found is not None
        for channel in found.channels:
            fee = compute_fee(found, channel=channel, applicant_kind="person", on=TODAY)
            assert fee.reason_vi
            assert all(line.amount_vnd is not None or line.text for line in fee.lines)


@pytest.mark.slow
def test_people_find_the_shipped_ones_first() -> None:
    load_designed_procedures(now=NOW)
    found = {text: search_procedures(text, on=TODAY).items[0].version_id for text in PEOPLE_SAY}
    assert {text: get_result_template(version_id).name for text, version_id in found.items()} == {
        text: f"{slug}/result.typ" for text, slug in PEOPLE_SAY.items()
    }
