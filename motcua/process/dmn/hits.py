"""Hit policies: which of the rows that matched give the result, and how.

Source: OMG DMN 1.5, 8.2.11 (hit policy), 8.3.1 table 32 and 33.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.dmn.runtime import Budget, Scope
from motcua.process.feel import compile_expression
from motcua.process.feel.operators import equal

# what a policy may ask of its table: the value of a row (WRONG: the row gives none), the place of a row's outputs
RowValue = Callable[[int, Scope, Budget], Any]
RowRank = Callable[[Any], tuple[int, ...]]
Policy = Callable[[int, "Rows", Scope, Budget], Any]


class _Wrong:
    """The mark of a row whose outputs are not among the allowed ones: the table gives null."""


WRONG = _Wrong()


class Rows:
    """The conclusions of one table."""

    __slots__ = ("element_id", "rank", "value")

    def __init__(self, element_id: str, value: RowValue, rank: RowRank | None) -> None:
        self.element_id = element_id
        self.value = value
        self.rank = rank


def rows_of(mask: int) -> list[int]:
    """List the rows of a mask, first row first."""
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return found


def _single(value: Any) -> Any:
    return None if value is WRONG else value


def unique(mask: int, rows: Rows, scope: Scope, budget: Budget) -> Any:
    if mask & (mask - 1):
        places = ", ".join(str(row + 1) for row in rows_of(mask))
        text = N_("Bảng chỉ cho một luật khớp nhưng các luật %(rows)s cùng khớp; hãy sửa điều kiện.", rows=places)
        budget.note(rows.element_id, "dmn.not_unique", text)
        return None
    return _single(rows.value(mask.bit_length() - 1, scope, budget))


def first(mask: int, rows: Rows, scope: Scope, budget: Budget) -> Any:
    return _single(rows.value((mask & -mask).bit_length() - 1, scope, budget))


def any_(mask: int, rows: Rows, scope: Scope, budget: Budget) -> Any:
    values = _collect(rows_of(mask), rows, scope, budget)
    if values is None:
        return None
    if any(equal(values[0], value) is not True for value in values[1:]):
        text = N_("Các luật cùng khớp phải cho cùng kết quả nhưng lại khác nhau; hãy sửa bảng.")
        budget.note(rows.element_id, "dmn.not_any", text)
        return None
    return values[0]


def priority(mask: int, rows: Rows, scope: Scope, budget: Budget) -> Any:
    ordered = output_order(mask, rows, scope, budget)
    return ordered[0] if ordered else None


def output_order(mask: int, rows: Rows, scope: Scope, budget: Budget) -> Any:
    if rows.rank is None:
        text = N_("Bảng xếp theo ưu tiên cần danh sách giá trị kết quả; hãy khai báo danh sách đó.")
        budget.note(rows.element_id, "dmn.no_priority", text)
        return None
    values = _collect(rows_of(mask), rows, scope, budget)
    return None if values is None else sorted(values, key=rows.rank)


def rule_order(mask: int, rows: Rows, scope: Scope, budget: Budget) -> Any:
    return _collect(rows_of(mask), rows, scope, budget)


def count(mask: int, rows: Rows, scope: Scope, budget: Budget) -> Any:
    values = _collect(rows_of(mask), rows, scope, budget)
    return None if values is None else Decimal(len(values))


def aggregate(function: str) -> Policy:
    """Return the policy that folds the outputs by a built-in function."""
    expression = compile_expression(f"{function}(_dmn_values)")

    def fold(mask: int, rows: Rows, scope: Scope, budget: Budget) -> Any:
        values = _collect(rows_of(mask), rows, scope, budget)
        if values is None:
            return None
        result = expression.value(Scope({"_dmn_values": values}))
        if result is None:
            text = N_("Không gộp được các kết quả bằng %(function)s; hãy kiểm tra kiểu của chúng.", function=function)
            budget.note(rows.element_id, "dmn.aggregation", text)
        return result

    return fold


def _collect(places: Sequence[int], rows: Rows, scope: Scope, budget: Budget) -> list[Any] | None:
    values = [rows.value(place, scope, budget) for place in places]
    return None if any(value is WRONG for value in values) else values


POLICIES: dict[tuple[str, str], Policy] = {
    ("UNIQUE", ""): unique,
    ("FIRST", ""): first,
    ("ANY", ""): any_,
    ("PRIORITY", ""): priority,
    ("RULE ORDER", ""): rule_order,
    ("OUTPUT ORDER", ""): output_order,
    ("COLLECT", ""): rule_order,
    ("COLLECT", "SUM"): aggregate("sum"),
    ("COLLECT", "MIN"): aggregate("min"),
    ("COLLECT", "MAX"): aggregate("max"),
    ("COLLECT", "COUNT"): count,
}
# what a table gives when no rule matches and no default is written
NOTHING: dict[tuple[str, str], Callable[[], Any]] = {
    ("RULE ORDER", ""): list,
    ("OUTPUT ORDER", ""): list,
    ("COLLECT", ""): list,
    ("COLLECT", "COUNT"): lambda: Decimal(0),
}
