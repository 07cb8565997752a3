"""Two versions side by side: what a lawyer would name, nothing where nothing changed, never XML."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.designer.rules import diff_packages
from motcua.designer.tests import samples as s
from motcua.designer.types import Change, PackageFiles
from motcua.process.tests import drawings as d


def changed(files: PackageFiles) -> list[Change]:
    return list(diff_packages(s.package(), files))


def stated(old: str, new: str) -> dict[str, bytes]:
    assert old in s.PROCEDURE
    return s.package(procedure=s.PROCEDURE.replace(old, new).encode())


def drawn(old: str, new: str) -> dict[str, bytes]:
    return s.package(process=s.change(s.process(), old, new))


def asked(change: Callable[[dict[str, object]], object]) -> dict[str, bytes]:
    form = s.form()
    change(form["components"][1]["components"][0])
    return s.package(form=json.dumps(form).encode())


def test_the_same_files_give_nothing() -> None:
    assert diff_packages(s.package(), s.package()) == ()


ONE_CHANGE: list[tuple[dict[str, bytes], str, str, str, str]] = [
    (stated("amount = 3", "amount = 5"), "term", "Thời hạn giải quyết", "3 ngày làm việc", "5 ngày làm việc"),
    (
        stated("amount_vnd = 20000", "amount_vnd = 30000"),
        "fees",
        "Phí xem nơi trồng (nộp trực tiếp)",
        "20.000",
        "30.000",
    ),
    (stated('name = "Bản vẽ nơi trồng"', 'name = "Ảnh nơi trồng"'), "papers", "Giấy tờ “ban_ve”", "Bản vẽ", "Ảnh"),
    (stated('level = "commune"', 'level = "city"'), "competence", "Cấp giải quyết", "commune", "city"),
    (stated('steps = ["Bạn khai nơi trồng.", ', "steps = ["), "procedure", "Trình tự", "Bạn khai nơi trồng.", ""),
    (
        drawn('candidateGroups="leader"', 'candidateGroups="city_leader"'),
        "process",
        "Bước “sign”: người làm",
        "Lãnh đạo cơ quan",
        "Lãnh đạo Thành phố",
    ),
    (drawn('value="480"', 'value="240"'), "process", "Bước “sign”: thời hạn", "1 ngày", "4 giờ"),
    (drawn('name="sign"', 'name="Ký"'), "process", "Bước “Ký”: tên", "sign", "Ký"),
    (drawn('=outcome = "return"', '=outcome != "sign"'), "process", "Đường đi “signed” → “appraise”", "return", "!="),
    (drawn("P15D", "P20D"), "process", "Sự kiện “too_late”: hẹn giờ", "P15D", "P20D"),
    (asked(lambda q: q.update(label="Cây gì?")), "form", "Câu hỏi “Cây gì?”: nhãn", "Trồng cây gì?", "Cây gì?"),
    (asked(lambda q: q.pop("validate")), "form", "Câu hỏi “Trồng cây gì?”: bắt buộc", "có", "không"),
    (s.package(result=s.RESULT.replace("Cây", "Loài cây").encode()), "result", "Mẫu kết quả", '"Cây"', '"Loài cây"'),
    (
        s.package(fee=s.table((s.FEE_RULES[0], (s.FEE_RULES[1][0], '{amount_vnd: 1, legal_ref: "Điều 6"}')))),
        "decision",
        "Bảng quyết định “fee”, dòng r1",
        "amount_vnd: 0",
        "amount_vnd: 1",
    ),
]


@pytest.mark.parametrize(
    ("files", "part", "heading", "before", "after"), ONE_CHANGE, ids=[row[2] for row in ONE_CHANGE]
)
def test_one_change_is_one_line(files: PackageFiles, part: str, heading: str, before: str, after: str) -> None:
    found = changed(files)
    mine = [each for each in found if each.heading == heading]
    assert mine, found
    assert mine[0].part == part
    assert before in mine[0].before
    assert after in mine[0].after
    others = {each.heading for each in found} - {heading}
    assert all(part == "process" and other.startswith("Đường đi") for other in others), found
    assert not any("<" in each.before + each.after or "xmlns" in each.after for each in found if each.part != "result")


def test_a_step_drawn_in_between_is_a_step_and_two_arrows() -> None:
    more = d.user("double_check", "specialist", "dossiers.appraise", outcomes="approve|reject", share_minutes="60")
    flows = d.flow("double_check", "sign")
    text = (
        s.process()
        .decode()
        .replace(
            'id="appraise__sign" sourceRef="appraise" targetRef="sign"',
            'id="appraise__sign" sourceRef="appraise" targetRef="double_check"',
        )
    )
    found = changed(s.package(process=s.change(text.encode(), "</bpmn:process>", f"{more}{flows}</bpmn:process>")))
    assert [(each.heading, bool(each.before), bool(each.after)) for each in found] == [
        ("Bước “double_check”", False, True),
        ("Đường đi “appraise” → “sign”", True, False),
        ("Đường đi “appraise” → “double_check”", False, True),
        ("Đường đi “double_check” → “sign”", False, True),
    ]
    assert "người làm: Chuyên viên thụ lý" in found[0].after


def test_a_new_way_of_drawing_is_said_to_be_only_that() -> None:
    files = s.package(process=s.process().replace(b'bpmnElement="sign" />', b'bpmnElement="sign" isExpanded="true" />'))
    assert [(each.heading, each.after) for each in changed(files)] == [("Sơ đồ quy trình", "chỉ thay đổi cách vẽ")]
    files = s.package(form=json.dumps(s.form(), indent=4, ensure_ascii=False).encode())
    assert [each.after for each in changed(files)] == ["chỉ thay đổi cách trình bày tệp, nội dung không đổi"]


def test_ids_that_a_tool_numbered_anew_are_not_a_change() -> None:
    text = s.process().decode().replace('"appraise"', '"Activity_1"').replace('name="Activity_1"', 'name="appraise"')
    assert {each.heading for each in changed(s.package(process=text.encode()))} <= {
        "Sự kiện “withdrawing”: gắn trên",
        "Sơ đồ quy trình",
    }


def test_a_file_that_cannot_be_read_is_said_to_be_so() -> None:
    assert "không đọc được" in changed(s.package(process=b"<x"))[0].after
    assert changed({**s.package(), "migrations/a.toml": b"x"})[0].heading == "Quy tắc chuyển hồ sơ đang chạy: a.toml"


@given(st.sampled_from([row[0] for row in ONE_CHANGE]), st.sampled_from([row[0] for row in ONE_CHANGE]))
@pytest.mark.slow
def test_there_and_back_names_the_same_things_the_other_way_round(one: PackageFiles, other: PackageFiles) -> None:
    assert diff_packages(one, one) == ()
    forth, back = diff_packages(one, other), diff_packages(other, one)
    assert sorted((each.part, each.before, each.after) for each in forth) == sorted(
        (each.part, each.after, each.before) for each in back
    )
