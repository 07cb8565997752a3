"""What is known of the variables that conditions read: for each, the set of values it may have now, as a bit mask.

A set per variable, not a value: a task that may answer three things is one state, and the gateway behind it splits it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any

from motcua.process.feel import Expression
from motcua.process.soundness.literals import (
    Path,
    evaluate,
    holds,
    place_value,
    read_constants,
    spread_values,
    text_of,
)
from motcua.process.soundness.races import find_races
from motcua.process.types import Element, Flow, ProcessDefinition

Masks = tuple[int, ...]
Choice = int  # bit mask over the outgoing flows of a gateway, in drawn order; 0: none applies
MAX_VARIABLES = 24
MAX_COMBINATIONS = 4_096
# What a case is opened with (dossiers): it stays as filed until a message brings new answers.
FILED = frozenset({"form", "channel", "result_channel", "applicant_kind", "fee_vnd", "copies", "filed_on", "answers"})
_ANSWERING = frozenset({"user", "service", "send", "receive", "call", "decision"})
_BRINGING = frozenset({"receive", "catch_message", "boundary_message", "start"})


@dataclass(frozen=True, slots=True)
class _Write:
    """One variable gets one of `mask`, or what `table` says for the values of `reads`."""

    variable: int
    mask: int
    reads: tuple[int, ...] = ()
    local: Mapping[int, int] = field(default_factory=dict)  # what the step itself answers, before the variable has it
    table: Mapping[tuple[int, ...], int] | None = None
    is_weak: bool = False


@dataclass(frozen=True, slots=True)
class _Gate:
    reads: tuple[int, ...]
    table: Mapping[tuple[int, ...], Choice]


@dataclass(slots=True)
class Data:
    """The variables that are followed, how steps change them, and how gateways choose by them."""

    paths: tuple[Path, ...]
    values: tuple[tuple[Any, ...], ...]
    start: Masks
    writes: dict[str, tuple[_Write, ...]] = field(default_factory=dict)
    gates: dict[str, _Gate] = field(default_factory=dict)
    _seen: dict[tuple[str, Masks], tuple[tuple[Choice, Masks], ...]] = field(default_factory=dict)

    @property
    def everything(self) -> Masks:
        return tuple((1 << len(values)) - 1 for values in self.values)

    def apply(self, element_id: str, masks: Masks) -> Masks:
        """Return what is known after the step."""
        writes = self.writes.get(element_id)
        if not writes:
            return masks
        after = list(masks)
        for write in writes:
            mask = write.mask if write.table is None else _look_up(write, masks)
            after[write.variable] = mask | after[write.variable] if write.is_weak else mask
        return tuple(after)

    def choose(self, gateway_id: str, masks: Masks) -> tuple[tuple[Choice, Masks], ...] | None:
        """Return the choices that are possible now, with what is known after each; None: anything is possible."""
        gate = self.gates.get(gateway_id)
        if gate is None:
            return None
        key = (gateway_id, masks)
        if key not in self._seen:
            self._seen[key] = tuple(_split(gate, masks))
        return self._seen[key]


def without_data() -> Data:
    """Return data that follows no variable: every gateway may choose anything."""
    return Data((), (), ())


def read_data(definition: ProcessDefinition) -> Data:
    """Find the variables worth following, and tabulate every condition and every mapping over their values."""
    constants = _collect(definition)
    paths = tuple(sorted(constants))[:MAX_VARIABLES]
    values = tuple(spread_values(constants[path]) for path in paths)
    data = Data(paths, values, ())
    written = _written_names(definition)
    data.start = tuple(
        1 if path[0] in written and path[0] not in FILED else full
        for path, full in zip(paths, data.everything, strict=True)
    )
    for element in definition.elements:
        data.writes[element.id] = tuple(_writes_of(element, data, written))
        gate = _gate_of(element, definition.outgoing.get(element.id, ()), data)
        if gate is not None:
            data.gates[element.id] = gate
    _add_scopes(definition, data)
    _loosen(definition, data)
    return data


def _loosen(definition: ProcessDefinition, data: Data) -> None:
    """Let go of what branches side by side write against one another."""
    writes = {key: frozenset(write.variable for write in lines) for key, lines in data.writes.items()}
    races = find_races(definition, writes, {key: frozenset(gate.reads) for key, gate in data.gates.items()})
    for element_id in races.free:
        del data.gates[element_id]
    if not races.at_joins:
        return
    may_be = dict.fromkeys(races.at_joins, 0)
    for lines in data.writes.values():
        for write in lines:
            if write.variable in may_be:
                may_be[write.variable] |= data.everything[write.variable] if write.table else write.mask
    for element in definition.of_kind("parallel", "inclusive"):
        if len(definition.incoming.get(element.id, ())) > 1:
            weak = tuple(_Write(variable, mask, is_weak=True) for variable, mask in sorted(may_be.items()))
            data.writes[element.id] = (*data.writes.get(element.id, ()), *weak)


def _sources(definition: ProcessDefinition) -> Iterator[tuple[str, Expression]]:
    for element in definition.elements:
        for line in element.outputs:
            yield line.target, line.source
        if element.script is not None:
            yield element.script.target, element.script.source


def _written_names(definition: ProcessDefinition) -> frozenset[str]:
    names = {target.split(".")[0] for target, _ in _sources(definition)}
    names |= {element.result_variable for element in definition.elements if element.result_variable}
    names |= {"outcome" for element in definition.of_kind("user") if element.outcomes and not element.outputs}
    return frozenset(names)


def _collect(definition: ProcessDefinition) -> dict[Path, set[Any]]:
    """Collect the variables of conditions that can be followed, then those that their values come from."""
    found: dict[Path, set[Any]] = {}
    for flow in definition.flows:
        read = read_constants(text_of(flow.condition)) if flow.condition is not None else None
        for path, values in (read or {}).items():
            found.setdefault(path, set()).update(values)
    for _ in range(len(definition.elements)):
        before = {path: len(values) for path, values in found.items()}
        for target, source in _sources(definition):
            if (target,) in found:
                _add_source(found, target, source)
        if before == {path: len(values) for path, values in found.items()}:
            break
    outcomes = {name for element in definition.of_kind("user") for name in element.outcomes}
    if ("outcome",) in found:
        found["outcome",] |= outcomes
    return found


def _add_source(found: dict[Path, set[Any]], target: str, source: Expression) -> None:
    read = read_constants(text_of(source))
    if read is None:
        return
    for path, values in read.items():
        found.setdefault(path, set()).update(values | found[target,])
    if not read:
        value = source.evaluate({})
        if isinstance(value, str):
            found[target,].add(value)


def _writes_of(element: Element, data: Data, written: frozenset[str]) -> Iterator[_Write]:
    full = data.everything
    if element.script is not None:
        yield from _write_mapped(element, element.script.target, element.script.source, data)
    for line in element.outputs:
        yield from _write_mapped(element, line.target, line.source, data)
    for variable, path in enumerate(data.paths):
        if element.result_variable and path[0] == element.result_variable:
            yield _Write(variable, full[variable])
        elif element.kind == "user" and not element.outputs and path == ("outcome",) and element.outcomes:
            yield _Write(variable, _outcome_mask(element, data, variable))
        elif not element.outputs and path[0] not in written and _may_bring(element, path):
            yield _Write(variable, full[variable])


def _may_bring(element: Element, path: Path) -> bool:
    """Tell whether a step without an output mapping may answer this variable, which no step names."""
    if element.kind in _BRINGING and element.message:
        return True
    return element.kind in _ANSWERING and path[0] not in FILED


def _outcome_mask(element: Element, data: Data, variable: int) -> int:
    places = (place_value(outcome, data.values[variable]) for outcome in element.outcomes)
    return sum({1 << place for place in places if place is not None})


def _write_mapped(element: Element, target: str, source: Expression, data: Data) -> Iterator[_Write]:
    full = data.everything
    for variable, path in enumerate(data.paths):
        if path[0] != target.split(".")[0]:
            continue
        read = read_constants(text_of(source)) if path == tuple(target.split(".")) else None
        reads = None if read is None else _index(read, data)
        if reads is None or prod(len(data.values[at]) for at in reads) > MAX_COMBINATIONS:
            yield _Write(variable, full[variable])
            continue
        table = {
            combo: _place_mask(evaluate(source, _assign(reads, combo, data)), variable, data)
            for combo in product(*(range(len(data.values[at])) for at in reads))
        }
        local = {}
        if element.kind == "user" and element.outcomes and ("outcome",) in data.paths:
            at = data.paths.index(("outcome",))
            local[at] = _outcome_mask(element, data, at)
        yield _Write(variable, 0, reads, local, table)


def _place_mask(value: Any, variable: int, data: Data) -> int:
    place = place_value(value, data.values[variable])
    return data.everything[variable] if place is None else 1 << place


def _index(read: Iterable[Path], data: Data) -> tuple[int, ...] | None:
    """Return where the variables stand; None when one of them is not followed."""
    paths = sorted(read)
    if any(path not in data.paths for path in paths):
        return None
    return tuple(data.paths.index(path) for path in paths)


def _assign(reads: Sequence[int], combo: Sequence[int], data: Data) -> dict[Path, Any]:
    return {data.paths[at]: data.values[at][place] for at, place in zip(reads, combo, strict=True)}


def _gate_of(element: Element, flows: Sequence[Flow], data: Data) -> _Gate | None:
    conditions = [flow.condition for flow in flows if flow.condition is not None]
    if len(flows) < 2 or not conditions:
        return None
    read: set[Path] = set()
    for condition in conditions:
        constants = read_constants(text_of(condition))
        if constants is None:
            return None
        read |= constants.keys()
    reads = _index(read, data)
    if reads is None or prod(len(data.values[at]) for at in reads) > MAX_COMBINATIONS:
        return None
    pick = _pick_one if element.kind == "exclusive" else _pick_all
    table = {
        combo: pick(element, flows, _assign(reads, combo, data))
        for combo in product(*(range(len(data.values[at])) for at in reads))
    }
    return _Gate(reads, table)


def _pick_one(element: Element, flows: Sequence[Flow], assignment: Mapping[Path, Any]) -> Choice:
    """Choose as the engine does: the first flow whose condition is true, else the default flow."""
    for number, flow in enumerate(flows):
        if flow.id != element.default_flow and flow.condition is not None and holds(flow.condition, assignment):
            return 1 << number
    return _default(element, flows)


def _pick_all(element: Element, flows: Sequence[Flow], assignment: Mapping[Path, Any]) -> Choice:
    """Choose as the engine does: every flow whose condition is true, else the default flow."""
    chosen = 0
    for number, flow in enumerate(flows):
        if flow.id != element.default_flow and (flow.condition is None or holds(flow.condition, assignment)):
            chosen |= 1 << number
    return chosen or _default(element, flows)


def _default(element: Element, flows: Sequence[Flow]) -> Choice:
    return sum(1 << number for number, flow in enumerate(flows) if flow.id == element.default_flow)


def _bits(mask: int) -> tuple[int, ...]:
    return tuple(at for at in range(mask.bit_length()) if mask >> at & 1)


def _look_up(write: _Write, masks: Masks) -> int:
    assert write.table is not None  # asked for by the caller
    mask = 0
    for combo in product(*(_bits(write.local.get(at, masks[at])) for at in write.reads)):
        mask |= write.table[combo]
    return mask


def _split(gate: _Gate, masks: Masks) -> Iterator[tuple[Choice, Masks]]:
    """Split what is known by the choice that it leads to."""
    found: dict[Choice, list[int]] = {}
    for combo in product(*(_bits(masks[at]) for at in gate.reads)):
        narrowed = found.setdefault(gate.table[combo], [0] * len(gate.reads))
        for number, place in enumerate(combo):
            narrowed[number] |= 1 << place
    for choice, narrowed in sorted(found.items()):
        after = list(masks)
        for at, mask in zip(gate.reads, narrowed, strict=True):
            after[at] = mask
        yield choice, tuple(after)


def _add_scopes(definition: ProcessDefinition, data: Data) -> None:
    """Let a sub-process change whatever the steps inside it change."""
    for element in definition.elements:
        parent = element.parent
        while parent:
            weak = [
                _Write(write.variable, data.everything[write.variable] if write.table else write.mask, is_weak=True)
                for write in data.writes[element.id]
                if not write.is_weak
            ]
            data.writes[parent] = (*data.writes.get(parent, ()), *weak)
            parent = definition.by_id[parent].parent
