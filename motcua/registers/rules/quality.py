"""How good records are: rules counted, fields filled. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from motcua.registers.rules.descriptions import QualityRule
from motcua.registers.rules.records import Check

FITS = "fits_schema"  # a record of an older version, brought up, may not fit the present one
FILLED = "filled:"
MAX_SOURCES = 300
OTHERS = "…"


@dataclass(slots=True)
class Tally:
    """Records of one source: how many were looked at, and how often each rule did not hold."""

    checked: int = 0
    failed: dict[tuple[str, str], int] = field(default_factory=dict)  # (rule, field) -> records

    def count(self, rule: str, field_name: str, *, holds: bool) -> None:
        key = (rule, field_name)
        self.failed[key] = self.failed.get(key, 0) + (not holds)


@dataclass(frozen=True, slots=True)
class QualityCheck:
    """Everything that is asked of a record of one register."""

    rules: Sequence[QualityRule]
    fields: Sequence[str]
    check: Check

    def measure(self, tallies: dict[str, Tally], source: str, data: Mapping[str, Any]) -> None:
        """Add a record to the tally of its source; sources beyond a number that a person can read are one."""
        name = source if source in tallies or len(tallies) < MAX_SOURCES else OTHERS
        tally = tallies.setdefault(name, Tally())
        tally.checked += 1
        tally.count(FITS, "", holds=not self.check(data))
        for rule in self.rules:
            tally.count(rule.code, rule.field, holds=rule.holds.is_true(data))
        for each in self.fields:
            tally.count(f"{FILLED}{each}", each, holds=data.get(each) not in (None, "", []))
