"""Read an expression: operators by precedence, and unary tests.

Source: OMG DMN 1.5, 10.3.1.2: the later a rule stands in the grammar's list, the tighter it binds.
"""

from __future__ import annotations

from collections.abc import Iterable

from motcua.kernel.messages import N_
from motcua.process.feel.errors import FeelError
from motcua.process.feel.names import NameTree
from motcua.process.feel.primary import PrimaryReader
from motcua.process.feel.syntax import Between, Binary, Comparison, In, InstanceOf, Literal, Negation, Node, Tests
from motcua.process.feel.types import read_type

_STRENGTHS = {
    "or": 10, "and": 20,
    "=": 30, "!=": 30, "<": 30, "<=": 30, ">": 30, ">=": 30,
    "+": 40, "-": 40, "*": 50, "/": 50, "**": 60,
}  # fmt: skip
_COMPARISON, _SIGN = 30, 70
_MAX_CHAIN = 300
_COMPARISONS = ("<", "<=", ">", ">=", "=", "!=")


class Reader(PrimaryReader):
    """Read one source."""

    def expression(self, strength: int = 0) -> Node:
        self.enter()
        left = self.operand()
        for _ in range(_MAX_CHAIN):
            token = self.current
            if token.kind not in ("mark", "word"):
                break
            if token.text in ("in", "between") and strength < _COMPARISON:
                left = self.membership(left) if token.text == "in" else self.between(left)
            elif _STRENGTHS.get(token.text, 0) > strength:
                self.take()
                left = Binary(token.at, token.text, left, self.expression(_STRENGTHS[token.text]))
            elif token.text == "instance" and self.peek().text == "of":
                left = self.instance(left)
            else:
                break
        else:
            raise FeelError(N_("Biểu thức quá dài; hãy chia thành nhiều bước."), self.current.at)
        self.leave()
        return left

    def operand(self) -> Node:
        token = self.current
        if token.kind == "mark" and token.text == "-":
            self.take()
            if self.current.kind == "number":
                value = self.postfix(self.primary())
                if isinstance(value, Literal):
                    return Literal(token.at, value.value.copy_negate())
                return Negation(token.at, value)
            return Negation(token.at, self.expression(_SIGN))
        return self.postfix(self.primary())

    def instance(self, left: Node) -> Node:
        at = self.take().at
        self.expect("of")
        return InstanceOf(at, left, read_type(self))

    def between(self, left: Node) -> Node:
        at = self.take().at
        low = self.expression(_COMPARISON)
        self.expect("and")
        return Between(at, left, low, self.expression(_COMPARISON))

    def membership(self, left: Node) -> Node:
        at = self.take().at
        start = self.position
        if self.at("("):
            tests = self.bracketed_tests()
            if tests is not None and not self.continues_operand():
                return In(at, left, tests)
            self.position = start
        return In(at, left, Tests(at, (self.positive_test(_COMPARISON),)))

    def continues_operand(self) -> bool:
        token = self.current
        return token.kind == "mark" and (_STRENGTHS.get(token.text, 0) > _COMPARISON or token.text in (".", "[", "("))

    def bracketed_tests(self) -> Tests | None:
        """Read `(test, test)`; None when what stands in the brackets is an interval or something else."""
        at, depth = self.take().at, self.depth
        try:
            items = [self.positive_test(0)]
            while self.accept(","):
                items.append(self.positive_test(0))
        except FeelError:
            self.depth = depth
            return None
        return Tests(at, tuple(items)) if self.accept(")") else None

    def positive_test(self, strength: int) -> Node:
        token = self.current
        if token.kind == "mark" and token.text in _COMPARISONS:
            self.take()
            return Comparison(token.at, token.text, self.expression(_COMPARISON))
        return self.expression(strength)

    def unary_tests(self) -> Tests:
        at = self.current.at
        if self.at("-") and self.peek().kind == "end":
            self.take()
            return Tests(at, ())
        start = self.position
        if self.at("not") and self.peek().text == "(":
            self.take()
            tests = self.bracketed_tests()
            if tests is not None and self.current.kind == "end":
                return Tests(at, tests.items, negated=True)
            self.position = start
        items = [self.positive_test(0)]
        while self.accept(","):
            items.append(self.positive_test(0))
        return Tests(at, tuple(items))

    def whole(self, *, unary: bool) -> Node:
        try:
            node: Node = self.unary_tests() if unary else self.expression()
        except RecursionError:
            raise FeelError(N_("Biểu thức lồng nhau quá sâu; hãy chia thành nhiều bước.")) from None
        if self.current.kind != "end":
            raise self.refuse()
        return node


def read_expression(source: str, known: Iterable[NameTree]) -> Node:
    """Read an expression; Raises: FeelError."""
    return Reader(source, known).whole(unary=False)


def read_unary_tests(source: str, known: Iterable[NameTree]) -> Tests:
    """Read unary tests; Raises: FeelError."""
    node = Reader(source, known).whole(unary=True)
    assert isinstance(node, Tests)
    return node
