"""Compile what is written in FEEL inside a model: literal expressions, unary tests, type names.

A fault is kept as a problem of the model; the faulty part alone gives null when it is evaluated all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.dmn import nodes
from motcua.process.dmn.functions import NamedCall
from motcua.process.dmn.itemtypes import TypeFace
from motcua.process.dmn.runtime import Budget, Run, Scope
from motcua.process.dmn.typetable import ANY, TypeTable, UnknownTypeError
from motcua.process.feel import Expression, FeelError, UnaryTests, compile_expression, compile_unary_tests
from motcua.process.feel.errors import FeelIssue
from motcua.process.types import Problem

Names = frozenset[str]
_PLAIN_NAME = re.compile(r"[^\W\d]\w*")
_MISSING = object()
_WORDS = frozenset({"true", "false", "null", "if", "for", "some", "every", "function", "not", "item"})


class LiteralCompiler:
    """Compiles the texts of one model and keeps their problems."""

    def __init__(self, types: TypeTable, members: Names = frozenset()) -> None:
        self.types = types
        self.problems: list[Problem] = []
        self._components = types.component_names() | members

    def type_of(self, name: str, element_id: str) -> TypeFace:
        """Return a type by name; an unknown one is a problem and asks nothing."""
        try:
            return self.types.find(name)
        except UnknownTypeError:
            text = N_("Không có kiểu “%(name)s”; hãy khai báo kiểu hoặc sửa tên.", name=name)
            self.problems.append(Problem(element_id, "unknown_type", text))
            return ANY

    def failing(self, element_id: str, code: str, message_vi: str) -> Run:
        """Return a closure that gives null and says why; the fault is a problem of the model too."""
        self.problems.append(Problem(element_id, code, message_vi))

        def fail(_scope: Scope, budget: Budget) -> Any:
            budget.note(element_id, code, message_vi)

        return fail

    def compile(self, node: nodes.Literal, names: Names) -> Run:
        """Compile a literal expression."""
        if node.refused:
            text = N_(
                "Biểu thức viết bằng ngôn ngữ %(language)s; chỉ dùng được FEEL, hãy viết lại.", language=node.refused
            )
            return self.failing(node.id, "dmn.language", text)
        if not node.text:
            return lambda _scope, _budget: None
        try:
            expression = compile_expression(node.text, names=names | self._components, types=self.types)
        except FeelError as error:
            return self.failing(node.id, "feel.syntax", error.reason_vi)
        return _named(node, expression) if is_plain_name(node.text, names) else _evaluating(node.id, expression)

    def tests(self, node: nodes.Literal, names: Names) -> UnaryTests | None:
        """Compile unary tests; a fault is a problem, and nothing matches."""
        if node.refused:
            text = N_("Ô viết bằng ngôn ngữ %(language)s; chỉ dùng được FEEL, hãy viết lại.", language=node.refused)
            self.problems.append(Problem(node.id, "dmn.language", text))
            return None
        try:
            return compile_unary_tests(node.text or "-", names=names | self._components, types=self.types)
        except FeelError as error:
            self.problems.append(Problem(node.id, "feel.syntax", error.reason_vi))
            return None

    def iteration(self, node: nodes.Literal, names: Names) -> Run | None:
        """Compile what follows `in` of a loop, where `1..5` is allowed; None when it cannot be read."""
        text = f"for _dmn_each in {node.text} return _dmn_each"
        try:
            expression = compile_expression(text, names=names | self._components, types=self.types)
        except FeelError:
            return None
        return _evaluating(node.id, expression)

    def named_call(self, function: str, parameters: Sequence[str], names: Names) -> NamedCall | None:
        """Compile a call by names of a function known by its text only, such as a built-in one."""
        if not function:
            return None
        own = [f"_dmn_{number}" for number in range(len(parameters))]
        bound = ", ".join(f"{name}: {place}" for name, place in zip(parameters, own, strict=True))
        try:
            expression = compile_expression(
                f"{function}({bound})", names=names | self._components | set(own), types=self.types
            )
        except FeelError:
            return None

        def call(scope: Scope, budget: Budget, arguments: Mapping[str, Any]) -> Any:
            inner = Scope(scope)
            inner.update(zip(own, (arguments[name] for name in parameters), strict=True))
            return _evaluating("", expression)(inner, budget)

        return call


def is_plain_name(text: str, names: Names) -> bool:
    """Tell whether an expression is no more than the name of a variable."""
    return text in names and text not in _WORDS and _PLAIN_NAME.fullmatch(text) is not None


def _evaluating(element_id: str, expression: Expression) -> Run:
    compute: Callable[..., Any] = expression.value

    def run(scope: Scope, budget: Budget) -> Any:
        found: list[FeelIssue] = []
        value = compute(scope, issues=found, now=budget.now)
        if found:
            budget.adopt(element_id, found)
        return value

    return run


def _named(node: nodes.Literal, expression: Expression) -> Run:
    """Read a variable directly: most input expressions of tables are no more than its name."""
    name = node.text
    slow = _evaluating(node.id, expression)

    def run(scope: Scope, budget: Budget) -> Any:
        value = scope.get(name, _MISSING)
        return slow(scope, budget) if value is _MISSING else value

    return run
