"""Payment codes by the text of EMVCo, and the gateway's signing in every encoding that its own samples use."""

from __future__ import annotations

import hashlib
import hmac
import json
import urllib.parse
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from motcua.payments.rules import emv, vietqr, vnpay
from motcua.payments.types import CallbackRefused, QrInvalid

TEXT = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x1EF9, exclude_categories=["Cs"]), min_size=1, max_size=25
)
BASE = vietqr.TransferOrder(bank_bin="970415", account_no="0011001932418", amount_vnd=50_000, bill_no="MC1")


def _seal(body: str) -> str:
    return body + "6304" + emv.compute_crc(body + "6304")


def _tlv(tag: str, value: str, *, in_bytes: bool = False) -> str:
    return f"{tag}{len(value.encode()) if in_bytes else len(value):02d}{value}"


HEAD = _tlv("00", "01") + _tlv("01", "11")
NAPAS = _tlv(
    "38", _tlv("00", "A000000727") + _tlv("01", _tlv("00", "970415") + _tlv("01", "1")) + _tlv("02", "QRIBFTTA")
)
TAIL = _tlv("53", "704") + _tlv("58", "VN")


@pytest.mark.slow
@given(TEXT, TEXT, st.booleans())
def test_names_in_a_language_of_their_own_are_counted_by_character_or_by_byte(
    name: str, city: str, in_bytes: bool
) -> None:
    inner = _tlv("00", "vi") + _tlv("01", name, in_bytes=in_bytes) + _tlv("02", city[:6], in_bytes=in_bytes)
    size = len(inner.encode()) if in_bytes else len(inner)
    if size > 99:
        return
    code = _seal(HEAD + NAPAS + TAIL + f"64{size:02d}{inner}")
    order = vietqr.read_payload(code)
    assert (order.language, order.local_name, order.local_city) == ("vi", name, city[:6])
    assert vietqr.make_payload(order) == code


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from([f"{tag:02d}" for tag in (*range(2, 26), *range(65, 80))]), TEXT, max_size=4))
def test_what_the_standard_reserves_is_kept_sign_by_sign(extras: dict[str, str]) -> None:
    code = _seal(HEAD + NAPAS + TAIL + "".join(_tlv(tag, value) for tag, value in extras.items()))
    if len(code) > emv.MAX_PAYLOAD:
        return
    order = vietqr.read_payload(code)
    assert dict(order.others) == extras
    assert vietqr.make_payload(order) == code and emv.write_code(emv.read_code(code)) == code


def test_each_field_of_the_additional_data_is_read_and_written() -> None:
    names = [name for _tag, name in vietqr._IN_62][:4]
    some: dict[str, Any] = {name: f"X{place}" for place, name in enumerate(names)}
    order = replace(BASE, **some, city="TP HCM", category="9399")
    read = vietqr.read_payload(vietqr.make_payload(order))
    assert [getattr(read, name) for name in names] == ["X0", "X1", "X2", "X3"]
    assert (read.city, read.category, read.is_reusable, read.others) == ("TP HCM", "9399", False, ())
    made = vietqr.make_payload(replace(BASE, language="VI", local_name="Ủy ban nhân dân", local_city="Thủ Đức"))
    assert vietqr.read_payload(made).local_name == "Ủy ban nhân dân"
    full: dict[str, Any] = {name: "X" * 25 for _tag, name in vietqr._IN_62}
    with pytest.raises(QrInvalid):  # more than a template holds
        vietqr.make_payload(replace(BASE, **full))


@pytest.mark.parametrize("amount", ["98.", "98.0", "98", "0000098", "98.00"])
def test_an_amount_as_the_standard_lets_it_be_written(amount: str) -> None:
    assert vietqr.read_payload(_seal(HEAD + NAPAS + _tlv("54", amount) + TAIL)).amount_vnd == 98


@pytest.mark.parametrize("amount", ["98.73", "98,73", "3 705", "+98", "0", ".5", "0.00", "12345678901234", "٣"])
def test_an_amount_that_is_none_is_refused(amount: str) -> None:
    with pytest.raises(QrInvalid):
        vietqr.read_payload(_seal(HEAD + NAPAS + _tlv("54", amount) + TAIL))


@pytest.mark.parametrize(
    "body",
    [
        _tlv("01", "11") + _tlv("00", "01") + NAPAS + TAIL,  # 00 is not first
        _tlv("00", "02") + NAPAS + TAIL,
        HEAD + NAPAS + NAPAS + TAIL,  # one tag twice
        HEAD + NAPAS + TAIL + "5900",  # a length of nothing
        HEAD + NAPAS + TAIL + "5905abc",  # cut short
        HEAD + NAPAS + TAIL + _tlv("62", "0105ab"),  # a template that is none
        HEAD + NAPAS + TAIL + _tlv("63", "0000"),  # two check sums
        HEAD + NAPAS + _tlv("53", "840") + _tlv("58", "VN"),
        HEAD + TAIL,
        "",
    ],
)
def test_a_code_that_breaks_the_standard_is_refused_whatever_its_check_sum(body: str) -> None:
    with pytest.raises(QrInvalid):
        vietqr.read_payload(_seal(body))


def test_a_check_sum_may_be_written_small_and_must_be_true() -> None:
    code = vietqr.make_payload(BASE)
    assert vietqr.read_payload(code[:-4] + code[-4:].lower()).account_no == BASE.account_no
    for wrong in (code[:-4] + "0000" if code[-4:] != "0000" else code[:-4] + "1111", code[:-1], code + "1"):
        with pytest.raises(QrInvalid):
            vietqr.read_payload(wrong)


