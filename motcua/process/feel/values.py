"""Values of the expression language: null, boolean, decimal, string, list; three-valued logic."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Context, Decimal
from typing import Any

# Source: OMG DMN 1.5, 10.3.2.3.1: numbers are decimal, 34 digits, halves go to the even neighbour.
_CONTEXT = Context(prec=34, traps=[])
_MAX_TEXT = 10_000


def to_value(raw: Any) -> Any:
    """Turn a plain JSON value into one the language computes with; what it does not know becomes null."""
    if raw is None or isinstance(raw, (bool, str)):
        return raw
    if isinstance(raw, Decimal):
        return _finite(raw)
    if isinstance(raw, int):
        return _finite(_CONTEXT.create_decimal(raw))
    if isinstance(raw, float):
        return _finite(_CONTEXT.create_decimal(repr(raw)))
    if isinstance(raw, (list, tuple)):
        return [to_value(item) for item in raw]
    return raw if isinstance(raw, Mapping) else None


def to_plain(value: Any) -> Any:
    """Turn a computed value back into plain JSON data: whole numbers as int, others as float."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_plain(to_value(item)) for key, item in value.items()}
    return value


def _finite(number: Decimal) -> Decimal | None:
    return number if number.is_finite() and abs(number.adjusted()) < 100 else None


def read_path(scope: Mapping[str, Any], path: Sequence[str]) -> Any:
    """Follow names from the variables down; a name that is not there gives null."""
    current: Any = scope
    for name in path:
        if not isinstance(current, Mapping):
            return None
        current = current.get(name)
    return to_value(current)


def equal(left: Any, right: Any) -> bool | None:
    """Compare for equality; different types give null, null equals only null."""
    if left is None or right is None:
        return left is None and right is None
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right if isinstance(left, bool) and isinstance(right, bool) else None
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(equal(a, b) is True for a, b in zip(left, right, strict=True))
    if type(left) is not type(right):
        return None
    return bool(left == right)


def negate(value: Any) -> bool | None:
    return None if not isinstance(value, bool) else not value


def both(left: Any, right: Any) -> bool | None:
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def either(left: Any, right: Any) -> bool | None:
    if left is True or right is True:
        return True
    return False if left is False and right is False else None


def compare(operator: str) -> Callable[[Any, Any], bool | None]:
    """Return the ordering comparison; only number with number and text with text have an order."""
    tests: dict[str, Callable[[Any, Any], bool]] = {
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
    }
    test = tests[operator]

    def run(left: Any, right: Any) -> bool | None:
        comparable = (isinstance(left, Decimal) and isinstance(right, Decimal)) or (
            isinstance(left, str) and isinstance(right, str)
        )
        return test(left, right) if comparable else None

    return run


def add(left: Any, right: Any) -> Any:
    if isinstance(left, str) and isinstance(right, str):
        return left + right if len(left) + len(right) <= _MAX_TEXT else None
    return _number(_CONTEXT.add, left, right)


def subtract(left: Any, right: Any) -> Any:
    return _number(_CONTEXT.subtract, left, right)


def multiply(left: Any, right: Any) -> Any:
    return _number(_CONTEXT.multiply, left, right)


def divide(left: Any, right: Any) -> Any:
    return _number(_CONTEXT.divide, left, right)


def _number(operation: Callable[[Decimal, Decimal], Decimal], left: Any, right: Any) -> Decimal | None:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return _finite(operation(left, right))
    return None


def contains_value(items: Any, wanted: Any) -> bool | None:
    """Tell whether a list holds the value; null when the list is none."""
    if not isinstance(items, list):
        return equal(wanted, items)
    return any(equal(item, wanted) is True for item in items)


def _text_test(test: Callable[[str, str], bool]) -> Callable[..., Any]:
    def run(text: Any, part: Any) -> bool | None:
        return test(text, part) if isinstance(text, str) and isinstance(part, str) else None

    return run


def _of_numbers(fold: Callable[[list[Decimal]], Decimal]) -> Callable[..., Any]:
    def run(*arguments: Any) -> Decimal | None:
        items = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], list) else list(arguments)
        if not items or not all(isinstance(item, Decimal) for item in items):
            return None
        return _finite(fold(items))

    return run


def _sum(numbers: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for number in numbers:
        total = _CONTEXT.add(total, number)
    return total


# name -> (function, fewest arguments, most arguments)
FUNCTIONS: dict[str, tuple[Callable[..., Any], int, int]] = {
    "not": (negate, 1, 1),
    "contains": (_text_test(lambda text, part: part in text), 2, 2),
    "starts with": (_text_test(str.startswith), 2, 2),
    "ends with": (_text_test(str.endswith), 2, 2),
    "string length": (lambda text: Decimal(len(text)) if isinstance(text, str) else None, 1, 1),
    "list contains": (lambda items, item: contains_value(items, item) if isinstance(items, list) else None, 2, 2),
    "count": (lambda items: Decimal(len(items)) if isinstance(items, list) else None, 1, 1),
    "is defined": (lambda value: value is not None, 1, 1),
    "sum": (_of_numbers(_sum), 1, 20),
    "min": (_of_numbers(min), 1, 20),
    "max": (_of_numbers(max), 1, 20),
}
