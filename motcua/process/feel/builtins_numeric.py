"""Functions on numbers. Source: OMG DMN 1.5, 10.3.4.5 (numeric functions) and 10.3.4.2 (boolean)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from motcua.process.feel.numbers import CONTEXT, ROUNDINGS, ZERO, compute, is_whole, modulo, scale_to
from motcua.process.feel.operators import minus, negate
from motcua.process.feel.registry import builtin
from motcua.process.feel.temporal import DaysTime, YearsMonths


def _rounding(name: str) -> Callable[[Decimal, Any], Decimal | None]:
    def run(number: Decimal, scale: Decimal = ZERO) -> Decimal | None:
        return scale_to(number, scale, ROUNDINGS[name])

    return run


for _name in ("floor", "ceiling"):
    builtin(_name, "n: number")(_rounding(_name))
    builtin(_name, "n: number, scale: number")(_rounding(_name))
for _name in ("decimal", "round up", "round down", "round half up", "round half down"):
    builtin(_name, "n: number, scale: number")(_rounding(_name))


@builtin("abs", "n: number|duration")
def _abs(value: Any) -> Any:
    amount = value.nanos if isinstance(value, DaysTime) else value.months if isinstance(value, YearsMonths) else value
    return minus(value) if amount < 0 else value


@builtin("modulo", "dividend: number, divisor: number")
def _modulo(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    return modulo(dividend, divisor)


@builtin("sqrt", "number: number")
def _sqrt(number: Decimal) -> Decimal | None:
    return compute(CONTEXT.sqrt, number) if number >= 0 else None


@builtin("log", "number: number")
def _log(number: Decimal) -> Decimal | None:
    return compute(CONTEXT.ln, number) if number > 0 else None


@builtin("exp", "number: number")
def _exp(number: Decimal) -> Decimal | None:
    return compute(CONTEXT.exp, number)


@builtin("odd", "number: number")
def _odd(number: Decimal) -> bool:
    return is_whole(number) and modulo(number, Decimal(2)) == 1


@builtin("even", "number: number")
def _even(number: Decimal) -> bool:
    return is_whole(number) and modulo(number, Decimal(2)) == 0


@builtin("not", "negand: any")
def _not(negand: Any) -> bool | None:
    return negate(negand)


@builtin("is defined", "value: any")
def _is_defined(value: Any) -> bool:
    """Tell whether a value is there: a word of the drawing tools, not of the standard."""
    return value is not None
