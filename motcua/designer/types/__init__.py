"""What the designer's rules take and give: frozen values, no Django."""

from __future__ import annotations

from motcua.designer.types.checks import Finding, PackageFiles, Part, Screen, Severity, Surroundings
from motcua.designer.types.golden import GoldenExpect, GoldenResult
from motcua.designer.types.simulation import Arrival, Duration, Queue, SimulationResult, SimulationTooLarge, Staff
from motcua.designer.types.versions import Change, ChangePart

__all__ = [
    "Arrival",
    "Change",
    "ChangePart",
    "Duration",
    "Finding",
    "GoldenExpect",
    "GoldenResult",
    "PackageFiles",
    "Part",
    "Queue",
    "Screen",
    "Severity",
    "SimulationResult",
    "SimulationTooLarge",
    "Staff",
    "Surroundings",
]
