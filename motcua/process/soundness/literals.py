"""Which conditions can be followed exactly: comparisons of variables with constants, joined by and, or, not.

Of such a condition only finitely many values of each variable need a look: its constants, a value between and beside
them, "something else" and nothing. Everything else is left to free choice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from motcua.process.feel import Expression

Path = tuple[str, ...]
OTHER = "\N{REPLACEMENT CHARACTER} khác"  # stands for every text that no condition names
MAX_CONSTANTS = 40

_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<number>\d+(?:\.\d+)?)|(?P<word>[^\W\d]\w*(?:\.[^\W\d]\w*)*)'
    r"|(?P<mark>\.\.|<=|>=|!=|[=<>()\[\],]))"
)
_KEYWORDS = frozenset({"and", "or", "not", "in", "between", "if", "then", "else"})
_COMPARING = frozenset({"=", "!=", "<", "<=", ">", ">="})
_CONSTANTS: dict[str, Any] = {"true": True, "false": False, "null": None}


def text_of(expression: Expression) -> str:
    """Return what was written, without the sign that modelers put before it."""
    text: str = getattr(expression, "text", "") or getattr(expression, "source", "")
    return text.strip().removeprefix("=").strip()


def read_constants(text: str) -> dict[Path, set[Any]] | None:
    """Return the constants that each variable is compared with; None when it is more than such comparisons."""
    tokens = _tokenize(text)
    if tokens is None or not tokens:
        return None
    found: dict[Path, set[Any]] = {value: set() for kind, value in tokens if kind == "path"}
    constants = {value for kind, value in tokens if kind == "constant" and value is not None}
    if not _is_simple(tokens) or len(constants) > MAX_CONSTANTS:
        return None
    for values in found.values():
        values.update(constants)
    return found


def _tokenize(text: str) -> list[tuple[str, Any]] | None:
    tokens: list[tuple[str, Any]] = []
    position, text = 0, text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            return None
        position = match.end()
        tokens.append(_read_token(match))
    return tokens


def _read_token(match: re.Match[str]) -> tuple[str, Any]:
    if match["text"] is not None:
        return "constant", re.sub(r"\\(.)", r"\1", match["text"][1:-1])
    if match["number"] is not None:
        return "constant", Decimal(match["number"])
    word = match["word"]
    if word is None:
        return "mark", match["mark"]
    if word in _CONSTANTS:
        return "constant", _CONSTANTS[word]
    return ("word", word) if word in _KEYWORDS else ("path", tuple(word.split(".")))


def _is_simple(tokens: list[tuple[str, Any]]) -> bool:
    """Tell whether each comparison has a constant on one side, and nothing is called or computed."""
    ends = [("mark", "")]
    padded = [*ends, *tokens, *ends]
    for before, (kind, value), after in zip(padded, padded[1:], padded[2:], strict=False):
        if kind == "path" and (before[0] == "path" or after[0] == "path" or after == ("mark", "(")):
            return False
        if kind == "mark" and value in _COMPARING and "constant" not in (before[0], after[0]):
            return False
        if (kind, value) == ("word", "not") and after != ("mark", "("):
            return False
    return True


def spread_values(constants: Iterable[Any]) -> tuple[Any, ...]:
    """Return one value of each kind that the constants can tell apart, nothing (None) among them."""
    every = set(constants)
    texts = sorted(value for value in every if isinstance(value, str))
    numbers = sorted(value for value in every if isinstance(value, Decimal))
    truths = [True, False] if any(isinstance(value, bool) for value in every) or not every else []
    between = [(low + high) / 2 for low, high in zip(numbers, numbers[1:], strict=False)]
    beside = [numbers[0] - 1, numbers[-1] + 1] if numbers else []
    return (None, OTHER, *texts, *truths, *sorted([*numbers, *between, *beside]))


def place_value(value: Any, values: tuple[Any, ...]) -> int | None:
    """Return which of the spread values stands for this one; None when it cannot be said."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = Decimal(str(value))
    for index, known in enumerate(values):
        if type(known) is type(value) and known == value:
            return index
    if isinstance(value, str):
        return values.index(OTHER)
    return None


def evaluate(expression: Expression, assignment: Mapping[Path, Any]) -> Any:
    """Evaluate with these variables and no others."""
    return expression.evaluate(_nest(assignment))


def holds(expression: Expression, assignment: Mapping[Path, Any]) -> bool:
    """Tell whether the condition is true with these variables and no others."""
    return expression.is_true(_nest(assignment))


def _nest(assignment: Mapping[Path, Any]) -> dict[str, Any]:
    scope: dict[str, Any] = {}
    for path, value in assignment.items():
        at = scope
        for name in path[:-1]:
            inner = at.setdefault(name, {})
            if not isinstance(inner, dict):  # a variable is compared as a whole and by its parts
                inner = at[name] = {}
            at = inner
        if not isinstance(at.get(path[-1]), dict):
            at[path[-1]] = value
    return scope
