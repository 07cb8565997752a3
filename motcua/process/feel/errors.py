"""What can go wrong: what cannot be read is refused, what cannot be computed gives null and a reason."""

from __future__ import annotations

from dataclasses import dataclass


class FeelError(ValueError):
    """The expression cannot be read; `reason_vi` says where and why, `position` counts characters from 0."""

    def __init__(self, reason_vi: str, position: int = 0) -> None:
        super().__init__(reason_vi)
        self.reason_vi = reason_vi
        self.position = position

    @property
    def message_vi(self) -> str:
        """Return the reason under the name that issues use."""
        return self.reason_vi


@dataclass(frozen=True, slots=True)
class FeelIssue:
    """Why a part of an expression gave null: where (characters from 0), a stable code, a sentence."""

    position: int
    code: str
    message_vi: str


class TooLong(Exception):
    """An evaluation used up its budget; caught where it began, never seen outside."""
