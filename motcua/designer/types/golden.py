"""Golden cases: a sample dossier with what must come out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenExpect:
    """What must come out; a part that is None is not compared."""

    path: tuple[str, ...] | None = None
    fee_vnd: int | None = None
    due_at: datetime | None = None
    is_due_expected: bool = False
    outcome: str | None = None
    eligibility: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenResult:
    """What came out of a replay. `differences`: Vietnamese sentences, empty when all is as expected.

    `path`: user tasks passed, in order. `fee_vnd` None: the fee table leaves it to an official, or there was none.
    """

    name: str
    ok: bool
    differences: tuple[str, ...]
    path: tuple[str, ...] = ()
    fee_vnd: int | None = None
    due_at: datetime | None = None
    outcome: str = ""
    eligibility: tuple[str, ...] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)
