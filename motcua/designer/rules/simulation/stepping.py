"""The engine for many cases alike: each step of each state is computed once and remembered.

Two cases in the same state that take the same event go to the same next state; only the clock differs. So thousands of
cases cost as much engine work as there are different ways through the process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from motcua.process.engine import advance, start
from motcua.process.types import Command, ProcessDefinition, ProcessEvent, Step

Decide = Callable[[str, Mapping[str, Any]], Any]
MAX_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a case stands (`number`: of its state) and what the last step told the world to do."""

    number: int
    commands: tuple[Command, ...]


class Stepper:
    """Remembers states by number and steps by (state, event)."""

    def __init__(
        self,
        definition: ProcessDefinition,
        decide: Decide | None,
        library: Mapping[str, ProcessDefinition],
        now: datetime,
    ) -> None:
        self.definition = definition
        self.options: dict[str, Any] = {"decide": decide, "library": library}
        self.now = now  # of timers only their length is read, so one moment does for all
        self.states: list[Mapping[str, Any]] = []
        self.numbers: dict[bytes, int] = {}
        self.steps: dict[tuple[int, str, str, str], Stand] = {}
        self.begun: dict[bytes, Stand] = {}

    def begin(self, variables: Mapping[str, Any]) -> Stand:
        key = orjson.dumps(variables, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS, default=str)
        if key not in self.begun:
            self.begun[key] = self.keep(start(self.definition, variables, now=self.now, **self.options))
        return self.begun[key]

    def step(self, number: int, event: ProcessEvent, *, kind: str, token: str, choice: str) -> Stand:
        """Take an event. Raises: ProcessStepError, as the engine does."""
        key = (number, kind, token, choice)
        found = self.steps.get(key)
        if found is None:
            found = self.keep(advance(self.definition, self.states[number], event, now=self.now, **self.options))
            if len(self.steps) < MAX_REMEMBERED:
                self.steps[key] = found
        return found

    def keep(self, step: Step) -> Stand:
        key = orjson.dumps(step.state, option=orjson.OPT_SORT_KEYS)
        number = self.numbers.get(key)
        if number is None:
            number = self.numbers[key] = len(self.states)
            self.states.append(step.state)
        return Stand(number, step.commands)

    def element_of(self, number: int, token: str) -> str:
        """Return the element at which a token of the state stands or waits."""
        state = self.states[number]
        return str(state["tokens"].get(token) or state["waits"][token][1])
