"""The steps of a drawing as a list: names, who does them, their share of the term. The diagram is not touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from motcua.designer.types.drafts import FileUnreadable
from motcua.process.bpmn.document import read_document, write_document
from motcua.process.bpmn.edit import set_name, set_role, set_share_minutes
from motcua.process.public import ProcessDefinitionError, parse_process

_MINUTES_A_DAY = 480


@dataclass(frozen=True, slots=True)
class StepRow:
    """A user task. Unit: working minutes; None: it has no share of its own."""

    id: str
    name: str
    role: str
    screen: str
    outcomes: tuple[str, ...]
    minutes: int | None


def list_steps(content: bytes) -> tuple[StepRow, ...]:
    """Return the steps that people do, in the order of the file. Raises: FileUnreadable."""
    try:
        definition = parse_process(content)
    except ProcessDefinitionError as error:
        raise FileUnreadable("process.bpmn") from error
    return tuple(
        StepRow(
            id=element.id,
            name=element.name,
            role=element.role,
            screen=element.screen,
            outcomes=tuple(element.outcomes),
            minutes=_minutes(element.properties),
        )
        for element in definition.elements
        if element.kind == "user"
    )


def set_steps(content: bytes, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the drawing with the steps' names, roles and shares. Shape of a row: {"id", "name", "role", "minutes"}."""
    known = {step.id: step for step in list_steps(content)}
    document = read_document(content)
    for row in rows:
        step = known.get(row["id"])
        if step is None:
            continue
        if row["name"] and row["name"] != step.name:
            set_name(document, step.id, row["name"])
        if row["role"] and row["role"] != step.role:
            set_role(document, step.id, row["role"])
        if row["minutes"] and row["minutes"] != step.minutes:
            set_share_minutes(document, step.id, row["minutes"])
    return write_document(document)


def spread_minutes(minutes: Sequence[int], *, total: int) -> tuple[int, ...]:
    """Spread a new total over the steps in proportion to their old shares; the rest of rounding goes to the largest.

    Unit: working minutes. The result sums to `total` exactly, each at least one minute.
    """
    before = sum(minutes)
    if not minutes or before <= 0 or total < len(minutes):
        return tuple(minutes)
    shares = [max(1, share * total // before) for share in minutes]
    largest = max(range(len(shares)), key=shares.__getitem__)
    shares[largest] += total - sum(shares)
    return tuple(shares) if shares[largest] >= 1 else tuple(minutes)


def _minutes(properties: Mapping[str, Any]) -> int | None:
    minutes, days = str(properties.get("share_minutes", "")), str(properties.get("share_workdays", ""))
    if minutes.isascii() and minutes.isdigit():
        return int(minutes)
    return int(days) * _MINUTES_A_DAY if days.isascii() and days.isdigit() else None
