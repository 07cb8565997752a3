"""Regular expressions in the XPath flavour, on a matcher of our own whose time is bounded.

Each pair of instruction and place is visited once, so that no pattern can run away: the work is the length of the
pattern times that of the text. Only back-references need more; the evaluation's budget stops them.
Source: OMG DMN 1.5, 10.3.4.3; W3C XPath and XQuery Functions and Operators 3.1, 5.6; XML Schema 1.1 part 2, G.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from motcua.process.feel.pattern_classes import PatternError
from motcua.process.feel.pattern_reader import Program, read_pattern
from motcua.process.feel.run import Run

_MAX_PATTERN = 4_000
_STEPS_PER_CHARGE = 256
_CHARGE = 64
_LITERAL_SIGNS = re.compile(r"[.\\?*+{}()\[\]|^$\-]")
_REPLACEMENT = re.compile(r"\\([\\$])|\$(\d+)|([^\\$]+)|(.)", re.DOTALL)
Found = list[int]


@lru_cache(maxsize=512)
def compile_pattern(pattern: str, flags: str) -> Pattern | None:
    """Compile a pattern with flags out of "smixq"; None when the standard does not know it."""
    if set(flags) - set("smixq") or len(pattern) > _MAX_PATTERN:
        return None
    if "q" in flags:
        pattern = _LITERAL_SIGNS.sub(lambda sign: "\\" + sign[0], pattern)
    try:
        return Pattern(read_pattern(pattern, frozenset(flags)), "q" in flags)
    except (PatternError, RecursionError):
        return None


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern."""

    program: Program
    literal: bool

    def search(self, text: str, run: Run) -> bool:
        """Tell whether the pattern occurs in the text."""
        return self._find(text, 0, run) is not None

    def replace(self, text: str, replacement: str, run: Run) -> str | None:
        """Replace all occurrences; None where the pattern fits nothing at all, or the replacement is ill-formed."""
        parts = [replacement] if self.literal else self._read_replacement(replacement)
        if parts is None or self._find("", 0, run) is not None:
            return None
        made: list[str] = []
        position = 0
        while (found := self._find(text, position, run)) is not None and found[1] > found[0]:
            made.append(text[position : found[0]])
            made += [part if isinstance(part, str) else _group(text, found, part) for part in parts]
            run.settle(made[-1])
            position = found[1]
        return "".join(made) + text[position:]

    def split(self, text: str, run: Run) -> list[str] | None:
        """Cut the text at each occurrence; None where the pattern fits nothing at all."""
        if self._find("", 0, run) is not None:
            return None
        made: list[str] = []
        position = 0
        while (found := self._find(text, position, run)) is not None and found[1] > found[0]:
            made.append(text[position : found[0]])
            position = found[1]
        return [*made, text[position:]]

    def _read_replacement(self, replacement: str) -> list[str | int] | None:
        parts: list[str | int] = []
        for match in _REPLACEMENT.finditer(replacement):
            if match[4]:
                return None
            if match[2]:
                digits = match[2]
                while len(digits) > 1 and int(digits) > self.program.groups:
                    digits = digits[:-1]
                parts += [int(digits), match[2][len(digits) :]]
            else:
                parts.append(match[1] or match[3])
        return parts

    def _find(self, text: str, start: int, run: Run) -> Found | None:
        machine = _Machine(self.program, text, None if self.program.back_references else set(), run)
        run.charge(1)
        found: Found | None = None
        for begin in range(start, len(text) + 1):
            found = machine.match(begin, 2 * self.program.groups + 2)
            if found is not None:
                break
        run.charge(machine.steps % _STEPS_PER_CHARGE // 4)
        return found


def _group(text: str, found: Found, number: int) -> str:
    if 2 * number + 1 >= len(found) or found[2 * number + 1] < 0:
        return ""
    return text[found[2 * number] : found[2 * number + 1]]


class _Machine:
    """Try a program at one place: it goes back to the last choice when it fails."""

    __slots__ = ("code", "run", "steps", "text", "visited", "width")

    def __init__(self, program: Program, text: str, visited: set[int] | None, run: Run) -> None:
        self.code, self.width = program.code, len(program.code)
        self.text, self.visited, self.run = text, visited, run
        self.steps = 0

    def match(self, begin: int, slots: int) -> Found | None:
        choices: list[tuple[int, int, list[int]]] = [(0, begin, [-1] * slots)]
        while choices:
            found = self.follow(choices, *choices.pop())
            if found is not None:
                found[0] = begin
                return found
        return None

    def is_new(self, at: int, place: int) -> bool:
        self.steps += 1
        if self.steps % _STEPS_PER_CHARGE == 0:
            self.run.charge(_CHARGE)
        if self.visited is None:
            return True
        key = place * self.width + at
        if key in self.visited:
            return False
        self.visited.add(key)
        return True

    def follow(self, choices: list[tuple[int, int, list[int]]], at: int, place: int, saved: list[int]) -> Found | None:
        text, code = self.text, self.code
        while self.is_new(at, place):
            kind, first, second = code[at]
            at += 1
            if kind == "one":
                if place >= len(text) or not first(text[place]):
                    return None
                place += 1
            elif kind == "choice":
                choices.append((second, place, saved))
                at = first
            elif kind == "go":
                at = first
            elif kind == "save":
                saved = [*saved[:first], place, *saved[first + 1 :]]
            elif kind == "found":
                return [saved[0], place, *saved[2:]]
            else:
                place = self.checked(first, place) if kind == "test" else self.repeated(first, second, place, saved)
                if place < 0:
                    return None
        return None

    def checked(self, test: Callable[[str, int], bool], place: int) -> int:
        """Return the place when an anchor holds there, or -1."""
        return place if test(self.text, place) else -1

    def repeated(self, number: int, fold: Callable[[str], str], place: int, saved: list[int]) -> int:
        """Match what a group held once more; return the place behind it, or -1."""
        part = self.text[saved[2 * number] : saved[2 * number + 1]] if saved[2 * number + 1] >= 0 else ""
        behind = place + len(part)
        return behind if fold(self.text[place:behind]) == fold(part) else -1
