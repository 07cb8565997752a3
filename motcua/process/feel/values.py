"""The values of the language and their way from and to plain JSON data.

Values: Decimal, str, bool, None, list, dict (a context), `temporal`'s five, Range, FeelFunction.
Source: OMG DMN 1.5, 10.3.2.3 (semantic domains).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from motcua.process.feel.budget import charger
from motcua.process.feel.errors import TooLong
from motcua.process.feel.lexer import WORD
from motcua.process.feel.numbers import format_number, rounded
from motcua.process.feel.temporal import DaysTime, FeelDate, FeelDateTime, FeelTime, YearsMonths, from_python

MAX_DEPTH = 100
Charge = Callable[[int], None]

_NAME = re.compile(rf"{WORD}(?: {WORD})*")  # what needs no quotes as the key of a context


@dataclass(frozen=True, slots=True)
class Range:
    """An interval, or a comparison as a value: (< 10) has no start. `negated` is (!= 10)."""

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True
    negated: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class FeelFunction:
    """A function value; `call` takes (run, arguments in the order of the parameters)."""

    parameters: tuple[str, ...]
    call: Callable[..., Any]
    types: tuple[Any, ...] = ()
    result: Any = None
    name: str = ""
    builtin: Any = field(default=None, repr=False)


class Values(dict[str, Any]):
    """Variables that are values of the language already: evaluation takes them as they are."""


KINDS: dict[type, str] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    FeelDate: "date",
    FeelTime: "time",
    FeelDateTime: "date and time",
    DaysTime: "days and time duration",
    YearsMonths: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    FeelFunction: "function",
    type(None): "null",
}
SCALARS = frozenset(KINDS) - {list, dict}


def kind_of(value: Any) -> str:
    """Name the kind of a value."""
    kind = KINDS.get(type(value))
    return kind if kind is not None else "context" if isinstance(value, dict) else "unknown"


def to_values(variables: Mapping[str, Any]) -> Values:
    """Convert variables once, for many evaluations."""
    return Values((str(name), to_value(value)) for name, value in variables.items())


def to_value(raw: Any, depth: int = 0) -> Any:
    """Turn plain data into a value of the language; what it does not know becomes null."""
    kind = type(raw)
    if kind is Decimal:
        return rounded(raw)
    if kind in SCALARS:
        return raw
    if isinstance(raw, (bool, str)):
        return bool(raw) if isinstance(raw, bool) else str(raw)
    if isinstance(raw, int):
        return rounded(Decimal(raw)) if raw.bit_length() < 20_000 else None
    if isinstance(raw, float):
        return rounded(Decimal(repr(raw)))
    if isinstance(raw, (date, time, timedelta)):
        return from_python(raw)
    return _container(raw, depth)


def _container(raw: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        return None
    if isinstance(raw, (list, tuple)):
        return [to_value(item, depth + 1) for item in raw]
    if isinstance(raw, Mapping):
        return {str(key): to_value(item, depth + 1) for key, item in raw.items()}
    return None


def to_plain(value: Any) -> Any:
    """Turn a value into plain JSON data: whole numbers as int, others as float, dates and durations as text."""
    try:
        return unfold(value)
    except TooLong:
        return None


def unfold(value: Any, depth: int = 0, charge: Charge | None = None) -> Any:
    """Do the work of `to_plain`; Raises: TooLong for a value that is endless when written out."""
    if value is None or isinstance(value, (bool, str, int, float)):
        return value
    if isinstance(value, Decimal):
        return _plain_number(value)
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, (list, tuple, Mapping)):
        charge = charge or charger()
        charge(1 + len(value))
        if isinstance(value, Mapping):
            return {str(key): unfold(item, depth + 1, charge) for key, item in value.items()}
        return [unfold(item, depth + 1, charge) for item in value]
    if isinstance(value, (FeelDate, FeelTime, FeelDateTime, DaysTime, YearsMonths)):
        return str(value)
    if isinstance(value, (date, time, timedelta)):
        return str(from_python(value))
    return format_value(value) if isinstance(value, Range) else None


def _plain_number(number: Decimal) -> int | float | str | None:
    if not number.is_finite():
        return None
    if number.adjusted() > 300:
        return format_number(number)
    return int(number) if number == number.to_integral_value() else float(number)


def read_path(scope: Mapping[str, Any], path: Sequence[str]) -> Any:
    """Follow names from the variables down; a name that is not there gives null."""
    current: Any = scope
    for name in path:
        if not isinstance(current, Mapping):
            return None
        current = current.get(name)
    return to_value(current)


def format_value(value: Any, depth: int = 0, charge: Charge | None = None) -> str:
    """Write a value as a literal of the language; Raises: TooLong. Source: OMG DMN 1.5, 10.3.4.1, string(from)."""
    if value is None or depth > MAX_DEPTH:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format_number(value)
    if isinstance(value, str):
        (charge or charger())(len(value) // 16)
        return f'"{_escape(value)}"'
    if isinstance(value, (list, dict)):
        return _format_items(value, depth + 1, charge or charger())
    if isinstance(value, Range):
        return _format_range(value, depth)
    if isinstance(value, FeelFunction):
        return value.name or f"function({', '.join(value.parameters)})"
    return f'@"{value}"'


def _format_items(value: list[Any] | dict[str, Any], depth: int, charge: Charge) -> str:
    charge(1 + len(value))
    if isinstance(value, list):
        return "[" + ", ".join(format_value(item, depth, charge) for item in value) + "]"
    return "{" + ", ".join(f"{_key(key)}: {format_value(item, depth, charge)}" for key, item in value.items()) + "}"


def _escape(text: str) -> str:
    for plain, written in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(plain, written)
    return text


def _key(key: str) -> str:
    is_name = _NAME.fullmatch(key) is not None and key.replace(" ", "_").replace("?", "_").isidentifier()
    return key if is_name else f'"{_escape(key)}"'


def _format_range(value: Range, depth: int) -> str:
    start, end = format_value(value.start, depth + 1), format_value(value.end, depth + 1)
    if value.negated:
        return f"(!= {start})"
    if value.start is None and value.end is not None:
        return f"({'<=' if value.end_included else '<'} {end})"
    if value.end is None and value.start is not None:
        return f"({'>=' if value.start_included else '>'} {start})"
    return f"{'[' if value.start_included else '('}{start}..{end}{']' if value.end_included else ')'}"
