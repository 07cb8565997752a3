"""Read operands: literals, names, brackets, contexts, functions, loops, and what follows them (path, filter, call)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from motcua.kernel.messages import N_
from motcua.process.feel import syntax
from motcua.process.feel.errors import FeelError
from motcua.process.feel.lexer import KEYWORDS
from motcua.process.feel.names import NameTree
from motcua.process.feel.numbers import parse_number
from motcua.process.feel.syntax import Node
from motcua.process.feel.temporal_text import parse_at_literal
from motcua.process.feel.tokens import TokenReader
from motcua.process.feel.types import read_type

if TYPE_CHECKING:
    from collections.abc import Callable

_CONSTANTS = {"true": True, "false": False, "null": None}
_COMPARISONS = ("<", "<=", ">", ">=", "=", "!=")


class PrimaryReader(TokenReader):
    """Read one operand."""

    in_interval = 0

    def expression(self, strength: int = 0) -> Node:
        raise NotImplementedError  # the operators are `grammar.Reader`'s

    def primary(self) -> Node:
        token = self.current
        if token.kind == "number":
            return self.number()
        if token.kind == "string":
            return syntax.Literal(token.at, self.take().text)
        if token.kind == "word":
            return self.word()
        reader = self._MARKS.get(token.text) if token.kind == "mark" else None
        if reader is None:
            raise self.refuse()
        return reader(self)

    def number(self) -> Node:
        token = self.take()
        value = parse_number(token.text)
        if value is None:
            raise FeelError(N_("Số ở ký tự thứ %(place)s quá lớn.", place=token.at + 1), token.at)
        return syntax.Literal(token.at, value)

    def word(self) -> Node:
        token = self.current
        known = self.known_name()
        if token.text in KEYWORDS and (known is None or known[1] == 1):
            return self.keyword()
        return syntax.Name(token.at, self.take_name())

    def keyword(self) -> Node:
        token = self.current
        if token.text in _CONSTANTS:
            return syntax.Literal(token.at, _CONSTANTS[self.take().text])
        reader = self._WORDS.get(token.text)
        if reader is None:
            raise self.refuse()
        self.take()
        return reader(self, token.at)

    def postfix(self, node: Node) -> Node:
        while self.current.kind == "mark":
            at = self.current.at
            if self.at(".") and self.peek().kind == "word":
                self.take()
                node = syntax.Path(at, node, self.take_name(members=True))
            elif self.at("["):
                found = self.filter(node)
                if found is None:
                    return node
                node = found
            elif self.at("(") and not isinstance(node, syntax.Literal):
                node = self.call(node)
            else:
                return node
        return node

    def filter(self, node: Node) -> Node | None:
        """Read `[condition]`; in the end of an interval, `[` may be the interval's own closing."""
        start, depth = self.position, self.depth
        at = self.take().at
        try:
            condition = self.expression()
            self.expect("]")
        except FeelError:
            if not self.in_interval:
                raise
            self.position, self.depth = start, depth
            return None
        return syntax.Filter(at, node, condition)

    def call(self, function: Node) -> Node:
        at = function.at
        self.take()
        arguments: list[Node] = []
        names: list[str] = []
        while not self.accept(")"):
            if arguments:
                self.expect(",")
            name = self.declared_name(":")
            if name is not None:
                self.take()
                names.append(name)
            arguments.append(self.expression())
        if names and len(names) != len(arguments):
            raise FeelError(N_("Hãy ghi tên cho mọi tham số, hoặc không ghi tên nào."), at)
        return syntax.Call(at, function, tuple(arguments), tuple(names))

    def bracket(self) -> Node:
        """Read `(...)`: an expression, an open interval, or a comparison as a range."""
        at = self.take().at
        token = self.current
        if token.kind == "mark" and token.text in _COMPARISONS:
            self.take()
            node = comparison_range(at, token.text, self.expression(30))
            self.expect(")")
            return node
        inner = self.expression()
        if self.accept(".."):
            return self.interval(at, inner, included=False)
        self.expect(")")
        return inner

    def square(self) -> Node:
        """Read `[...]`: a list or a closed interval."""
        at = self.take().at
        if self.accept("]"):
            return syntax.ListOf(at, ())
        items = [self.expression()]
        if self.accept(".."):
            return self.interval(at, items[0], included=True)
        while self.accept(","):
            items.append(self.expression())
        self.expect("]")
        return syntax.ListOf(at, tuple(items))

    def reversed_square(self) -> Node:
        """Read `]a..b]`, the other way to write an open start."""
        at = self.take().at
        start = self.expression()
        self.expect("..")
        return self.interval(at, start, included=False)

    def comparison(self) -> Node:
        """Read `< 10` where a value is wanted: a range without its other end (rules 4.i and 7.a)."""
        token = self.take()
        return comparison_range(token.at, token.text, self.expression(30))

    def interval(self, at: int, start: Node, *, included: bool) -> Node:
        self.in_interval += 1
        end = self.expression()
        self.in_interval -= 1
        token = self.take()
        if token.kind != "mark" or token.text not in ("]", ")", "["):
            raise FeelError(N_("Khoảng giá trị phải kết thúc bằng “]” hoặc “)”."), token.at)
        return syntax.RangeOf(at, start, end, included, token.text == "]")

    def at_literal(self) -> Node:
        at = self.take().at
        token = self.take()
        if token.kind != "string":
            raise self.refuse(token)
        return syntax.Literal(at, parse_at_literal(token.text))

    def context(self) -> Node:
        at = self.take().at
        entries: list[tuple[str, Node]] = []
        self.scopes.append(NameTree())
        while not self.accept("}"):
            if entries:
                self.expect(",")
            name = self.take().text if self.current.kind == "string" else self.declared_name(":")
            if name is None:
                raise self.refuse()
            self.expect(":")
            entries.append((name, self.expression()))
            self.declare(name)
        self.scopes.pop()
        return syntax.ContextOf(at, tuple(entries))

    def choice(self, at: int) -> Node:
        condition = self.expression()
        self.expect("then")
        yes = self.expression()
        self.expect("else")
        return syntax.If(at, condition, yes, self.expression())

    def iterators(self) -> tuple[syntax.Iterator, ...]:
        found: list[syntax.Iterator] = []
        while True:
            at = self.current.at
            name = self.declared_name("in")
            if name is None:
                raise self.refuse()
            self.expect("in")
            source = self.expression()
            end = self.expression() if self.accept("..") else None
            found.append(syntax.Iterator(at, name, source, end))
            self.declare(name)
            if not self.accept(","):
                return tuple(found)

    def loop(self, at: int) -> Node:
        self.scopes.append(NameTree())
        iterators = self.iterators()
        self.expect("return")
        body = self.expression()
        self.scopes.pop()
        return syntax.For(at, iterators, body)

    def some(self, at: int) -> Node:
        return self.quantified(at, every=False)

    def every(self, at: int) -> Node:
        return self.quantified(at, every=True)

    def quantified(self, at: int, *, every: bool) -> Node:
        self.scopes.append(NameTree())
        iterators = self.iterators()
        self.expect("satisfies")
        condition = self.expression()
        self.scopes.pop()
        return syntax.Quantified(at, every, iterators, condition)

    def function(self, at: int) -> Node:
        self.expect("(")
        parameters: list[tuple[str, Any]] = []
        self.scopes.append(NameTree())
        while not self.accept(")"):
            if parameters:
                self.expect(",")
            name = self.declared_name(":", ",", ")")
            if name is None:
                raise self.refuse()
            parameters.append((name, read_type(self) if self.accept(":") else None))
            self.declare(name)
        if self.at("external") and self.peek().text == "{":
            self.take()
            self.context()
            body = None
        else:
            body = self.expression()
        self.scopes.pop()
        return syntax.Lambda(at, tuple(parameters), body)

    _MARKS: dict[str, Callable[[Any], Node]] = {
        "(": bracket, "[": square, "]": reversed_square, "{": context, "@": at_literal,
        "<": comparison, "<=": comparison, ">": comparison, ">=": comparison,
    }  # fmt: skip
    _WORDS: dict[str, Callable[[Any, int], Node]] = {
        "if": choice, "for": loop, "some": some, "every": every, "function": function,
    }  # fmt: skip


def comparison_range(at: int, operator: str, value: Node) -> Node:
    """Turn `(< 10)` into the range that it stands for."""
    if operator in ("<", "<="):
        return syntax.RangeOf(at, None, value, start_included=False, end_included=operator == "<=")
    if operator in (">", ">="):
        return syntax.RangeOf(at, value, None, start_included=operator == ">=", end_included=False)
    return syntax.RangeOf(at, value, value, start_included=True, end_included=True, negated=operator == "!=")


def is_number(node: Node) -> bool:
    """Tell whether a part is a number written out."""
    return isinstance(node, syntax.Literal) and isinstance(node.value, Decimal)
