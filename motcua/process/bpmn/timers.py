"""Read a timer. Source: BPMN 2.0.2, 10.5.5.12 (TimerEventDefinition)."""

from __future__ import annotations

from typing import Any, Literal

from lxml import etree

from motcua.kernel.messages import N_
from motcua.process.bpmn.juel import is_juel
from motcua.process.bpmn.reading import Reading
from motcua.process.bpmn.source import child, text_of
from motcua.process.durations import parse_cycle, parse_duration, parse_moment
from motcua.process.types import Counts, TimerSpec

Form = Literal["duration", "date", "cycle"]
_FORMS: tuple[tuple[str, Form, str], ...] = (
    ("timeDuration", "duration", "P15D"),
    ("timeDate", "date", "2026-12-31"),
    ("timeCycle", "cycle", "R3/PT1H"),
)


def read_timer(node: etree._Element, common: dict[str, Any], reading: Reading) -> TimerSpec | None:
    """Read the duration, date or cycle of a timer event, or report what is wrong with it."""
    element_id, label = common["id"], common["name"] or common["id"]
    counts: Counts = "calendar"
    match common["properties"].get("counts", "calendar"):
        case "workday":
            counts = "workday"
        case "calendar":
            pass
        case _:
            reading.report(
                element_id,
                "property_unreadable",
                N_("Hẹn giờ “%(label)s”: counts chỉ là workday hoặc calendar.", label=label),
            )
            return None
    for tag, form, example in _FORMS:
        text = text_of(child(node, tag))
        if text:
            return _read(text, form, example, counts, element_id, label, reading)
    reading.report(
        element_id, "timer_without_time", N_("Hẹn giờ “%(label)s”: hãy ghi thời gian, ví dụ P15D.", label=label)
    )
    return None


def _read(
    text: str, form: Form, example: str, counts: Counts, element_id: str, label: str, reading: Reading
) -> TimerSpec | None:
    if text.startswith("=") or is_juel(text):
        run = reading.compile(element_id, text, N_("Hẹn giờ"))
        return None if run is None else TimerSpec(form, "", run, counts)
    read = {"duration": parse_duration, "date": parse_moment, "cycle": parse_cycle}[form]
    if read(text) is None:
        reading.report(
            element_id,
            "timer_unreadable",
            N_(
                "Hẹn giờ “%(label)s”: không hiểu “%(text)s”; hãy viết như %(example)s.",
                label=label,
                text=text,
                example=example,
            ),
        )
        return None
    return TimerSpec(form, text, None, counts)
