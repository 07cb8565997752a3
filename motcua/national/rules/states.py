"""Which states a dossier went through, read from its timeline: always the same list, only longer later."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from motcua.national.types import StateReached

Derive = Callable[[str, str | None], int]


def list_states(history: Iterable[tuple[str, str, datetime]], *, derive: Derive) -> tuple[StateReached, ...]:
    """Return each national state in the order in which it was reached; a state that stays is told once.

    `history`: (kind, value, moment) of what happened, oldest first: `opened`, `stage` with the stage, `closed` with
    the outcome. `derive`: the law's reading of (stage, outcome). A longer history gives a longer list with the same
    beginning, so that a place in it names one message for ever.
    """
    reached: list[StateReached] = []
    stage, outcome = "submitted", None
    for kind, value, at in history:
        if kind == "stage":
            stage = value
        elif kind == "closed":
            outcome = value
        elif kind != "opened":
            continue
        state = int(derive(stage, outcome))
        if not reached or reached[-1].state != state:
            reached.append(StateReached(state, at))
    return tuple(reached)
