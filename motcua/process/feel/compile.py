"""Turn the parts of an expression into closures: operators, names, paths, tests, literals.

Source: OMG DMN 1.5, 10.3.2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.feel import operators, syntax
from motcua.process.feel.analysis import is_fixed, mentions
from motcua.process.feel.compile_parts import call_code, filter_code, for_code, lambda_code, quantified_code
from motcua.process.feel.members import member
from motcua.process.feel.registry import BUILTINS
from motcua.process.feel.run import MISSING, Code, Run, Scope
from motcua.process.feel.syntax import Node
from motcua.process.feel.types import FeelType, is_instance, resolve
from motcua.process.feel.values import SCALARS, Range, kind_of, to_value

Operation = Callable[[Any, Any], Any]

OPERATIONS: dict[str, Operation] = {
    "=": operators.equal, "!=": operators.unequal, "<": operators.less, "<=": operators.less_equal,
    ">": operators.greater, ">=": operators.greater_equal, "+": operators.add, "-": operators.subtract,
    "*": operators.multiply, "/": operators.divide, "**": operators.power,
}  # fmt: skip
# Functions whose result depends on nothing but their arguments.
PURE = frozenset({"date", "time", "date and time", "duration", "years and months duration", "number"})


class Compiler:
    """Compile the parts of one expression."""

    def __init__(self, types: Mapping[str, FeelType], names: frozenset[str]) -> None:
        self.types = types
        self.pure = PURE - names
        self.locals = 0  # how many scopes stand between here and the variables

    def code(self, node: Node) -> Code:
        run = _COMPILERS[type(node)](self, node)
        if not isinstance(node, syntax.Literal) and is_fixed(node, self.pure):
            return _folded(run)
        return run

    def inner(self, node: Node) -> Code:
        """Compile a part that stands in a scope of its own."""
        self.locals += 1
        run = self.code(node)
        self.locals -= 1
        return run

    def type(self, kind: FeelType | None) -> FeelType | None:
        return None if kind is None else resolve(kind, self.types)


def _folded(run: Code) -> Code:
    trial = Run([], None)
    value = run(Scope({}, None, trial))
    if trial.issues or kind_of(value) == "function":
        return run
    return lambda _scope: value


def _literal(_compiler: Compiler, node: syntax.Literal) -> Code:
    value = node.value
    return lambda _scope: value


def _name(compiler: Compiler, node: syntax.Name) -> Code:
    name, at = node.name, node.at
    builtin = BUILTINS.get(name)

    def missing(scope: Scope) -> Any:
        if builtin is not None:
            return builtin.value
        scope.run.note(at, "feel.unknown_name", N_("Không có giá trị nào tên là “%(name)s”.", name=name))
        return None

    def outer(scope: Scope) -> Any:
        value = scope.names.get(name, MISSING)
        if value is MISSING:
            return missing(scope)
        return value if scope.trusted or type(value) in SCALARS else scope.convert(name, value)

    def inner(scope: Scope) -> Any:
        value = scope.find(name)
        return missing(scope) if value is MISSING else value

    return inner if compiler.locals else outer


def _path(compiler: Compiler, node: syntax.Path) -> Code:
    names = [node.name]
    source = node.source
    while isinstance(source, syntax.Path):
        names.append(source.name)
        source = source.source
    names.reverse()
    at = node.at
    if isinstance(source, syntax.Name) and not compiler.locals:
        return _outer_path(source, names, at)
    run = compiler.code(source)

    def follow(scope: Scope) -> Any:
        value = run(scope)
        for name in names:
            value = member(value, name, scope.run, at)
        return value

    return follow


def _outer_path(source: syntax.Name, names: list[str], at: int) -> Code:
    first = source.name

    def follow(scope: Scope) -> Any:
        value: Any = scope.names.get(first, MISSING)
        if value is MISSING:
            scope.run.note(source.at, "feel.unknown_name", N_("Không có giá trị nào tên là “%(first)s”.", first=first))
            return None
        for index, name in enumerate(names):
            if not isinstance(value, Mapping):
                value = to_value(value)
                for rest in names[index:]:
                    value = member(value, rest, scope.run, at)
                return value
            value = value.get(name)
        return value if scope.trusted or type(value) in SCALARS else to_value(value)

    return follow


def _negation(compiler: Compiler, node: syntax.Negation) -> Code:
    run = compiler.code(node.value)
    return lambda scope: operators.minus(run(scope))


def _binary(compiler: Compiler, node: syntax.Binary) -> Code:
    spine: list[syntax.Binary] = []
    left: Node = node
    while isinstance(left, syntax.Binary):
        spine.append(left)
        left = left.left
    run = compiler.code(left)
    for each in reversed(spine):
        right = compiler.code(each.right)
        if each.operator in ("and", "or"):
            run = (_and if each.operator == "and" else _or)(run, right)
        else:
            run = _operation(each, run, right)
    return run


def _and(left: Code, right: Code) -> Code:
    def run(scope: Scope) -> bool | None:
        first = left(scope)
        return False if first is False else operators.both(first, right(scope))

    return run


def _or(left: Code, right: Code) -> Code:
    def run(scope: Scope) -> bool | None:
        first = left(scope)
        return True if first is True else operators.either(first, right(scope))

    return run


def _operation(node: syntax.Binary, left: Code, right: Code) -> Code:
    operation, at, sign = OPERATIONS[node.operator], node.at, node.operator

    def run(scope: Scope) -> Any:
        first, second = left(scope), right(scope)
        value = operation(first, second)
        if value is None:
            if first is not None and second is not None:
                scope.run.note(at, "feel.no_result", N_("“%(sign)s” không có kết quả với hai giá trị này.", sign=sign))
        elif type(value) is str:
            scope.run.settle(value)
        return value

    return run


def _between(compiler: Compiler, node: syntax.Between) -> Code:
    value, low, high = compiler.code(node.value), compiler.code(node.low), compiler.code(node.high)

    def run(scope: Scope) -> bool | None:
        found = value(scope)
        return operators.both(operators.less_equal(low(scope), found), operators.less_equal(found, high(scope)))

    return run


def _instance(compiler: Compiler, node: syntax.InstanceOf) -> Code:
    value, kind, at = compiler.code(node.value), compiler.type(node.type), node.at

    def run(scope: Scope) -> bool | None:
        if kind is None:
            scope.run.note(at, "feel.unknown_type", N_("Không có kiểu dữ liệu tên là “%(name)s”.", name=node.type.name))
            return None
        return is_instance(value(scope), kind)

    return run


def _if(compiler: Compiler, node: syntax.If) -> Code:
    condition, yes, no = compiler.code(node.condition), compiler.code(node.yes), compiler.code(node.no)
    return lambda scope: yes(scope) if condition(scope) is True else no(scope)


def _list(compiler: Compiler, node: syntax.ListOf) -> Code:
    runs = [compiler.code(item) for item in node.items]

    def run(scope: Scope) -> list[Any]:
        scope.run.charge(len(runs))
        return [item(scope) for item in runs]

    return run


def _context(compiler: Compiler, node: syntax.ContextOf) -> Code:
    names = [name for name, _ in node.entries]
    if len(set(names)) != len(names):
        return _failing(node.at, "feel.duplicate_key", N_("Hai mục của cùng một bảng giá trị trùng tên."))
    runs = [(name, compiler.inner(value)) for name, value in node.entries]

    def run(scope: Scope) -> dict[str, Any]:
        made: dict[str, Any] = {}
        inner = Scope(made, scope, scope.run)
        scope.run.charge(len(runs))
        for name, value in runs:
            made[name] = value(inner)
        return made

    return run


def _failing(at: int, code: str, message_vi: str) -> Code:
    def run(scope: Scope) -> None:
        scope.run.note(at, code, message_vi)

    return run


def _range(compiler: Compiler, node: syntax.RangeOf) -> Code:
    start = compiler.code(node.start) if node.start is not None else None
    end = compiler.code(node.end) if node.end is not None else None
    shape = (node.start_included, node.end_included, node.negated)

    def run(scope: Scope) -> Range | None:
        low = start(scope) if start is not None else None
        high = end(scope) if end is not None else None
        if low is not None and high is not None and kind_of(low) != kind_of(high):
            scope.run.note(node.at, "feel.mixed_range", N_("Hai đầu của khoảng không cùng kiểu giá trị."))
            return None
        if (operators.order(low, high) or 0) > 0:
            scope.run.note(node.at, "feel.empty_range", N_("Đầu của khoảng lớn hơn cuối khoảng."))
            return None
        return Range(low, high, *shape)

    return run


def _in(compiler: Compiler, node: syntax.In) -> Code:
    value, test = compiler.code(node.value), tests_code(compiler, node.tests)
    return lambda scope: test(scope, value(scope))


Test = Callable[[Scope, Any], bool | None]


def tests_code(compiler: Compiler, node: syntax.Tests) -> Test:
    """Compile unary tests: one that holds is enough. Source: OMG DMN 1.5, 7.3.3, rules 7 to 17, table 55."""
    tests = [_test(compiler, item) for item in node.items]
    negated = node.negated
    if not tests:
        return lambda _scope, _value: True
    if len(tests) == 1 and not negated:
        return tests[0]

    def run(scope: Scope, value: Any) -> bool | None:
        result: bool | None = False
        for test in tests:
            result = operators.either(result, test(scope, value))
            if result is True:
                break
        return operators.negate(result) if negated else result

    return run


def _test(compiler: Compiler, node: Node) -> Test:
    if isinstance(node, syntax.Comparison):
        right, operation = _tested(compiler, node.right), OPERATIONS[node.operator]
        return lambda scope, value: operation(value, right(scope, value))
    run = _tested(compiler, node)
    if mentions(node, "?"):
        return lambda scope, value: _judge(run(scope, value), value)
    return lambda scope, value: _compare(run(scope, value), value)


def _tested(compiler: Compiler, node: Node) -> Callable[[Scope, Any], Any]:
    if not mentions(node, "?"):
        plain = compiler.code(node)
        return lambda scope, _value: plain(scope)
    run = compiler.inner(node)
    return lambda scope, value: run(Scope({"?": value}, scope, scope.run))


def _judge(found: Any, value: Any) -> bool | None:
    """Decide by a condition on the tested value; what is no condition is compared with it."""
    return found if found is None or isinstance(found, bool) else operators.is_in(value, found)


def _compare(found: Any, value: Any) -> bool | None:
    """Decide by equality or membership; a condition on other things stands for itself."""
    if isinstance(found, bool) and value is not None and not isinstance(value, bool):
        return found
    return operators.is_in(value, found)


_COMPILERS: dict[type[Node], Callable[[Any, Any], Code]] = {
    syntax.Literal: _literal, syntax.Name: _name, syntax.Path: _path, syntax.Negation: _negation,
    syntax.Binary: _binary, syntax.Between: _between, syntax.In: _in, syntax.InstanceOf: _instance, syntax.If: _if,
    syntax.ListOf: _list, syntax.ContextOf: _context, syntax.RangeOf: _range, syntax.Filter: filter_code,
    syntax.For: for_code, syntax.Quantified: quantified_code, syntax.Lambda: lambda_code, syntax.Call: call_code,
}  # fmt: skip
