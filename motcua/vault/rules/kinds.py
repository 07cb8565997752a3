"""Kinds of papers: `result:<code>`, `refusal:<code>`, `receipt`, `certified_copy:<what>`, `verified:<what>`. Pure."""

from __future__ import annotations

import re

from motcua.kernel.messages import N_
from motcua.vault.types import PaperRefused

_KIND = re.compile(r"^(receipt|(result|refusal):[0-9A-Za-z._-]{1,40}|(certified_copy|verified):[0-9a-z_.-]{1,60})$")
_LABELS = {
    "result": N_("Kết quả thủ tục hành chính"),
    "refusal": N_("Văn bản trả lời không giải quyết"),
    "receipt": N_("Biên lai"),
    "certified_copy": N_("Bản sao điện tử có chứng thực"),
    "verified": N_("Giấy tờ đã được kiểm tra"),
}


def check_kind(kind: str) -> str:
    """Return the kind. Raises: PaperRefused for a word that names none."""
    if not _KIND.match(kind):
        raise PaperRefused("kind", N_("Loại giấy tờ này chưa có trong kho. Hãy báo đơn vị vận hành."))
    return kind


def label_of(kind: str) -> str:
    """Return what a screen calls this kind of paper."""
    return _LABELS[kind.split(":", 1)[0]]


def is_kind_of(kind: str, *, wanted: str) -> bool:
    """Say whether a paper of `kind` answers a wish for `wanted`: the same, or any of a family when no part is named."""
    return kind == wanted or (":" not in wanted and kind.split(":", 1)[0] == wanted)
