"""Files that agencies send: CSV, JSON lines, XLSX, Parquet. Each gives rows in order, with its line number."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import duckdb
import openpyxl
import orjson

from motcua.kernel.messages import N_
from motcua.registers.types import LoadRefused

Row = tuple[int, dict[str, Any] | None]  # line number from 1; None: the line could not be read
MAX_LINE_BYTES = 1024 * 1024
_MAX_COLUMNS = 500


def hash_file(path: Path) -> str:
    """Return the file's SHA-256. Raises: LoadRefused when it cannot be opened."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise LoadRefused(N_("không mở được tệp")) from error


def read_rows(path: Path) -> Iterator[Row]:
    """Read a file by its ending. Raises: LoadRefused for one that is not what its name says."""
    readers = {".csv": _read_csv, ".jsonl": _read_jsonl, ".ndjson": _read_jsonl, ".xlsx": _read_xlsx}
    readers[".parquet"] = _read_parquet
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise LoadRefused(N_("chỉ nhận tệp .csv, .jsonl, .xlsx, .parquet"))
    return reader(path)


def _read_csv(path: Path) -> Iterator[Row]:
    csv.field_size_limit(MAX_LINE_BYTES)
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            sample = file.read(64 * 1024)
        except UnicodeDecodeError as error:
            raise LoadRefused(N_("tệp CSV không đọc được; hãy lưu lại bằng mã UTF-8")) from error
        file.seek(0)
        first = sample.splitlines()[0] if sample else ""
        reader = csv.DictReader(file, delimiter=max(",;\t|", key=first.count), strict=True)
        try:
            names = reader.fieldnames
        except (csv.Error, UnicodeDecodeError) as error:
            raise LoadRefused(N_("tệp CSV không đọc được; hãy lưu lại bằng mã UTF-8")) from error
        if not names or len(names) > _MAX_COLUMNS:
            raise LoadRefused(N_("tệp không có dòng tên cột"))
        yield from _number_csv(reader)


def _number_csv(reader: csv.DictReader[str]) -> Iterator[Row]:
    number = 0
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield number, None
            continue
        except UnicodeDecodeError as error:
            raise LoadRefused(N_("tệp không phải mã UTF-8, từ dòng %(line)s", line=number)) from error
        is_whole = None not in row and None not in row.values()
        yield number, {name: value for name, value in row.items() if value != ""} if is_whole else None


def _read_jsonl(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_LINE_BYTES):
            number += 1
            if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
                while len(rest := file.readline(MAX_LINE_BYTES)) == MAX_LINE_BYTES and not rest.endswith(b"\n"):
                    continue
                yield number, None
                continue
            if not line.strip():
                continue
            try:
                data = orjson.loads(line)
            except ValueError:
                data = None
            yield number, data if isinstance(data, dict) else None


def _read_xlsx(path: Path) -> Iterator[Row]:
    try:
        sheet = openpyxl.load_workbook(path, read_only=True, data_only=True).worksheets[0]
    except (BadZipFile, OSError, KeyError, ValueError, IndexError) as error:
        raise LoadRefused(N_("tệp Excel không đọc được")) from error
    names: list[str] = []
    number = 0
    for cells in sheet.iter_rows(values_only=True, max_col=_MAX_COLUMNS):
        if not names:
            names = [str(cell).strip() for cell in cells if cell is not None]
            continue
        number += 1
        pairs = zip(names, cells, strict=False)
        row = {name: _plain(cell) for name, cell in pairs if cell is not None and cell != ""}
        if row:
            yield number, row


def _read_parquet(path: Path) -> Iterator[Row]:
    with duckdb.connect(config={"enable_external_access": True, "threads": 1}) as connection:
        try:
            result = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
        except duckdb.Error as error:
            raise LoadRefused(N_("tệp Parquet không đọc được")) from error
        names = [column[0] for column in result.description or ()]
        number = 0
        while batch := result.fetchmany(5_000):
            for values in batch:
                number += 1
                pairs = zip(names, values, strict=True)
                yield number, {name: _plain(value) for name, value in pairs if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | list | dict) else str(value)
