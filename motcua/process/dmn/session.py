"""One evaluation of one model: inputs, what was decided so far, functions; a child for each import.

Source: OMG DMN 1.5, 10.4 (execution semantics of decision services), 10.3.2.13.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from motcua.kernel.messages import N_
from motcua.process.dmn import nodes
from motcua.process.dmn.functions import coerce_all, wrap_function
from motcua.process.dmn.graph import Need
from motcua.process.dmn.runtime import Budget, Scope
from motcua.process.feel.values import FeelFunction, Values, to_value

if TYPE_CHECKING:
    from motcua.process.dmn.units import Unit, Units

_MISSING = object()


class Session:
    """Holds results by element id, so that nothing is decided twice."""

    __slots__ = ("_children", "_is_trusted", "_known", "_outer", "_prefix", "budget", "inputs", "units")

    def __init__(
        self,
        units: Units,
        inputs: Mapping[str, Any],
        budget: Budget,
        *,
        outer: Session | None = None,
        prefix: str = "",
    ) -> None:
        self.units = units
        self.inputs = inputs
        self._is_trusted = type(inputs) is Values
        self.budget = budget
        self._known: dict[str, Any] = {}
        self._children: dict[str, Session] = {}
        self._outer = outer
        self._prefix = prefix

    def child(self, prefix: str) -> Session:
        """Return the evaluation of an imported model."""
        if prefix not in self._children:
            own = self.inputs.get(prefix) if prefix else self.inputs
            inputs = own if isinstance(own, Mapping) else {}
            self._children[prefix] = Session(
                self.units.imported[prefix], inputs, self.budget, outer=self, prefix=prefix
            )
        return self._children[prefix]

    def give(self, need: Need, value: Any) -> None:
        """Set the value of an element from outside: a parameter of a decision service."""
        owner = self if need.prefix is None else self.child(need.prefix)
        owner._known[need.element.id] = value

    def value_of(self, need: Need) -> Any:
        """Return the value of a required element."""
        owner = self if need.prefix is None else self.child(need.prefix)
        element = need.element
        known = owner._known.get(element.id, _MISSING)
        if known is not _MISSING:
            return known
        match element:
            case nodes.InputData():
                return owner._input(element)
            case nodes.Decision():
                return owner.decide(element)
            case nodes.Knowledge():
                return owner._function(element)
        return owner._service(element)

    def decide(self, decision: nodes.Decision) -> Any:
        """Evaluate a decision after all that it needs, without deep recursion."""
        known = self._known
        waiting = [decision]
        while waiting:
            current = waiting[-1]
            if current.id in known:
                waiting.pop()
                continue
            unit = self.units.get(current)
            missing = [need for need in unit.decisions if need.id not in known]
            if missing and not unit.is_looping:
                waiting += missing
                continue
            known[current.id] = self._compute(unit, current)
            waiting.pop()
        return known[decision.id]

    def _compute(self, unit: Unit, decision: nodes.Decision) -> Any:
        if unit.is_looping:
            text = N_("Quyết định “%(name)s” dựa vào chính nó; hãy bỏ vòng yêu cầu.", name=decision.name)
            self.budget.note(decision.id, "dmn.cycle", text)
            return None
        return unit.run(self._scope(unit), self.budget)

    def _scope(self, unit: Unit) -> Scope:
        scope = Scope()
        known, inputs, is_trusted = self._known, self.inputs, self._is_trusted
        for identity, name, prefix, exact, need in unit.slots:
            if prefix is None:
                value = known.get(identity, _MISSING)
                if value is _MISSING:
                    if exact is not None:  # the short way for an input that needs no conversion
                        value = inputs.get(name)
                        if value.__class__ is exact and (is_trusted or exact is str or exact is bool):
                            known[identity] = scope[name] = value
                            continue
                    value = self.value_of(need)
                scope[name] = value
            elif prefix:
                scope.setdefault(prefix, {})[name] = self.value_of(need)
            else:
                scope[name] = self.value_of(need)
        return scope

    def _input(self, element: nodes.InputData) -> Any:
        raw = self.inputs.get(element.name, _MISSING)
        if raw is _MISSING:
            raw = self._find_input(element)
        kind = self.units.get(element).kind
        value = None
        if raw is not _MISSING and raw is not None:
            value = kind.coerce(raw if self._is_trusted else to_value(raw))
        if raw is _MISSING:
            text = N_("Chưa có dữ liệu đầu vào “%(name)s”.", name=element.name)
            self.budget.note(element.id, "dmn.input_missing", text)
        elif value is None and raw is not None:
            text = N_("Dữ liệu đầu vào “%(name)s” không đúng kiểu hoặc không được phép.", name=element.name)
            self.budget.note(element.id, "dmn.type", text)
        self._known[element.id] = value
        return value

    def _find_input(self, element: nodes.InputData) -> Any:
        """Look for an input where the standard puts it (under the import's name), then by any name it may have."""
        for name in (element.name, element.variable.name):
            if name in self.inputs:
                return self.inputs[name]
        path = element.name
        session: Session | None = self
        while session is not None:
            for name in (path, element.name, f"{self.units.namespace}#{element.name}"):
                if name in session.inputs:
                    return session.inputs[name]
            path = f"{session._prefix}.{path}" if session._prefix else path
            session = session._outer
        return _MISSING

    def _function(self, element: nodes.Knowledge) -> FeelFunction | None:
        unit = self.units.get(element)
        scope = Scope()
        function = unit.run(scope, self.budget)
        self._known[element.id] = function  # first: a function may call itself, straight or by way of others
        scope.update(self._scope(unit))
        scope.setdefault(element.variable.name, function)
        return function if isinstance(function, FeelFunction) else None

    def _service(self, element: nodes.Service) -> FeelFunction:
        unit = self.units.get(element)

        def invoke(arguments: Sequence[Any], budget: Budget) -> Any:
            with budget.call(element.id):
                return self.run_service(element, arguments)

        names = tuple(need.element.name for need in unit.parameters)
        types = [self._type_of(need) for need in unit.parameters]
        function = wrap_function(names, invoke, types=types, budget=self.budget, name=element.name)
        self._known[element.id] = function
        return function

    def run_service(self, element: nodes.Service, arguments: Sequence[Any]) -> Any:
        """Run a decision service on values for its input data and input decisions, in this order."""
        unit = self.units.get(element)
        inner = Session(self.units, {}, self.budget)
        types = [self._type_of(need) for need in unit.parameters]
        names = [str(place) for place in range(len(unit.parameters))]
        bound = coerce_all(names, types, arguments, budget=self.budget, element_id=element.id)
        for name, need in zip(names, unit.parameters, strict=True):
            inner.give(need, bound[name])
        values = [inner.value_of(need) for need in unit.outputs]
        result = values[0] if len(values) == 1 else {
            need.name: value for need, value in zip(unit.outputs, values, strict=True)
        }  # fmt: skip
        return unit.finish(result, self.budget)

    def _type_of(self, need: Need) -> Any:
        owner = self.units if need.prefix is None else self.units.imported[need.prefix]
        return owner.get(need.element).kind
