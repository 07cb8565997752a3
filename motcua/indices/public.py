"""The face of indices: the analytical copy and what it says. Nobody imports it; it reads across."""

from __future__ import annotations

from motcua.indices.actions.refreshing import refresh_copy, touch_case
from motcua.indices.queries.reports import make_report
from motcua.indices.types import (
    CopyMissing,
    Figures,
    NoSuchReport,
    RefreshReport,
    Report,
    ReportFilter,
    ShownFigures,
)

__all__ = [
    "CopyMissing",
    "Figures",
    "NoSuchReport",
    "RefreshReport",
    "Report",
    "ReportFilter",
    "ShownFigures",
    "make_report",
    "refresh_copy",
    "touch_case",
]
