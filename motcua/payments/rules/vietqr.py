"""VietQR: the payload of a transfer order as a QR code, made and taken apart.

Source: EMV QRCPS Merchant-Presented Mode 1.1; NAPAS VietQR 1.0 (data objects of tag 38).
Tag, length, value; a CRC over everything before it. Lengths count characters: VietQR texts are written without marks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from motcua.kernel.messages import N_
from motcua.payments.types import QrInvalid

NAPAS_GUID = "A000000727"
MAX_PAYLOAD = 512  # EMV QRCPS 3.4: what a phone's camera reads
MAX_TEXT = 25
_VND = "704"
_SERVICES: Mapping[str, Literal["account", "card"]] = MappingProxyType({"QRIBFTTA": "account", "QRIBFTTC": "card"})
_AMOUNT = re.compile(r"(?:0|[1-9][0-9]{0,12})(?:\.0{0,2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferOrder:
    """What a VietQR code asks a bank's application to do. `amount_vnd` None: the payer types the amount."""

    bank_bin: str
    account_no: str
    to: Literal["account", "card"] = "account"
    amount_vnd: int | None = None
    bill_no: str = ""
    purpose: str = ""
    name: str = ""
    is_reusable: bool = False


def compute_crc(text: str) -> str:
    """Return the CRC-16/CCITT-FALSE of a payload up to and including "6304", as four upper-case hex digits.

    Source: ISO/IEC 13239, polynomial 0x1021, start 0xFFFF, no reflection, no final xor.
    """
    register = 0xFFFF
    for byte in text.encode("utf-8"):
        register ^= byte << 8
        for _ in range(8):
            register = ((register << 1) ^ 0x1021 if register & 0x8000 else register << 1) & 0xFFFF
    return f"{register:04X}"


def make_payload(order: TransferOrder) -> str:
    """Write a transfer order as a VietQR payload. Raises: QrInvalid when a part does not fit the format."""
    if not re.fullmatch(r"[0-9]{6}", order.bank_bin):
        raise QrInvalid(N_("mã ngân hàng (BIN) phải có 6 chữ số"))
    if not re.fullmatch(r"[0-9A-Za-z]{1,19}", order.account_no):
        raise QrInvalid(N_("số tài khoản phải có từ 1 đến 19 chữ số hoặc chữ cái"))
    if order.amount_vnd is not None and not 0 < order.amount_vnd < 10**13:
        raise QrInvalid(N_("số tiền phải lớn hơn 0 và không quá 13 chữ số"))
    service = "QRIBFTTA" if order.to == "account" else "QRIBFTTC"
    bank = _tlv("00", order.bank_bin) + _tlv("01", order.account_no)
    more = _tlv("01", _plain(order.bill_no)) + _tlv("08", _plain(order.purpose))
    text = "".join(
        (
            _tlv("00", "01"),
            _tlv("01", "11" if order.is_reusable else "12"),
            _tlv("38", _tlv("00", NAPAS_GUID) + _tlv("01", bank) + _tlv("02", service)),
            _tlv("53", _VND),
            _tlv("54", "" if order.amount_vnd is None else str(order.amount_vnd)),
            _tlv("58", "VN"),
            _tlv("59", _plain(order.name)),
            _tlv("62", more),
            "6304",
        )
    )
    return text + compute_crc(text)


def read_payload(text: str) -> TransferOrder:
    """Take a VietQR payload apart. Raises: QrInvalid, with what is wrong, for anything else than a whole, true one."""
    if len(text) > MAX_PAYLOAD:
        raise QrInvalid(N_("mã quá dài"))
    if len(text) < 8 or text[-8:-4] != "6304" or compute_crc(text[:-4]) != text[-4:].upper():
        raise QrInvalid(N_("mã kiểm tra (CRC) không khớp; mã có thể đã bị sửa hoặc quét thiếu"))
    root = _read_objects(text[:-8])
    if root.get("00") != "01" or root.get("01", "11") not in ("11", "12"):
        raise QrInvalid(N_("không phải mã thanh toán EMVCo"))
    if root.get("53") != _VND or root.get("58") != "VN":
        raise QrInvalid(N_("mã không phải của giao dịch bằng đồng Việt Nam"))
    merchant = _read_objects(root.get("38", ""))
    bank = _read_objects(merchant.get("01", ""))
    service = merchant.get("02", "QRIBFTTA")
    is_bank = re.fullmatch(r"[0-9]{6}", bank.get("00", "")) is not None
    if merchant.get("00") != NAPAS_GUID or service not in _SERVICES or not is_bank:
        raise QrInvalid(N_("mã không phải VietQR chuyển khoản qua NAPAS"))
    more = _read_objects(root.get("62", ""))
    return TransferOrder(
        bank_bin=bank["00"],
        account_no=bank.get("01", ""),
        to=_SERVICES[service],
        amount_vnd=_read_amount(root.get("54", "")),
        bill_no=more.get("01", ""),
        purpose=more.get("08", ""),
        name=root.get("59", ""),
        is_reusable=root.get("01", "11") == "11",
    )


def _read_amount(text: str) -> int | None:
    if not text:
        return None
    if not _AMOUNT.fullmatch(text):
        raise QrInvalid(N_("số tiền trong mã không đọc được"))
    return int(text.split(".")[0])


def _tlv(tag: str, value: str) -> str:
    if not value:
        return ""
    if len(value) > 99:
        raise QrInvalid(N_("nội dung trong mã quá dài"))
    return f"{tag}{len(value):02d}{value}"


def _read_objects(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        tag, length = text[at : at + 2], text[at + 2 : at + 4]
        if not re.fullmatch(r"[0-9]{4}", tag + length) or at + 4 + int(length) > len(text) or tag in found:
            raise QrInvalid(N_("cấu trúc của mã bị hỏng"))
        found[tag] = text[at + 4 : at + 4 + int(length)]
        at += 4 + int(length)
    return found


def _plain(text: str) -> str:
    """Write a text as banks carry it: no marks, letters, digits and few signs, at most 25 characters."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D")).encode("ascii", "ignore").decode()
    kept = re.sub(r"[^0-9A-Za-z ./_-]+", " ", bare)
    return re.sub(r" +", " ", kept).strip()[:MAX_TEXT].strip()
