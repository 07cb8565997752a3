"""Running cases that move to another version of their process, and steps that a process could not take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from motcua.kernel.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationRule:
    """The written rule: which running cases go from which version to which, and where each waiting step goes.

    `element_map`: old element id -> new, where they differ. `condition`: FEEL over the case's variables, `stage`,
    `outcome` and `case` (code, channel, opened_on); empty means all.
    """

    process: str
    from_version: int
    to_version: int
    element_map: Mapping[str, str] = field(default_factory=dict)
    condition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMove:
    """One case that the rule is about; `reason` says why it cannot move, empty when it can."""

    case_id: int
    case_code: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationPlan:
    """What the rule does to the running cases: those that move, those that cannot, and how many it leaves out."""

    rule: MigrationRule
    moves: tuple[PlannedMove, ...]
    refused: tuple[PlannedMove, ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentInfo:
    """A step that a process could not take by itself."""

    uuid: UUID
    case_id: int
    case_code: str
    at: datetime
    element_id: str
    code: str
    text: str
    tries: int
    resolved_at: datetime | None
    event_kind: str  # what came to the process: timer, service, error, message, signal
    process_key: str
    process_version: int


class MigrationRuleUnreadable(DomainError):
    """The written rule is not one."""

    http_status = 422


class IncidentNotFound(DomainError):
    """No such incident, or it is resolved."""

    http_status = 404


@dataclass(frozen=True, slots=True)
class OpeningRecord:
    """One case that came in: when, and the variables its process reads; no name, no code."""

    opened_at: datetime
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step that somebody finished: from when it waited to when it was done, and its outcome."""

    element_id: str
    started_at: datetime
    finished_at: datetime
    outcome: str
