"""One evaluation: its names by scope, its budget, its moment, and what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from motcua.process.feel.budget import MAX_STEPS, Budget
from motcua.process.feel.errors import FeelIssue
from motcua.process.feel.values import SCALARS, to_value

MAX_CALLS = 120
_MAX_ISSUES = 100
_CHARACTERS_PER_STEP = 16
_MISSING = object()


class Run(Budget):
    """The budget, the issues and the moment of one evaluation."""

    __slots__ = ("calls", "issues", "now")

    def __init__(self, issues: list[FeelIssue] | None, now: datetime | None, steps: int = MAX_STEPS) -> None:
        super().__init__(steps)
        self.calls = 0
        self.issues = issues
        self.now = now

    def settle(self, value: Any) -> None:
        """Charge for the size of a value that was made."""
        if type(value) is str:
            self.charge(1 + len(value) // _CHARACTERS_PER_STEP)
        elif type(value) is list:
            self.charge(1 + len(value))

    def note(self, position: int, code: str, message_vi: str) -> None:
        """Keep the reason for a null; after the first hundred they say nothing new."""
        if self.issues is not None and len(self.issues) < _MAX_ISSUES:
            self.issues.append(FeelIssue(position, code, message_vi))

    def stop(self, code: str, message_vi: str) -> None:
        """Keep the reason why the whole evaluation ended."""
        if self.issues is not None:
            self.issues.append(FeelIssue(0, code, message_vi))


class Scope:
    """Names and their values, and the scope around; `trusted` means that the values need no conversion."""

    __slots__ = ("converted", "names", "parent", "run", "trusted")

    def __init__(self, names: Mapping[str, Any], parent: Scope | None, run: Run, trusted: bool = True) -> None:
        self.names = names
        self.parent = parent
        self.run = run
        self.trusted = trusted
        self.converted: dict[str, Any] | None = None

    def find(self, name: str) -> Any:
        """Return the value of a name, the innermost first; MISSING when nobody knows it."""
        scope: Scope | None = self
        while scope is not None:
            value = scope.names.get(name, _MISSING)
            if value is not _MISSING:
                return value if scope.trusted or type(value) in SCALARS else scope.convert(name, value)
            scope = scope.parent
        return _MISSING

    def convert(self, name: str, raw: Any) -> Any:
        """Turn plain data into a value, once for each name."""
        if self.converted is None:
            self.converted = {}
        if name not in self.converted:
            self.converted[name] = to_value(raw)
        return self.converted[name]


MISSING = _MISSING
Code = Callable[[Scope], Any]
