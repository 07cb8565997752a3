"""VietQR: the payload of a transfer order as a QR code, made and taken apart, on the objects of EMVCo (`emv`).

Source: NAPAS VietQR 1.0 (data objects of tag 38); EMV QRCPS Merchant-Presented Mode 1.1.
We write VietQR texts without marks, as banks carry them; what others wrote is read with marks and all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from motcua.kernel.messages import N_
from motcua.payments.rules.emv import (
    MAX_PAYLOAD,
    DataObject,
    compute_crc,
    find_value,
    make_object,
    make_template,
    read_code,
    walk,
    write_code,
)
from motcua.payments.types import QrInvalid

__all__ = ["MAX_PAYLOAD", "MAX_TEXT", "TransferOrder", "compute_crc", "make_payload", "read_payload"]
NAPAS_GUID = "A000000727"
MAX_TEXT = 25
_VND = "704"
_SERVICES: Mapping[str, Literal["account", "card"]] = MappingProxyType({"QRIBFTTA": "account", "QRIBFTTC": "card"})
_AMOUNT = re.compile(r"(?=.{1,13}\Z)([0-9]+)(?:\.0*)?")  # EMV QRCPS 4.7.5: digits and at most one "."
_OWN = frozenset({
    "00", "01", "38.00", "38.01.00", "38.01.01", "38.02", "52", "53", "54", "58", "59", "60", "61", "62.01", "62.02",
    "55", "56", "57", "62.03", "62.04", "62.05", "62.06", "62.07", "62.08", "62.09", "64.00", "64.01", "64.02",
})  # fmt: skip
_IN_62 = (
    ("01", "bill_no"), ("02", "mobile"), ("03", "store"), ("04", "loyalty_no"), ("05", "label"), ("06", "customer"),
    ("07", "terminal"), ("08", "purpose"), ("09", "asks_for"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferOrder:
    """What a VietQR code asks a bank's application to do. `amount_vnd` None: the payer types the amount.

    `others`: objects that this reader gives no name, as ("26.00", "…"); `objects`: everything, in its order.
    """

    bank_bin: str
    account_no: str
    to: Literal["account", "card"] = "account"
    amount_vnd: int | None = None
    bill_no: str = ""
    purpose: str = ""
    name: str = ""
    is_reusable: bool = False
    category: str = ""  # ISO 18245
    city: str = ""
    postal_code: str = ""
    mobile: str = ""
    store: str = ""
    loyalty_no: str = ""
    label: str = ""
    customer: str = ""
    terminal: str = ""
    asks_for: str = ""  # A address, M mobile, E e-mail
    tip: Literal["", "asked", "fixed", "percent"] = ""  # what the payer adds: types it, a sum, a share
    fee_vnd: int | None = None
    fee_percent: str = ""  # as written: "5", "2.75"
    language: str = ""
    local_name: str = ""
    local_city: str = ""
    others: tuple[tuple[str, str], ...] = ()
    objects: tuple[DataObject, ...] = ()


def make_payload(order: TransferOrder) -> str:
    """Write a transfer order as a VietQR payload; one that was read is written as it was.

    Raises: QrInvalid when a part does not fit the format, or when an order that was read and then changed holds objects
    that we would lose.
    """
    if order.objects and _to_order(order.objects) == order:
        return write_code(order.objects)
    if order.others or order.tip:
        raise QrInvalid(N_("mã có phần mà hệ thống này không tự viết được; hãy tạo mã mới"))
    if not re.fullmatch(r"[0-9]{6}", order.bank_bin):
        raise QrInvalid(N_("mã ngân hàng (BIN) phải có 6 chữ số"))
    if not re.fullmatch(r"[0-9A-Za-z]{1,19}", order.account_no):
        raise QrInvalid(N_("số tài khoản phải có từ 1 đến 19 chữ số hoặc chữ cái"))
    if order.amount_vnd is not None and not 0 < order.amount_vnd < 10**13:
        raise QrInvalid(N_("số tiền phải lớn hơn 0 và không quá 13 chữ số"))
    return write_code(_make_objects(order))


def _make_objects(order: TransferOrder) -> Sequence[DataObject]:
    service = "QRIBFTTA" if order.to == "account" else "QRIBFTTC"
    bank = make_template("01", [make_object("00", order.bank_bin), make_object("01", order.account_no)])
    more = [make_object(tag, text) for tag, name in _IN_62 if (text := _plain(getattr(order, name)))]
    plain = (
        ("00", "01"),
        ("01", "11" if order.is_reusable else "12"),
        ("38", ""),
        ("52", order.category if re.fullmatch(r"[0-9]{4}", order.category) else ""),
        ("53", _VND),
        ("54", "" if order.amount_vnd is None else str(order.amount_vnd)),
        ("58", "VN"),
        ("59", _plain(order.name)),
        ("60", _plain(order.city)[:15].strip()),
        ("61", _plain(order.postal_code)[:10].strip()),
    )
    objects = [make_object(tag, value) for tag, value in plain if value]
    objects.insert(2, make_template("38", [make_object("00", NAPAS_GUID), bank, make_object("02", service)]))
    if more:
        objects.append(make_template("62", more))
    if order.language and order.local_name:
        names = [make_object("00", order.language[:2].lower()), make_object("01", order.local_name[:MAX_TEXT])]
        names += [make_object("02", order.local_city[:15])] if order.local_city else []
        objects.append(make_template("64", names))
    return objects


def read_payload(text: str) -> TransferOrder:
    """Take a VietQR payload apart. Raises: QrInvalid, with what is wrong, for anything else than a whole, true one."""
    return _to_order(read_code(text))


def _to_order(objects: tuple[DataObject, ...]) -> TransferOrder:
    if find_value(objects, "01") not in ("", "11", "12"):
        raise QrInvalid(N_("không phải mã thanh toán EMVCo"))
    if find_value(objects, "53") != _VND or find_value(objects, "58").upper() != "VN":
        raise QrInvalid(N_("mã không phải của giao dịch bằng đồng Việt Nam"))
    service = find_value(objects, "38", "02") or "QRIBFTTA"
    bank_bin = find_value(objects, "38", "01", "00")
    is_napas = find_value(objects, "38", "00") == NAPAS_GUID
    if not is_napas or service not in _SERVICES or not (bank_bin.isascii() and re.fullmatch(r"[0-9]{6}", bank_bin)):
        raise QrInvalid(N_("mã không phải VietQR chuyển khoản qua NAPAS"))
    account_no = find_value(objects, "38", "01", "01")
    if not re.fullmatch(r"[0-9A-Za-z]{1,19}", account_no):
        raise QrInvalid(N_("mã không nêu số tài khoản hoặc số thẻ đúng khuôn"))
    tip, fee_vnd, fee_percent = _read_tip(objects)
    return TransferOrder(
        bank_bin=bank_bin,
        account_no=account_no,
        to=_SERVICES[service],
        amount_vnd=_read_amount(find_value(objects, "54")),
        tip=tip,
        fee_vnd=fee_vnd,
        fee_percent=fee_percent,
        name=find_value(objects, "59"),
        is_reusable=find_value(objects, "01") != "12",
        category=find_value(objects, "52"),
        city=find_value(objects, "60"),
        postal_code=find_value(objects, "61"),
        language=find_value(objects, "64", "00"),
        local_name=find_value(objects, "64", "01"),
        local_city=find_value(objects, "64", "02"),
        others=tuple((path, value) for path, value in walk(objects) if path not in _OWN),
        objects=objects,
        **{name: find_value(objects, "62", tag) for tag, name in _IN_62},
    )


def _read_tip(objects: Sequence[DataObject]) -> tuple[Literal["", "asked", "fixed", "percent"], int | None, str]:
    """Read what the payer adds to the amount. A sum or share that is announced must be there, or the total is unknown.

    Source: EMV QRCPS Merchant-Presented Mode 1.1, 4.7.6 to 4.7.8.
    """
    mode = find_value(objects, "55")
    if mode == "01":
        return "asked", None, ""
    if mode == "02":
        fee = _read_amount(find_value(objects, "56"))
        if fee is not None:
            return "fixed", fee, ""
    if mode == "03" and _is_share(share := find_value(objects, "57")):
        return "percent", None, share
    if mode:
        raise QrInvalid(N_("phần cộng thêm (tiền boa hoặc phí tiện ích) trong mã không đọc được"))
    return "", None, ""


def _is_share(text: str) -> bool:
    """Tell whether a text is a percentage: above 0, at most 100, digits and at most one "."."""
    found = re.fullmatch(r"(?=.{1,5}\Z)[0-9]+(?:\.[0-9]{0,2})?", text) if text.isascii() else None
    return found is not None and 0 < float(text) <= 100


def _read_amount(text: str) -> int | None:
    if not text:
        return None
    found = _AMOUNT.fullmatch(text) if text.isascii() else None
    if found is None or not int(found[1]):
        raise QrInvalid(N_("số tiền trong mã không đọc được"))
    return int(found[1])


def _plain(text: str) -> str:
    """Write a text as banks carry it: no marks, letters, digits and few signs, at most 25 characters."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D")).encode("ascii", "ignore").decode()
    kept = re.sub(r"[^0-9A-Za-z ./_-]+", " ", bare)
    return re.sub(r" +", " ", kept).strip()[:MAX_TEXT].strip()
