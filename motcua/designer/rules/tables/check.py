"""Check the decision tables of a package: complete, without contradiction, every fee with its ground.

Source: OMG DMN 1.5, 8.2.8 (hit policies), 8.2.11 (default output).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from motcua.designer.rules.reading import Package, error, warning
from motcua.designer.rules.tables.atoms import Column, cut_column
from motcua.designer.rules.tables.boxes import Box, TooManyBoxes, find_hidden, find_meeting, find_uncovered
from motcua.designer.types import Finding
from motcua.kernel.messages import N_
from motcua.process.dmn import DecisionModelError, TableInfo, TableRule, parse_decisions

_ONE_ROW = frozenset({"UNIQUE", "ANY", "PRIORITY", "FIRST"})
MAX_ROWS = 1_000
MAX_OVERLAPS = 20
FEE_FILE = "decisions/fee.dmn"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as boxes. `opaque`: rows with a cell that only evaluation can tell."""

    table: TableInfo
    columns: tuple[Column, ...]
    domain: Box
    boxes: tuple[Box, ...]
    opaque: frozenset[int]

    @property
    def certain(self) -> list[Box]:
        return [box for number, box in enumerate(self.boxes) if number not in self.opaque]

    def say(self, point: Box) -> str:
        """Say a point in words; columns where any value will do are left out."""
        parts = [
            column.atoms[atom.bit_length() - 1].say(column.label)
            for column, atom in zip(self.columns, point, strict=True)
            if len(column.atoms) > 1
        ]
        return ", ".join(parts) or N_("mọi trường hợp")

    def pick(self, box: Box) -> Box:
        """Return one point of a box, a named value rather than one between two where there is a choice."""
        return tuple(
            next(
                (1 << at for at, atom in enumerate(column.atoms) if mask >> at & 1 and atom.form == "point"),
                mask & -mask,
            )
            for column, mask in zip(self.columns, box, strict=True)
        )

    def is_between_wholes(self, point: Box) -> bool:
        """Tell whether the point lies between two neighbouring whole numbers."""
        return any(
            column.atoms[atom.bit_length() - 1].holds_no_whole for column, atom in zip(self.columns, point, strict=True)
        )


def check_decisions(package: Package) -> Iterator[Finding]:
    """Yield what is wrong with the decision models of a package."""
    for name, content in package.decision_files():
        try:
            model = parse_decisions(content)
        except DecisionModelError as refused:
            yield from (error(name, each.element_id, each.code, each.message_vi) for each in refused.problems)
            continue
        yield from (error(name, each.element_id, each.code, each.message_vi) for each in model.problems)
        for table in model.tables:
            yield from check_table(table, name)


def check_table(table: TableInfo, file: str) -> Iterator[Finding]:
    """Yield cases without a row, rows that contradict, rows that are never asked."""
    if file == FEE_FILE:
        yield from _check_grounds(table, file)
    if not table.rules:
        message = N_("Bảng “%(table)s” chưa có dòng nào. Hãy thêm dòng.", table=_name(table))
        yield error(file, table.id, "table_empty", message)
        return
    if len(table.rules) > MAX_ROWS:
        message = N_("Bảng “%(table)s” quá %(rows)s dòng nên không kiểm tra hết được. Hãy tách bảng.",
                     table=_name(table), rows=MAX_ROWS)  # fmt: skip
        yield error(file, table.id, "table_too_complex", message)
        return
    grid = lay_grid(table)
    try:
        yield from _check_complete(grid, file)
        yield from _check_overlaps(grid, file)
    except TooManyBoxes:
        message = N_("Bảng “%(table)s” quá phức tạp để kiểm tra hết tổ hợp; chưa kết luận được. Hãy tách bảng.",
                     table=_name(table))  # fmt: skip
        yield error(file, table.id, "table_too_complex", message)


def lay_grid(table: TableInfo) -> Grid:
    """Cut the columns of a table into atoms and its rows into boxes."""
    columns = tuple(
        cut_column(column, [rule.cells[at] for rule in table.rules]) for at, column in enumerate(table.inputs)
    )
    boxes: list[Box] = []
    opaque: set[int] = set()
    for number, rule in enumerate(table.rules):
        masks = [column.mask_of(cell) for column, cell in zip(columns, rule.cells, strict=True)]
        if None in masks:
            opaque.add(number)
        full = [(1 << len(column.atoms)) - 1 for column in columns]
        boxes.append(tuple(whole if mask is None else mask for mask, whole in zip(masks, full, strict=True)))
    domain = tuple(column.domain for column in columns)
    return Grid(table, columns, domain, tuple(boxes), frozenset(opaque))


