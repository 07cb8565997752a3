"""The base of every expected failure."""

from __future__ import annotations


class DomainError(Exception):
    """An expected failure: a stable code for programs, a Vietnamese sentence for the person.

    `http_status` is what the one page that renders it answers with.
    """

    http_status: int = 409

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
