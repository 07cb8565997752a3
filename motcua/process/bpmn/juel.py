"""Translate the simple expressions of Camunda 7 (`${approved == true}`) to FEEL; refuse all others by name.

Understood: paths, literals, comparisons, `and`/`or`/`not` in both spellings, `empty`, arithmetic, `? :`.
Method calls, indexes and texts with expressions inside them are not. Source: JSR 341 (Expression Language 3.0), 1.
"""

from __future__ import annotations

import re

from motcua.kernel.messages import N_
from motcua.process.feel import FeelError

_WRAPPED = re.compile(r"\s*[$#]\{(?P<body>.*)\}\s*", re.DOTALL)
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)|(?P<mark>==|!=|<=|>=|&&|\|\||[<>!+\-*/%?:()]))"
)
_COMPARE = {
    "==": "=", "eq": "=", "!=": "!=", "ne": "!=", "<": "<", "lt": "<", "<=": "<=", "le": "<=",
    ">": ">", "gt": ">", ">=": ">=", "ge": ">=",
}  # fmt: skip
_RESERVED = {"and", "or", "not", "empty", "div", "mod", "instanceof", *_COMPARE}
_MAX_DEPTH = 40


def is_juel(text: str) -> bool:
    """Tell whether a text holds an expression in the style of Camunda 7."""
    return "${" in text or "#{" in text


def to_feel(text: str) -> str:
    """Return the FEEL text that means the same; Raises: FeelError for what is not understood."""
    match = _WRAPPED.fullmatch(text)
    if match is None or is_juel(match.group("body")):
        raise FeelError(N_("Biểu thức kiểu ${…} lẫn với chữ khác chưa được hiểu; hãy viết lại bằng FEEL."))
    parser = _Parser(match.group("body"))
    written = parser.ternary(0)
    parser.expect_end()
    return written


class _Parser:
    """A small descent, one method a strength."""

    def __init__(self, body: str) -> None:
        self.tokens = _split(body)
        self.position = 0

    @property
    def current(self) -> tuple[str, str]:
        return self.tokens[self.position]

    def accept(self, *texts: str) -> str:
        kind, text = self.current
        if kind in ("mark", "name") and text in texts:
            self.position += 1
            return text
        return ""

    def expect_end(self) -> None:
        if self.current[0] != "end":
            raise _unknown(self.current[1])

    def ternary(self, depth: int) -> str:
        if depth > _MAX_DEPTH:
            raise FeelError(N_("Biểu thức lồng nhau quá sâu."))
        condition = self.disjunction(depth)
        if not self.accept("?"):
            return condition
        first = self.ternary(depth + 1)
        if not self.accept(":"):
            raise _unknown(self.current[1])
        return f"(if {condition} then {first} else {self.ternary(depth + 1)})"

    def disjunction(self, depth: int) -> str:
        parts = [self.conjunction(depth)]
        while self.accept("||", "or"):
            parts.append(self.conjunction(depth))
        return parts[0] if len(parts) == 1 else f"({' or '.join(parts)})"

    def conjunction(self, depth: int) -> str:
        parts = [self.comparison(depth)]
        while self.accept("&&", "and"):
            parts.append(self.comparison(depth))
        return parts[0] if len(parts) == 1 else f"({' and '.join(parts)})"

    def comparison(self, depth: int) -> str:
        left = self.sum(depth)
        if operator := self.accept(*_COMPARE):
            left = f"({left} {_COMPARE[operator]} {self.sum(depth)})"
        return left

    def sum(self, depth: int) -> str:
        left = self.product(depth)
        while operator := self.accept("+", "-"):
            left = f"({left} {operator} {self.product(depth)})"
        return left

    def product(self, depth: int) -> str:
        left = self.unary(depth)
        while operator := self.accept("*", "/", "div"):
            left = f"({left} {'*' if operator == '*' else '/'} {self.unary(depth)})"
        return left

    def unary(self, depth: int) -> str:
        if depth > _MAX_DEPTH:
            raise FeelError(N_("Biểu thức lồng nhau quá sâu."))
        if self.accept("!", "not"):
            return f"not({self.unary(depth + 1)})"
        if self.accept("-"):
            return f"(0 - {self.unary(depth + 1)})"
        if self.accept("empty"):
            inner = self.unary(depth + 1)
            return f'({inner} = null or {inner} = "")'
        if self.accept("("):
            inner = self.ternary(depth + 1)
            if not self.accept(")"):
                raise _unknown(self.current[1])
            return f"({inner})"
        return self.value()

    def value(self) -> str:
        kind, text = self.current
        self.position += 1
        if kind == "number":
            return text
        if kind == "text":
            plain = re.sub(r"\\(.)", r"\1", text[1:-1])
            return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
        if kind == "name" and text not in _RESERVED and self.current[1] != "(":
            return text
        raise _unknown(text)


def _split(body: str) -> list[tuple[str, str]]:
    tokens, position = [], 0
    body = body.strip()
    if len(body) > 4_000:
        raise FeelError(N_("Biểu thức dài quá."))
    while position < len(body):
        match = _TOKEN.match(body, position)
        if match is None or match.lastgroup is None:
            raise _unknown(body[position : position + 12])
        tokens.append((match.lastgroup, match.group(match.lastgroup)))
        position = match.end()
    return [*tokens, ("end", "")]


def _unknown(what: str) -> FeelError:
    return FeelError(N_("Biểu thức kiểu ${…} có phần chưa được hiểu: “%(what)s”; hãy viết lại bằng FEEL.", what=what))