def test_the_command_says_what_a_code_holds_or_what_is_wrong_with_it() -> None:
    out = StringIO()
    with pytest.raises(CommandError, match="1 mã"):
        call_command("read_vietqr", vietqr.make_payload(BASE), "rác", stdout=out)
    good, bad = (json.loads(line) for line in out.getvalue().splitlines())
    assert (good["amount_vnd"], good["bill_no"]) == (50_000, "MC1") and "CRC" in bad["error"]


def _php(text: str) -> str:
    return urllib.parse.quote_plus(text, safe="-_.").replace("~", "%7E")


def _java(text: str) -> str:
    return urllib.parse.quote_plus(text, safe="-_.*").replace("~", "%7E")


def _script(text: str) -> str:
    return urllib.parse.quote(text, safe="-_.!~*'()").replace("%20", "+")


def _dotnet(text: str) -> str:
    return "".join(part.lower() if part.startswith("%") else part for part in _split(urllib.parse.quote_plus(text)))


def _split(text: str) -> list[str]:
    parts, at = [], 0
    while at < len(text):
        size = 3 if text[at] == "%" else 1
        parts.append(text[at : at + size])
        at += size
    return parts


@pytest.mark.slow
@pytest.mark.parametrize("encode", [_php, _java, _script, _dotnet])
@given(text=st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc")), min_size=1, max_size=30))
def test_a_message_is_believed_in_whatever_encoding_it_was_signed(encode: Callable[[str], str], text: str) -> None:
    params = {"vnp_TxnRef": "MC1", "vnp_OrderInfo": text, "vnp_Amount": "100", "vnp_BankCode": ""}
    query = "&".join(f"{name}={encode(value)}" for name, value in sorted(params.items()) if value)
    digest = hmac.new(b"k", query.encode(), hashlib.sha512).hexdigest()
    sent = f"vnp_BankCode=&{query}&vnp_SecureHashType=SHA512&vnp_SecureHash={digest}"
    told = dict(urllib.parse.parse_qsl(sent, keep_blank_values=True))
    assert vnpay.is_signed_as_sent(sent, told, secret="k")
    assert not vnpay.is_signed_as_sent(sent, told, secret="x")
    assert not vnpay.is_signed_as_sent(sent, told | {"vnp_Amount": "900"}, secret="k")
    assert not vnpay.is_signed_as_sent(f"{sent}&vnp_Amount=900", told | {"vnp_Amount": "900"}, secret="k")


@pytest.mark.slow
@given(st.text(max_size=80))
def test_words_that_we_send_are_encoded_alike_by_everybody(text: str) -> None:
    plain = vnpay.plain_text(text)
    assert len({encode(plain) for encode in (_php, _java, _script, _dotnet, urllib.parse.quote_plus)}) == 1


def test_an_empty_value_may_be_signed_or_left_out() -> None:
    for signed in ("vnp_Amount=100&vnp_TxnRef=MC1", "vnp_Amount=100&vnp_BankTranNo=&vnp_TxnRef=MC1"):
        digest = hmac.new(b"k", signed.encode(), hashlib.sha512).hexdigest().upper()
        sent = f"vnp_TxnRef=MC1&vnp_BankTranNo=&vnp_Amount=100&vnp_SecureHash={digest}"
        told = dict(urllib.parse.parse_qsl(sent, keep_blank_values=True))
        assert vnpay.is_signed_as_sent(sent, told, secret="k")
        filled = sent.replace("BankTranNo=", "BankTranNo=9")
        told = dict(urllib.parse.parse_qsl(filled, keep_blank_values=True))
        assert not vnpay.is_signed_as_sent(filled, told, secret="k")


@pytest.mark.parametrize(
    "text", ["", "2026030110000", "202603011000000", "20260230100000", "٢٠٢٦٠٣٠١١٠٠٠٠٠", "2026-03-01 10"]
)
def test_a_moment_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(CallbackRefused):
        vnpay.parse_moment(text)


def test_a_moment_is_told_and_read_at_seven_hours_east() -> None:
    moment = datetime(2026, 2, 28, 20, 30, 5, tzinfo=UTC)
    assert vnpay.format_moment(moment) == "20260301033005" and vnpay.parse_moment("20260301033005") == moment


def test_questions_and_refunds_are_signed_over_their_values_in_the_order_of_the_rules() -> None:
    asked = {"vnp_RequestId": "r", "vnp_Version": "2.1.0", "vnp_Command": "querydr", "vnp_TmnCode": "T"}
    asked |= {"vnp_TxnRef": "MC1", "vnp_TransactionDate": "1", "vnp_CreateDate": "2", "vnp_IpAddr": "3"}
    asked |= {"vnp_OrderInfo": "o", "vnp_SecureHash": "x"}
    text = "r|2.1.0|querydr|T|MC1|1|2|3|o"
    expected = hmac.new(b"k", text.encode(), hashlib.sha512).hexdigest()
    assert vnpay.sign_in_order(asked, vnpay.QUERY_ASKED, secret="k") == expected
    back = asked | {"vnp_TransactionType": "02", "vnp_Amount": "100", "vnp_TransactionNo": "9", "vnp_CreateBy": "a"}
    text = "r|2.1.0|querydr|T|02|MC1|100|9|1|a|2|3|o"
    expected = hmac.new(b"k", text.encode(), hashlib.sha512).hexdigest()
    assert vnpay.sign_in_order(back, vnpay.REFUND_ASKED, secret="k") == expected
    assert len(vnpay.QUERY_ANSWERED) == 15 and vnpay.sign_in_order({}, vnpay.QUERY_ANSWERED, secret="k") == (
        hmac.new(b"k", b"|" * 14, hashlib.sha512).hexdigest()
    )
