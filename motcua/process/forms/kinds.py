"""Kinds of answers that the platform knows: each has one check, by the kernel's codes where they exist."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from motcua.kernel.codes import check_personal_id, check_phone, check_tax_code
from motcua.kernel.messages import N_

_EMAIL = re.compile(r"[^@\s<>\"(),;:\\\[\]]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The stored form of an answer, what is wrong with it, and what to look at twice."""

    value: str
    error_vi: str = ""
    warnings: tuple[str, ...] = ()


def _personal_id(text: str) -> Verdict:
    check = check_personal_id(text)
    return Verdict(check.value, "" if check.ok else check.message, check.warnings)


def _tax_code(text: str) -> Verdict:
    check = check_tax_code(text)
    return Verdict(check.value, "" if check.ok else check.message, check.warnings)


def _phone(text: str) -> Verdict:
    check = check_phone(text)
    return Verdict(check.value, "" if check.ok else check.message, check.warnings)


def _email(text: str) -> Verdict:
    good = len(text) <= 254 and _EMAIL.fullmatch(text) is not None
    return Verdict(text, "" if good else N_("Địa chỉ thư điện tử không đúng; hãy nhập như ten@example.com."))


def _person_name(text: str) -> Verdict:
    """A name has letters, and between them blanks, hyphens, points and apostrophes."""
    letters = [sign for sign in text if unicodedata.category(sign)[0] in "LM"]
    good = len(letters) >= 2 and len(text) <= 100 and not re.search(r"[^\w\s.'’-]|[\d_]", text.replace("·", " "))
    return Verdict(text, "" if good else N_("Họ và tên chỉ gồm chữ; hãy nhập như trên giấy tờ, ví dụ Nguyễn Thị Lan."))


def _area(text: str) -> Verdict:
    good = re.fullmatch(r"[0-9]{5}", text) is not None
    return Verdict(text, "" if good else N_("Hãy chọn phường, xã trong danh sách."))


def _province(text: str) -> Verdict:
    good = re.fullmatch(r"[0-9]{2}", text) is not None
    return Verdict(text, "" if good else N_("Hãy chọn tỉnh, thành phố trong danh sách."))


def _any(text: str) -> Verdict:
    return Verdict(text)


KINDS: dict[str, Callable[[str], Verdict]] = {
    "personal_id": _personal_id,
    "tax_code": _tax_code,
    "phone": _phone,
    "email": _email,
    "person_name": _person_name,
    "area": _area,
    "province": _province,
    "address": _any,
    "money": _any,
}
