"""Compile boxed expressions to closures over a scope.

Source: OMG DMN 1.5, 7.2.1 and 10.2.2 (boxed expressions), 10.3.2.13 (invocation of functions).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.dmn import nodes
from motcua.process.dmn.enforce import typed
from motcua.process.dmn.functions import call_named, make_function
from motcua.process.dmn.itemtypes import FunctionOf, TypeFace
from motcua.process.dmn.literals import LiteralCompiler
from motcua.process.dmn.runtime import Budget, Run, Scope
from motcua.process.dmn.tables import compile_table

Names = frozenset[str]
_ITEMS = "_dmn_items"


class BoxedCompiler:
    """Compiles the expressions of one model; faults found on the way are in `literals.problems`."""

    def __init__(self, literals: LiteralCompiler) -> None:
        self.literals = literals
        self._makers: dict[type, Callable[[Any, Names], Run]] = {
            nodes.Literal: literals.compile,
            nodes.Context: self._context,
            nodes.Invocation: self._invocation,
            nodes.Function: self.function,
            nodes.Relation: self._relation,
            nodes.List: self._list,
            nodes.Conditional: self._conditional,
            nodes.Iterator: self._iterator,
            nodes.Filter: self._filter,
            nodes.Table: lambda node, names: compile_table(node, names, literals),
        }

    def compile(self, node: nodes.Boxed | None, names: Names) -> Run:
        """Return the closure of an expression, its declared type enforced; nothing gives null."""
        if node is None:
            return lambda _scope, _budget: None
        run = self._makers[type(node)](node, names)
        if isinstance(node, nodes.Function):
            return run  # its declared type is enforced on what it returns
        return typed(run, self.literals.type_of(node.type_ref, node.id), node.id)

    def _context(self, node: nodes.Context, names: Names) -> Run:
        entries: list[tuple[str, Run]] = []
        for variable, value in node.entries:
            if variable is None:
                entries.append(("", self.compile(value, names)))
                continue
            names = names | {variable.name}
            run = self.compile(value, names)
            if not isinstance(value, nodes.Function):
                run = typed(run, self.literals.type_of(variable.type_ref, node.id), node.id)
            entries.append((variable.name, run))
        has_result = bool(node.entries) and node.entries[-1][0] is None

        def evaluate(scope: Scope, budget: Budget) -> Any:
            inner = Scope(scope)
            result: dict[str, Any] = {}
            value = None
            for name, run in entries:
                value = run(inner, budget)
                if name:
                    inner[name] = result[name] = value
            return value if has_result else result

        return evaluate

    def function(self, node: nodes.Function, names: Names, *, output: TypeFace | None = None, name: str = "") -> Run:
        """Compile a function definition; the closure gives a FEEL function bound to the scope it was made in."""
        if node.kind != "FEEL":
            text = N_("Hàm kiểu %(kind)s không được hỗ trợ; hãy viết bằng FEEL.", kind=node.kind)
            return self.literals.failing(node.id, "dmn.function_kind", text)
        types = tuple(self.literals.type_of(part.type_ref, node.id) for part in node.parameters)
        declared = self.literals.type_of(node.type_ref, node.id)
        results = [_result_type(kind) for kind in (declared, output) if kind is not None]
        body = self.compile(node.body, names | {part.name for part in node.parameters})
        for kind in results:
            body = typed(body, kind, node.id)
        parameters = tuple(part.name for part in node.parameters)
        return lambda scope, budget: make_function(
            parameters, types, body, scope=scope, budget=budget, element_id=node.id, name=name
        )

    def _invocation(self, node: nodes.Invocation, names: Names) -> Run:
        # the type written at the name of a function is that of its result, so it says nothing about the function
        called = self.compile(
            replace(node.called, type_ref="") if isinstance(node.called, nodes.Literal) else node.called, names
        )
        bindings = [(parameter.name, self.compile(value, names)) for parameter, value in node.bindings]
        text = node.called.text if isinstance(node.called, nodes.Literal) else ""
        by_text = self.literals.named_call(text, [name for name, _ in bindings], names)

        def evaluate(scope: Scope, budget: Budget) -> Any:
            function = called(scope, budget)
            arguments = {name: run(scope, budget) for name, run in bindings}
            return call_named(function, arguments, by_text=by_text, scope=scope, budget=budget, element_id=node.id)

        return evaluate

    def _relation(self, node: nodes.Relation, names: Names) -> Run:
        types = [self.literals.type_of(column.type_ref, node.id) for column in node.columns]
        rows: list[list[tuple[str, Run]]] = []
        for row in node.rows:
            cells = list(row) + [None] * (len(node.columns) - len(row))
            rows.append(
                [
                    (column.name, typed(self.compile(cell, names), kind, node.id))
                    for column, kind, cell in zip(node.columns, types, cells, strict=False)
                ]
            )
        return lambda scope, budget: [{name: run(scope, budget) for name, run in row} for row in rows]

    def _list(self, node: nodes.List, names: Names) -> Run:
        runs = [self.compile(item, names) for item in node.items]
        return lambda scope, budget: [run(scope, budget) for run in runs]

    def _conditional(self, node: nodes.Conditional, names: Names) -> Run:
        condition, then, otherwise = (self.compile(part, names) for part in (node.condition, node.then, node.otherwise))

        def evaluate(scope: Scope, budget: Budget) -> Any:
            return then(scope, budget) if condition(scope, budget) is True else otherwise(scope, budget)

        return evaluate

    def _items(self, source: nodes.Boxed | None, type_ref: str, names: Names) -> Run:
        """Compile what a loop runs over: FEEL's own iteration knows lists, single values and ranges."""
        if isinstance(source, nodes.Literal) and not source.type_ref and not type_ref and not source.refused:
            direct = self.literals.iteration(source, names)
            if direct is not None:
                return direct
        kind = self.literals.type_of(type_ref, "" if source is None else source.id)
        run = typed(self.compile(source, names), kind, "" if source is None else source.id)
        spread = self.literals.iteration(nodes.Literal("", text=_ITEMS), names | {_ITEMS})

        def evaluate(scope: Scope, budget: Budget) -> Any:
            value = run(scope, budget)
            if value is None or isinstance(value, list) or spread is None:
                return value
            return spread(Scope({_ITEMS: value}), budget)

        return evaluate

    def _iterator(self, node: nodes.Iterator, names: Names) -> Run:
        items = self._items(node.source, node.source_type, names)
        body = self.compile(node.body, names | {node.variable, "partial"})
        fold = _for_each if node.kind == "for" else _some if node.kind == "some" else _every

        def evaluate(scope: Scope, budget: Budget) -> Any:
            values = items(scope, budget)
            if not isinstance(values, list):
                budget.note(node.id, "dmn.not_a_list", N_("Vòng lặp cần một danh sách; hãy kiểm tra nguồn của nó."))
                return None
            inner = Scope(scope)

            def rounds() -> Iterable[Any]:
                for value in values:
                    budget.step(node.id)
                    inner[node.variable] = value
                    yield body(Scope(inner), budget)

            return fold(rounds(), inner)

        return evaluate

    def _filter(self, node: nodes.Filter, names: Names) -> Run:
        source = self.compile(node.source, names)
        match = self.compile(node.match, names | {"item"})

        def evaluate(scope: Scope, budget: Budget) -> Any:
            value = source(scope, budget)
            if value is None:
                budget.note(node.id, "dmn.not_a_list", N_("Bộ lọc cần một danh sách; hãy kiểm tra nguồn của nó."))
                return None
            kept = []
            items = value if isinstance(value, list) else [value]
            for item in items:
                budget.step(node.id)
                inner = Scope(scope)
                if isinstance(item, dict):
                    inner.update(item)
                if not (isinstance(item, dict) and "item" in item):
                    inner["item"] = item
                passes = match(inner, budget)
                if isinstance(passes, Decimal):
                    return _item_at(items, passes)
                if passes is True:
                    kept.append(item)
            return kept

        return evaluate


