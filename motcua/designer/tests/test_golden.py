"""Golden cases: the same walk as a real dossier's, and every difference said in words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from motcua.designer.rules import list_goldens, replay_golden
from motcua.designer.tests import samples as s
from motcua.designer.types import GoldenResult
from motcua.kernel.clock import format_moment
from motcua.kernel.workdays import load_city_calendar

STEPS = json.loads(s.golden())["steps"]


def replay(files: dict[str, bytes] | None = None, **changes: Any) -> GoldenResult:
    package = files or s.package()
    if changes:
        package["golden/mot-cay.json"] = s.golden(**changes)
    return replay_golden(package, "mot-cay", calendar=load_city_calendar())


def expecting(**expect: Any) -> GoldenResult:
    return replay(expect=json.loads(s.golden())["expect"] | expect)


def test_what_is_expected_comes_out() -> None:
    result = replay()
    assert result.differences == ()
    assert result.ok
    assert (result.path, result.fee_vnd, result.outcome) == (("receive", "appraise", "sign"), 40_000, "approved")
    assert result.due_at is not None
    assert format_moment(result.due_at) == "09:00 ngày 05/03/2026"
    assert list_goldens(s.package()) == ("golden/mot-cay.json",)


@pytest.mark.parametrize(
    ("expect", "sentence"),
    [
        (
            {"path": ["receive", "sign"]},
            "Đường đi khác ở bước 2: mong đợi “sign” (sign), thực tế “appraise” (appraise).",
        ),
        ({"path": ["receive", "appraise"]}, "Đường đi thừa bước “sign” (sign)."),
        ({"path": ["receive", "appraise", "sign", "sign"]}, "Đường đi thiếu bước “sign” (sign)."),
        ({"fee_vnd": 20_000}, "Lệ phí: mong đợi 20.000 đồng, ra 40.000 đồng."),
        ({"due_at": "2026-03-04T09:00+07:00"}, "Hẹn trả: mong đợi 09:00 ngày 04/03/2026, ra 09:00 ngày 05/03/2026."),
        ({"outcome": "rejected"}, "Kết quả: mong đợi “rejected”, ra “approved”."),
        ({"eligibility": ["too_young"]}, "Điều kiện: mong đợi too_young, ra không có."),
    ],
)
def test_each_difference_is_one_sentence(expect: dict[str, Any], sentence: str) -> None:
    assert expecting(**expect).differences == (sentence,)


def test_what_is_not_named_is_not_compared() -> None:
    assert replay(expect={}).ok
    assert replay(expect={"outcome": "approved"}).ok


def test_a_supplement_pauses_the_term_and_starts_it_anew() -> None:
    steps = [
        {"at": "receive", "outputs": {"outcome": "supplement"}, "time": "2026-03-02T15:00+07:00"},
        {"message": "supplement_received", "time": "2026-03-09T10:00+07:00"},
        *STEPS,
    ]
    result = replay(steps=steps, expect={"outcome": "approved", "due_at": "2026-03-12T10:00+07:00"})
    assert result.differences == ()
    assert result.path == ("receive", "receive", "appraise", "sign")


def test_a_timer_and_a_withdrawal_are_steps_too() -> None:
    asked = {"at": "receive", "outputs": {"outcome": "supplement"}}
    assert replay(steps=[asked, {"timer": "too_late"}], expect={"outcome": "stopped"}).ok
    assert replay(steps=[STEPS[0], {"message": "withdraw"}], expect={"outcome": "withdrawn"}).ok


def test_a_step_where_the_process_does_not_wait_names_where_it_waits() -> None:
    result = replay(steps=[{"at": "sign", "outputs": {"outcome": "sign"}}], expect={})
    assert result.differences == ("Bước 1 (sign): quy trình không chờ ở đó, mà đang chờ ở “receive”.",)
    result = replay(steps=[*STEPS, {"at": "sign"}], expect={})
    assert result.differences == ("Bước 4 (sign): hồ sơ đã kết thúc trước đó.",)


def test_an_outcome_that_a_step_does_not_offer_is_a_difference() -> None:
    result = replay(steps=[{"at": "receive", "outputs": {"outcome": "burn"}}], expect={})
    assert "Quy trình dừng lại" in result.differences[0]


def test_the_form_takes_the_answers_or_says_why_not() -> None:
    answers = {"full_name": "Lan", "area": "26740", "count": 0, "colour": "xanh"}
    result = replay(answers=answers)
    assert any("colour" in each for each in result.differences)
    assert any("Trồng cây gì" in each for each in result.differences)
    assert any("Trồng mấy cây" in each for each in result.differences)


def test_eligibility_that_blocks_ends_the_case_before_it_begins() -> None:
    table = s.table(
        (('"Cỏ"', '{code: "no_tree", message: "Cỏ không phải cây.", blocks: true}'),),
        policy="COLLECT",
        columns=(("answers.tree", "string", ""),),
        name="eligibility",
    )
    files = {**s.package(), "decisions/eligibility.dmn": table}
    assert replay(dict(files)).ok
    answers = {"full_name": "Lan", "area": "26740", "tree": "Cỏ", "count": 1}
    blocked = replay(dict(files), answers=answers)
    assert "Hồ sơ bị chặn vì điều kiện: Cỏ không phải cây." in blocked.differences
    foreseen = replay(dict(files), answers=answers, expect={"eligibility": ["no_tree"], "path": [], "outcome": ""})
    assert foreseen.differences == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"filed_at": "x"}',
        b'{"filed_at":"2026-03-02T09:00+07:00","answers":{},"expect":{},"steps":[{}]}',
    ],
)
def test_a_case_that_cannot_be_read_says_what_is_missing(content: bytes) -> None:
    result = replay(s.package(golden=content))
    assert not result.ok
    assert len(result.differences) == 1


def test_a_package_that_cannot_be_read_differs_in_words() -> None:
    result = replay(s.package(process=b"<x", form=b"{", fee=b"<x"))
    assert not result.ok
    assert any("bản vẽ quy trình" in each for each in result.differences)
    assert not replay_golden({}, "nothing", calendar=load_city_calendar()).ok
