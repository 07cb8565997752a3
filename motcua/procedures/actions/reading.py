"""Find and read the files of a source that the operator names. A file that cannot be read is a problem, not a crash."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile
from zlib import error as zlib_error

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from motcua.procedures.types import ImportPathInvalid, ImportProblem

MAX_RECORD_BYTES = 2_000_000
MAX_LIST_BYTES = 20_000_000
MAX_LIST_ROWS = 50_000
LIST_COLUMNS = 5
_BROKEN_BOOK = (BadZipFile, ParseError, KeyError, TypeError, ValueError, EOFError, OSError, zlib_error)


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A national record as its file holds it."""

    name: str
    content: bytes
    fields: dict[str, object]

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class ListFileRow:
    """A row of a list of procedures, with the file and line that it stands in."""

    name: str
    cells: tuple[object, ...]

    @property
    def content(self) -> bytes:
        cells = [None if cell is None else str(cell) for cell in self.cells]
        return json.dumps(cells, ensure_ascii=False).encode()


def find_files(path: Path) -> tuple[list[Path], list[Path]]:
    """Return the record files and the list files below a path. Raises: ImportPathInvalid when there is neither."""
    if not path.is_dir():
        raise ImportPathInvalid(str(path))
    files = [found for found in sorted(path.rglob("*")) if found.is_file()]
    records = [found for found in files if found.suffix.lower() == ".json"]
    lists = [found for found in files if found.suffix.lower() == ".xlsx" and not found.name.startswith("~$")]
    if not records and not lists:
        raise ImportPathInvalid(str(path))
    return records, lists


def _name(path: Path, root: Path) -> str:
    """Return the file's name below the root in signs that can be stored and printed."""
    return str(path.relative_to(root)).encode("utf-8", "replace").decode("utf-8")


def read_record_file(path: Path, root: Path) -> RecordFile | ImportProblem:
    """Read one record: an object of texts in UTF-8."""
    name = _name(path, root)
    if path.stat().st_size > MAX_RECORD_BYTES:
        return ImportProblem(code="file_too_large", subject=name, message="Tệp lớn hơn 2 MB, không đọc.")
    try:
        content = path.read_bytes()
        fields = json.loads(content)
    except OSError:
        return ImportProblem(code="file_unreadable", subject=name, message="Không được phép đọc tệp.")
    except (ValueError, RecursionError):
        return ImportProblem(code="file_unreadable", subject=name, message="Tệp không phải JSON UTF-8.")
    if not isinstance(fields, dict):
        return ImportProblem(code="file_unreadable", subject=name, message="Tệp không phải một bản ghi.")
    return RecordFile(name, content, fields)


def read_list_file(path: Path, root: Path) -> Iterator[ListFileRow | ImportProblem]:
    """Read the rows of one list, below its heading rows; a row is told from a heading by its code, later."""
    name = _name(path, root)
    if path.stat().st_size > MAX_LIST_BYTES:
        yield ImportProblem(code="file_too_large", subject=name, message="Tệp lớn hơn 20 MB, không đọc.")
        return
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, *_BROKEN_BOOK):
        yield ImportProblem(code="file_unreadable", subject=name, message="Tệp không phải bảng tính XLSX.")
        return
    try:
        for sheet in book.worksheets:
            rows = sheet.iter_rows(max_col=LIST_COLUMNS, max_row=MAX_LIST_ROWS + 1, values_only=True)
            for number, cells in enumerate(rows, start=1):
                if number > MAX_LIST_ROWS:
                    message = f"Trang {sheet.title} dài quá {MAX_LIST_ROWS} dòng; phần sau không được đọc."
                    yield ImportProblem(code="list_cut", subject=name, message=message)
                elif any(cell is not None for cell in cells):
                    yield ListFileRow(f"{name}#{sheet.title}:{number}", cells)
    except _BROKEN_BOOK:  # a sheet is read as its rows are asked for
        yield ImportProblem(code="file_unreadable", subject=name, message="Bảng tính bị hỏng ở giữa; chỉ đọc phần đầu.")
    finally:
        book.close()