def _name(table: TableInfo) -> str:
    return table.name or table.id


def _rule(grid: Grid, number: int) -> TableRule:
    return grid.table.rules[number]


def _check_complete(grid: Grid, file: str) -> Iterator[Finding]:
    """Every combination has a row, where exactly one is asked for and no default answers; for fees always."""
    table = grid.table
    if all(output.default for output in table.outputs) or (table.hit_policy not in _ONE_ROW and file != FEE_FILE):
        return
    missing = find_uncovered(grid.domain, grid.certain)
    if missing is None:
        return
    if grid.opaque and find_uncovered(grid.domain, grid.boxes) is None:
        rows = ", ".join(str(number + 1) for number in sorted(grid.opaque)[:8])
        message = N_(
            "Không chắc bảng “%(table)s” đủ mọi trường hợp, vì ô ở dòng %(rows)s là biểu thức. "
            "Hãy thêm giá trị mặc định, hoặc thử trường hợp: %(case)s.",
            table=_name(table),
            rows=rows,
            case=grid.say(missing),
        )
        yield warning(file, table.id, "table_maybe_incomplete", message)
        return
    report = warning if grid.is_between_wholes(missing) else error
    message = N_(
        "Bảng “%(table)s” không có dòng nào cho trường hợp: %(case)s. Hãy thêm dòng, giá trị mặc định, "
        "hoặc ghi các giá trị được phép của cột.",
        table=_name(table),
        case=grid.say(missing),
    )
    yield report(file, table.id, "table_incomplete", message)


def _check_overlaps(grid: Grid, file: str) -> Iterator[Finding]:
    table = grid.table
    if table.hit_policy == "FIRST":
        for number in _find_hidden(grid):
            message = N_(
                "Dòng %(row)s của bảng “%(table)s” không bao giờ dùng tới: các dòng trước đã gồm "
                "hết. Hãy bỏ hoặc đổi chỗ.",
                row=number + 1,
                table=_name(table),
            )
            yield warning(file, _rule(grid, number).id, "rule_never_used", message)
    if table.hit_policy not in ("UNIQUE", "ANY"):
        return
    found = 0
    for first, second, common in find_meeting(grid.domain, grid.boxes):
        is_same = _rule(grid, first).outputs == _rule(grid, second).outputs
        if {first, second} & grid.opaque or (table.hit_policy == "ANY" and is_same):
            continue
        found += 1
        if found > MAX_OVERLAPS:
            return
        message = N_(
            "Dòng %(first)s và dòng %(second)s của bảng “%(table)s” cùng đúng khi: %(case)s. "
            "Hãy sửa điều kiện để mỗi trường hợp chỉ có một dòng.",
            first=first + 1,
            second=second + 1,
            table=_name(table),
            case=grid.say(grid.pick(common)),
        )
        yield error(file, _rule(grid, second).id, "rules_overlap", message)


def _find_hidden(grid: Grid) -> Sequence[int]:
    certain = [tuple(0 for _ in box) if number in grid.opaque else box for number, box in enumerate(grid.boxes)]
    return [number for number in find_hidden(grid.domain, certain) if number not in grid.opaque]


def _check_grounds(table: TableInfo, file: str) -> Iterator[Finding]:
    """Every row of the fee table names its legal ground: in a column of that name, or in the row's own context."""
    named = [at for at, output in enumerate(table.outputs) if output.name == "legal_ref"]
    for number, rule in enumerate(table.rules):
        texts = [rule.outputs[at].strip() for at in named] or [text for text in rule.outputs if "legal_ref" in text]
        if not any(text and text not in ('""', "null", "-") and 'legal_ref: ""' not in text for text in texts):
            message = N_(
                "Dòng %(row)s của bảng lệ phí chưa ghi căn cứ pháp lý. Hãy ghi legal_ref.",
                row=number + 1,
            )
            yield error(file, rule.id, "fee_without_law", message)
