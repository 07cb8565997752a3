"""Write an expression as small JSON operations that a browser can evaluate; the server judges again.

Literals are bare JSON. Everything else is a list with its operation first: ["get", "a", "b"], ["+", l, r], ["neg", x],
["=", l, r], ["and", l, r], ["not", x], ["if", c, a, b], ["between", x, low, high], ["in", x, test, …],
["list", …], ["call", name, …], ["some" | "every", name, list, condition]. A test of `in` is a value,
["range", "[" or "(", low, high, "]" or ")"] or ["cmp", "<", value].
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from motcua.process.feel import syntax
from motcua.process.feel.expression import Expression
from motcua.process.feel.syntax import Node

# name -> fewest and most arguments
_CALLS = {
    "count": (1, 1), "sum": (1, 20), "min": (1, 20), "max": (1, 20), "contains": (2, 2), "starts with": (2, 2),
    "ends with": (2, 2), "string length": (1, 1), "list contains": (2, 2), "is defined": (1, 1),
    "upper case": (1, 1), "lower case": (1, 1), "date": (1, 1),
}  # fmt: skip
_OPERATORS = frozenset({"+", "-", "*", "/", "=", "!=", "<", "<=", ">", ">=", "and", "or"})
# JSON numbers are read as binary fractions of 53 bits: what needs more digits stays with the server.
_MAX_DIGITS = 15


class _NotPortable(Exception):
    """The expression goes beyond what the browser evaluates."""


def to_portable(expression: Expression) -> Any:
    """Return the operations; None for what the browser's evaluator cannot do (and for the literal null)."""
    if expression.node is None:
        return None
    try:
        return _write(expression.node)
    except (_NotPortable, RecursionError):
        return None


def _write(node: Node) -> Any:
    write = _WRITERS.get(type(node))
    if write is None:
        raise _NotPortable
    return write(node)


def _literal(node: syntax.Literal) -> Any:
    value = node.value
    if value is None or isinstance(value, (bool, str)):
        return value
    if not isinstance(value, Decimal) or len(value.normalize().as_tuple().digits) > _MAX_DIGITS:
        raise _NotPortable
    if abs(value.adjusted()) > _MAX_DIGITS:
        raise _NotPortable
    return int(value) if value == value.to_integral_value() else float(value)


def _name(node: syntax.Name) -> Any:
    return ["get", node.name]


def _path(node: syntax.Path) -> Any:
    source = _write(node.source)
    if not isinstance(source, list) or source[0] != "get":
        raise _NotPortable
    return [*source, node.name]


def _binary(node: syntax.Binary) -> Any:
    if node.operator not in _OPERATORS:
        raise _NotPortable
    return [node.operator, _write(node.left), _write(node.right)]


def _in(node: syntax.In) -> Any:
    return ["in", _write(node.value), *(_test(item) for item in node.tests.items)]


def _test(node: Node) -> Any:
    if isinstance(node, syntax.Comparison):
        return ["cmp", node.operator, _write(node.right)]
    if isinstance(node, syntax.RangeOf) and not node.negated:
        low = None if node.start is None else _write(node.start)
        high = None if node.end is None else _write(node.end)
        return ["range", "[" if node.start_included else "(", low, high, "]" if node.end_included else ")"]
    return _write(node)


def _call(node: syntax.Call) -> Any:
    name = node.function.name if isinstance(node.function, syntax.Name) else ""
    arguments = [_write(argument) for argument in node.arguments]
    if name == "not" and len(arguments) == 1 and not node.names:
        return ["not", *arguments]
    fewest, most = _CALLS.get(name, (1, 0))
    if node.names or not fewest <= len(arguments) <= most:
        raise _NotPortable
    return ["call", name, *arguments]


def _quantified(node: syntax.Quantified) -> Any:
    iterator = node.iterators[0]
    if len(node.iterators) > 1 or iterator.end is not None:
        raise _NotPortable
    return ["every" if node.every else "some", iterator.name, _write(iterator.source), _write(node.condition)]


_WRITERS: dict[type[Node], Callable[[Any], Any]] = {
    syntax.Literal: _literal,
    syntax.Name: _name,
    syntax.Path: _path,
    syntax.Negation: lambda node: ["neg", _write(node.value)],
    syntax.Binary: _binary,
    syntax.Between: lambda node: ["between", _write(node.value), _write(node.low), _write(node.high)],
    syntax.In: _in,
    syntax.If: lambda node: ["if", _write(node.condition), _write(node.yes), _write(node.no)],
    syntax.ListOf: lambda node: ["list", *(_write(item) for item in node.items)],
    syntax.Call: _call,
    syntax.Quantified: _quantified,
}
