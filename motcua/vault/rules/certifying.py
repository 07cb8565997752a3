"""Certifying electronic copies of originals: what is checked, the words, the number in the book. Pure.

The law was not read in its own text here; the facts stand in the national record of procedure 2.000815 (steps, cases
in which an original may not be the base, one number for copies made at one time), marked where that record is silent.

Source: Decree 23/2015/NĐ-CP, Art. 20 (certifying copies from originals); in force 2015-04-10.
Source: Decree 280/2025/NĐ-CP (amends Decree 23/2015/NĐ-CP; its text was not read, mark: unsure); in force 2025-11-01.
Source: Decree 45/2020/NĐ-CP, Art. 10 (certified electronic copies, mark: likely); in force 2020-05-22.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from motcua.kernel.messages import N_
from motcua.vault.types import PaperRefused

# What an official confirms of the original, in the words of the record: all, or there is no certified copy.
CHECKS: dict[str, str] = {
    "original": N_("Đã xem bản chính; bản quét đủ mọi trang có thông tin và đúng với bản chính"),
    "unaltered": N_("Bản chính không bị tẩy xóa, sửa chữa, thêm, bớt nội dung không hợp lệ"),
    "legible": N_("Bản chính không hư hỏng, cũ nát đến mức không xác định được nội dung"),
    "not_secret": N_("Bản chính không đóng dấu mật và không ghi rõ không được sao chụp"),
    "lawful": N_("Nội dung không trái pháp luật, đạo đức xã hội"),
    "legalised": N_("Giấy của nước ngoài đã được hợp pháp hóa lãnh sự hoặc thuộc trường hợp được miễn"),
    "confirmed": N_("Không phải giấy cá nhân tự lập thiếu xác nhận và đóng dấu của cơ quan có thẩm quyền"),
}
KINDS: dict[str, str] = {
    "van_bang": N_("Văn bằng, chứng chỉ"),
    "ho_tich": N_("Giấy tờ hộ tịch"),
    "giay_phep": N_("Giấy phép, giấy chứng nhận"),
    "dat_dai": N_("Giấy tờ nhà đất"),
    "ho_so_doanh_nghiep": N_("Giấy tờ của tổ chức, doanh nghiệp"),
    "khac": N_("Giấy tờ khác"),
}
# state -> what may happen to it; the machine-readable table of the counter's work
MOVES: dict[str, frozenset[str]] = {
    "received": frozenset({"check", "cancel"}),
    "waiting": frozenset({"approve", "cancel"}),
    "approved": frozenset({"certify"}),
    "certified": frozenset(),
    "cancelled": frozenset(),
}
FEE_FIRST_PAGES_VND = 2_000
FEE_LATER_PAGES_VND = 1_000
FEE_CAP_VND = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyWish:
    """What the counter takes down of an original."""

    what: str
    title: str
    issuer: str
    original_no: str = ""
    original_issued_on: date | None = None


def list_wish_faults(wish: CopyWish, *, on: date) -> tuple[PaperRefused, ...]:
    """Return all that is wrong at once: a paper without a name, an issuer or a known kind, or from the future."""
    found = []
    if not wish.title.strip():
        found.append(PaperRefused("copy_title", N_("Hãy ghi tên giấy tờ như trên bản chính.")))
    if wish.what not in KINDS:
        found.append(PaperRefused("copy_what", N_("Hãy chọn loại giấy tờ.")))
    if not wish.issuer.strip():
        found.append(PaperRefused("copy_issuer", N_("Hãy ghi cơ quan, tổ chức đã cấp bản chính.")))
    if wish.original_issued_on is not None and wish.original_issued_on > on:
        future = N_("Ngày cấp bản chính không thể sau hôm nay. Hãy xem lại ngày.")
        found.append(PaperRefused("copy_issued_on", future))
    return tuple(found)


def check_wish(wish: CopyWish, *, on: date) -> None:
    """Raises: PaperRefused, the first of `list_wish_faults`."""
    for fault in list_wish_faults(wish, on=on):
        raise fault


def list_missing_checks(ticked: set[str]) -> list[str]:
    """Return what was not confirmed, in order: an original of which one is not so is no base for a copy."""
    return [key for key in CHECKS if key not in ticked]


def format_no(number: int, *, year: int) -> str:
    """Return the number as it is printed. The mark of the electronic volume is the office's choice (mark: unsure).

    Source: Decree 23/2015/NĐ-CP, Art. 13 (numbers run on from 01 through the year; mark: likely); in force 2015-04-10.
    """
    return f"{number:02d}, quyển số 01/{year}-SCT/BS"


def compute_fee_vnd(pages: int) -> int:
    """Return the fee of one copy by pages of the original: 2,000 đồng for the first two, then 1,000, at most 200,000.

    Source: Circular 226/2016/TT-BTC, Art. 4 (as told by national record 2.000815); in force 2017-01-01.
    """
    if pages < 1:
        raise ValueError("a copy has at least one page")
    return min(min(pages, 2) * FEE_FIRST_PAGES_VND + max(pages - 2, 0) * FEE_LATER_PAGES_VND, FEE_CAP_VND)
