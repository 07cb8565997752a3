"""Compile an expression to a closure: a small Pratt parser, no `eval`, no loops.

A subset: literals, paths, arithmetic, comparison, `between`, `in`, three-valued `and`/`or`/`not()`, `if then else`,
lists, ranges and the functions of `values.FUNCTIONS`.

Source: OMG DMN 1.5, chapter 10.3 (FEEL).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from motcua.process.feel.lexer import FeelError, Token, tokenize
from motcua.process.feel.values import (
    FUNCTIONS,
    add,
    both,
    compare,
    contains_value,
    divide,
    either,
    equal,
    multiply,
    negate,
    read_path,
    subtract,
    to_plain,
)

MAX_DEPTH = 40

Scope = Mapping[str, Any]
Run = Callable[[Scope], Any]
Binary = Callable[[Any, Any], Any]

# operator -> (strength, function)
_BINARY: dict[str, tuple[int, Binary]] = {
    "or": (10, either),
    "and": (20, both),
    "=": (30, equal),
    "!=": (30, lambda left, right: negate(equal(left, right))),
    "<": (30, compare("<")),
    "<=": (30, compare("<=")),
    ">": (30, compare(">")),
    ">=": (30, compare(">=")),
    "+": (40, add),
    "-": (40, subtract),
    "*": (50, multiply),
    "/": (50, divide),
}
_COMPARISON = 30
_NEGATION = 60
_LESS_EQUAL, _LESS = compare("<="), compare("<")


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression: `paths` are the variables it reads, `source` what was written."""

    source: str
    run: Run
    paths: frozenset[tuple[str, ...]]

    def evaluate(self, variables: Scope) -> Any:
        """Return the value as plain JSON data."""
        return to_plain(self.run(variables))

    def is_true(self, variables: Scope) -> bool:
        """Tell whether the value is true; null and everything else is not."""
        return self.run(variables) is True


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Expression:
    """Compile an expression; a leading "=" as modelers write it is allowed. Raises: FeelError."""
    source = text.strip()
    if source.startswith("="):
        source = source[1:].strip()
    if not source:
        raise FeelError("Biểu thức còn trống.")
    parser = _Parser(tokenize(source))
    run = parser.expression(0, 0)
    parser.expect_end()
    return Expression(source=source, run=run, paths=frozenset(parser.paths))


def literal(text: str) -> Expression:
    """Wrap a fixed text as an expression that gives it back."""
    return Expression(source=text, run=lambda _scope: text, paths=frozenset())


