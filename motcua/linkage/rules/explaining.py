"""What a comparison found, in words that a steward reads. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from motcua.kernel.messages import N_, Message

Side = Literal["for", "weak", "against", "silent"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One comparison: what about, what it says, on which side it weighs."""

    about: Message
    says: Message
    side: Side


ABOUT: dict[str, Message] = {
    "name": N_("Họ và tên"),
    "birth": N_("Ngày sinh"),
    "id": N_("Số giấy tờ"),
    "sex": N_("Giới tính"),
    "area": N_("Phường, xã"),
    "address": N_("Địa chỉ"),
    "phone": N_("Điện thoại"),
    "email": N_("Thư điện tử"),
}
_SAYS: dict[str, dict[str, tuple[Side, Message]]] = {
    "name": {
        "same": ("for", N_("giống nhau, cả dấu")),
        "same_without_marks": ("for", N_("giống nhau nếu bỏ dấu; một bên viết không dấu")),
        "other_marks": ("weak", N_("cùng chữ nhưng khác dấu")),
        "other_order": ("weak", N_("cùng các chữ nhưng khác thứ tự")),
        "slip": ("weak", N_("khác một chữ cái, có thể do gõ nhầm")),
        "short_middle": ("weak", N_("cùng họ và tên; đệm thiếu hoặc viết tắt")),
        "two_slips": ("weak", N_("khác hai chữ cái")),
        "other_middle": ("against", N_("cùng họ và tên nhưng khác đệm")),
        "given_only": ("against", N_("chỉ giống tên gọi")),
        "family_only": ("against", N_("chỉ giống họ")),
        "other": ("against", N_("khác nhau")),
    },
    "birth": {
        "same": ("for", N_("giống nhau")),
        "same_first_january": ("weak", N_("cùng là ngày 1 tháng 1; có thể chỉ biết năm sinh")),
        "swapped": ("weak", N_("ngày và tháng đổi chỗ")),
        "year_and_first_january": ("weak", N_("cùng năm; một bên ghi ngày 1 tháng 1")),
        "slip": ("weak", N_("khác một chữ số")),
        "two_slips": ("against", N_("khác hai chữ số")),
        "year": ("against", N_("chỉ cùng năm")),
        "other": ("against", N_("khác nhau")),
    },
    "id": {
        "same_new": ("for", N_("cùng số định danh 12 số")),
        "same_old": ("for", N_("cùng số chứng minh nhân dân 9 số")),
        "slip": ("weak", N_("khác một chữ số, có thể do gõ nhầm")),
        "other": ("against", N_("khác nhau")),
    },
    "sex": {"same": ("for", N_("giống nhau")), "other": ("against", N_("khác nhau"))},
    "area": {
        "same": ("for", N_("cùng phường, xã, kể cả sau sắp xếp")),
        "other": ("weak", N_("khác phường, xã; có thể đã chuyển nơi ở")),
    },
    "address": {
        "same": ("for", N_("giống nhau")),
        "near": ("for", N_("cùng số nhà, tên đường gần giống")),
        "two_slips": ("weak", N_("khác hai chữ cái")),
        "house": ("weak", N_("chỉ cùng số nhà")),
        "other": ("weak", N_("khác nhau; có thể đã chuyển nơi ở")),
    },
    "phone": {
        "same": ("for", N_("cùng số")),
        "slip": ("weak", N_("khác một chữ số")),
        "other": ("weak", N_("khác số")),
    },
    "email": {
        "same": ("for", N_("giống nhau")),
        "same_mailbox": ("weak", N_("cùng tên hộp thư, khác nơi cấp")),
        "two_slips": ("weak", N_("khác hai chữ cái")),
        "near_mailbox": ("weak", N_("tên hộp thư gần giống")),
        "other": ("weak", N_("khác nhau")),
    },
}
_SILENT = N_("một bên hoặc cả hai bên không có, không so được")


def explain(levels: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return what each comparison says, in the order in which they weigh; unknown levels of old models are left out."""
    found = []
    for name, about in ABOUT.items():
        code = levels.get(name)
        if code == "null":
            found.append(Finding(about, _SILENT, "silent"))
        elif code in _SAYS[name]:
            side, says = _SAYS[name][code]
            found.append(Finding(about, says, side))
    return tuple(found)
