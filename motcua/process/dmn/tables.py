"""Compile decision tables: an index for each column, one mask of rows, a hit policy.

Source: OMG DMN 1.5, chapter 8 (decision tables).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.dmn import nodes
from motcua.process.dmn.cells import constant_of, parse_cell
from motcua.process.dmn.columns import Column
from motcua.process.dmn.enforce import typed
from motcua.process.dmn.hits import NOTHING, POLICIES, WRONG, RowRank, Rows
from motcua.process.dmn.itemtypes import ListOf, Plain, TypeFace
from motcua.process.dmn.literals import LiteralCompiler, Names, is_plain_name
from motcua.process.dmn.runtime import Budget, Run, Scope
from motcua.process.dmn.types import Cell
from motcua.process.dmn.typetable import is_typed
from motcua.process.feel import UnaryTests
from motcua.process.feel.operators import equal

MAX_RULES = 10_000
_LISTING = {("RULE ORDER", ""), ("OUTPUT ORDER", ""), ("COLLECT", "")}


def compile_table(node: nodes.Table, names: Names, literals: LiteralCompiler) -> Run:
    """Return the closure of a table; one that cannot be run gives null and is a problem of the model."""
    fault = _find_fault(node)
    if fault is not None:
        return literals.failing(node.id, *fault)
    key = _policy_key(node)
    policy = POLICIES[key]
    asks = [_Ask(clause, [rule.inputs[place] for rule in node.rules], names, literals)
            for place, clause in enumerate(node.inputs)]  # fmt: skip
    conclusions = _Conclusions(node, names, literals)
    rows = Rows(node.id, conclusions.value, conclusions.rank)
    every = (1 << len(node.rules)) - 1
    opaque = [(place, ask.column.opaque) for place, ask in enumerate(asks) if ask.column.opaque]
    nothing = NOTHING.get(key)
    checked = [(ask.name, ask.exact, ask.find, ask) for ask in asks]

    def evaluate(scope: Scope, budget: Budget) -> Any:
        mask = every
        values = []
        for name, exact, find, ask in checked:
            value = scope.get(name)  # the short way for a variable that has its type already
            if value.__class__ is not exact:
                value = ask.run(scope, budget)
            if ask.allowed is not None and ask.allowed.matches(value, scope, now=budget.now) is not True:
                return ask.complain(budget)
            values.append(value)
            mask &= find(value)
        if mask and opaque:
            mask = _ask_opaque(mask, opaque, values, scope, budget)
        if mask:
            return policy(mask, rows, scope, budget)
        if conclusions.has_default:
            return conclusions.default(scope, budget)
        return None if nothing is None else nothing()

    return evaluate


def _ask_opaque(
    mask: int,
    opaque: Sequence[tuple[int, Sequence[tuple[int, Any]]]],
    values: Sequence[Any],
    scope: Scope,
    budget: Budget,
) -> int:
    for place, tests in opaque:
        for bit, test in tests:
            if mask & bit and test.matches(values[place], scope, now=budget.now) is not True:
                mask ^= bit
    return mask


def _policy_key(node: nodes.Table) -> tuple[str, str]:
    return node.hit_policy, node.aggregation if node.hit_policy == "COLLECT" else ""


def _find_fault(node: nodes.Table) -> tuple[str, str] | None:
    if _policy_key(node) not in POLICIES:
        text = N_("Không có chính sách khớp “%(policy)s”; hãy chọn lại.", policy=" ".join(_policy_key(node)))
        return "dmn.hit_policy", text
    if not node.outputs:
        return "dmn.no_output", N_("Bảng quyết định chưa có cột kết quả; hãy thêm một cột.")
    if len(node.rules) > MAX_RULES:
        return "dmn.too_many_rules", N_("Bảng có quá nhiều luật; hãy chia thành nhiều bảng.")
    if _policy_key(node)[1] and len(node.outputs) > 1:
        return "dmn.aggregation", N_("Bảng nhiều cột kết quả không gộp được; hãy tách thành từng bảng.")
    for rule in node.rules:
        if len(rule.inputs) != len(node.inputs) or len(rule.outputs) != len(node.outputs):
            text = N_("Luật “%(rule)s” thiếu hoặc thừa ô; hãy sửa bảng.", rule=rule.id)
            return "dmn.cells", text
    if len(node.outputs) > 1 and not all(output.name or output.label for output in node.outputs):
        return "dmn.output_name", N_("Bảng nhiều cột kết quả cần tên cho từng cột; hãy đặt tên.")
    return None


class _Ask:
    """One input column: what it asks, what it allows, and its index."""

    __slots__ = ("allowed", "column", "exact", "find", "id", "label", "name", "run")

    def __init__(
        self, clause: nodes.InputClause, entries: Sequence[nodes.Literal], names: Names, literals: LiteralCompiler
    ) -> None:
        self.id = clause.id
        self.label = clause.label
        kind = literals.type_of(clause.expression.type_ref, clause.id)
        self.run = typed(literals.compile(clause.expression, names), kind, clause.id)
        inner = names | {"?"}
        self.name = clause.expression.text
        is_direct = isinstance(kind, Plain) and is_plain_name(self.name, names)
        self.exact: type | None = kind.kind if is_direct and isinstance(kind, Plain) else _Never
        self.allowed = None if clause.allowed is None else literals.tests(clause.allowed, inner)
        tests = [None if entry.text in ("", "-") else literals.tests(entry, inner) for entry in entries]
        cells = [_cell(entry, test) for entry, test in zip(entries, tests, strict=True)]
        self.column = Column(cells, [_NEVER if test is None else test for test in tests])
        self.find = self.column.find

    def complain(self, budget: Budget) -> None:
        text = N_("Giá trị của “%(label)s” không nằm trong các giá trị cho phép.", label=self.label)
        budget.note(self.id, "dmn.not_allowed", text)


class _Never:
    """Stands for a cell that could not be read: its rule never matches."""

    def matches(self, _value: Any, _context: Any, *, now: Any = None) -> bool | None:
        return False


_NEVER = _Never()


def _cell(entry: nodes.Literal, test: UnaryTests | None) -> Cell:
    cell = parse_cell(entry.text)
    return Cell(entry.text, "opaque") if test is None and cell.kind != "any" else cell


class _Conclusions:
    """The output entries of a table, its default and the order of its values."""

    def __init__(self, node: nodes.Table, names: Names, literals: LiteralCompiler) -> None:
        self.node = node
        self.is_single = len(node.outputs) == 1
        self.names = tuple(output.name or output.label for output in node.outputs)
        listing = _policy_key(node) in _LISTING
        self.types = [_output_type(output, literals, is_listing=listing) for output in node.outputs]
        self.allowed = [_allowed(output, names, literals) for output in node.outputs]
        self.orders = [_order_of(output, literals) for output in node.outputs]
        self.rank: RowRank | None = self._rank if any(order is not None for order in self.orders) else None
        self.cells = [
            [self._cell(entry, place, names, literals) for place, entry in enumerate(rule.outputs)]
            for rule in node.rules
        ]
        self.has_default = any(output.default is not None for output in node.outputs)
        self.defaults = [literals.compile(output.default or nodes.Literal(output.id), names) for output in node.outputs]

    def value(self, row: int, scope: Scope, budget: Budget) -> Any:
        """Return the outputs of a row, as one value or a context; WRONG when one is not allowed."""
        found = [
            fixed if run is None else self._checked(run(scope, budget), place, budget)
            for place, (run, fixed) in enumerate(self.cells[row])
        ]
        if WRONG in found:
            self._complain(row, budget)
            return WRONG
        return found[0] if self.is_single else dict(zip(self.names, found, strict=True))

    def default(self, scope: Scope, budget: Budget) -> Any:
        found = [kind.coerce(run(scope, budget)) for kind, run in zip(self.types, self.defaults, strict=True)]
        return found[0] if self.is_single else dict(zip(self.names, found, strict=True))

    def _cell(
        self, entry: nodes.Literal, place: int, names: Names, literals: LiteralCompiler
    ) -> tuple[Run | None, Any]:
        """Compile an entry; one that is a constant is checked here, once and for all."""
        is_constant, value = (False, None) if entry.refused else constant_of(entry.text)
        if not is_constant:
            return literals.compile(entry, names), None
        fitted = self.types[place].coerce(value)
        if fitted is None and value is not None:
            return literals.compile(entry, names), None  # complains each time, as it should
        return None, fitted if self._is_allowed(fitted, place) else WRONG

    def _checked(self, value: Any, place: int, budget: Budget) -> Any:
        fitted = self.types[place].coerce(value)
        if fitted is None and value is not None:
            text = N_("Kết quả không đúng kiểu đã khai báo nên thành rỗng.")
            budget.note(self.node.outputs[place].id, "dmn.type", text)
        return fitted if self._is_allowed(fitted, place) else WRONG

    def _is_allowed(self, value: Any, place: int) -> bool:
        allowed = self.allowed[place]
        return allowed is None or value is None or allowed.matches(value, {}) is True

    def _complain(self, row: int, budget: Budget) -> None:
        text = N_("Kết quả của luật thứ %(row)s không nằm trong các giá trị cho phép.", row=row + 1)
        budget.note(self.node.rules[row].id, "dmn.not_allowed", text)

    def _rank(self, value: Any) -> tuple[int, ...]:
        found = [value] if self.is_single else list(value.values())
        return tuple(
            next((rank for rank, known in enumerate(order) if equal(known, item) is True), len(order))
            for order, item in zip(self.orders, found, strict=True)
            if order is not None
        )


def _output_type(output: nodes.OutputClause, literals: LiteralCompiler, *, is_listing: bool) -> TypeFace:
    kind = literals.type_of(output.type_ref, output.id)
    resolved = getattr(kind, "resolve", lambda: kind)()
    if is_listing and isinstance(resolved, ListOf):
        return literals.type_of("", output.id)  # the type of the whole list, as some tools write it
    return kind if is_typed(kind) else literals.type_of("", output.id)


def _allowed(output: nodes.OutputClause, names: Names, literals: LiteralCompiler) -> UnaryTests | None:
    return None if output.allowed is None else literals.tests(output.allowed, names | {"?"})


def _order_of(output: nodes.OutputClause, literals: LiteralCompiler) -> tuple[Any, ...] | None:
    """Return the values of a column, the most wanted first: from the clause, or else from its type."""
    text = output.allowed.text if output.allowed is not None else literals.types.allowed_text(output.type_ref)
    cell = parse_cell(text)
    return cell.constants if cell.constants and cell.kind == "constants" and not cell.is_negated else None
