"""What is told to the portal and what is believed of its answers; when it is tried again."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.kernel.clock import HCM
from motcua.national.adapters.base import read_names
from motcua.national.rules import wire
from motcua.national.rules.retrying import FIRST_WAIT, LONGEST_WAIT, next_wait
from motcua.national.types import StatusNote

AT = datetime(2026, 3, 2, 9, 0, tzinfo=HCM)
NAMES = read_names()
NOTE = StatusNote(
    message_id=UUID(int=1), seq=2, state=4, happened_at=AT, dossier_no="H29.1-260302-0001", national_code="",
    procedure_code="1.001193", channel="national", received_at=AT,
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 20) | st.text(max_size=5) | st.sampled_from(["20260302090000", "4"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["DanhSach", "KetQua", "MaThongDiep", "Ma", "MaHoSo", "TrangThaiHoSo", "ThoiDiem",
                         "ThoiDiemNhan", "ConTrang"]),
        inner, max_size=6,
    ),
    max_leaves=15,
)  # fmt: skip


def test_a_state_is_told_in_the_portals_own_words() -> None:
    (line,) = json.loads(wire.write_notes([NOTE], NAMES))["DanhSach"]
    assert line == {
        "MaThongDiep": str(UUID(int=1)), "SoThuTu": 2, "TrangThaiHoSo": 4, "ThoiDiem": "20260302090000",
        "MaHoSo": "H29.1-260302-0001", "MaTTHC": "1.001193", "KenhThucHien": "2", "NgayTiepNhan": "20260302090000",
    }  # fmt: skip


@given(st.integers(0, 2 * 10**9))
def test_a_moment_is_read_as_it_was_written(seconds: int) -> None:
    moment = AT + timedelta(seconds=seconds)
    assert wire.parse_stamp(wire.format_stamp(moment)) == moment


def test_answers_are_told_apart() -> None:
    lines = [{"MaThongDiep": code, "Ma": code, "ThongBao": "x"} for code in ("00", "01", "10", "90")]
    answers = wire.read_acknowledgements(json.dumps({"KetQua": [*lines, {}, {"Ma": 1}]}).encode(), NAMES)
    assert [(each.is_accepted, each.is_final) for each in answers] == [
        (True, True), (True, True), (False, True), (False, False)
    ]  # fmt: skip


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(content=st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_the_readers_survive_anything(content: bytes) -> None:
    for read in (wire.read_acknowledgements, wire.read_day_page, wire.read_codes):
        try:
            read(content, NAMES)
        except wire.AnswerBroken:
            continue


@pytest.mark.parametrize("wrong", [
    {"TrangThaiHoSo": 11}, {"TrangThaiHoSo": True}, {"TrangThaiHoSo": "x"}, {"MaHoSo": ""}, {"MaHoSo": 5},
    {"ThoiDiem": "hôm qua"}, {"ThoiDiemNhan": None},
])  # fmt: skip
def test_a_line_that_cannot_be_believed_spoils_the_list(wrong: dict[str, object]) -> None:
    line = {"MaHoSo": "A", "TrangThaiHoSo": "4", "ThoiDiem": "20260302090000", "ThoiDiemNhan": "20260302090001"}
    told, more = wire.read_day_page(json.dumps({"DanhSach": [line], "ConTrang": True}).encode(), NAMES)
    assert told[0].state == 4 and more
    with pytest.raises(wire.AnswerBroken):
        wire.read_day_page(json.dumps({"DanhSach": [line | wrong]}).encode(), NAMES)


@given(attempts=st.integers(0, 60), chance=st.floats(0, 1))
def test_the_wait_grows_is_spread_and_has_an_end(attempts: int, chance: float) -> None:
    wait = next_wait(attempts, chance=chance)
    assert FIRST_WAIT / 2 <= wait <= LONGEST_WAIT
    assert next_wait(attempts + 1, chance=chance) >= wait
    assert next_wait(40, chance=0) == LONGEST_WAIT / 2 and next_wait(1, chance=1) == timedelta(seconds=5)
