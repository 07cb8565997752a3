"""How much work is left: one budget for an evaluation and all that it calls, model functions included."""

from __future__ import annotations

import threading
from collections.abc import Callable

from motcua.process.feel.errors import TooLong

MAX_STEPS = 1_000_000


class Budget:
    """Steps that may still be taken."""

    __slots__ = ("steps",)

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self.steps = steps

    def charge(self, steps: int) -> None:
        """Use up steps; Raises: TooLong."""
        self.steps -= steps
        if self.steps < 0:
            raise TooLong


class _Active(threading.local):
    budget: Budget | None = None


ACTIVE = _Active()


def charger() -> Callable[[int], None]:
    """Return what to charge: the evaluation that runs in this thread, or a budget of its own for a walk outside one.

    Values are shared, not copied: a list of a list of a list may be small in memory and endless when walked.
    """
    budget = ACTIVE.budget
    return (budget if budget is not None else Budget()).charge
