"""A decision model that can be asked: by decision, by knowledge model, by decision service.

Source: OMG DMN 1.5, chapters 6, 7, 8 and 10.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.dmn import describe, nodes
from motcua.process.dmn.graph import Graph, Need, need_of
from motcua.process.dmn.runtime import Budget, TooLongError
from motcua.process.dmn.session import Session
from motcua.process.dmn.types import (
    DecisionInfo,
    DecisionIssue,
    DecisionResult,
    InputInfo,
    ServiceInfo,
    TableInfo,
)
from motcua.process.dmn.typetable import TypeTable
from motcua.process.dmn.units import Units
from motcua.process.feel.values import FeelFunction, to_value
from motcua.process.types import Problem

Act = Callable[[Session], Any]


class DecisionModel:
    """A model, checked and ready; immutable but for what it has compiled."""

    def __init__(
        self,
        definitions: nodes.Definitions,
        imported: Mapping[str, DecisionModel],
        load_problems: tuple[Problem, ...] = (),
    ) -> None:
        self.name = definitions.name
        self.namespace = definitions.namespace
        self.definitions = definitions
        self.imported = imported
        self.types: TypeTable = TypeTable(definitions, {name: model.types for name, model in imported.items()})
        prefixes = {item.namespace: item.name for item in definitions.imports if item.name in imported}
        self.graph: Graph = Graph(
            definitions, {model.namespace: model.graph.elements for model in imported.values()}, prefixes
        )
        self.units: Units = Units(
            definitions, self.graph, self.types, {name: model.units for name, model in imported.items()}
        )
        self._asked: dict[str, Need] = {}
        self._load_problems = load_problems

    @cached_property
    def decisions(self) -> tuple[DecisionInfo, ...]:
        return describe.describe_decisions(self.definitions)

    @cached_property
    def inputs(self) -> tuple[InputInfo, ...]:
        return describe.describe_inputs(self.definitions, self.types)

    @cached_property
    def tables(self) -> tuple[TableInfo, ...]:
        return describe.describe_tables(self.definitions, self.types)

    @cached_property
    def services(self) -> tuple[ServiceInfo, ...]:
        return describe.describe_services(self.definitions)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Compile everything and return all faults; an unusable part gives null when it is asked all the same."""
        for element in self.definitions.elements:
            self.units.get(element)
        found = (
            *self._load_problems,
            *self.definitions.problems,
            *self.types.problems,
            *self.graph.problems,
            *self.units.problems,
            *(problem for model in self.imported.values() for problem in model.problems),
        )
        return tuple(dict.fromkeys(found))

    def evaluate(self, decision: str, inputs: Mapping[str, Any], *, now: datetime | None = None) -> DecisionResult:
        """Evaluate a decision by name or id on inputs by name (those of an import: a context under its name).

        `now` is the moment that `now()` and `today()` tell; without it they are null.

        Raises: KeyError when the model has no such decision.
        """
        need = self._asked.get(decision)
        if need is None:
            need = self._asked[decision] = self._find(decision, nodes.Decision)
        return self._run(inputs, lambda session: session.value_of(need), now)

    def evaluate_service(
        self, service: str, inputs: Mapping[str, Any], *, now: datetime | None = None
    ) -> DecisionResult:
        """Run a decision service on its input data and input decisions by name.

        Raises: KeyError when the model has no such service.
        """
        return self.invoke(service, inputs, now=now)

    def invoke(self, name: str, arguments: Mapping[str, Any], *, now: datetime | None = None) -> DecisionResult:
        """Call a knowledge model or a decision service with arguments by name; one left out is null.

        Raises: KeyError when the model has neither of this name.
        """
        need = self._find(name, (nodes.Knowledge, nodes.Service))

        def act(session: Session) -> Any:
            function = session.value_of(need)
            if not isinstance(function, FeelFunction):
                return None
            values = [to_value(arguments.get(parameter)) for parameter in function.parameters]
            return function.call(None, values)

        return self._run({}, act, now)

    def _find(self, name: str, kind: type | tuple[type, ...]) -> Need:
        element = self.graph.elements.get(name)
        if element is not None and isinstance(element, kind):
            return need_of(None, element)
        clean = " ".join(name.split())
        for element in self.definitions.elements:
            if element.name == clean and isinstance(element, kind):
                return need_of(None, element)
        for prefix, model in self.imported.items():
            if not prefix or name.startswith(f"{prefix}."):
                inner = model._find(name.removeprefix(f"{prefix}.") if prefix else name, kind)
                if inner.prefix is None:
                    return need_of(prefix, inner.element)
        raise KeyError(name)

    def _run(self, inputs: Mapping[str, Any], act: Act, now: datetime | None) -> DecisionResult:
        budget = Budget(now)
        try:
            value = act(Session(self.units, inputs, budget))
        except TooLongError as stop:
            return DecisionResult(None, (*budget.issues, stop.issue))
        except RecursionError:
            text = N_("Lời gọi lồng nhau quá sâu nên đã dừng; hãy xem lại hàm gọi chính nó.")
            return DecisionResult(None, (*budget.issues, DecisionIssue("", "dmn.too_deep", text)))
        return DecisionResult(value, tuple(budget.issues))
