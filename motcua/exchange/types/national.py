"""Questions to the national databases, their answers, and why there may be none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_

NationalService = Literal["population", "enterprise", "land"]
AnswerState = Literal["found", "none", "mismatch"]
SERVICES: Final[tuple[NationalService, ...]] = ("population", "enterprise", "land")


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalQuestion:
    """One question to a national database: by which keys, for which fields, who asks, what for, on what ground."""

    service: NationalService
    keys: Mapping[str, str]
    fields: tuple[str, ...]
    purpose: str
    legal_ground: str
    reader: str
    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalReply:
    """What a driver brought back: in our field names, nothing that was not asked."""

    state: AnswerState
    values: Mapping[str, Any]
    as_of: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalAnswer:
    """An answer with its source. `mismatch`: the keys do not belong together, and nothing is told.

    `as_of`: the moment that the source itself names; `is_cached`: given before, by the owner's leave, at `fetched_at`.
    """

    service: NationalService
    source: str
    state: AnswerState
    values: Mapping[str, Any]
    as_of: datetime | None
    fetched_at: datetime
    sha256: str
    request_id: str
    is_cached: bool = False


_SENTENCES: Final[dict[str, str]] = {
    "not_configured": N_("Chưa kết nối nền tảng dữ liệu quốc gia. Hãy tự điền; cơ quan sẽ đối chiếu sau."),
    "unreachable": N_("Không kết nối được cơ sở dữ liệu quốc gia. Hãy tự điền hoặc thử lại sau ít phút."),
    "timeout": N_("Cơ sở dữ liệu quốc gia trả lời quá chậm. Hãy tự điền hoặc thử lại sau ít phút."),
    "open": N_("Cơ sở dữ liệu quốc gia đang lỗi liên tiếp nên tạm ngừng hỏi. Hãy thử lại sau ít phút."),
    "busy": N_("Cơ sở dữ liệu quốc gia đang quá tải. Hãy thử lại sau ít phút."),
    "too_large": N_("Câu trả lời của cơ sở dữ liệu quốc gia lớn bất thường nên không được dùng."),
    "broken": N_("Câu trả lời của cơ sở dữ liệu quốc gia không đọc được nên không được dùng."),
}


class NationalUnavailable(DomainError):
    """There is no usable answer now; `reason` says why. A filing goes on without it."""

    http_status = 503

    def __init__(self, reason: str) -> None:
        super().__init__(f"exchange.national_{reason}", _SENTENCES[reason])
        self.reason = reason


class NationalRefused(DomainError):
    """The question was not allowed or not understood: by us before it left, or by the other side."""

    http_status = 403

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"exchange.national_{code}", message)
