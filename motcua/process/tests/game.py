"""Play the token game in tests: a drawing in the hand, one call a move, places read by their element ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from motcua.process.public import (
    Command,
    EndCase,
    ErrorThrown,
    MessageReceived,
    ProcessDefinition,
    ProcessEvent,
    ServiceCompleted,
    SignalReceived,
    Step,
    TaskCompleted,
    TimerFired,
    VariablesChanged,
    advance,
    open_elements,
    open_events,
    parse_process,
    start,
)
from motcua.process.tests import drawings as d

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
C = TypeVar("C", bound=Command)


@dataclass
class Game:
    """A running process and what its last step said."""

    definition: ProcessDefinition
    step: Step
    library: Mapping[str, ProcessDefinition]
    decide: Any = None

    @property
    def open(self) -> list[str]:
        """Where work waits, oldest first."""
        return [one.element_id for one in open_elements(self.definition, self.step.state, library=self.library)]

    @property
    def events(self) -> list[str]:
        """What may happen beside it."""
        return [one.element_id for one in open_events(self.definition, self.step.state, library=self.library)]

    @property
    def vars(self) -> dict[str, Any]:
        found: dict[str, Any] = self.step.state["vars"]
        return found

    @property
    def ended(self) -> str | None:
        """The outcome, once it has ended."""
        return self.step.state["outcome"] if self.step.state["ended"] else None

    def said(self, kind: type[C]) -> list[C]:
        """Commands of one kind in the last step."""
        return [command for command in self.step.commands if isinstance(command, kind)]

    def token(self, element_id: str) -> str:
        """The oldest token (or waiting event) at an element."""
        waiting = [
            *open_elements(self.definition, self.step.state, library=self.library),
            *open_events(self.definition, self.step.state, library=self.library),
        ]
        return next(one.token for one in waiting if one.element_id == element_id)

    def give(self, event: ProcessEvent) -> Game:
        self.step = advance(self.definition, self.step.state, event, now=NOW, library=self.library, decide=self.decide)
        return self

    def do(self, element_id: str, **outputs: Any) -> Game:
        return self.give(TaskCompleted(self.token(element_id), outputs))

    def serve(self, element_id: str, **outputs: Any) -> Game:
        return self.give(ServiceCompleted(self.token(element_id), outputs))

    def fire(self, element_id: str) -> Game:
        return self.give(TimerFired(self.token(element_id)))

    def tell(self, name: str, correlation: str = "", **payload: Any) -> Game:
        return self.give(MessageReceived(name, payload, correlation))

    def signal(self, name: str, **payload: Any) -> Game:
        return self.give(SignalReceived(name, payload))

    def set(self, **variables: Any) -> Game:
        return self.give(VariablesChanged(variables))

    def fail(self, element_id: str, code: str, **variables: Any) -> Game:
        return self.give(ErrorThrown(self.token(element_id), code, "hỏng", variables))


def play(
    *parts: str,
    messages: tuple[str, ...] = (),
    head: str = "",
    variables: dict[str, Any] | None = None,
    library: Mapping[str, ProcessDefinition] | None = None,
    decide: Any = None,
    at: str | None = None,
) -> Game:
    """Draw and start a process."""
    definition = parse_process(d.drawing(*parts, messages=messages, head=head))
    held = library or {}
    step = start(definition, variables or {}, now=NOW, library=held, decide=decide, at=at)
    return Game(definition, step, held, decide)


def ends(game: Game) -> list[EndCase]:
    return game.said(EndCase)
