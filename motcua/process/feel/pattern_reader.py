"""Read a regular expression into a program for `patterns`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from motcua.process.feel.pattern_classes import (
    SINGLE,
    CharacterTest,
    PatternError,
    any_of,
    class_escape,
    either_case,
    one,
    span,
)

_MAX_CODE = 20_000
_MAX_DEPTH = 50
Instruction = tuple[str, Any, Any]


@dataclass(slots=True)
class Program:
    """Instructions, the number of groups, and whether back-references occur."""

    code: list[Instruction] = field(default_factory=list)
    groups: int = 0
    back_references: bool = False


def read_pattern(pattern: str, flags: frozenset[str]) -> Program:
    """Read a pattern; Raises: PatternError."""
    if "x" in flags:
        pattern = _without_blanks(pattern)
    return _Reader(pattern, flags).program()


def _without_blanks(pattern: str) -> str:
    """Drop blanks outside of character classes, those after a backslash too. Source: XPath 3.1, 5.6.1.1, flag x."""
    kept: list[str] = []
    depth = 0
    escaped = False
    for character in pattern:
        if character in " \t\n\r" and depth == 0:
            continue
        kept.append(character)
        if not escaped and character in "[]":
            depth = max(depth + (1 if character == "[" else -1), 0)
        escaped = character == "\\" and not escaped
    return "".join(kept)


class _Reader:
    def __init__(self, pattern: str, flags: frozenset[str]) -> None:
        self.pattern = pattern
        self.position = 0
        self.flags = flags
        self.groups = 0
        self.closed: set[int] = set()
        self.back_references = False

    def program(self) -> Program:
        code = self.alternatives(0)
        if self.position < len(self.pattern):
            raise PatternError
        return Program([*code, ("found", None, None)], self.groups, self.back_references)

    def peek(self) -> str:
        return self.pattern[self.position : self.position + 1]

    def take(self) -> str:
        if self.position >= len(self.pattern):
            raise PatternError
        self.position += 1
        return self.pattern[self.position - 1]

    def accept(self, text: str) -> bool:
        if self.pattern.startswith(text, self.position):
            self.position += len(text)
            return True
        return False

    def alternatives(self, depth: int) -> list[Instruction]:
        if depth > _MAX_DEPTH:
            raise PatternError
        branches = [self.branch(depth)]
        while self.accept("|"):
            branches.append(self.branch(depth))
        code = branches.pop()
        while branches:
            first = branches.pop()
            code = _choose(first, code)
        return code

    def branch(self, depth: int) -> list[Instruction]:
        code: list[Instruction] = []
        while self.peek() not in ("", "|", ")"):
            code += _moved(self.piece(depth), len(code))
            if len(code) > _MAX_CODE:
                raise PatternError
        return code

    def piece(self, depth: int) -> list[Instruction]:
        atom = self.atom(depth)
        bounds = self.quantifier()
        if bounds is None:
            return atom
        lazy = self.accept("?")
        if self.peek() and self.peek() in "?*+":
            raise PatternError
        return _repeat(atom, *bounds, lazy=lazy)

    def quantifier(self) -> tuple[int, int | None] | None:
        for sign, bounds in (("?", (0, 1)), ("*", (0, None)), ("+", (1, None))):
            if self.accept(sign):
                return bounds
        if not self.accept("{"):
            return None
        inside, closing, _ = self.pattern[self.position :].partition("}")
        low, comma, high = inside.partition(",")
        if not closing and not self.pattern.endswith("}"):
            raise PatternError
        if not low.isdigit() or (high and not high.isdigit()) or len(inside) > 12:
            raise PatternError
        self.position += len(inside) + 1
        least, most = int(low), (int(high) if high else None) if comma else int(low)
        if most is not None and most < least:
            raise PatternError
        return least, most

    def atom(self, depth: int) -> list[Instruction]:
        sign = self.take()
        if sign == "(":
            return self.group(depth)
        if sign == "[":
            return [("one", self.cased(self.character_class(depth)), None)]
        if sign == ".":
            return [("one", (lambda _c: True) if "s" in self.flags else (lambda c: c not in "\n\r"), None)]
        if sign in "^$":
            return [("test", _anchor(sign, "m" in self.flags), None)]
        if sign == "\\":
            return self.escape()
        if sign in "?*+{}]":
            raise PatternError
        return [("one", self.cased(one(sign)), None)]

    def cased(self, test: CharacterTest) -> CharacterTest:
        return either_case(test) if "i" in self.flags else test

    def group(self, depth: int) -> list[Instruction]:
        number = 0
        if self.accept("?"):
            if not self.accept(":"):
                raise PatternError
        else:
            self.groups += 1
            number = self.groups
        code = self.alternatives(depth + 1)
        if not self.accept(")"):
            raise PatternError
        if not number:
            return code
        self.closed.add(number)
        return [("save", 2 * number, None), *_moved(code, 1), ("save", 2 * number + 1, None)]

    def escape(self) -> list[Instruction]:
        sign = self.peek()
        if sign.isdigit() and sign.isascii() and sign != "0":
            return [self.back_reference()]
        return [("one", self.cased(self.escaped_class()), None)]

    def escaped_class(self) -> CharacterTest:
        sign = self.take()
        if sign in SINGLE:
            return one(SINGLE[sign])
        if sign not in "pP":
            return class_escape(sign, "")
        if not self.accept("{"):
            raise PatternError
        name, closing, _ = self.pattern[self.position :].partition("}")
        if not closing:
            raise PatternError
        self.position += len(name) + 1
        return class_escape(sign, name)

    def back_reference(self) -> Instruction:
        number = int(self.take())
        while self.peek().isdigit() and number * 10 + int(self.peek()) <= self.groups:
            number = number * 10 + int(self.take())
        if number not in self.closed:
            raise PatternError
        self.back_references = True
        return ("same", number, str.casefold if "i" in self.flags else str)

    def character_class(self, depth: int) -> CharacterTest:
        if depth > _MAX_DEPTH:
            raise PatternError
        negated = self.accept("^")
        tests: list[CharacterTest] = []
        minus: CharacterTest | None = None
        while not self.accept("]"):
            if tests and self.accept("-["):
                minus = self.character_class(depth + 1)
                if not self.accept("]"):
                    raise PatternError
                break
            tests.append(self.class_item(is_first=not tests))
        if not tests:
            raise PatternError
        return any_of(tests, negated=negated, minus=minus, any_case="i" in self.flags)

    def class_item(self, *, is_first: bool) -> CharacterTest:
        sign = self.take()
        if sign == "[" or (sign == "-" and not is_first and self.peek() != "]"):
            raise PatternError
        if sign == "\\":
            if self.peek() not in SINGLE:
                return self.escaped_class()
            sign = SINGLE[self.take()]
        if self.peek() != "-" or self.pattern[self.position + 1 : self.position + 2] in ("]", "["):
            return one(sign)
        self.take()
        end = self.take()
        if end == "\\":
            end = SINGLE.get(self.take(), "")
        if not end or end < sign:
            raise PatternError
        return span(sign, end)


def _anchor(sign: str, lines: bool) -> Callable[[str, int], bool]:
    if sign == "^":
        if lines:
            return lambda text, place: place == 0 or text[place - 1] == "\n"
        return lambda _text, place: place == 0
    if lines:
        return lambda text, place: place == len(text) or text[place] == "\n"
    return lambda text, place: place == len(text)


def _moved(code: list[Instruction], by: int) -> list[Instruction]:
    return [
        (kind, first + by, second + by if kind == "choice" else second) if kind in ("choice", "go")
        else (kind, first, second)
        for kind, first, second in code
    ]  # fmt: skip


def _choose(first: list[Instruction], second: list[Instruction]) -> list[Instruction]:
    start = len(first) + 2
    return [
        ("choice", 1, start), *_moved(first, 1), ("go", start + len(second), None), *_moved(second, start)
    ]  # fmt: skip


def _repeat(atom: list[Instruction], least: int, most: int | None, *, lazy: bool) -> list[Instruction]:
    if len(atom) * max(least, most or 0, 1) > _MAX_CODE:
        raise PatternError
    code: list[Instruction] = []
    for _ in range(least):
        code += _moved(atom, len(code))
    if most is None:
        here, end = len(code), len(code) + len(atom) + 2
        code.append(("choice", end, here + 1) if lazy else ("choice", here + 1, end))
        code += _moved(atom, here + 1)
        code.append(("go", here, None))
        return code
    end = least * len(atom) + (most - least) * (len(atom) + 1)
    for _ in range(most - least):
        here = len(code)
        code.append(("choice", end, here + 1) if lazy else ("choice", here + 1, end))
        code += _moved(atom, here + 1)
    return code
