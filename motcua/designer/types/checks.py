"""What a publish check is told and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Part = Literal["process", "form", "decision", "procedure", "result", "golden"]
Severity = Literal["error", "warning"]
PackageFiles = Mapping[str, bytes]  # by name: "procedure.toml", "process.bpmn", "decisions/fee.dmn", "golden/x.json"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. `element_id`: of the process, key of the form, id of the rule; empty: the whole file.

    An error keeps the package from being published; a warning does not.
    """

    part: Part
    file: str
    element_id: str
    code: str
    severity: Severity
    message_vi: str


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen that a step can be done on, with the outcomes it has buttons for; none: any outcome."""

    key: str
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the platform around a package offers. None: not known here, so not checked.

    `senders`: messages that the platform, a person's screen or the API sends to a case.
    `receivers`: messages and signals that somebody outside the package waits for.
    `staffed_roles`: roles that at least one person holds today. `facts`: facts that registers answer,
    with the words people know them by ("applicant.full_name": ("họ và tên",)).
    """

    roles: frozenset[str] | None = None
    staffed_roles: frozenset[str] | None = None
    screens: Mapping[str, Screen] | None = None
    topics: frozenset[str] | None = None
    senders: frozenset[str] | None = None
    receivers: frozenset[str] | None = None
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    callable_keys: frozenset[str] | None = None
