"""Turn the parts with scopes of their own into closures: filters, loops, quantifiers, functions and calls.

Source: OMG DMN 1.5, 10.3.2.5 (filter), 10.3.2.13 (invocation), 10.3.2.14 (for, some, every).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from motcua.kernel.messages import N_
from motcua.process.feel import operators, syntax
from motcua.process.feel.analysis import mentions
from motcua.process.feel.numbers import is_whole
from motcua.process.feel.registry import BUILTINS, Builtin, call_builtin
from motcua.process.feel.run import MAX_CALLS, MISSING, Code, Run, Scope
from motcua.process.feel.temporal import FeelDate, date_of
from motcua.process.feel.types import FeelType, convert
from motcua.process.feel.values import FeelFunction, Range

if TYPE_CHECKING:
    from motcua.process.feel.compile import Compiler


def filter_code(compiler: Compiler, node: syntax.Filter) -> Code:
    source, at = compiler.code(node.source), node.at
    condition = compiler.inner(node.condition)

    def run(scope: Scope) -> Any:
        value = source(scope)
        if value is None:
            return None
        items = value if isinstance(value, list) else [value]
        if not items:
            found = condition(scope)
            return None if isinstance(found, Decimal) else []
        return _filtered(items, condition, scope, at)

    return run


def _filtered(items: list[Any], condition: Code, scope: Scope, at: int) -> Any:
    kept: list[Any] = []
    for item in items:
        scope.run.charge(1)
        found = condition(_item_scope(item, scope))
        if found is True:
            kept.append(item)
        elif isinstance(found, Decimal):
            return item_at(items, found)
        elif found is not None and found is not False:
            scope.run.note(at, "feel.bad_filter", N_("Trong ngoặc vuông phải là số thứ tự hoặc điều kiện."))
    return kept


def _item_scope(item: Any, scope: Scope) -> Scope:
    around = Scope({"item": item}, scope, scope.run)
    return Scope(item, around, scope.run) if isinstance(item, dict) else around


def item_at(items: list[Any], position: Decimal) -> Any:
    """Return the item at a place counted from 1, or from the end with a negative number."""
    if not is_whole(position) or position == 0 or abs(position) > len(items):
        return None
    return items[int(position) - 1 if position > 0 else int(position)]


class _NotIterable(Exception):
    """What stands after `in` is neither a list nor a range that can be counted."""


Domain = Callable[[Scope], Iterator[Any]]


def _domain(compiler: Compiler, node: syntax.Iterator) -> Domain:
    source = compiler.inner(node.source)
    end = compiler.inner(node.end) if node.end is not None else None

    def values(scope: Scope) -> Iterator[Any]:
        value = source(scope)
        if end is not None:
            return _count(value, end(scope))
        if isinstance(value, Range):
            return _inside(value)
        if value is None:
            raise _NotIterable
        return iter(value if isinstance(value, list) else [value])

    return values


def _count(start: Any, end: Any) -> Iterator[Any]:
    """Count up or down from one whole number or date to another."""
    if isinstance(start, Decimal) and isinstance(end, Decimal) and is_whole(start) and is_whole(end):
        first, last = int(start), int(end)
        step = 1 if first <= last else -1
        return (Decimal(number) for number in range(first, last + step, step))
    if isinstance(start, FeelDate) and isinstance(end, FeelDate):
        first, last = start.days, end.days
        step = 1 if first <= last else -1
        return (date_of(number) for number in range(first, last + step, step))
    raise _NotIterable


def _inside(value: Range) -> Iterator[Any]:
    found = operators.order(value.start, value.end)
    if found is None or value.negated:
        raise _NotIterable
    inside = _count(value.start, value.end)
    return (each for each in inside if operators.within(each, value) is True)


def _loop(compiler: Compiler, iterators: tuple[syntax.Iterator, ...]) -> Callable[[Scope], Iterator[Scope]]:
    domains = [(iterator.name, _domain(compiler, iterator)) for iterator in iterators]

    def scopes(scope: Scope, index: int = 0) -> Iterator[Scope]:
        if index == len(domains):
            yield scope
            return
        name, domain = domains[index]
        for value in domain(scope):
            scope.run.charge(1)
            yield from scopes(Scope({name: value}, scope, scope.run), index + 1)

    return scopes


def for_code(compiler: Compiler, node: syntax.For) -> Code:
    scopes, body = _loop(compiler, node.iterators), compiler.inner(node.body)
    partial = any(mentions(part, "partial") for part in (node.body, *(each.source for each in node.iterators)))

    def run(scope: Scope) -> list[Any] | None:
        results: list[Any] = []
        try:
            for inner in scopes(scope):
                if partial:
                    scope.run.charge(len(results))
                    inner = Scope({"partial": list(results)}, inner, scope.run)
                results.append(body(inner))
        except _NotIterable:
            scope.run.note(
                node.at, "feel.not_a_list", N_("Sau “in” phải là danh sách hoặc khoảng số nguyên, khoảng ngày.")
            )
            return None
        return results

    return run


def quantified_code(compiler: Compiler, node: syntax.Quantified) -> Code:
    scopes, condition, every = _loop(compiler, node.iterators), compiler.inner(node.condition), node.every
    join = operators.both if every else operators.either

    def run(scope: Scope) -> bool | None:
        result: bool | None = every
        try:
            for inner in scopes(scope):
                result = join(result, condition(inner))
                if result is (not every):
                    break
        except _NotIterable:
            scope.run.note(
                node.at, "feel.not_a_list", N_("Sau “in” phải là danh sách hoặc khoảng số nguyên, khoảng ngày.")
            )
            return None
        return result

    return run


def lambda_code(compiler: Compiler, node: syntax.Lambda) -> Code:
    names = tuple(name for name, _ in node.parameters)
    types = tuple(compiler.type(kind) for _, kind in node.parameters)
    body, at = (compiler.inner(node.body) if node.body is not None else None), node.at

    def make(scope: Scope) -> FeelFunction:
        def call(run: Run, arguments: list[Any]) -> Any:
            if body is None:
                run.note(
                    at, "feel.external_function", N_("Không chạy hàm viết bằng Java hay PMML; hãy viết bằng FEEL.")
                )
                return None
            return body(Scope(dict(zip(names, arguments, strict=True)), scope, run))

        return FeelFunction(names, call, types)

    return make


def call_code(compiler: Compiler, node: syntax.Call) -> Code:
    arguments, names, at = [compiler.code(item) for item in node.arguments], node.names, node.at
    function = compiler.code(node.function)
    name = node.function.name if isinstance(node.function, syntax.Name) else ""
    builtin = BUILTINS.get(name)
    if builtin is not None:
        return _named_call(builtin, name, arguments, names, at)

    def run(scope: Scope) -> Any:
        value = function(scope)
        given = [argument(scope) for argument in arguments]
        return invoke(value, scope.run, given, names, at)

    return run


def _named_call(builtin: Builtin, name: str, arguments: list[Code], names: tuple[str, ...], at: int) -> Code:
    def run(scope: Scope) -> Any:
        own = scope.find(name)
        given = [argument(scope) for argument in arguments]
        if own is not MISSING and isinstance(own, FeelFunction):
            return invoke(own, scope.run, given, names, at)
        return call_builtin(builtin, scope.run, given, names, at)

    return run


def invoke(value: Any, run: Run, arguments: list[Any], names: tuple[str, ...] = (), at: int = 0) -> Any:
    """Call a function value; null and an issue when it is none or the arguments do not fit."""
    if not isinstance(value, FeelFunction):
        if value is not None:
            run.note(at, "feel.not_a_function", N_("Giá trị này không phải là hàm nên không gọi được."))
        return None
    if value.builtin is not None:
        return call_builtin(value.builtin, run, arguments, names, at)
    ordered = _order(value, arguments, names, run, at)
    if ordered is None:
        run.note(
            at, "feel.wrong_arguments", N_("Hàm này không nhận các giá trị này: sai số lượng, sai tên hoặc sai kiểu.")
        )
        return None
    run.charge(1)
    run.calls += 1
    if run.calls > MAX_CALLS:
        raise RecursionError
    try:
        result = value.call(run, ordered)
    finally:
        run.calls -= 1
    return _converted(result, value.result, run, at) if value.result is not None else result


def _order(value: FeelFunction, arguments: list[Any], names: tuple[str, ...], run: Run, at: int) -> list[Any] | None:
    """Bind arguments to parameters; one that does not conform becomes null. Source: OMG DMN 1.5, 10.3.2.9.4."""
    if names:
        given = dict(zip(names, arguments, strict=True))
        if not given.keys() <= set(value.parameters) or len(names) != len(given):
            return None
        # Table 63: what a named call leaves out is null.
        arguments = [given.get(name) for name in value.parameters]
    if len(arguments) != len(value.parameters):
        return None
    if not value.types:
        return arguments
    fitted = []
    for argument, kind in zip(arguments, value.types, strict=True):
        found, fits = (argument, True) if kind is None else convert(argument, kind)
        if not fits:
            run.note(at, "feel.wrong_arguments", N_("Một giá trị đưa vào hàm không đúng kiểu đã khai nên thành rỗng."))
        fitted.append(found if fits else None)
    return fitted


def _converted(result: Any, kind: FeelType, run: Run, at: int) -> Any:
    found, fits = convert(result, kind)
    if not fits:
        run.note(at, "feel.wrong_result", N_("Kết quả của hàm không đúng kiểu đã khai."))
    return found
