"""The seven statutory slips as plain values, their typst templates, and the way from one to the other. Pure.

A slip is drawn with `render_pdf(slip_template(slip.kind), slip_to_data(slip, qr_svg=make_qr_svg(lookup_url)))`.
Source: Circular 03/2025/TT-VPCP, Annex I; in force 2025-09-15.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import ClassVar, Literal

from motcua.kernel.clock import to_local

_FOLDER = Path(__file__).parent
_TEMPLATES = {
    1: "01-receipt.typ",
    2: "02-supplement.typ",
    3: "03-refusal.typ",
    4: "04-apology.typ",
    5: "05-stop.typ",
    6: "06-control.typ",
    7: "07-register.typ",
}

Timeliness = Literal["", "early", "on_time", "late"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipHead:
    """What stands at the top of every slip. `no` is the whole printed number, e.g. '12/PBS-TTPVHCC'."""

    agency: str
    no: str
    on: date
    parent_agency: str = ""
    place: str = ""
    dossier_no: str = ""
    lookup_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipParty:
    """The person or organisation that a slip is about; an empty value is printed as a dotted line."""

    name: str
    identifier: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipDelegate(SlipParty):
    """Who filed for the party, and the paper that allows it."""

    paper: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipSigning:
    """An electronic signature that takes the place of pen and seal: whose, and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptSlip:
    """01 Giấy tiếp nhận hồ sơ và hẹn trả kết quả. `term` in words: '05 ngày làm việc'."""

    kind: ClassVar[int] = 1
    head: SlipHead
    party: SlipParty
    content: str
    papers: tuple[str, ...]
    term: str
    received_at: datetime
    due_at: datetime | None
    result_place: str
    receiver_name: str
    submitter_name: str = ""
    sets: int = 1
    delegate: SlipDelegate | None = None
    register_book: str = ""
    register_line: str = ""
    submitter_signing: SlipSigning | None = None
    receiver_signing: SlipSigning | None = None
    linked: tuple[str, ...] = ()  # the procedures that one filing settles together


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementSlip:
    """02 Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ: everything to complete, asked for once."""

    kind: ClassVar[int] = 2
    head: SlipHead
    party: SlipParty
    content: str
    items: tuple[str, ...]
    reason: str
    contact_name: str
    contact_phone: str
    guide_name: str
    answer_by: datetime | None = None
    guide_signing: SlipSigning | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalSlip:
    """03 Phiếu từ chối tiếp nhận giải quyết hồ sơ."""

    kind: ClassVar[int] = 3
    head: SlipHead
    party: SlipParty
    content: str
    reason: str
    receiver_name: str
    submitter_name: str = ""
    submitter_signing: SlipSigning | None = None
    receiver_signing: SlipSigning | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApologySlip:
    """04 Phiếu xin lỗi và đề nghị gia hạn thời gian giải quyết, signed by the head of the agency."""

    kind: ClassVar[int] = 4
    head: SlipHead
    party: SlipParty
    content: str
    received_at: datetime
    due_at: datetime
    new_due_at: datetime
    reason: str
    signer_name: str
    signer_title: str = "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ"
    signing: SlipSigning | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopSlip:
    """05 Thông báo dừng giải quyết hồ sơ."""

    kind: ClassVar[int] = 5
    head: SlipHead
    party: SlipParty
    content: str
    received_at: datetime
    stopped_at: datetime
    reason: str
    signer_name: str
    return_note: str = ""
    signer_title: str = "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ"
    signing: SlipSigning | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlRow:
    """One hand-over. Timeliness is entered by the one who receives; names stand for the two signatures."""

    giver: str
    taker: str
    at: datetime
    giver_name: str = ""
    taker_name: str = ""
    timeliness: Timeliness = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSlip:
    """06 Phiếu kiểm soát quá trình giải quyết hồ sơ."""

    kind: ClassVar[int] = 6
    head: SlipHead
    content: str
    deciding_agency: str
    received_at: datetime
    due_at: datetime | None
    rows: tuple[ControlRow, ...]
    cooperating_agency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRow:
    """One dossier in the register book."""

    dossier_no: str
    content: str
    party_name: str
    party_contact: str
    deciding_agency: str
    received_at: datetime
    due_at: datetime | None
    returned_at: datetime | None
    result_way: str
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterBook:
    """07 Sổ theo dõi hồ sơ: A4 across, one book for a field or a group of fields, the days from first to last."""

    kind: ClassVar[int] = 7
    head: SlipHead
    book: str
    first_on: date
    last_on: date
    rows: tuple[BookRow, ...]
    keeper_name: str = ""


SlipData = ReceiptSlip | SupplementSlip | RefusalSlip | ApologySlip | StopSlip | ControlSlip | RegisterBook


def slip_template(kind: int) -> Path:
    """Return the typst template of a slip. Raises: KeyError when the law knows no such slip."""
    return _FOLDER / _TEMPLATES[kind]


def slip_to_data(slip: SlipData, *, qr_svg: str = "") -> dict[str, object]:
    """Return what the template reads: plain values, moments as the city's clock shows them ('2026-03-05T09:07')."""
    data = _plain(slip)
    assert isinstance(data, dict)
    return data | {"on": slip.head.on.isoformat(), "qr_svg": qr_svg}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return f"{to_local(value):%Y-%m-%dT%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value