def evaluate_condition(expression: str, variables: Scope) -> bool:
    """Tell whether a written condition holds for these variables. Raises: FeelError."""
    return compile_expression(expression).is_true(variables)


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.position = 0
        self.paths: set[tuple[str, ...]] = set()

    @property
    def current(self) -> Token:
        return self.tokens[self.position]

    def take(self) -> Token:
        token = self.current
        if token.kind != "end":
            self.position += 1
        return token

    def accept(self, text: str) -> bool:
        if self.current.kind in ("mark", "word") and self.current.text == text:
            self.position += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.accept(text):
            raise FeelError(f"Thiếu “{text}” ở ký tự thứ {self.current.at + 1}.")

    def expect_end(self) -> None:
        if self.current.kind != "end":
            raise FeelError(f"Không hiểu “{self.current.text}” ở ký tự thứ {self.current.at + 1}.")

    def expression(self, strength: int, depth: int) -> Run:
        if depth > MAX_DEPTH:
            raise FeelError("Biểu thức lồng nhau quá sâu; hãy chia thành nhiều bước.")
        left = self.prefix(depth + 1)
        while True:
            token = self.current
            if token.kind not in ("mark", "word"):
                return left
            if token.text in ("in", "between") and strength < _COMPARISON:
                self.take()
                left = self.membership(left, depth) if token.text == "in" else self.between(left, depth)
                continue
            if token.text not in _BINARY or _BINARY[token.text][0] <= strength:
                return left
            self.take()
            power, operation = _BINARY[token.text]
            left = _binary(operation, left, self.expression(power, depth + 1))

    def prefix(self, depth: int) -> Run:
        token = self.take()
        if token.kind == "number":
            return _constant(Decimal(token.text))
        if token.kind == "string":
            return _constant(token.text)
        if token.kind == "name":
            return self.path(token.text)
        if token.kind == "function":
            return self.call(token.text, depth)
        return self.symbol(token, depth)

    def symbol(self, token: Token, depth: int) -> Run:
        if token.text in ("true", "false", "null"):
            return _constant({"true": True, "false": False, "null": None}[token.text])
        if token.text == "if":
            return self.choice(depth)
        if token.text == "-":
            return _binary(subtract, _constant(Decimal(0)), self.expression(_NEGATION, depth))
        if token.text == "(":
            inner = self.expression(0, depth)
            self.expect(")")
            return inner
        if token.text == "[":
            return self.list_of(self.items("]", depth))
        what = f"“{token.text}”" if token.text else "chỗ kết thúc"
        raise FeelError(f"Không hiểu {what} ở ký tự thứ {token.at + 1}.")

    def path(self, first: str) -> Run:
        names = [first]
        while self.accept("."):
            token = self.take()
            if token.kind not in ("name", "word"):
                raise FeelError(f"Thiếu tên sau dấu chấm ở ký tự thứ {token.at + 1}.")
            names.append(token.text)
        path = tuple(names)
        self.paths.add(path)
        return lambda scope: read_path(scope, path)

    def call(self, name: str, depth: int) -> Run:
        function, fewest, most = FUNCTIONS[name]
        self.expect("(")
        arguments = self.items(")", depth)
        if not fewest <= len(arguments) <= most:
            raise FeelError(f"Hàm {name}() nhận từ {fewest} đến {most} giá trị.")
        return lambda scope: function(*(argument(scope) for argument in arguments))

    def items(self, closing: str, depth: int) -> list[Run]:
        runs: list[Run] = []
        if self.accept(closing):
            return runs
        runs.append(self.expression(0, depth))
        while self.accept(","):
            runs.append(self.expression(0, depth))
        self.expect(closing)
        return runs

    def list_of(self, runs: list[Run]) -> Run:
        return lambda scope: [run(scope) for run in runs]

    def choice(self, depth: int) -> Run:
        condition = self.expression(0, depth)
        self.expect("then")
        yes = self.expression(0, depth)
        self.expect("else")
        no = self.expression(0, depth)
        return lambda scope: yes(scope) if condition(scope) is True else no(scope)

    def between(self, left: Run, depth: int) -> Run:
        low = self.expression(_COMPARISON, depth + 1)
        self.expect("and")
        high = self.expression(_COMPARISON, depth + 1)
        return lambda scope: both(_LESS_EQUAL(low(scope), left(scope)), _LESS_EQUAL(left(scope), high(scope)))

    def membership(self, left: Run, depth: int) -> Run:
        opening = self.current.text if self.current.kind == "mark" else ""
        if opening not in ("(", "["):
            items = self.expression(_COMPARISON, depth + 1)
            return lambda scope: contains_value(items(scope), left(scope))
        self.take()
        first = self.expression(0, depth + 1)
        if self.accept(".."):
            return self.range_test(left, first, opening, depth)
        runs = [first]
        while self.accept(","):
            runs.append(self.expression(0, depth + 1))
        self.expect(")" if opening == "(" else "]")
        return lambda scope: _is_among(left(scope), [run(scope) for run in runs])

    def range_test(self, left: Run, low: Run, opening: str, depth: int) -> Run:
        high = self.expression(0, depth + 1)
        closing = self.current.text
        if not (self.accept("]") or self.accept(")")):
            raise FeelError("Khoảng giá trị phải kết thúc bằng “]” hoặc “)”.")
        lower = _LESS_EQUAL if opening == "[" else _LESS
        upper = _LESS_EQUAL if closing == "]" else _LESS
        return lambda scope: both(lower(low(scope), left(scope)), upper(left(scope), high(scope)))


def _is_among(value: Any, items: list[Any]) -> bool:
    return any(
        equal(value, item) is True or (isinstance(item, list) and contains_value(item, value) is True) for item in items
    )


def _constant(value: Any) -> Run:
    return lambda _scope: value


def _binary(operation: Binary, left: Run, right: Run) -> Run:
    return lambda scope: operation(left(scope), right(scope))
