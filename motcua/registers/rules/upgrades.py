"""How a record of one version of a register becomes one of the next: rename, set, map, drop. Data, not code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from motcua.kernel.messages import N_
from motcua.registers.types import RegisterInvalid

Step = Mapping[str, Any]


def upgrade(data: Mapping[str, Any], steps: Sequence[Step], *, written_in: int = 0) -> dict[str, Any]:
    """Return the record after the steps that lead above the version it was written in.

    Shape: {"to": 2, "rename": [from, to]}, {"set": [field, value]} where it is absent, {"drop": field},
    {"map": [field, {old: new}, otherwise]}: without `otherwise` a value that is not in the table is dropped.
    Raises: ValueError for any other step.
    """
    result = dict(data)
    for step in steps:
        if step.get("to", written_in + 1) > written_in:
            kind = next((name for name in _STEPS if name in step), None)
            if kind is None:
                raise ValueError(f"unknown step {sorted(step)}")
            _STEPS[kind](result, step[kind])
    return result


def read_steps(content: Mapping[str, Any], *, version: int) -> tuple[Step, ...]:
    """Return the steps of a description in the order in which they lead up; one that names no version leads to the
    present one.

    Raises: RegisterInvalid for a step that is none.
    """
    steps = [{"to": version, **step} for step in content.get("upgrade", ())]
    for step in steps:
        try:
            upgrade({}, [step])
        except (ValueError, TypeError, IndexError) as error:
            raise RegisterInvalid(N_("bước nâng cấp %(step)s không hiểu được", step=sorted(step))) from error
        if not isinstance(step["to"], int) or not 1 < step["to"] <= version:
            raise RegisterInvalid(N_("bước nâng cấp lên phiên bản %(to)s không có trong sổ", to=step["to"]))
    return tuple(sorted(steps, key=lambda step: step["to"]))


def _rename(record: dict[str, Any], rule: Any) -> None:
    before, after = rule
    if before in record:
        record[after] = record.pop(before)


def _set(record: dict[str, Any], rule: Any) -> None:
    field, value = rule
    record.setdefault(field, value)


def _drop(record: dict[str, Any], rule: Any) -> None:
    record.pop(rule, None)


def _map(record: dict[str, Any], rule: Any) -> None:
    field, table, *otherwise = rule
    if field not in record:
        return
    value = record.pop(field)
    after = table.get(value, otherwise[0] if otherwise else None) if isinstance(value, str) else None
    if after is not None:
        record[field] = after


_STEPS: Mapping[str, Callable[[dict[str, Any], Any], None]] = {
    "rename": _rename, "set": _set, "map": _map, "drop": _drop
}  # fmt: skip
