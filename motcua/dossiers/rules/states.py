"""The national state of a dossier, derived from its case and stored nowhere."""

from __future__ import annotations

from typing import Final

from motcua.dossiers.types import NationalState

_STATE_BY_STAGE: Final[dict[str, NationalState]] = {
    "submitted": NationalState.NEW,
    "accepted": NationalState.RECEIVED,
    "in_progress": NationalState.IN_PROGRESS,
    "waiting_applicant": NationalState.SUPPLEMENT,
    "waiting_payment": NationalState.PAYMENT,
    "withdrawing": NationalState.WITHDRAWN,
    "withdrawn": NationalState.WITHDRAWN,
    "stopped": NationalState.STOPPED,
    "decided": NationalState.DONE,
    "delivered": NationalState.DELIVERED,
    "refused": NationalState.NOT_RECEIVED,
}
_STATE_BY_OUTCOME: Final[dict[str, NationalState]] = {
    "refused": NationalState.NOT_RECEIVED,
    "returned": NationalState.NOT_RECEIVED,
    "withdrawn": NationalState.WITHDRAWN,
    "stopped": NationalState.STOPPED,
}
STAGES: Final = tuple(_STATE_BY_STAGE)
OUTCOMES: Final = ("approved", "rejected", *_STATE_BY_OUTCOME)

# (from, to) pairs that may be reported one after the other.
NATIONAL_TRANSITIONS: Final[frozenset[tuple[int, int]]] = frozenset(
    {(1, 2), (1, 3), (1, 4), (1, 5), (1, 7), (1, 8)}
    | {(2, 4), (2, 5), (2, 7), (2, 8), (2, 9)}
    | {(4, 5), (4, 6), (4, 7), (4, 8), (4, 9)}
    | {(5, 1), (5, 2), (5, 3), (5, 4), (5, 7), (5, 8)}
    | {(6, 4), (6, 7), (6, 8), (9, 4), (9, 10)}
)


def derive_national_state(stage: str, outcome: str | None) -> NationalState:
    """Return the national state of a case in this stage with this outcome.

    An ending outcome that overrides the stage (withdrawn, stopped, refused) wins: the case may have ended
    while its last stage was still "in progress". An approved or rejected case that ended is delivered, unless
    its stage says that the result still waits at the counter.

    Raises: ValueError for a stage or an outcome that no process may use.
    Source: Circular 01/2018/TT-VPCP, Art. 16; in force 2019-01-06.
    """
    if stage not in _STATE_BY_STAGE:
        raise ValueError(f"unknown stage: {stage}")
    if outcome:
        if outcome not in OUTCOMES:
            raise ValueError(f"unknown outcome: {outcome}")
        if outcome in _STATE_BY_OUTCOME:
            return _STATE_BY_OUTCOME[outcome]
        if _STATE_BY_STAGE[stage] != NationalState.DELIVERED:
            return NationalState.DONE
    return _STATE_BY_STAGE[stage]


def is_national_transition(before: NationalState, after: NationalState) -> bool:
    """Return whether the second state may be reported after the first."""
    return before == after or (int(before), int(after)) in NATIONAL_TRANSITIONS
