"""What the address of a report asks for; a month that is none is told in the page, everything else falls back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from motcua.indices.public import ReportFilter
from motcua.indices.rules import read_month
from motcua.kernel.text import clean_line

MAX_TEXT = 200
KEPT = ("tu", "den", "co-quan", "thu-tuc", "kenh", "q")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportQuery:
    """The address as it was read: the filter, the text to search names by, and what was wrong with the months."""

    wanted: ReportFilter
    text: str
    typed: Mapping[str, str]
    errors: Mapping[str, str]

    @property
    def query_string(self) -> str:
        """Return what other tables and the download must repeat."""
        text = urlencode({key: value for key, value in self.typed.items() if value and key != "q"})
        return f"?{text}" if text else ""


def read_report_query(params: Mapping[str, str], *, scope: frozenset[str] | None, today: date) -> ReportQuery:
    """Read the address; without months, this year up to now."""
    typed = {name: clean_line(params.get(name, "")[:MAX_TEXT]) for name in KEPT}
    errors: dict[str, str] = {}
    first = _read(typed, "tu", today.replace(month=1, day=1), errors)
    last = _read(typed, "den", today.replace(day=1), errors)
    if first > last and not errors:
        errors["den"] = _("Tháng cuối đứng trước tháng đầu. Hãy chọn lại.")
    if errors:
        first, last = today.replace(month=1, day=1), today.replace(day=1)
    wanted = ReportFilter(
        first=first,
        last=last,
        scope=scope,
        agency_code=typed["co-quan"],
        procedure_code=typed["thu-tuc"],
        channel=typed["kenh"],
    )
    shown = typed | {name: f"{month:%Y-%m}" for name, month in (("tu", first), ("den", last)) if name not in errors}
    return ReportQuery(wanted=wanted, text=typed["q"], typed=shown, errors=errors)


def _read(typed: Mapping[str, str], name: str, default: date, errors: dict[str, str]) -> date:
    if not typed[name]:
        return default
    month = read_month(typed[name])
    if month is None:
        errors[name] = _("Tháng không đúng. Hãy viết năm, gạch nối, tháng, như 2026-03.")
    return month or default
