"""The first sheet of an Excel file that holds anything: what is merged downwards is said of each of its rows."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

import openpyxl
from openpyxl.utils.cell import range_boundaries

from motcua.kernel.messages import N_
from motcua.registers.adapters.tables import MAX_COLUMNS, Row, read_table
from motcua.registers.types import LoadRefused

_UNREADABLE = (BadZipFile, OSError, KeyError, ValueError, IndexError, TypeError, EOFError, ParseError, zlib.error)
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_BLOCK = 1024 * 1024
_OVERLAP = 200  # longer than one mergeCell
_MAX_MERGED = 100_000
Merged = dict[int, list[tuple[int, int]]]  # first row -> column and last row


def read_xlsx(path: Path) -> Iterator[Row]:
    """Give the rows below the head. Raises: LoadRefused."""
    try:
        yield from read_table(_read_cells(path), is_strict=False)
    except _UNREADABLE as error:
        raise LoadRefused(N_("tệp Excel không đọc được")) from error


def _read_cells(path: Path) -> Iterator[Sequence[Any]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            merged = _find_merged(path, sheet._worksheet_path)
            is_empty = True
            sheet.reset_dimensions()  # what a file says of its size is often wrong
            for cells in _fill(sheet.iter_rows(values_only=True), merged):
                is_empty = is_empty and not any(cell is not None for cell in cells)
                yield cells
            if not is_empty:
                return
    finally:
        book.close()


def _fill(rows: Iterator[Sequence[Any]], merged: Merged) -> Iterator[Sequence[Any]]:
    """Give the rows with what is merged downwards put into each row it covers."""
    standing: dict[int, tuple[int, Any]] = {}  # column -> last row, value
    for number, cells in enumerate(rows, start=1):
        values = [_plain(cell) for cell in cells[: MAX_COLUMNS + 1]]
        for column, (last, value) in list(standing.items()):
            if number > last:
                del standing[column]
            else:
                values += [None] * (column - len(values))
                values[column - 1] = values[column - 1] if values[column - 1] is not None else value
        for column, last in merged.get(number, ()):
            if column <= len(values) and values[column - 1] is not None:
                standing[column] = (last, values[column - 1])
        yield values


def _find_merged(path: Path, part: str) -> Merged:
    """Return what is merged downwards in one sheet: it stands behind the rows, so it is looked for beforehand."""
    found: Merged = {}
    count, tail = 0, b""
    with ZipFile(path) as archive, archive.open(part.lstrip("/")) as file:
        while block := file.read(_BLOCK):
            text = tail + block
            end = 0
            for match in _MERGED.finditer(text):
                end = match.end()
                column, first, _last_column, last = range_boundaries(match[1].decode())
                if column is None or first is None or last is None or last <= first:
                    continue
                count += 1
                if count > _MAX_MERGED:
                    raise LoadRefused(N_("bảng có quá nhiều ô gộp; hãy bỏ gộp ô rồi gửi lại"))
                found.setdefault(first, []).append((column, last))
            tail = text[max(end, len(text) - _OVERLAP) :]
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
