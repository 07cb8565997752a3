"""Papers that an official held against their source: what must be said of them before they enter a vault. Pure.

Source: Decree 45/2020/NĐ-CP, Art. 16 (a person's store holds checked papers; mark: likely); in force 2020-05-22.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from motcua.kernel.messages import N_
from motcua.vault.rules.certifying import KINDS
from motcua.vault.types import PaperRefused

# Against what a paper was checked: what somebody merely says of it is no source.
SOURCES: dict[str, str] = {
    "register": N_("Cơ sở dữ liệu hoặc sổ gốc của cơ quan nhà nước"),
    "issuer": N_("Văn bản trả lời của cơ quan đã cấp"),
    "signature": N_("Chữ ký số còn hiệu lực trên tệp"),
    "lookup": N_("Trang tra cứu chính thức của cơ quan đã cấp"),
}
MOST_TITLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedWish:
    """What the counter says of a paper that it checked. `source_note`: the entry, answer or address that says so."""

    what: str
    title: str
    issuer: str
    issued_on: date | None
    source: str
    source_note: str
    reason: str
    knows: bool  # the person knows of it and agrees
    valid_to: date | None = None


def check_verified(wish: VerifiedWish, *, on: date) -> date:
    """Return the day of issue. Raises: PaperRefused, its code names the question, for a wish that is not whole."""
    needed = (
        (bool(wish.title.strip()) and len(wish.title.strip()) <= MOST_TITLE, "verified_title",
         N_("Hãy ghi tên giấy tờ, không quá 200 ký tự.")),
        (wish.what in KINDS, "verified_what", N_("Hãy chọn loại giấy tờ.")),
        (bool(wish.issuer.strip()), "verified_issuer", N_("Hãy ghi cơ quan, tổ chức đã cấp giấy tờ.")),
        (wish.source in SOURCES, "verified_source", N_("Hãy chọn bạn đã đối chiếu với nguồn nào.")),
        (bool(wish.source_note.strip()), "verified_source_note",
         N_("Hãy ghi số trang sổ, số văn bản trả lời hoặc địa chỉ tra cứu, để người sau tìm lại được.")),
        (bool(wish.reason.strip()), "verified_reason", N_("Hãy ghi vì sao đưa giấy tờ này vào kho.")),
        (wish.knows, "verified_knows", N_("Chỉ đưa vào kho khi người có giấy tờ biết và đồng ý.")),
    )  # fmt: skip
    for holds, code, message in needed:
        if not holds:
            raise PaperRefused(code, message)
    if wish.issued_on is None or wish.issued_on > on:
        raise PaperRefused("verified_issued_on", N_("Hãy ghi ngày cấp, từ hôm nay trở về trước, như 27/03/1990."))
    if wish.valid_to is not None and wish.valid_to < on:
        raise PaperRefused(
            "verified_valid_to", N_("Giấy tờ đã hết hạn thì không đưa vào kho. Hãy xem lại ngày hết hạn.")
        )
    return wish.issued_on
