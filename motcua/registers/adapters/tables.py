"""Tables as people send them: a title above the head, empty rows, unnamed or doubled columns, rows too long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from motcua.kernel.messages import N_
from motcua.kernel.text import to_nfc
from motcua.registers.types import LoadRefused, Unread

Row = tuple[int, dict[str, Any] | Unread]
MAX_COLUMNS = 500
_ABOVE = 20  # rows that may stand above the head
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})


def read_table(lines: Iterable[Sequence[Any] | Unread], *, is_strict: bool) -> Iterator[Row]:
    """Give the rows below the head, numbered from 1; an empty one is left out. `is_strict`: each has all its cells.

    Raises: LoadRefused for a table without a head, or one that names two columns alike.
    """
    source = iter(lines)
    above = list(islice(source, _ABOVE))
    place = _find_head(above)
    head = above[place] if place is not None else ()
    if place is None or isinstance(head, Unread) or len(head) > MAX_COLUMNS:
        raise LoadRefused(N_("tệp không có dòng tên cột"))
    names = _name_columns(head)
    for number, cells in enumerate(chain(above[place + 1 :], source), start=1):
        if isinstance(cells, Unread):
            yield number, cells
            continue
        row = _read_row(names, cells, is_strict=is_strict)
        if row:
            yield number, row


def _find_head(above: Sequence[Sequence[Any] | Unread]) -> int | None:
    """Return where the head is: the first row of several cells, else the first of any."""
    filled = [0 if isinstance(each, Unread) else sum(not _is_empty(cell) for cell in each) for each in above]
    several = next((place for place, count in enumerate(filled) if count > 1), None)
    return several if several is not None else next((place for place, count in enumerate(filled) if count), None)


def _name_columns(head: Sequence[Any]) -> list[str]:
    """Return the names by place; a column without one is told by its number, should it hold anything."""
    names = [to_nfc(str(cell)).strip() if not _is_empty(cell) else "" for cell in head]
    for name in names:
        if name and names.count(name) > 1:
            raise LoadRefused(N_("có hai cột cùng tên «%(name)s»; hãy đổi tên hoặc bỏ một cột", name=name[:80]))
    return [name or f"cột {place}" for place, name in enumerate(names, start=1)]


def _read_row(names: Sequence[str], cells: Sequence[Any], *, is_strict: bool) -> dict[str, Any] | Unread:
    told = tuple(str(cell) if cell is not None else "" for cell in cells)
    row = {name: cell for name, cell in zip(names, cells, strict=False) if not _is_empty(cell)}
    if any(not _is_empty(cell) for cell in cells[len(names) :]):
        return Unread(N_("dòng có nhiều ô hơn số cột"), told)
    if is_strict and row and len(cells) < len(names):
        return Unread(N_("dòng có ít ô hơn số cột"), told)
    if not _ERRORS.isdisjoint(cell for cell in row.values() if isinstance(cell, str)):
        return Unread(N_("có ô báo lỗi của Excel, ví dụ #N/A; hãy sửa công thức hoặc ghi giá trị"), told)
    return row


def _is_empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
