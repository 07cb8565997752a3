"""What is wrong with a drawing, where, and by which way one gets there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FaultCode = Literal[
    "join_waits_forever",
    "dead_end",
    "lack_of_synchronisation",
    "unbounded_growth",
    "livelock",
    "unreachable",
    "flow_never_taken",
    "gateway_without_way_out",
    "end_with_work_left",
    "too_complex",
    "data_not_followed",
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `path`: ids of the elements passed on one way that leads into it, in order."""

    element_id: str
    code: FaultCode
    severity: Literal["error", "warning"]
    message_vi: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for a whole process. `states`: how many states were looked at, over all its scopes."""

    faults: tuple[Fault, ...]
    states: int

    @property
    def is_sound(self) -> bool:
        return not any(fault.severity == "error" for fault in self.faults)
