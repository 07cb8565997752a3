"""Read a timer. Source: BPMN 2.0.2, 10.5.5.12 (TimerEventDefinition)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lxml import etree

from motcua.process.bpmn.source import child
from motcua.process.durations import parse_duration, parse_moment
from motcua.process.feel import FeelError, compile_expression
from motcua.process.types import Counts, TimerSpec

Report = Callable[[str, str, str], None]


def read_timer(node: etree._Element, common: dict[str, Any], report: Report) -> TimerSpec | None:
    """Read the duration or date of a timer event, or report what is wrong with it."""
    element_id, label = common["id"], common["name"] or common["id"]
    counts = common["properties"].get("counts", "calendar")
    if counts not in ("workday", "calendar"):
        report(element_id, "property_unreadable", f"Hẹn giờ “{label}”: counts chỉ là workday hoặc calendar.")
        return None
    if child(node, "timeCycle") is not None:
        report(element_id, "unsupported", f"“{label}”: chưa dùng được hẹn giờ lặp lại (timeCycle).")
        return None
    duration, fixed = child(node, "timeDuration"), child(node, "timeDate")
    written = duration if duration is not None else fixed
    text = "" if written is None else (written.text or "").strip()
    if not text:
        report(element_id, "timer_without_time", f"Hẹn giờ “{label}”: hãy ghi thời gian, ví dụ P15D.")
        return None
    if text.startswith("="):
        return _computed(text, duration is not None, counts, element_id, label, report)
    good = parse_duration(text) if duration is not None else parse_moment(text)
    if good is None:
        example = "P15D" if duration is not None else "2026-12-31"
        report(element_id, "timer_unreadable", f"Hẹn giờ “{label}”: không hiểu “{text}”; hãy viết như {example}.")
        return None
    return _spec(duration is not None, text, None, counts)


def _computed(
    text: str, is_duration: bool, counts: str, element_id: str, label: str, report: Report
) -> TimerSpec | None:
    try:
        return _spec(is_duration, "", compile_expression(text), counts)
    except FeelError as error:
        report(element_id, "expression_unreadable", f"Hẹn giờ “{label}”: {error.reason_vi}")
        return None


def _spec(is_duration: bool, value: str, expression: Any, counts: str) -> TimerSpec:
    kept: Counts = "workday" if counts == "workday" else "calendar"
    return TimerSpec("duration" if is_duration else "date", value, expression, kept)
