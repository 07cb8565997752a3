"""Draw by chance: how long a step takes and how it comes out. What was assumed for want of data is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from motcua.designer.rules.time_checks import share_of
from motcua.designer.types import Duration
from motcua.process.types import Element

FIRST_OUTCOME = 0.9  # of steps without known frequencies: most dossiers go the way that is drawn first
_DAY = 1_440.0
APPLICANT = Duration(low=0.5 * _DAY, usual=3 * _DAY, high=12 * _DAY)  # until the applicant answers, by the wall clock
HAPPENS = "happens"


class Dice:
    """One seed, one order of draws: the same simulation twice is the same."""

    def __init__(self, seed: int, durations: Mapping[str, Duration]) -> None:
        self.random = Random(seed)
        self.durations = durations
        self.guessed_times: set[str] = set()
        self.guessed_outcomes: set[str] = set()

    def work_minutes(self, element: Element) -> float:
        """Draw how long a person works on it. Unit: minutes of open office."""
        known = self.durations.get(element.id)
        if known is not None and (known.observed or known.high > 0):
            return self.draw(known)
        self.guessed_times.add(element.id)
        share = share_of(element) or 60
        return self.random.triangular(0.1 * share, 0.6 * share, 0.25 * share)

    def machine_minutes(self, element_id: str) -> float:
        known = self.durations.get(element_id)
        return self.draw(known) if known is not None else 0.0

    def outside_minutes(self, element: Element) -> float | None:
        """Draw when an awaited message comes. Unit: minutes of the wall clock; None: it does not come.

        Events on other work (a withdrawal) come only with a known chance under "happens".
        """
        known = self.durations.get(element.id)
        if known is not None and HAPPENS in known.chances and self.random.random() >= known.chances[HAPPENS]:
            return None
        if known is not None and (known.observed or known.high > 0):
            return self.draw(known)
        if element.attached_to or element.message == "withdraw":
            return None if known is None else self.draw(APPLICANT)
        self.guessed_times.add(element.id)
        return self.draw(APPLICANT)

    def draw(self, known: Duration) -> float:
        if known.observed:
            return max(self.random.choice(known.observed), 0.0)
        low, high = max(known.low, 0.0), max(known.high, known.low, 0.0)
        return self.random.triangular(low, high, min(max(known.usual, low), high))

    def outcome(self, element: Element) -> str:
        """Draw the outcome of a step that offers several."""
        if not element.outcomes:
            return ""
        known = self.durations.get(element.id)
        weights = [max(known.chances.get(outcome, 0.0), 0.0) for outcome in element.outcomes] if known else []
        if not any(weights):
            if len(element.outcomes) > 1:
                self.guessed_outcomes.add(element.id)
            rest = (1 - FIRST_OUTCOME) / max(len(element.outcomes) - 1, 1)
            weights = [FIRST_OUTCOME, *[rest] * (len(element.outcomes) - 1)]
        return self.random.choices(element.outcomes, weights)[0]
