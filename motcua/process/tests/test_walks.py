"""Random walks over random well-formed processes: no token is lost, every walk ends clean, replay gives the same."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.process import public as p
from motcua.process.migration import migrate_state
from motcua.process.tests import drawings as d

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)

Block = tuple[Any, ...]
_LEAVES = st.sampled_from([("user",), ("service",), ("timer",), ("message",), ("script",), ("manual",), ("guarded",),
                           ("several",), ("one_by_one",), ("alarm",)])  # fmt: skip


def _grow(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    several = st.lists(inner, min_size=2, max_size=3)
    kinds = st.sampled_from(["sequence", "choice", "parallel", "race", "either"])
    around = st.sampled_from(["loop", "sub", "handled", "guarded_sub"])
    return st.tuples(kinds, several) | st.tuples(around, inner)


BLOCKS = st.recursive(_LEAVES, _grow, max_leaves=8)


@dataclass
class Pen:
    """Draws blocks; each gives the id by which it is entered and the one by which it is left."""

    parts: list[str] = field(default_factory=list)
    count: int = 0

    def new(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def draw(self, block: Block) -> tuple[str, str]:
        return getattr(self, f"draw_{block[0]}")(*block[1:])  # type: ignore[no-any-return]  # chosen by name

    def leaf(self, part: str, name: str) -> tuple[str, str]:
        self.parts.append(part)
        return name, name

    def draw_user(self) -> tuple[str, str]:
        name = self.new("user")
        return self.leaf(d.user(name), name)

    def draw_service(self) -> tuple[str, str]:
        name = self.new("service")
        return self.leaf(d.service(name), name)

    def draw_timer(self) -> tuple[str, str]:
        name = self.new("timer")
        return self.leaf(d.catch(name, d.timer("P1D")), name)

    def draw_message(self) -> tuple[str, str]:
        name = self.new("message")
        return self.leaf(d.catch(name, d.message("m")), name)

    def draw_script(self) -> tuple[str, str]:
        name = self.new("script")
        return self.leaf(d.script(name, "=1 + 1", "computed"), name)

    def draw_manual(self) -> tuple[str, str]:
        name = self.new("manual")
        return self.leaf(f'<bpmn:manualTask id="{name}" />', name)

    def draw_guarded(self) -> tuple[str, str]:
        """A task with all four kinds of events on it; the interrupting ones meet the task again behind it."""
        task, merge, end = self.new("user"), self.new("merge"), self.new("end")
        self.parts += [d.user(task), d.gateway(merge), d.end(end), d.flow(task, merge)]
        for definition, interrupting in (
            (d.timer("P1D"), True), (d.message("m"), True), (d.timer("P2D"), False), (d.message("n"), False),
        ):  # fmt: skip
            name = self.new("boundary")
            self.parts.append(d.boundary(name, task, definition, interrupting=interrupting))
            self.parts.append(d.flow(name, merge if interrupting else end))
        return task, merge

    def draw_sequence(self, blocks: list[Block]) -> tuple[str, str]:
        ends = [self.draw(block) for block in blocks]
        for (_, left), (right, _) in zip(ends, ends[1:], strict=False):
            self.parts.append(d.flow(left, right))
        return ends[0][0], ends[-1][1]

    def draw_choice(self, blocks: list[Block]) -> tuple[str, str]:
        split, merge = self.new("split"), self.new("merge")
        ends = [self.draw(block) for block in blocks]
        self.parts += [d.gateway(split, default=f"{split}__{ends[0][0]}"), d.gateway(merge)]
        for number, (entry, leaving) in enumerate(ends):
            self.parts.append(d.flow(split, entry, f"=x = {number}" if number else ""))
            self.parts.append(d.flow(leaving, merge))
        return split, merge

    def draw_parallel(self, blocks: list[Block]) -> tuple[str, str]:
        fork, join = self.new("fork"), self.new("join")
        self.parts += [d.gateway(fork, "parallel"), d.gateway(join, "parallel")]
        for block in blocks:
            entry, leaving = self.draw(block)
            self.parts += [d.flow(fork, entry), d.flow(leaving, join)]
        return fork, join

    def draw_race(self, blocks: list[Block]) -> tuple[str, str]:
        gateway, merge = self.new("race"), self.new("merge")
        self.parts += [d.gateway(gateway, "eventBased"), d.gateway(merge)]
        for number, block in enumerate(blocks):
            name = self.new("catch")
            self.parts.append(d.catch(name, d.message("m") if number % 2 else d.timer("P3D")))
            entry, leaving = self.draw(block)
            self.parts += [d.flow(gateway, name), d.flow(name, entry), d.flow(leaving, merge)]
        return gateway, merge

    def draw_either(self, blocks: list[Block]) -> tuple[str, str]:
        """An inclusive split and its join: some of the branches, but at least the first."""
        split, join = self.new("either"), self.new("gather")
        ends = [self.draw(block) for block in blocks]
        self.parts += [d.gateway(split, "inclusive", default=f"{split}__{ends[0][0]}"), d.gateway(join, "inclusive")]
        for number, (entry, leaving) in enumerate(ends):
            self.parts.append(d.flow(split, entry, f"=x >= {number}" if number else ""))
            self.parts.append(d.flow(leaving, join))
        return split, join

    def draw_several(self) -> tuple[str, str]:
        name = self.new("several")
        return self.leaf(d.task(name, d.several(cardinality="=x + 1", until="=x = 2")), name)

    def draw_one_by_one(self) -> tuple[str, str]:
        name = self.new("one_by_one")
        return self.leaf(d.task(name, d.several(cardinality="=2", one_by_one=True)), name)

    def draw_alarm(self) -> tuple[str, str]:
        """A throw that nobody hears."""
        name = self.new("alarm")
        return self.leaf(d.throw(name, d.signal("fire")), name)

    def draw_sub(self, block: Block, *more: str) -> tuple[str, str]:
        name, begin, last = self.new("sub"), self.new("begin"), self.new("last")
        inner = Pen(count=self.count)
        entry, leaving = inner.draw(block)
        self.count = inner.count
        parts = [d.start(begin), d.end(last), *inner.parts, *more, d.chain(begin, entry), d.chain(leaving, last)]
        return self.leaf(d.sub(name, *parts), name)

    def draw_handled(self, block: Block) -> tuple[str, str]:
        """A sub-process with a handler of its own that may come again and again, and one that ends all else."""
        beside, instead, task, end, end_too = (self.new(kind) for kind in ("beside", "instead", "user", "he", "hf"))
        return self.draw_sub(
            block,
            d.handler(beside, d.message("n"), d.user(task), d.end(end), d.chain(f"{beside}_start", task, end),
                      interrupting=False),
            d.handler(instead, d.timer("P9D"), d.end(end_too), d.chain(f"{instead}_start", end_too)),
        )  # fmt: skip

    def draw_guarded_sub(self, block: Block) -> tuple[str, str]:
        entry, name = self.draw_sub(block)
        late, merge = self.new("late"), self.new("merge")
        self.parts += [
            d.boundary(late, name, d.timer("P1D")),
            d.gateway(merge),
            d.flow(late, merge),
            d.flow(name, merge),
        ]
        return entry, merge

    def draw_loop(self, block: Block) -> tuple[str, str]:
        merge, pause, split, out = self.new("merge"), self.new("user"), self.new("split"), self.new("out")
        entry, leaving = self.draw(block)
        self.parts += [d.gateway(merge), d.user(pause), d.gateway(split, default=f"{split}__{out}"), d.gateway(out)]
        self.parts += [d.chain(merge, entry), d.chain(leaving, pause, split, out), d.flow(split, merge, "=x = 1")]
        return merge, out


def to_definition(block: Block) -> p.ProcessDefinition:
    pen = Pen()
    entry, leaving = pen.draw(block)
    parts = [
        d.start(),
        d.end("final", outcome="approved"),
        *pen.parts,
        d.chain("start", entry),
        d.chain(leaving, "final"),
    ]
    return p.parse_process(d.drawing(*parts, messages=("m", "n"), head=d.declare(signals=("fire",))))


@dataclass
class World:
    """What a platform would keep that obeys the commands."""

    open: dict[str, str] = field(default_factory=dict)
    ends: int = 0

    def obey(self, commands: tuple[p.Command, ...]) -> None:
        for command in commands:
            match command:
                case p.CreateTask():
                    self.open[command.token] = "task"
                case p.RunService():
                    self.open[command.token] = "service"
                case p.ScheduleTimer():
                    self.open[command.token] = "timer"
                case p.AwaitMessage():
                    self.open[command.token] = f"message:{command.name}"
                case p.CancelTask() | p.CancelService() | p.CancelTimer() | p.CancelMessage():
                    del self.open[command.token]
                case p.EndCase():
                    self.ends += 1

    def choose(self, data: st.DataObject, *, x: int, is_late: bool) -> p.ProcessEvent:
        """Pick what happens next; late in the walk, not again and again what may come for ever."""
        waiting = sorted(self.open)
        if is_late:
            waiting = [token for token in waiting if self.open[token] != "message:n"] or waiting
        token = data.draw(st.sampled_from(waiting))
        kind = self.open[token]
        if kind.startswith("message:"):
            return p.MessageReceived(kind.removeprefix("message:"), {"x": x})
        if kind == "timer":
            return p.TimerFired(token)
        return p.TaskCompleted(token, {"x": x}) if kind == "task" else p.ServiceCompleted(token, {"x": x})


def settle(world: World, before: p.Step, event: p.ProcessEvent, after: p.Step) -> None:
    """Forget what the event used up: the platform marks it done itself."""
    if isinstance(event, p.MessageReceived):
        waiting = {**before.state["tokens"], **before.state["waits"]}
        still = {**after.state["tokens"], **after.state["waits"]}
        cancelled = {c.token for c in after.commands if isinstance(c, p.CancelMessage)}
        for token in waiting.keys() - still.keys() - cancelled:
            if world.open.get(token) == f"message:{event.name}":
                del world.open[token]
    else:
        assert isinstance(event, p.TaskCompleted | p.ServiceCompleted | p.TimerFired)
        del world.open[event.token]


def check(definition: p.ProcessDefinition, step: p.Step, world: World) -> None:
    state = step.state
    assert json.loads(json.dumps(state)) == state
    work, beside = p.open_elements(definition, state), p.open_events(definition, state)
    assert set(world.open) == {one.token for one in work if one.kind != "event_gateway"} | {one.token for one in beside}
    assert all(wait[0] == "" or wait[0] in state["tokens"] for wait in state["waits"].values())
    assert all(scope in state["tokens"] for scope in state.get("in", {}).values())
    assert set(state.get("scopes", {})) <= set(state["tokens"])
    if not state["ended"]:  # moving to the same drawing changes nothing
        assert migrate_state(definition, definition, state, {}, now=NOW) == p.Step(state, ())
    assert state["ended"] == (not state["tokens"]) == bool(world.ends)
    assert world.ends <= 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(BLOCKS, st.data())
@pytest.mark.slow
def test_walks_lose_no_token_and_end_clean(block: Block, data: st.DataObject) -> None:
    definition = to_definition(block)
    world, events = World(), []
    step = p.start(definition, {"x": 0}, now=NOW)
    first = step
    world.obey(step.commands)
    check(definition, step, world)
    for number in range(400):
        if step.state["ended"]:
            break
        event = world.choose(data, x=data.draw(st.integers(0, 2)) if number < 15 else 0, is_late=number >= 30)
        before, step = step, p.advance(definition, step.state, event, now=NOW + timedelta(hours=number))
        events.append((event, step))
        settle(world, before, event, step)
        world.obey(step.commands)
        check(definition, step, world)
        assert len(json.dumps(step.state)) < 4096
    assert step.state["ended"]
    assert world.open == {}
    again = first
    for number, (event, expected) in enumerate(events):
        again = p.advance(definition, json.loads(json.dumps(again.state)), event, now=NOW + timedelta(hours=number))
        assert again == expected
