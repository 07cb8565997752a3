"""The pure part: codes, signatures, references, the table of accounts, the folding of what was told."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.payments.rules import vietqr, vnpay
from motcua.payments.rules.folding import fold_state, received_vnd
from motcua.payments.rules.ledger import MOVES, move, sum_balances
from motcua.payments.rules.limits import refundable_vnd
from motcua.payments.rules.references import find_reference, make_reference
from motcua.payments.types import AmountInvalid, CallbackRefused, EntryKind, PaymentEvent, QrInvalid

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
VECTORS = (  # LAW section 2: check sums recomputed there
    "00020101021238570010A00000072701270006970415011300110019324180208QRIBFTTA530370454061200005802VN62170813ung ho lu "
    "lut6304C15C",
    "00020101021138540010A00000072701240006970423011000999999990208QRIBFTTA53037045802VN6304CBB4",
    "00020101021238540010A00000072701240006970436011010268061740208QRIBFTTA530370454063990005802VN5912LE PHU "
    "THACH62250821NB123ABC LE PHU THACH63049F78",
)


@pytest.mark.parametrize("payload", VECTORS)
def test_published_vietqr_payloads_are_read_and_written_again(payload: str) -> None:
    order = vietqr.read_payload(payload)
    assert vietqr.make_payload(order) == payload


@pytest.mark.slow
@given(
    st.text("0123456789", min_size=6, max_size=6),
    st.text("0123456789", min_size=1, max_size=19),
    st.one_of(st.none(), st.integers(1, 10**13 - 1)),
    st.text(max_size=60),
    st.booleans(),
)
def test_a_vietqr_code_says_what_it_was_made_of(
    bank_bin: str, account: str, amount: int | None, purpose: str, is_reusable: bool
) -> None:
    order = vietqr.TransferOrder(
        bank_bin=bank_bin, account_no=account, amount_vnd=amount, purpose=purpose, is_reusable=is_reusable
    )
    read = vietqr.read_payload(vietqr.make_payload(order))
    assert (read.bank_bin, read.account_no, read.amount_vnd) == (bank_bin, account, amount)
    assert read.is_reusable == is_reusable and read.purpose.isascii() and len(read.purpose) <= vietqr.MAX_TEXT


@given(st.sampled_from(VECTORS), st.integers(0, 90), st.characters(codec="utf-8"))
def test_one_changed_sign_of_a_code_is_noticed(payload: str, place: int, sign: str) -> None:
    changed = payload[:place] + sign + payload[place + 1 :]
    if changed != payload:
        with pytest.raises(QrInvalid):
            vietqr.read_payload(changed)


@pytest.mark.slow
@given(st.text(max_size=600))
def test_no_text_breaks_the_reader_of_codes(text: str) -> None:
    crc = vietqr.compute_crc(text + "6304")
    for each in (text, f"{text}6304{crc}"):
        try:
            vietqr.read_payload(each)
        except QrInvalid as refusal:
            assert refusal.reason


def test_vnpay_signs_sorted_encoded_values_without_empty_ones() -> None:
    params = {"vnp_TxnRef": "MC1", "vnp_OrderInfo": "Le phi ho tich & 1", "vnp_BankCode": "", "other": "x"}
    assert vnpay.join_signed(params) == "vnp_OrderInfo=Le+phi+ho+tich+%26+1&vnp_TxnRef=MC1"
    signed = params | {"vnp_SecureHash": vnpay.sign(params, secret="bí mật").upper(), "vnp_SecureHashType": "SHA512"}
    assert vnpay.is_signed(signed, secret="bí mật")
    assert not vnpay.is_signed(signed | {"vnp_TxnRef": "MC2"}, secret="bí mật")
    assert not vnpay.is_signed(params, secret="bí mật")


@pytest.mark.parametrize("text", ["", "12.5", "-100", "150", "1e5", "٣٠٠", "9" * 16])
def test_an_amount_that_is_not_whole_dong_is_refused(text: str) -> None:
    with pytest.raises(CallbackRefused):
        vnpay.parse_amount(text)


@given(st.integers(0, (1 << 50) - 1), st.sampled_from(["{}", "CK {} cam on", "a{}b", "nop le phi {}."]))
def test_a_reference_is_found_in_the_words_of_a_transfer(number: int, words: str) -> None:
    reference = make_reference(number)
    assert find_reference(words.format(reference)) in (reference, "")
    assert find_reference(reference.lower()) == reference
    assert find_reference(f"{reference[:5]} {reference[5:]}") == reference


@given(st.integers(0, (1 << 50) - 1), st.integers(0, 8))
def test_two_swapped_signs_of_a_reference_are_noticed(number: int, place: int) -> None:
    reference = make_reference(number)
    at = place + 2
    swapped = reference[:at] + reference[at + 1] + reference[at] + reference[at + 2 :]
    if {reference[at], reference[at + 1]} != {"0", "Z"} and swapped != reference:
        assert find_reference(swapped) == ""


def test_two_references_in_one_text_are_nobodys() -> None:
    assert find_reference(f"{make_reference(1)} {make_reference(2)}") == ""


def test_every_kind_of_entry_stands_in_the_table() -> None:
    assert set(MOVES) == set(EntryKind)
    assert all(debit != credit for debit, credit in MOVES.values())


@pytest.mark.slow
@given(st.lists(st.tuples(st.sampled_from(sorted(EntryKind)), st.integers(1, 10**12)), max_size=40), st.randoms())
def test_the_ledger_sums_to_zero_in_any_order(events: list[tuple[EntryKind, int]], random: st.randoms) -> None:  # type: ignore[valid-type]  # hypothesis gives a Random
    movements = [move(EntryKind(kind), amount) for kind, amount in events]
    balances = sum_balances(movements)
    assert sum(balances.values()) == 0
    shuffled = list(movements)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # as above
    assert sum_balances(shuffled) == balances


@given(st.integers(max_value=0))
def test_nothing_moves_without_an_amount(amount: int) -> None:
    with pytest.raises(AmountInvalid):
        move(EntryKind.CHARGED, amount)


def _event(kind: str, number: str, amount: int = 100) -> PaymentEvent:
    return PaymentEvent(kind=kind, external_id=number, amount_vnd=amount, happened_at=NOW)  # type: ignore[arg-type]  # a table of kinds


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ([], "waiting"),
        ([_event("failed", "1")], "failed"),
        ([_event("failed", "1"), _event("paid", "2")], "paid"),
        ([_event("expired", "1"), _event("paid", "2")], "paid"),
        ([_event("paid", "2"), _event("charged_back", "2")], "reversed"),
        ([_event("paid", "2"), _event("paid", "3"), _event("charged_back", "2")], "paid"),
    ],
)
def test_where_a_payment_stands_does_not_depend_on_the_order_of_telling(
    told: Sequence[PaymentEvent], state: str
) -> None:
    for order in itertools.permutations(told):
        assert fold_state([*order, *order], expires_at=None, now=NOW) == state


def test_an_order_expires_and_is_paid_late_all_the_same() -> None:
    late = NOW + timedelta(minutes=20)
    assert fold_state([], expires_at=NOW + timedelta(minutes=15), now=late) == "expired"
    assert fold_state([_event("paid", "1")], expires_at=NOW + timedelta(minutes=15), now=late) == "paid"
    assert received_vnd([_event("paid", "1"), _event("paid", "1"), _event("paid", "2")]) == 200


@pytest.mark.parametrize(
    ("open_vnd", "decided", "left"), [(50, 0, 0), (0, 0, 0), (-50, 0, 50), (-50, 20, 30), (-50, 80, 0)]
)
def test_only_what_was_paid_too_much_goes_back(open_vnd: int, decided: int, left: int) -> None:
    assert refundable_vnd(open_vnd, decided_vnd=decided) == left
