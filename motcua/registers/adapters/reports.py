"""The report on a load that its sender opens: the rows that were not taken, as they came, each with what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import orjson
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import IllegalCharacterError

from motcua.kernel.messages import N_
from motcua.registers.types import LoadReport, RejectedRowInfo

MAX_ROWS = 1_000_000  # what a spreadsheet holds
_MAX_CELL = 32_000


def write_report(report: LoadReport, rows: Iterable[RejectedRowInfo]) -> bytes:
    """Return a workbook: the rows on the first sheet, the reasons counted on the second. No cell is a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(str(N_("Dòng không nhận")))
    counted: Counter[str] = Counter()
    columns: list[str] = []
    for place, row in enumerate(rows):
        raw = row.raw if isinstance(row.raw, dict) else {}
        if place == 0:
            columns = list(raw)
            sheet.append(_cells(sheet, [N_("Dòng"), N_("Cần sửa"), *columns]))
        columns += [name for name in raw if name not in columns]
        says = [f"{each.field}: {each.message}" if each.field else str(each.message) for each in row.problems]
        counted.update(says)
        sheet.append(_cells(sheet, [row.line_no, "; ".join(says), *(raw.get(name) for name in columns)]))
        if place >= MAX_ROWS:
            break
    summary = book.create_sheet(str(N_("Tóm tắt")))
    for name, value in _summarise(report):
        summary.append(_cells(summary, [name, value]))
    for reason, times in counted.most_common(200):
        summary.append(_cells(summary, [reason, times]))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _summarise(report: LoadReport) -> list[tuple[str, Any]]:
    state = (
        N_("Trả lại cả tệp: quá nhiều dòng sai, chưa dòng nào được nhận") if report.is_quarantined else N_("Đã nhận")
    )
    return [
        (N_("Tệp"), report.file_name), (N_("Cơ quan gửi"), report.source), (N_("Kết quả"), state),
        (N_("Số dòng đã đọc"), report.rows_read), (N_("Số dòng không nhận"), report.rows_rejected),
    ]  # fmt: skip


def _cells(sheet: Any, values: Iterable[Any]) -> list[Any]:
    return [_cell(sheet, value) for value in values]


def _cell(sheet: Any, value: Any) -> Any:
    if value is None or isinstance(value, int):
        return WriteOnlyCell(sheet, value=value)
    text = value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
    try:
        cell = WriteOnlyCell(sheet, value=str(text)[:_MAX_CELL])
    except IllegalCharacterError:
        cell = WriteOnlyCell(sheet, value="".join(each for each in text if each.isprintable())[:_MAX_CELL])
    cell.data_type = "s"
    return cell