def _result_type(kind: TypeFace) -> TypeFace:
    """A function's declared type is that of the function or, as many tools write it, of its result."""
    resolved = getattr(kind, "resolve", lambda: kind)()
    return resolved.output_type() if isinstance(resolved, FunctionOf) else kind


def _item_at(items: list[Any], place: Decimal) -> Any:
    """Return the item at a place counted from 1, or from the end when negative: a filter may be a number."""
    number = int(place)
    inside = number == place and 0 < abs(number) <= len(items)
    return items[number - 1 if number > 0 else number] if inside else None


def _for_each(rounds: Iterable[Any], inner: Scope) -> list[Any]:
    done: list[Any] = []
    inner["partial"] = done
    for value in rounds:
        inner["partial"] = done = [*done, value] if len(done) < 1000 else _grown(done, value)
    return done


def _grown(done: list[Any], value: Any) -> list[Any]:
    done.append(value)
    return done


def _some(rounds: Iterable[Any], _inner: Scope) -> bool | None:
    answer: bool | None = False
    for value in rounds:
        if value is True:
            return True
        if value is not False:
            answer = None
    return answer


def _every(rounds: Iterable[Any], _inner: Scope) -> bool | None:
    answer: bool | None = True
    for value in rounds:
        if value is False:
            return False
        if value is not True:
            answer = None
    return answer
