"""The board of the token game: where tokens stand, in which scope, with which variables, and what still moves.

Source: BPMN 2.0.2 (ISO/IEC 19510:2013), chapter 13.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.durations import CITY
from motcua.process.state import MAX_TOKENS, State, age, keep_read
from motcua.process.types import (
    CancelMessage,
    CancelService,
    CancelSignal,
    CancelTask,
    CancelTimer,
    Command,
    Element,
    Flow,
    ProcessDefinition,
    ProcessStuckError,
)

Library = Mapping[str, ProcessDefinition]
Decide = Callable[[str, Mapping[str, Any]], Any]
Paths = frozenset[tuple[str, ...]]

_CANCEL: dict[str, Callable[[str], Command]] = {
    "user": CancelTask,
    "service": CancelService,
    "decision": CancelService,
    "throw": CancelService,
    "end": CancelService,
    "receive": CancelMessage,
    "catch_message": CancelMessage,
    "catch_signal": CancelSignal,
    "catch_timer": CancelTimer,
}
_STOP_WAITING: dict[str, Callable[[str], Command]] = {
    "timer": CancelTimer,
    "message": CancelMessage,
    "signal": CancelSignal,
}


class Board:
    """One step in the making. `live` counts what waits or moves in each scope; the top is the scope ""."""

    def __init__(
        self,
        definition: ProcessDefinition,
        state: State,
        *,
        now: datetime,
        library: Library,
        decide: Decide | None,
    ) -> None:
        self.definition = definition
        self.state = state
        self.now = now
        self.local_now = now.astimezone(CITY)
        self.library = library
        self.decide = decide
        self.tokens: dict[str, str] = state["tokens"]
        self.inside: dict[str, str] = state.setdefault("in", {})
        self.scopes: dict[str, dict[str, Any]] = state.setdefault("scopes", {})
        self.keys: dict[str, str] = state.setdefault("keys", {})
        self.cycles: dict[str, int] = state.setdefault("cycles", {})
        self.commands: list[Command] = []
        self.queue: deque[tuple[Element, Flow | None, str]] = deque()
        self.live: dict[str, int] = defaultdict(int)
        for token in self.tokens:
            self.live[self.inside.get(token, "")] += 1
        self.moving: str | None = None  # the scope of the token that enters an element right now
        self.last_end: Element | None = None
        self.reads_conditions = definition.has_conditions or bool(library)
        self.is_dirty = False
        self.rounds: dict[str, dict[str, Any]] = {}  # variables of the rounds that begin now, read or not
        self._paths: dict[int, Paths] = {}

    # tokens and scopes

    def next_id(self) -> str:
        """Give the next name for something that waits; names are never used twice in a case."""
        self.state["seq"] += 1
        return f"t{self.state['seq']}"

    def add_token(self, element: Element, scope: str) -> str:
        """Put a token on an element, to wait there."""
        if len(self.tokens) + len(self.queue) >= MAX_TOKENS:
            raise ProcessStuckError(N_("quá %(max_tokens)s việc cùng mở một lúc.", max_tokens=MAX_TOKENS), element.id)
        token = self.next_id()
        self.tokens[token] = element.id
        if scope:
            self.inside[token] = scope
        self.live[scope] += 1
        return token

    def enqueue(self, element: Element, via: Flow | None, scope: str) -> None:
        """Let a token move into an element."""
        if len(self.tokens) + len(self.queue) >= MAX_TOKENS:
            raise ProcessStuckError(
                N_("quá %(max_tokens)s nhánh cùng chạy một lúc.", max_tokens=MAX_TOKENS), element.id
            )
        self.queue.append((element, via, scope))
        self.live[scope] += 1

    def scope_of(self, token: str) -> str:
        """Return the scope in which a token lies."""
        return self.inside.get(token, "")

    def drawing(self, scope: str) -> ProcessDefinition:
        """Return the definition that runs in a scope: a called process has its own."""
        while scope:
            called = self.scopes.get(scope, {}).get("p")
            if called is not None:
                return self.get_called(called)
            scope = self.inside.get(scope, "")
        return self.definition

    def get_called(self, key: str, element_id: str = "") -> ProcessDefinition:
        """Return a process of the library; Raises: ProcessStuckError when it is not there."""
        found = self.library.get(key)
        if found is None:
            raise ProcessStuckError(N_("quy trình được gọi “%(key)s” không có trong thư viện.", key=key), element_id)
        return found

    def element_at(self, token: str) -> Element:
        """Return the element on which a token stands."""
        return self.drawing(self.scope_of(token)).by_id[self.tokens[token]]

    def waiting_for(self, wait: str) -> Element:
        """Return the element of an entry of `waits`."""
        owner, element_id = self.state["waits"][wait][:2]
        inner = self.drawing(owner).by_id.get(element_id)
        if inner is not None and inner.kind == "start":
            return inner
        return self.drawing(self.scope_of(owner)).by_id[element_id]

    def level_of(self, scope: str) -> str:
        """Return the id of the sub-process that a scope runs; empty for a whole process."""
        return "" if not scope or "p" in self.scopes.get(scope, {}) else self.tokens[scope]

    def is_body(self, scope: str) -> bool:
        """Tell whether a scope is the body of a loop (its inner tokens are the rounds)."""
        return bool(scope) and "mi" in self.scopes.get(scope, {})

    def depth_of(self, scope: str) -> int:
        """Count the scopes around a place."""
        depth = 0
        while scope:
            depth, scope = depth + 1, self.inside.get(scope, "")
        return depth

    def joins_of(self, scope: str) -> dict[str, dict[str, int]]:
        """Return the arrivals at the joins of a scope, to be changed."""
        holder = self.scopes.setdefault(scope, {}) if scope else self.state
        found: dict[str, dict[str, int]] = holder.setdefault("joins", {})
        return found

    def has_joins(self, scope: str) -> bool:
        """Tell whether tokens wait at a join of this scope."""
        return bool(self.scopes.get(scope, {}).get("joins") if scope else self.state["joins"])

    # taking back

    def cancel_inside(self, scope: str) -> None:
        """Take back everything that waits or moves in a scope, however deep, oldest first."""
        doomed = {scope}
        for token in sorted(self.tokens, key=age):
            if self.inside.get(token, "") in doomed and token != scope:
                doomed.add(token)
        doomed.discard(scope)
        for token in sorted(doomed, key=age):
            self.say_cancelled(token)
        for token in sorted(doomed, key=age):
            self._forget(token)
        gone = doomed | {scope}
        self.queue = deque(entry for entry in self.queue if entry[2] not in gone)
        self.live[scope] = 1 if self.moving == scope else 0  # the moving one is told to its scope by `release`
        self.joins_of(scope).clear()

    def cancel_token(self, token: str) -> None:
        """Take back one token with everything in it; its scope is not yet told (see `release`)."""
        self.say_cancelled(token)
        if token in self.scopes or self.live.get(token):
            self.cancel_inside(token)
        self._forget(token)

    def say_cancelled(self, token: str) -> None:
        """Say the commands that take a token and its waits back."""
        cancel = (
            None if token in self.scopes and "mi" in self.scopes[token] else _CANCEL.get(self.element_at(token).kind)
        )
        if cancel is not None:
            self.commands.append(cancel(token))
        self.cancel_waits(token)

    def cancel_waits(self, owner: str, *, only_inner: bool = False) -> None:
        """Stop waiting for events on behalf of a token or scope; `only_inner`: those of event sub-processes."""
        waits: dict[str, list[Any]] = self.state["waits"]
        for wait in [wait for wait, held in waits.items() if held[0] == owner]:
            element = self.waiting_for(wait)
            if only_inner and element.kind != "start":
                continue
            del waits[wait]
            self.keys.pop(wait, None)
            self.cycles.pop(wait, None)
            self.say_stopped(wait, element)

    def say_stopped(self, wait: str, element: Element) -> None:
        """Say that an event is no longer waited for; a receive task behind a gateway waits for a message."""
        stop = CancelMessage if element.kind == "receive" else _STOP_WAITING.get(element.event)
        if stop is not None:
            self.commands.append(stop(wait))

    def _forget(self, token: str) -> None:
        del self.tokens[token]
        self.inside.pop(token, None)
        self.scopes.pop(token, None)
        self.keys.pop(token, None)
        self.live.pop(token, None)

    def remove_token(self, token: str) -> None:
        """Take a token away whose work is done; nobody needs to be told, only its events stop."""
        self.cancel_waits(token)
        self._forget(token)

    # variables

    def visible(self, place: str) -> Mapping[str, Any]:
        """Return the variables seen from a token or scope: its own before those around it."""
        layers: list[Mapping[str, Any]] = []
        while place:
            held = self.scopes.get(place)
            if held is not None:
                layers.append(held.get("vars", {}))
                if "p" in held:
                    break
            place = self.inside.get(place, "")
        if not place:
            layers.append(self.state["vars"])
        if len(layers) == 1:
            return layers[0]
        merged: dict[str, Any] = {}
        for layer in reversed(layers):
            merged.update(layer)
        return merged

    def write(self, place: str, variables: Mapping[str, Any]) -> None:
        """Set variables where they are known, going outwards; new ones belong to the whole process."""
        self.is_dirty = self.reads_conditions
        homes: dict[str, dict[str, Any]] = {}
        for name, value in variables.items():
            homes.setdefault(self._home_of(place, name), {})[name] = value
        for home, values in homes.items():
            kept = keep_read(values, self.paths_of(home))
            if home:
                held = self.scopes[home]
                held["vars"] = {**held.get("vars", {}), **kept}
            else:
                self.state["vars"] = {**self.state["vars"], **kept}

    def set_own(self, token: str, variables: Mapping[str, Any]) -> None:
        """Give a token variables of its own, as far as they are read."""
        held = self.scopes.setdefault(token, {})
        held["vars"] = {**held.get("vars", {}), **keep_read(variables, self.paths_of(token))}

    def _home_of(self, place: str, name: str) -> str:
        while place:
            held = self.scopes.get(place, {})
            if "p" in held or name in held.get("vars", ()):
                return place
            place = self.inside.get(place, "")
        return ""

    def paths_of(self, scope: str) -> Paths:
        """Return what is read of variables in a scope: by its drawing and by the processes it calls."""
        drawing = self.drawing(scope)
        if not self.library:
            return drawing.paths
        if id(drawing) not in self._paths:
            self._paths[id(drawing)] = self._collect_paths(drawing)
        return self._paths[id(drawing)]

    def _collect_paths(self, drawing: ProcessDefinition) -> Paths:
        found, seen, waiting = set(drawing.paths), {id(drawing)}, [drawing]
        while waiting:
            for call in waiting.pop().of_kind("call"):
                called = self.library.get(call.called)
                if called is None:
                    continue
                if call.takes_all or call.gives_all:
                    found |= called.paths
                if id(called) not in seen:
                    seen.add(id(called))
                    waiting.append(called)
        if drawing is not self.definition:
            found |= self.definition.paths
        return frozenset(found)
