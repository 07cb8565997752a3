"""One file per promise. Each has `run() -> list[Promise]`: ratios measured in one run, the budget beside them.

Absolute times are noise on shared machines, so a promise compares two measurements of the same minute.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Promise:
    """One promised figure. `value` is a ratio or a rate; it must be at least (or at most) `budget`."""

    name: str
    value: float
    budget: float
    at_least: bool
    unit: str = "x"
    detail: str = ""

    @property
    def is_kept(self) -> bool:
        return self.value >= self.budget if self.at_least else self.value <= self.budget


def print_promise(promise: Promise) -> None:
    sign, mark = ("≥" if promise.at_least else "≤"), ("giữ" if promise.is_kept else "KHÔNG GIỮ")
    line = f"{promise.name}: {promise.value:,.2f} {promise.unit} (hứa {sign} {promise.budget:,.2f}) {mark}"
    print(line + (f"  [{promise.detail}]" if promise.detail else ""))
