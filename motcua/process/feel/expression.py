"""The face of a compiled expression. Source: OMG DMN 1.5, chapter 10.3 (FEEL)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.feel import library
from motcua.process.feel.analysis import read_paths
from motcua.process.feel.budget import ACTIVE, Budget
from motcua.process.feel.compile import Compiler, tests_code
from motcua.process.feel.errors import FeelError, FeelIssue, TooLong
from motcua.process.feel.grammar import read_expression, read_unary_tests
from motcua.process.feel.names import NameTree
from motcua.process.feel.run import Code, Run, Scope
from motcua.process.feel.syntax import Node
from motcua.process.feel.tokens import trees
from motcua.process.feel.types import FeelType
from motcua.process.feel.values import Values, unfold

_BUILTIN_NAMES = frozenset(library.BUILTINS)
_BUILTIN_TREE = NameTree(_BUILTIN_NAMES)
_NO_TYPES: Mapping[str, FeelType] = {}

Issues = list[FeelIssue] | None


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression: `paths` are the variables it reads, `text` what was written."""

    text: str
    paths: frozenset[tuple[str, ...]]
    run: Code = field(repr=False)
    node: Node | None = field(default=None, repr=False)

    @property
    def source(self) -> str:
        """Return what was written."""
        return self.text

    def value(self, context: Mapping[str, Any], *, issues: Issues = None, now: datetime | None = None) -> Any:
        """Return the value in the language's own types; null with an issue for what cannot be computed."""
        return _evaluate(self.run, context, issues, now)

    def evaluate(self, context: Mapping[str, Any], *, issues: Issues = None, now: datetime | None = None) -> Any:
        """Return the value as plain JSON data."""
        return _evaluate(lambda scope: unfold(self.run(scope)), context, issues, now)

    def is_true(self, context: Mapping[str, Any], *, now: datetime | None = None) -> bool:
        """Tell whether the value is true; null and everything else is not."""
        return _evaluate(self.run, context, None, now) is True


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """Compiled unary tests, as in a cell of a decision table."""

    text: str
    paths: frozenset[tuple[str, ...]]
    test: Callable[[Scope, Any], bool | None] = field(repr=False)
    node: Node = field(repr=False)

    def matches(
        self, value: Any, context: Mapping[str, Any], *, issues: Issues = None, now: datetime | None = None
    ) -> bool | None:
        """Tell whether a value (of the language) passes; null when that cannot be told."""
        found = _evaluate(lambda scope: self.test(scope, value), context, issues, now)
        return found if isinstance(found, bool) else None


def _evaluate(code: Code, context: Mapping[str, Any], issues: Issues, now: datetime | None) -> Any:
    outer = ACTIVE.budget
    if outer is not None:
        return _nested(code, context, issues, now, outer)
    run = Run(issues, now)
    ACTIVE.budget = run
    try:
        return code(Scope(context, None, run, type(context) is Values))
    except TooLong:
        run.stop("feel.too_long", N_("Biểu thức tính quá lâu hoặc tạo dữ liệu quá lớn nên đã bị dừng."))
    except RecursionError:
        run.stop("feel.too_deep", N_("Biểu thức gọi lồng nhau quá sâu nên đã bị dừng."))
    finally:
        ACTIVE.budget = None
    return None


def _nested(code: Code, context: Mapping[str, Any], issues: Issues, now: datetime | None, outer: Budget) -> Any:
    """Evaluate inside another evaluation, on its budget; what stops this one stops both."""
    run = Run(issues, now, outer.steps)
    ACTIVE.budget = run
    try:
        return code(Scope(context, None, run, type(context) is Values))
    finally:
        outer.steps = run.steps
        ACTIVE.budget = outer


def compile_expression(
    text: str, *, names: Iterable[str] = (), types: Mapping[str, FeelType] | None = None
) -> Expression:
    """Compile an expression; a leading "=" as modelers write it is allowed.

    `names` are known names with blanks or signs ("Monthly Salary"); the longest match wins. `types` are the model's.
    Raises: FeelError.
    """
    known = frozenset(names)
    return _compiled(text, known) if not types else _compile(text, known, types)


@lru_cache(maxsize=4096)
def _compiled(text: str, names: frozenset[str]) -> Expression:
    return _compile(text, names, _NO_TYPES)


def _compile(text: str, names: frozenset[str], types: Mapping[str, FeelType]) -> Expression:
    source = text.strip()
    if source.startswith("="):
        source = source[1:].strip()
    _check(source)
    node = read_expression(source, trees(names, _BUILTIN_TREE))
    try:
        run = Compiler(types, names).code(node)
        paths = read_paths(node, _BUILTIN_NAMES)
    except (RecursionError, TooLong):
        raise FeelError(N_("Biểu thức quá phức tạp; hãy chia thành nhiều bước.")) from None
    return Expression(source, paths, run, node)


def compile_unary_tests(
    text: str, *, names: Iterable[str] = (), types: Mapping[str, FeelType] | None = None
) -> UnaryTests:
    """Compile the unary tests of a decision table's cell, `-` among them. Raises: FeelError."""
    source, known = text.strip(), frozenset(names)
    _check(source)
    node = read_unary_tests(source, trees(known, _BUILTIN_TREE))
    try:
        test = tests_code(Compiler(types or _NO_TYPES, known), node)
        paths = read_paths(node, _BUILTIN_NAMES)
    except (RecursionError, TooLong):
        raise FeelError(N_("Biểu thức quá phức tạp; hãy chia thành nhiều bước.")) from None
    return UnaryTests(source, paths, test, node)


def _check(source: str) -> None:
    if not source:
        raise FeelError(N_("Biểu thức còn trống."))
    if source.startswith(("${", "#{")):
        raise FeelError(N_('Không dùng được kiểu ${...}; hãy viết theo FEEL, ví dụ: outcome = "accept".'))


def literal(text: str) -> Expression:
    """Wrap a fixed text as an expression that gives it back."""
    return Expression(text, frozenset(), lambda _scope: text)


def evaluate_condition(expression: str, variables: Mapping[str, Any]) -> bool:
    """Tell whether a written condition holds for these variables. Raises: FeelError."""
    return compile_expression(expression).is_true(variables)
