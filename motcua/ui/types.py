"""Plain data and failures of the screens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_count


class TooManyRequestsError(DomainError):
    """Somebody (or a script) asks too often; `retry_after_seconds` goes into the answer's header."""

    http_status = 429

    def __init__(self, *, retry_after_seconds: int = 60) -> None:
        minutes = max(1, -(-retry_after_seconds // 60))
        super().__init__(
            "ui.too_many_requests",
            N_count(
                "Hãy đợi khoảng %(minutes)s phút rồi thử lại. Việc này bảo vệ hệ thống trước máy dò tự động; thông "
                "tin đã lưu của bạn vẫn còn nguyên.",
                minutes,
                minutes=minutes,
            ),
        )
        self.retry_after_seconds = retry_after_seconds


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Where "before" and "after" lead in a list; None at the ends."""

    number: int
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class TableView:
    """A table of a form: headings, the rows of its first page, the rest."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class FieldView:
    """Everything a template needs to show one field, with no knowledge of the form's schema."""

    control: str
    key: str
    label: str
    hint: str
    error: str
    value: str
    value_list: tuple[str, ...]
    date_parts: dict[str, str]
    choices: tuple[tuple[str, str], ...]
    files: tuple[Any, ...]
    attributes: dict[str, str]
    type: str
    width: str
    suffix: str
    accept: str
    is_multiple: bool
    is_optional: bool
    is_checked: bool
    is_birthday: bool
    maxlength: int | None
    prefix: str
    html: Markup
    table: TableView | None
    source: str
    raw: Any
