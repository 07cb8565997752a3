"""The elements of a model, each compiled when it is first needed: a broken one does not spoil the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from motcua.process.dmn import nodes
from motcua.process.dmn.boxed import BoxedCompiler
from motcua.process.dmn.enforce import typed
from motcua.process.dmn.graph import Graph, Need
from motcua.process.dmn.itemtypes import FunctionOf, Plain, TypeFace
from motcua.process.dmn.literals import LiteralCompiler, Names
from motcua.process.dmn.runtime import Budget, Run, Scope
from motcua.process.dmn.typetable import TypeTable
from motcua.process.dmn.walking import member_names
from motcua.process.types import Problem

# of a required element: id, name in the scope, prefix, the class that an input may have unconverted, requirement
Slot = tuple[str, str, str | None, type | None, Need]


def _nothing(_scope: Scope, _budget: Budget) -> Any:
    return None


@dataclass(frozen=True, slots=True)
class Unit:
    """One element, ready to run. `kind` is the type of its variable; `parameters`, `outputs` are a service's."""

    kind: TypeFace
    run: Run = _nothing
    needs: tuple[Need, ...] = ()
    decisions: tuple[nodes.Decision, ...] = ()
    is_looping: bool = False
    parameters: tuple[Need, ...] = ()
    outputs: tuple[Need, ...] = ()
    finish: Callable[[Any, Budget], Any] = lambda value, _budget: value
    slots: tuple[Slot, ...] = ()


class Units:
    """Compiles the elements of one model on demand; `imported` holds those of its imports by their names."""

    def __init__(
        self, definitions: nodes.Definitions, graph: Graph, types: TypeTable, imported: Mapping[str, Units]
    ) -> None:
        self.namespace = definitions.namespace
        self.graph = graph
        self.imported = imported
        # names of members need not be declared: what a context or a table gives has them all the same
        self.members: frozenset[str] = member_names(definitions).union(*(other.members for other in imported.values()))
        self._literals = LiteralCompiler(types, self.members - {""})
        self._boxed = BoxedCompiler(self._literals)
        self._made: dict[str, Unit] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return the faults found in what has been compiled so far."""
        return tuple(self._literals.problems)

    def get(self, element: nodes.Element) -> Unit:
        """Return an element's compiled form."""
        made = self._made.get(element.id)
        if made is None:
            made = self._made[element.id] = self._make(element)
        return made

    def _make(self, element: nodes.Element) -> Unit:
        kind = self._literals.type_of(element.variable.type_ref, element.id)
        match element:
            case nodes.InputData():
                return Unit(kind)
            case nodes.Decision():
                return self._decision(element, kind)
            case nodes.Knowledge():
                return self._knowledge(element, kind)
        return self._service(element, kind)

    def _slots(self, needs: tuple[Need, ...]) -> tuple[Slot, ...]:
        return tuple((need.element.id, need.name, need.prefix, self._exact(need), need) for need in needs)

    def _exact(self, need: Need) -> type | None:
        if need.prefix is not None or not isinstance(need.element, nodes.InputData):
            return None
        kind = self.get(need.element).kind
        return kind.kind if isinstance(kind, Plain) and need.name == need.element.name else None

    def _names(self, needs: tuple[Need, ...]) -> Names:
        """Return the names that an expression may use: required elements and the imports they come through."""
        found = {need.name for need in needs} | {need.prefix for need in needs if need.prefix}
        return frozenset(found)

    def _decision(self, element: nodes.Decision, kind: TypeFace) -> Unit:
        needs = self.graph.needs[element.id]
        run = typed(self._boxed.compile(element.logic, self._names(needs)), kind, element.id)
        return Unit(
            kind,
            run,
            needs,
            self.graph.required_decisions(element.id),
            element.id in self.graph.looping,
            slots=self._slots(needs),
        )

    def _knowledge(self, element: nodes.Knowledge, kind: TypeFace) -> Unit:
        if element.logic is None:
            return Unit(kind)
        needs = self.graph.needs[element.id]
        names = self._names(needs) | {element.variable.name}
        output = _result_type(kind)
        run = self._boxed.function(element.logic, names, output=output, name=element.name)
        return Unit(kind, run, needs, slots=self._slots(needs))

    def _service(self, element: nodes.Service, kind: TypeFace) -> Unit:
        find = self.graph.find
        parameters = tuple(need for item in (*element.inputs, *element.decisions) if (need := find(item)))
        outputs = tuple(need for item in element.outputs if (need := find(item)))
        coerce = typed(lambda scope, _budget: scope["_"], _result_type(kind), element.id)
        return Unit(
            kind,
            parameters=parameters,
            outputs=outputs,
            finish=lambda value, budget: coerce(Scope({"_": value}), budget),
        )


def _result_type(kind: TypeFace) -> TypeFace:
    resolved: TypeFace = getattr(kind, "resolve", lambda: kind)()
    return resolved.output_type() if isinstance(resolved, FunctionOf) else kind
