"""The built-in functions by name: their parameters, and how arguments find them.

Source: OMG DMN 1.5, 10.3.4 (built-in functions), 10.3.2.13 (invocation), 10.3.2.9.4 (implicit conversions).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from motcua.kernel.messages import N_
from motcua.process.feel.run import Run
from motcua.process.feel.temporal import FeelDate
from motcua.process.feel.temporal_math import as_date_time
from motcua.process.feel.values import FeelFunction, kind_of

_KINDS = {
    "number": ("number",), "string": ("string",), "boolean": ("boolean",), "list": ("list",), "context": ("context",),
    "date": ("date",), "time": ("time",), "datetime": ("date and time",), "range": ("range",),
    "function": ("function",), "days": ("days and time duration",), "months": ("years and months duration",),
    "duration": ("days and time duration", "years and months duration"),
    "point": ("number", "string", "date", "time", "date and time", "days and time duration",
              "years and months duration"),
    "any": (),
}  # fmt: skip

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; no kinds at all: any value, null too. `optional` ones may be left out or be null."""

    name: str
    kinds: frozenset[str]
    optional: bool
    variadic: bool


@dataclass(frozen=True, slots=True)
class Overload:
    """One way to call a function."""

    parameters: tuple[Parameter, ...]
    run: Callable[..., Any]
    needs_run: bool
    fewest: int
    most: int


@dataclass(slots=True)
class Builtin:
    """A function by its name."""

    name: str
    overloads: list[Overload] = field(default_factory=list)
    value: Any = None


BUILTINS: dict[str, Builtin] = {}


def builtin(name: str, signature: str = "", *, needs_run: bool = False) -> Callable[[Function], Function]:
    """Register a function under a signature such as "string: string, start position: number, length: number?"."""

    def register(function: Function) -> Function:
        parameters = tuple(_parameter(part.strip()) for part in signature.split(",") if part.strip())
        fewest = sum(not (parameter.optional or parameter.variadic) for parameter in parameters)
        most = 10_000 if any(parameter.variadic for parameter in parameters) else len(parameters)
        known = BUILTINS.setdefault(name, Builtin(name))
        known.overloads.append(Overload(parameters, function, needs_run, fewest, most))
        known.value = FeelFunction(
            tuple(parameter.name for parameter in known.overloads[0].parameters), _as_value(known), name=name,
            builtin=known,
        )  # fmt: skip
        return function

    return register


def _parameter(text: str) -> Parameter:
    name, _, kind = text.partition(": ")
    optional, variadic = kind.endswith("?"), kind.endswith("*")
    kinds = [each for word in kind.rstrip("?*").split("|") for each in _KINDS[word]]
    return Parameter(name, frozenset(kinds), optional, variadic)


def _as_value(known: Builtin) -> Callable[..., Any]:
    return lambda run, arguments: call_builtin(known, run, arguments, (), 0)


def call_builtin(known: Builtin, run: Run, arguments: Sequence[Any], names: Sequence[str], at: int) -> Any:
    """Call the first form of a function that the arguments fit; null and an issue when none does."""
    for exact in (True, False):
        for overload in known.overloads:
            ordered = _order(overload, arguments, names)
            if ordered is None:
                continue
            fitted = _fit(overload, ordered, exact=exact)
            if fitted is not None:
                _charge(run, fitted)
                result = overload.run(run, *fitted) if overload.needs_run else overload.run(*fitted)
                run.settle(result)
                if result is None and run.issues is not None:
                    run.note(
                        at,
                        "feel.no_result",
                        N_("Hàm %(name)s() không có kết quả với các giá trị này.", name=known.name),
                    )
                return result
    run.note(
        at,
        "feel.wrong_arguments",
        N_("Hàm %(name)s() không nhận các giá trị này: sai số lượng hoặc sai kiểu.", name=known.name),
    )
    return None


def _charge(run: Run, arguments: list[Any]) -> None:
    """Charge for what a function must walk through."""
    for argument in arguments:
        if type(argument) is list:
            run.charge(1 + len(argument))
        elif type(argument) is str and len(argument) > 255:
            run.charge(len(argument) // 256)


def _order(overload: Overload, arguments: Sequence[Any], names: Sequence[str]) -> list[Any] | None:
    if not names:
        return list(arguments) if overload.fewest <= len(arguments) <= overload.most else None
    given = dict(zip(names, arguments, strict=True))
    if len(given) != len(names) or not given.keys() <= {parameter.name for parameter in overload.parameters}:
        return None
    ordered: list[Any] = []
    for parameter in overload.parameters:
        if parameter.name in given:
            value = given[parameter.name]
            ordered += value if parameter.variadic and isinstance(value, list) else [value]
        elif not parameter.variadic:
            ordered.append(None)
    return ordered


def _fit(overload: Overload, arguments: list[Any], *, exact: bool) -> list[Any] | None:
    parameters = overload.parameters
    last = len(parameters) - 1
    fitted: list[Any] = []
    for index, value in enumerate(arguments):
        parameter = parameters[min(index, last)]
        if not parameter.kinds or kind_of(value) in parameter.kinds or (value is None and parameter.optional):
            fitted.append(value)
            continue
        if exact or value is None:
            return None
        converted = _convert(value, parameter.kinds)
        if converted is None:
            return None
        fitted.append(converted)
    return fitted


def _convert(value: Any, kinds: frozenset[str]) -> Any:
    if isinstance(value, list) and len(value) == 1 and kind_of(value[0]) in kinds:
        return value[0]
    if "list" in kinds and not isinstance(value, list):
        return [value]
    if isinstance(value, FeelDate) and "date and time" in kinds:
        return as_date_time(value)
    return None
