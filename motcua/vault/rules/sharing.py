"""Lending a paper: what may be asked, what proves a link, whether it still opens. Pure."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Literal

from motcua.kernel.messages import N_
from motcua.vault.types import PaperRefused

LONGEST = timedelta(days=90)
MOST_OPENINGS = 50
MOST_WRONG_CODES = 5
CODE_SIGNS = 8
_READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is misread: no 0, 1, I, L, O

State = Literal["open", "ended", "used_up", "revoked", "locked"]


def check_share(*, purpose: str, ends_at: datetime, max_openings: int, now: datetime) -> None:
    """Raises: PaperRefused when a share has no purpose, no end, or lends more than it may."""
    if not purpose.strip():
        raise PaperRefused("share_purpose", N_("Hãy ghi mục đích chia sẻ: người nhận sẽ thấy mục đích này."))
    if not now < ends_at <= now + LONGEST:
        raise PaperRefused(
            "share_end", N_("Ngày hết hạn phải sau hôm nay và trong vòng %(days)s ngày.", days=LONGEST.days)
        )
    if not 1 <= max_openings <= MOST_OPENINGS:
        raise PaperRefused("share_count", N_("Số lần mở phải từ 1 đến %(most)s.", most=MOST_OPENINGS))


def state_of(
    *,
    ends_at: datetime,
    max_openings: int,
    openings: int,
    revoked_at: datetime | None,
    locked_at: datetime | None,
    now: datetime,
) -> State:
    """Say whether a share opens now, or what ended it. An end is never undone by another: revoked stays revoked."""
    if revoked_at is not None:
        return "revoked"
    if locked_at is not None:
        return "locked"
    if now >= ends_at:
        return "ended"
    return "used_up" if openings >= max_openings else "open"


def hash_token(token: str) -> str:
    """Return what is kept of a link: from it the link cannot be made again."""
    return hashlib.sha256(b"vault-share:" + token.encode()).hexdigest()


def hash_code(code: str, *, token: str) -> str:
    """Return what is kept of a code: keyed by the link, which is not kept, so that the table alone tells nothing."""
    return hmac.new(token.encode(), normalise_code(code).encode(), hashlib.sha256).hexdigest()


def normalise_code(code: str) -> str:
    """Return the code as it was made, from whatever blanks, hyphens and case it was typed with."""
    return "".join(sign for sign in code.upper() if sign in _READABLE)[: CODE_SIGNS * 2]


def make_code(random_bytes: bytes) -> str:
    """Return a code to read out: two groups of four. Raises: ValueError with fewer than 8 random bytes."""
    if len(random_bytes) < CODE_SIGNS:
        raise ValueError("At least 8 random bytes are needed.")
    number, signs = int.from_bytes(random_bytes, "big"), ""
    for _turn in range(CODE_SIGNS):
        number, index = divmod(number, len(_READABLE))
        signs += _READABLE[index]
    return f"{signs[:4]}-{signs[4:]}"
