"""Patterns of answers: read as form-js (and JavaScript) reads them, refused where they could run for ever.

The engine of Python and of browsers tries every way to split a text; a pattern is safe here when no part that repeats
holds another that repeats, and when at most two repeats stand so that one could take what the other takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _constants as names  # type: ignore[attr-defined]  # the parser of the standard library
from re import _parser as parser  # type: ignore[attr-defined]  # has no public face
from typing import Any

from motcua.kernel.messages import N_

MAX_PATTERN = 200
MAX_INPUT = 500
_LONG = 20  # a part that may repeat more often than this counts as repeating
_SAMPLE = tuple(chr(code) for code in (*range(32, 127), 0xE0, 0x1EA1, 0x111, 0x20AB))
_FORBIDDEN = ("ASSERT", "ASSERT_NOT", "GROUPREF", "GROUPREF_EXISTS")


class PatternError(Exception):
    """The pattern cannot be used; `code` and the argument say why."""

    def __init__(self, code: str, message_vi: str) -> None:
        super().__init__(message_vi)
        self.code = code


def compile_pattern(written: str) -> re.Pattern[str]:
    """Compile a pattern; an answer must fit it as a whole. Raises: PatternError."""
    if len(written) > MAX_PATTERN:
        raise PatternError("pattern_unsafe", N_("mẫu kiểm tra (pattern) quá dài; hãy viết đơn giản hơn."))
    try:
        tree = parser.parse(written, re.ASCII)
        if tree.state.flags & ~re.ASCII:  # (?i) and the like: browsers do not know them
            raise PatternError("pattern_unreadable", N_("mẫu kiểm tra (pattern) có cờ (?…) mà trình duyệt không hiểu."))
        if _is_unsafe(tree):
            raise PatternError(
                "pattern_unsafe",
                N_("mẫu kiểm tra (pattern) lặp chồng lên nhau nên có thể chạy mãi; hãy viết đơn giản hơn."),
            )
        return re.compile(written, re.ASCII)
    except (re.error, RecursionError, OverflowError) as error:
        raise PatternError("pattern_unreadable", N_("mẫu kiểm tra (pattern) không đọc được.")) from error


def _is_unsafe(tree: Any) -> bool:
    parts = list(_flatten(tree, inside=False))
    if any(part == "unsafe" for part, _, _ in parts):
        return True
    chain: list[frozenset[str]] = []
    for _, signs, repeats in parts:
        if repeats:
            chain = [known for known in chain if known & signs] + [signs]
            if len(chain) > 2:
                return True
        elif repeats is None:  # something that must stand here and is none of theirs ends the chain
            chain = [known for known in chain if known & signs]
    return False


def _flatten(tree: Any, *, inside: bool) -> Iterator[tuple[str, frozenset[str], bool | None]]:
    """Yield the parts in order as (kind, signs that it takes, True: repeats; None: must be there; False: may be)."""
    for operation, argument in tree:
        name = str(operation)
        if name in _FORBIDDEN:
            yield "unsafe", frozenset(), False
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            yield from _flatten_repeat(*argument, inside=inside)
        elif name == "SUBPATTERN":
            yield from _flatten(argument[-1], inside=inside)
        elif name == "ATOMIC_GROUP":
            yield from _flatten(argument, inside=inside)
        elif name == "BRANCH":
            for choice in argument[1]:
                yield from ((kind, signs, repeats or False) for kind, signs, repeats in _flatten(choice, inside=inside))
        elif name != "AT":
            yield "signs", _signs(name, argument), None


def _flatten_repeat(
    low: int, high: Any, inner: Any, *, inside: bool
) -> Iterator[tuple[str, frozenset[str], bool | None]]:
    several = high is names.MAXREPEAT or int(high) > 1
    if not several:
        for kind, signs, repeats in _flatten(inner, inside=inside):
            yield kind, signs, repeats if low else repeats or False
        return
    parts = list(_flatten(inner, inside=True))
    varies = low != high
    is_one = len(parts) == 1 and parts[0][0] == "signs" and parts[0][2] is None
    if any(kind == "unsafe" for kind, _, _ in parts) or (not is_one and (varies or int(high) > _LONG)):
        yield "unsafe", frozenset(), False
        return
    if not is_one:  # a group that stands a fixed number of times
        for _ in range(int(high)):
            yield from parts
        return
    long = varies and (high is names.MAXREPEAT or int(high) > _LONG)
    yield ("unsafe" if inside and long else "signs"), parts[0][1], long or (None if low else False)


def _signs(name: str, argument: Any) -> frozenset[str]:
    """Return the signs of the sample that a part takes."""
    if name == "LITERAL":
        return frozenset({chr(argument)})
    if name == "NOT_LITERAL":
        return frozenset(_SAMPLE) - {chr(argument)}
    if name == "ANY":
        return frozenset(_SAMPLE)
    found: set[str] = set()
    negated = False
    for inner, value in argument:
        kind = str(inner)
        if kind == "NEGATE":
            negated = True
        elif kind == "LITERAL":
            found.add(chr(value))
        elif kind == "RANGE":
            found |= {sign for sign in _SAMPLE if value[0] <= ord(sign) <= value[1]}
        elif kind == "CATEGORY":
            found |= {sign for sign in _SAMPLE if _is_in_category(str(value), sign)}
    return frozenset(_SAMPLE) - found if negated else frozenset(found)


def _is_in_category(category: str, sign: str) -> bool:
    letter = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[category.rsplit("_", 1)[1]]
    return re.fullmatch(f"\\{letter.upper() if '_NOT_' in category else letter}", sign, re.ASCII) is not None
