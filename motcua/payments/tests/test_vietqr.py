"""Payment codes that others write: what the payer adds, templates of others, orders that lead nowhere."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.payments.rules import emv, vietqr
from motcua.payments.types import QrInvalid

REAL = Path(__file__).resolve().parents[4] / "shared" / "real" / "payments" / "vietqr-samples.json"


def _tlv(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def _code(*, account: str = "0011", service: str = "QRIBFTTA", bank: str = "970415", more: str = "") -> str:
    inner = _tlv("00", bank) + (_tlv("01", account) if account else "")
    napas = _tlv("00", "A000000727") + _tlv("01", inner) + (_tlv("02", service) if service else "")
    body = (
        _tlv("00", "01") + _tlv("01", "12") + _tlv("38", napas) + _tlv("53", "704") + more + _tlv("58", "VN") + "6304"
    )
    return body + emv.compute_crc(body)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", ("", None, "")),
        (_tlv("55", "01"), ("asked", None, "")),
        (_tlv("55", "02") + _tlv("56", "1500"), ("fixed", 1500, "")),
        (_tlv("55", "03") + _tlv("57", "2.75"), ("percent", None, "2.75")),
        (_tlv("56", "1500") + _tlv("57", "5"), ("", None, "")),  # announced by nothing: not added
    ],
)
def test_what_the_payer_adds_is_read(more: str, said: tuple[str, int | None, str]) -> None:
    code = _code(more=_tlv("54", "98000") + more)
    order = vietqr.read_payload(code)
    assert (order.tip, order.fee_vnd, order.fee_percent) == said and order.amount_vnd == 98_000
    assert vietqr.make_payload(order) == code


@pytest.mark.parametrize(
    "more",
    [
        _tlv("55", "02"), _tlv("55", "03"), _tlv("55", "04"), _tlv("55", "02") + _tlv("56", "1,5"),
        _tlv("55", "02") + _tlv("56", "0"), _tlv("55", "03") + _tlv("57", "101"), _tlv("55", "03") + _tlv("57", "0.00"),
        _tlv("55", "03") + _tlv("57", "5%"), _tlv("55", "03") + _tlv("57", "2.755"),
    ],
)  # fmt: skip
def test_a_total_that_cannot_be_known_is_refused(more: str) -> None:
    with pytest.raises(QrInvalid, match="cộng thêm|số tiền"):
        vietqr.read_payload(_code(more=more))


@pytest.mark.parametrize("code", [
    _code(account=""), _code(account="1" * 20), _code(account="12 34"), _code(bank="97041"), _code(service="QRPUSH"),
    _code(bank="٩٧٠٤١٥"),
])  # fmt: skip
def test_an_order_that_leads_to_no_account_is_refused(code: str) -> None:
    with pytest.raises(QrInvalid):
        vietqr.read_payload(code)


def test_the_kind_of_account_is_told_by_the_service() -> None:
    assert [vietqr.read_payload(_code(service=each)).to for each in ("QRIBFTTA", "QRIBFTTC", "")] == [
        "account", "card", "account",
    ]  # fmt: skip


def test_a_code_that_was_read_and_changed_says_the_change_or_is_refused() -> None:
    order = vietqr.read_payload(_code(more=_tlv("54", "98000")))
    assert vietqr.read_payload(vietqr.make_payload(replace(order, amount_vnd=5))).amount_vnd == 5
    for more in (_tlv("80", "abcd"), _tlv("55", "01")):
        with pytest.raises(QrInvalid):
            vietqr.make_payload(replace(vietqr.read_payload(_code(more=more)), amount_vnd=5))


@pytest.mark.slow
@given(
    st.permutations(
        [_tlv("52", "9399"), _tlv("54", "5"), _tlv("59", "A"), _tlv("62", _tlv("08", "B")), _tlv("26", "0003abc")]
    )
)
def test_the_order_of_the_objects_does_not_matter_and_is_kept(parts: list[str]) -> None:
    code = _code(more="".join(parts))
    order = vietqr.read_payload(code)
    assert (order.category, order.amount_vnd, order.name, order.purpose) == ("9399", 5, "A", "B")
    assert ("26.00", "abc") in order.others and vietqr.make_payload(order) == code


@pytest.mark.parametrize("tag", ["26", "51", "80", "99"])
def test_a_template_of_others_that_is_none_is_kept_as_it_is(tag: str) -> None:
    code = _code(more=_tlv(tag, "khong phai TLV"))
    assert (tag, "khong phai TLV") in vietqr.read_payload(code).others
    assert vietqr.make_payload(vietqr.read_payload(code)) == code


@pytest.mark.shared
@pytest.mark.skipif(not REAL.exists(), reason="the real samples lie beside the project")
def test_real_codes_say_what_is_written_beside_them() -> None:
    for sample in json.loads(REAL.read_text()):
        order = vietqr.read_payload(sample["payload"])
        said = (order.bank_bin, order.account_no, order.bill_no, order.purpose, order.is_reusable)
        assert said == (
            sample["bank_bin"], sample["account_or_card"], sample["bill_number"], sample["purpose"],
            sample["initiation"] == "11",
        )  # fmt: skip
        assert str(order.amount_vnd or "") == sample["amount"] and vietqr.make_payload(order) == sample["payload"]
        assert order.to == ("card" if sample["service"] == "QRIBFTTC" else "account")
