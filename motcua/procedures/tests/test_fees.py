"""Fees: the row is chosen by channel, kind and date; what is not known is never charged."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.kernel.text import fold
from motcua.procedures.queries.data import load_waivers
from motcua.procedures.rules.exemptions import Exemption
from motcua.procedures.rules.fees import FeeChoice, choose_fee
from motcua.procedures.types import FeeRow

ON = date(2026, 11, 23)


def row(amount: int | None, **changed: Any) -> FeeRow:
    return FeeRow(**({"label": "Lệ phí", "amount_vnd": amount} | changed))


def choose(*rows: FeeRow, **changed: Any) -> FeeChoice:
    wanted: dict[str, Any] = {
        "field": "Chăn nuôi",
        "channel": "online",
        "applicant_kind": "person",
        "on": ON,
    } | changed
    return choose_fee(rows, load_waivers(), **wanted)


@pytest.mark.parametrize(
    ("rows", "changed", "amount", "reason"),
    [
        ((), {}, None, "none_stated"),
        ((row(5000),), {}, 5000, "fixed"),
        ((row(0),), {}, 0, "fixed"),
        ((row(None, text="theo quy định"),), {}, None, "by_official"),
        ((row(5000), row(3000, channel="online")), {}, 3000, "fixed"),
        ((row(5000), row(3000, channel="online")), {"channel": "post"}, 5000, "fixed"),
        ((row(5000, applicant_kind="organisation"), row(1000)), {}, 1000, "fixed"),
        ((row(5000, applicant_kind="organisation"), row(1000)), {"applicant_kind": "organisation"}, 5000, "fixed"),
        ((row(5000), row(9000)), {}, None, "several"),
        ((row(5000), row(9000, label="Phí thẩm định")), {}, 14_000, "fixed"),
        ((row(2000, per="bản"),), {"copies": 3}, 6000, "fixed"),
        ((row(2000, per="tấn"),), {}, None, "by_official"),
        ((row(2000, per="hồ sơ"),), {"copies": 3}, 2000, "fixed"),
        ((row(5000, valid_to=ON),), {}, None, "none_stated"),
        ((row(5000, valid_from=ON),), {}, 5000, "fixed"),
        ((row(5000), row(7000, valid_from=date(2026, 1, 1))), {}, 7000, "fixed"),
    ],
)
def test_the_row_is_chosen(rows: tuple[FeeRow, ...], changed: dict[str, Any], amount: int | None, reason: str) -> None:
    choice = choose(*rows, **changed)
    assert (choice.amount_vnd, choice.reason) == (amount, reason)


@pytest.mark.parametrize(
    ("on", "channel", "field", "label", "amount"),
    [
        (ON, "online", "Hộ tịch", "Lệ phí", 0),
        (ON, "in_person", "Hộ tịch", "Lệ phí", 8000),
        (ON, "online", "Chăn nuôi", "Lệ phí", 8000),
        (ON, "online", "Hộ tịch", "Phí thẩm định", 8000),
        (ON, "online", "Hộ tịch", "Phí công bố", 8000),
        (ON, "online", "Hộ tịch", "Phí, lệ phí", 0),
        (ON, "online", "Hoạt động xây dựng", "Lệ phí cấp giấy phép xây dựng", 0),
        (ON, "online", "Hoạt động xây dựng", "Phí, lệ phí", 8000),
        (ON, "online", "Thành lập và hoạt động của doanh nghiệp", "Lệ phí đăng ký doanh nghiệp", 0),
        (ON, "online", "Thành lập và hoạt động của doanh nghiệp", "Phí công bố nội dung đăng ký doanh nghiệp", 8000),
        (ON, "in_person", "Hoạt động xây dựng", "Lệ phí cấp giấy phép xây dựng", 8000),
        (date(2024, 5, 28), "online", "Hộ tịch", "Lệ phí", 8000),
        (date(2024, 5, 29), "online", "Hộ tịch", "Lệ phí", 0),
        (date(2025, 9, 29), "online", "hộ tịch", "Lệ phí", 0),
    ],
)
def test_the_citys_zero_rate(on: date, channel: str, field: str, label: str, amount: int) -> None:
    choice = choose(row(8000, label=label), on=on, channel=channel, field=field)
    assert choice.amount_vnd == amount
    assert (choice.reason == "waived") == (amount == 0)
    assert bool(choice.lines[0].waived_ref) == (amount == 0)
    assert choice.lines[0].by_law_vnd == (8000 if amount == 0 else None)


ROWS = st.lists(
    st.builds(
        row,
        st.one_of(st.none(), st.integers(0, 10**9)),
        label=st.sampled_from(["Lệ phí", "Phí thẩm định"]),
        channel=st.sampled_from(["online", "in_person", "post", "any"]),
        applicant_kind=st.sampled_from(["person", "organisation", "any"]),
        per=st.sampled_from(["", "bản", "tấn", "hồ sơ"]),
    ),
    max_size=6,
)


@pytest.mark.slow
@given(ROWS, st.integers(1, 5), st.sampled_from(["Hộ tịch", "Chăn nuôi"]))
def test_a_total_is_the_sum_of_its_lines_or_unknown(rows: list[FeeRow], copies: int, field: str) -> None:
    choice = choose(*rows, copies=copies, field=field)
    if choice.amount_vnd is not None:
        assert choice.amount_vnd == sum(line.amount_vnd or 0 for line in choice.lines)
        assert all(line.amount_vnd is not None for line in choice.lines)
    else:
        assert choice.reason in ("none_stated", "several", "by_official")


def _half_off(label: str, share_bp: int = 5_000) -> Exemption:
    return Exemption(
        group="poor_household", fields=frozenset({fold("Chăn nuôi")}), labels=frozenset({fold(label)}),
        share_bp=share_bp, text="Giảm cho hộ nghèo", legal_ref="Luật Thử", mark="unsure",
    )  # fmt: skip


def test_one_exempt_line_among_others_is_said() -> None:
    choice = choose(
        row(5_001), row(9_000, label="Phí thẩm định"), exemptions=[_half_off("Lệ phí")], groups={"poor_household"}
    )
    assert (choice.amount_vnd, choice.reason) == (2_500 + 9_000, "exempt")  # half a đồng is the payer's
    assert [line.waived_by for line in choice.lines] == ["statute", ""]


@pytest.mark.parametrize(("share_bp", "amount", "reason"), [(5_000, None, "by_official"), (10_000, 0, "exempt")])
def test_a_part_of_an_unknown_sum_stays_unknown(share_bp: int, amount: int | None, reason: str) -> None:
    unknown = row(None, text="theo quy định")
    choice = choose(unknown, exemptions=[_half_off("Lệ phí", share_bp)], groups={"poor_household"})
    assert (choice.amount_vnd, choice.reason) == (amount, reason)
