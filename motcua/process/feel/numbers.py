"""Numbers: decimal128, computed to 34 digits, halves to the even neighbour.

Source: OMG DMN 1.5, 10.3.2.3.1 (number).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    ROUND_UP,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Any

CONTEXT = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, clamp=0)
CONTEXT.traps = dict.fromkeys(CONTEXT.traps, False) | {InvalidOperation: True, DivisionByZero: True, Overflow: True}
# Wide enough to move any number by any scale without losing a digit.
_WIDE = Context(prec=12_600, Emin=-999_999, Emax=999_999)
_LOWEST_SCALE, _HIGHEST_SCALE = -6111, 6176

ZERO, ONE = Decimal(0), Decimal(1)
_LITERAL = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?")
MAX_DIGITS = 7_000


def parse_number(text: str) -> Decimal | None:
    """Read a number as FEEL writes it; None when it is none or too large."""
    if len(text) > MAX_DIGITS or not text.isascii() or _LITERAL.fullmatch(text) is None:
        return None
    return rounded(Decimal(text))


def rounded(number: Decimal) -> Decimal | None:
    """Round to 34 digits; None when the number has no place in decimal128."""
    if not number.is_finite():
        return None
    try:
        return CONTEXT.plus(number)
    except DecimalException:
        return None


def format_number(number: Decimal) -> str:
    """Write a number without exponent and without needless zeros."""
    if number == 0:
        return "0"
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text


def is_whole(number: Decimal) -> bool:
    """Tell whether a number has no fraction."""
    return number == number.to_integral_value(rounding=ROUND_DOWN)


def compute(operation: Callable[..., Decimal], *operands: Decimal) -> Decimal | None:
    """Compute in decimal128; None for what has no result (division by zero, overflow)."""
    try:
        result = operation(*operands)
    except DecimalException:
        return None
    return result if result.is_finite() else None


def power(base: Decimal, exponent: Decimal) -> Decimal | None:
    """Raise to a power; None when the result is not a number."""
    if base == 0 and exponent == 0:
        return ONE
    return compute(CONTEXT.power, base, exponent)


def modulo(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """Return dividend - divisor * floor(dividend / divisor); the sign is the divisor's."""
    if divisor == 0:
        return None
    wide = Context(prec=max(34, dividend.adjusted() - divisor.adjusted() + 70) if dividend else 34)
    rest = wide.remainder(dividend, divisor)
    if rest and (rest < 0) != (divisor < 0):
        rest = wide.add(rest, divisor)
    return rounded(rest)


def scale_to(number: Decimal, scale: Any, rounding: str) -> Decimal | None:
    """Round to so many digits after the point (before it, when negative)."""
    if not isinstance(scale, Decimal) or not _LOWEST_SCALE <= scale <= _HIGHEST_SCALE:
        return None
    digits = int(scale)
    if -digits <= number.as_tuple().exponent:  # type: ignore[operator]  # only infinities have letters here
        return rounded(number)
    moved = _WIDE.scaleb(number, digits)
    return rounded(_WIDE.scaleb(moved.to_integral_value(rounding=rounding, context=_WIDE), -digits))


ROUNDINGS = {
    "floor": ROUND_FLOOR,
    "ceiling": ROUND_CEILING,
    "decimal": ROUND_HALF_EVEN,
    "round up": ROUND_UP,
    "round down": ROUND_DOWN,
    "round half up": "ROUND_HALF_UP",
    "round half down": "ROUND_HALF_DOWN",
}
