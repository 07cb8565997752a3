"""Papers that an official held against their source: what must be said of them before they enter a vault. Pure.

Source: Decree 45/2020/NĐ-CP, Art. 16 (a person's store holds checked papers; mark: likely); in force 2020-05-22.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from motcua.kernel.messages import N_, Message
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


def list_wrong(wish: VerifiedWish, *, on: date) -> dict[str, Message]:
    """Return what is wrong with a wish, beside each question by its name."""
    checks: tuple[tuple[str, bool, Message], ...] = (
        ("title", 0 < len(wish.title.strip()) <= MOST_TITLE, N_("Hãy ghi tên giấy tờ, không quá 200 ký tự.")),
        ("what", wish.what in KINDS, N_("Hãy chọn loại giấy tờ.")),
        ("issuer", bool(wish.issuer.strip()), N_("Hãy ghi cơ quan, tổ chức đã cấp giấy tờ.")),
        ("issued_on", wish.issued_on is not None and wish.issued_on <= on,
         N_("Hãy ghi ngày cấp, từ hôm nay trở về trước, như 27/03/1990.")),
        ("valid_to", wish.valid_to is None or wish.valid_to >= on,
         N_("Giấy tờ đã hết hạn thì không đưa vào kho. Hãy xem lại ngày hết hạn.")),
        ("source", wish.source in SOURCES, N_("Hãy chọn bạn đã đối chiếu với nguồn nào.")),
        ("source_note", bool(wish.source_note.strip()),
         N_("Hãy ghi số trang sổ, số văn bản trả lời hoặc địa chỉ tra cứu, để người sau tìm lại được.")),
        ("reason", bool(wish.reason.strip()), N_("Hãy ghi vì sao đưa giấy tờ này vào kho.")),
        ("knows", wish.knows, N_("Chỉ đưa vào kho khi người có giấy tờ biết và đồng ý.")),
    )  # fmt: skip
    return {name: message for name, holds, message in checks if not holds}


def check_verified(wish: VerifiedWish, *, on: date) -> date:
    """Return the day of issue. Raises: PaperRefused for a wish that is not whole."""
    for name, message in list_wrong(wish, on=on).items():
        raise PaperRefused(f"verified_{name}", message)
    assert wish.issued_on is not None  # it was just checked
    return wish.issued_on
