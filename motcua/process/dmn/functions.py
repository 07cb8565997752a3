"""Functions that a model defines, as values of FEEL; and the call of any function by the names of its parameters.

Source: OMG DMN 1.5, 10.3.2.13 (functions), 10.4 (decision services as functions).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.dmn.itemtypes import TypeFace
from motcua.process.dmn.runtime import Budget, Run, Scope
from motcua.process.feel import Expression, compile_expression
from motcua.process.feel.errors import FeelIssue
from motcua.process.feel.values import FeelFunction

Invoke = Callable[[Sequence[Any], Budget], Any]
NamedCall = Callable[[Scope, Budget, Mapping[str, Any]], Any]


class _Call:
    """What FEEL calls; the budget is that of the evaluation which made the function."""

    __slots__ = ("budget", "invoke")

    def __init__(self, invoke: Invoke, budget: Budget) -> None:
        self.invoke = invoke
        self.budget = budget

    def __call__(self, _run: Any, arguments: Sequence[Any]) -> Any:
        return self.invoke(arguments, self.budget)


def wrap_function(
    parameters: tuple[str, ...],
    invoke: Invoke,
    *,
    types: Sequence[TypeFace],
    budget: Budget,
    name: str = "",
    result: TypeFace | None = None,
) -> FeelFunction:
    """Make a FEEL function of a Python one."""
    return FeelFunction(
        parameters,
        _Call(invoke, budget),
        types=tuple(kind.feel_type() for kind in types),
        result=None if result is None else result.feel_type(),
        name=name,
    )


def make_function(
    parameters: tuple[str, ...],
    types: Sequence[TypeFace],
    body: Run,
    *,
    scope: Scope,
    budget: Budget,
    element_id: str,
    name: str = "",
    result: TypeFace | None = None,
) -> FeelFunction:
    """Make a function of a compiled body; what it sees is the scope it was defined in, and its parameters."""

    def invoke(arguments: Sequence[Any], budget: Budget) -> Any:
        inner = Scope(scope)
        inner.update(coerce_all(parameters, types, arguments, budget=budget, element_id=element_id))
        with budget.call(element_id):
            return body(inner, budget)

    return wrap_function(parameters, invoke, types=types, budget=budget, name=name, result=result)


def coerce_all(
    parameters: Sequence[str],
    types: Sequence[TypeFace],
    arguments: Sequence[Any],
    *,
    budget: Budget,
    element_id: str,
) -> dict[str, Any]:
    """Bind arguments to parameters; one that does not belong to its type becomes null, with an issue."""
    bound: dict[str, Any] = {}
    for name, kind, value in zip(parameters, types, arguments, strict=True):
        fitted = kind.coerce(value)
        if fitted is None and value is not None:
            budget.note(element_id, "dmn.type", N_("Giá trị của “%(name)s” không đúng kiểu đã khai báo.", name=name))
        bound[name] = fitted
    return bound


def call_named(
    function: Any,
    arguments: Mapping[str, Any],
    *,
    by_text: NamedCall | None,
    scope: Scope,
    budget: Budget,
    element_id: str,
) -> Any:
    """Call a function with arguments by name; wrong or missing names give null, with an issue."""
    if not isinstance(function, FeelFunction):
        budget.note(element_id, "dmn.not_a_function", N_("Nơi được gọi không phải là hàm; hãy kiểm tra tên hàm."))
        return None
    if function.builtin is not None and by_text is not None:
        return by_text(scope, budget, arguments)
    if set(function.parameters) != set(arguments) or len(function.parameters) != len(arguments):
        text = N_("Tên tham số không khớp với hàm %(name)s; hãy sửa lời gọi.", name=function.name)
        budget.note(element_id, "dmn.parameters", text)
        return None
    return call_function(
        function, [arguments[name] for name in function.parameters], budget=budget, element_id=element_id
    )


def call_function(function: FeelFunction, arguments: Sequence[Any], *, budget: Budget, element_id: str) -> Any:
    """Call a function with arguments in order."""
    if isinstance(function.call, _Call):
        return function.call.invoke(arguments, budget)
    inner = Scope({f"_dmn_{number}": value for number, value in enumerate(arguments)})
    inner["_dmn_f"] = function
    found: list[FeelIssue] = []
    value = _positional(len(arguments)).value(inner, issues=found, now=budget.now)
    budget.adopt(element_id, found)
    return value


@lru_cache(maxsize=64)
def _positional(count: int) -> Expression:
    return compile_expression(f"_dmn_f({', '.join(f'_dmn_{number}' for number in range(count))})")
