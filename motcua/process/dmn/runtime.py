"""What one evaluation carries along: the issues found so far and the limits that keep it bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.dmn.types import DecisionIssue
from motcua.process.feel.errors import FeelIssue
from motcua.process.feel.values import Values

MAX_ISSUES = 100
MAX_CALLS = 100_000
MAX_STEPS = 200_000
MAX_DEPTH = 500

Scope = Values


class TooLongError(Exception):
    """The evaluation is stopped; the whole result becomes null."""

    def __init__(self, issue: DecisionIssue) -> None:
        super().__init__(issue.message_vi)
        self.issue = issue


class Budget:
    """Counts calls and steps of one evaluation, imported models included, and collects its issues."""

    __slots__ = ("calls", "depth", "issues", "now", "steps")

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now
        self.issues: list[DecisionIssue] = []
        self.calls = 0
        self.depth = 0
        self.steps = 0

    def note(self, element_id: str, code: str, message_vi: str) -> None:
        """Keep an issue; after the first hundred they say nothing new."""
        if len(self.issues) < MAX_ISSUES:
            self.issues.append(DecisionIssue(element_id, code, message_vi))

    def adopt(self, element_id: str, found: Iterable[FeelIssue]) -> None:
        """Keep what an expression complained about, with the element that holds it."""
        for issue in found:
            self.note(element_id, issue.code, issue.message_vi)

    def call(self, element_id: str) -> Budget:
        """Count a call of a function that the model defines; use in `with`. Raises: TooLongError."""
        self.calls += 1
        if self.calls > MAX_CALLS or self.depth >= MAX_DEPTH:
            raise TooLongError(_too_long(element_id))
        return self

    def __enter__(self) -> None:
        self.depth += 1

    def __exit__(self, *_error: object) -> None:
        self.depth -= 1

    def step(self, element_id: str) -> None:
        """Count one round of a boxed loop. Raises: TooLongError."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise TooLongError(_too_long(element_id))


Run = Callable[[Scope, Budget], Any]


def _too_long(element_id: str) -> DecisionIssue:
    text = N_("Phép tính dài quá giới hạn nên đã dừng; hãy xem lại vòng lặp hoặc lời gọi đệ quy.")
    return DecisionIssue(element_id, "dmn.too_long", text)
