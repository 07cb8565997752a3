"""Parse the cells of a decision table that hold constants only; everything else is opaque.

The index of a table and the checks of completeness both stand on this form.
Source: OMG DMN 1.5, 7.3.3 (unary tests), 10.3.1.2 grammar rules 7 to 18.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from motcua.process.dmn.types import Cell, Interval
from motcua.process.feel import FeelError, compile_expression

_STRING = r'"(?:[^"\\\n]|\\.)*"'
_CONSTANT = re.compile(
    rf"""\s*(?P<constant>
        -?\d+(?:\.\d+)?(?![\w(]|\.\d) | -?\.\d+ | {_STRING} | @{_STRING} | (?:true|false|null)\b
      | (?:date|time|date\ and\ time|duration)\s*\(\s*{_STRING}\s*\)
    )\s*""",
    re.VERBOSE,
)
_OPERATOR = re.compile(r"\s*(<=|>=|<|>|=)")
_OPENING = re.compile(r"\s*([\[(\]])")
_CLOSING = re.compile(r"\s*([\])\[])\s*")
_NOT = re.compile(r"not\s*\((?P<inside>.*)\)", re.DOTALL)


class _OpaqueError(ValueError):
    """Not a cell of constants."""


@lru_cache(maxsize=8192)
def parse_cell(text: str) -> Cell:
    """Return what a cell matches, as far as its text alone can tell."""
    source = text.strip()
    if source in ("", "-"):
        return Cell(source, "any")
    negated = _NOT.fullmatch(source)
    try:
        constants, intervals = _parse_tests(negated.group("inside") if negated else source)
    except (_OpaqueError, FeelError):
        return Cell(source, "opaque")
    return Cell(source, "intervals" if intervals else "constants", constants, intervals, negated is not None)


def constant_of(text: str) -> tuple[bool, Any]:
    """Tell whether an expression is one constant, and which."""
    match = _CONSTANT.fullmatch(text)
    if match is None:
        return False, None
    try:
        return True, _value(match.group("constant"))
    except (_OpaqueError, FeelError):
        return False, None


def _value(text: str) -> Any:
    value = compile_expression(text).value({})
    if value is None and text != "null":
        raise _OpaqueError
    return value


def _parse_tests(source: str) -> tuple[tuple[Any, ...], tuple[Interval, ...]]:
    constants: list[Any] = []
    intervals: list[Interval] = []
    place = 0
    while True:
        place = _parse_test(source, place, constants, intervals)
        if place == len(source):
            return tuple(constants), tuple(intervals)
        if source[place] != ",":
            raise _OpaqueError
        place += 1


def _parse_test(source: str, place: int, constants: list[Any], intervals: list[Interval]) -> int:
    operator = _OPERATOR.match(source, place)
    if operator is not None:
        value, place = _constant(source, operator.end())
        mark = operator.group(1)
        if mark == "=":
            constants.append(value)
        elif mark.startswith("<"):
            intervals.append(Interval(None, False, value, mark == "<="))
        else:
            intervals.append(Interval(value, mark == ">=", None, False))
        return place
    opening = _OPENING.match(source, place)
    if opening is None:
        value, place = _constant(source, place)
        constants.append(value)
        return place
    low, place = _constant(source, opening.end())
    if source[place : place + 2] != "..":
        raise _OpaqueError
    high, place = _constant(source, place + 2)
    closing = _CLOSING.match(source, place)
    if closing is None:
        raise _OpaqueError
    intervals.append(Interval(low, opening.group(1) == "[", high, closing.group(1) == "]"))
    return closing.end()


def _constant(source: str, place: int) -> tuple[Any, int]:
    match = _CONSTANT.match(source, place)
    if match is None:
        raise _OpaqueError
    return _value(match.group("constant")), match.end()
