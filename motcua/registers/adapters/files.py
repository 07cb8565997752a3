"""Files that agencies send: CSV, JSON lines, XLSX, Parquet. Each gives rows in order, with its number."""

from __future__ import annotations

import codecs
import csv
import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any, TextIO

import duckdb
import orjson

from motcua.kernel.messages import N_
from motcua.registers.adapters.sheets import read_xlsx
from motcua.registers.adapters.tables import Row, read_table
from motcua.registers.rules.encodings import find_separator, is_vietnamese, read_mark
from motcua.registers.types import LoadRefused, Unread

MAX_LINE_BYTES = 1024 * 1024
_BLOCK = 1024 * 1024
_SAMPLE = 64 * 1024
_KEPT = 2_000  # characters of a line that cannot be read
_TOO_LONG = N_("dòng dài quá 1 MB")
_BROKEN = N_("dòng không đọc được")
_NO_CODE = N_("tệp không phải mã UTF-8, UTF-16 hay Windows-1258; hãy lưu lại bằng mã UTF-8")


def hash_file(path: Path) -> str:
    """Return the file's SHA-256. Raises: LoadRefused when it cannot be opened."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise LoadRefused(N_("không mở được tệp")) from error


def read_rows(path: Path) -> Iterator[Row]:
    """Read a file by its ending. Raises: LoadRefused for one that is not what its name says."""
    readers = {".csv": _read_csv, ".jsonl": _read_jsonl, ".ndjson": _read_jsonl, ".xlsx": read_xlsx}
    readers[".parquet"] = _read_parquet
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise LoadRefused(N_("chỉ nhận tệp .csv, .jsonl, .xlsx, .parquet"))
    return reader(path)


def find_encoding(path: Path) -> str:
    """Return the code in which a text file is written, read whole. Raises: LoadRefused when it is none of ours."""
    with path.open("rb") as file:
        marked = read_mark(file.read(_SAMPLE))
    if marked:
        return marked
    if _fits(path, "utf-8"):
        return "utf-8"
    if _fits(path, "cp1258"):
        return "cp1258"
    raise LoadRefused(_NO_CODE)


def _fits(path: Path, code: str) -> bool:
    """Return whether the whole file can be read so; every byte means something in Windows-1258, so its words count."""
    decoder = codecs.getincrementaldecoder(code)()
    with path.open("rb") as file:
        try:
            while block := file.read(_BLOCK):
                text = decoder.decode(block)
                if code != "utf-8" and not is_vietnamese(text):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _read_csv(path: Path) -> Iterator[Row]:
    csv.field_size_limit(MAX_LINE_BYTES)
    with path.open(encoding=find_encoding(path), newline="") as file:
        try:
            sample = file.read(_SAMPLE)
            file.seek(0)
            lines = _Lines(file)
            reader = csv.reader(lines, delimiter=find_separator(sample), strict=True)
            if sample.lower().startswith("sep="):
                next(lines)
            yield from read_table(_read_cells(reader, lines), is_strict=True)
        except UnicodeDecodeError as error:
            raise LoadRefused(_NO_CODE) from error


class _Lines:
    """The lines of a file, none held whole that is longer than is allowed."""

    def __init__(self, file: TextIO) -> None:
        self._file, self.has_skipped = file, False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._file.readline(MAX_LINE_BYTES)
        if not line:
            raise StopIteration
        if len(line) == MAX_LINE_BYTES and not line.endswith("\n"):
            while len(rest := self._file.readline(MAX_LINE_BYTES)) == MAX_LINE_BYTES and not rest.endswith("\n"):
                continue
            self.has_skipped = True
            return "\n"
        return line


def _read_cells(reader: Any, lines: _Lines) -> Iterator[Sequence[str] | Unread]:
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Unread(_BROKEN)
            continue
        if lines.has_skipped:
            lines.has_skipped = False
            yield Unread(_TOO_LONG)
        else:
            yield cells


def _read_jsonl(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        code = read_mark(file.read(_SAMPLE))
    if code and code != "utf-8-sig":
        yield from _read_wide_jsonl(path, code)
        return
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_LINE_BYTES):
            number += 1
            if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
                while len(rest := file.readline(MAX_LINE_BYTES)) == MAX_LINE_BYTES and not rest.endswith(b"\n"):
                    continue
                yield number, Unread(_TOO_LONG)
                continue
            line = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
            if line.strip():
                yield number, _read_object(line)


def _read_wide_jsonl(path: Path, code: str) -> Iterator[Row]:
    with path.open(encoding=code) as file:
        try:
            for number, line in enumerate(_Lines(file), start=1):
                if line.strip():
                    yield number, _read_object(line.encode())
        except UnicodeDecodeError as error:
            raise LoadRefused(_NO_CODE) from error


def _read_object(line: bytes) -> dict[str, Any] | Unread:
    try:
        data = orjson.loads(line)
    except ValueError:
        return Unread(N_("dòng không phải JSON"), (line[:_KEPT].decode(errors="replace"),))
    return data if isinstance(data, dict) else Unread(N_("dòng không phải một bản ghi {…}"), (str(data)[:_KEPT],))


def _read_parquet(path: Path) -> Iterator[Row]:
    with duckdb.connect(config={"enable_external_access": True, "threads": 1}) as connection:
        try:
            result = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
            names = [column[0] for column in result.description or ()]
            number = 0
            while batch := result.fetchmany(5_000):
                for values in batch:
                    number += 1
                    pairs = ((name, _plain(value)) for name, value in zip(names, values, strict=True))
                    yield number, {name: value for name, value in pairs if value is not None}
        except duckdb.Error as error:
            raise LoadRefused(N_("tệp Parquet không đọc được")) from error


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None  # a column of numbers has no other way to say "nothing"
    if isinstance(value, bytes | bytearray):
        return bytes(value).decode(errors="replace")
    return value if value is None or isinstance(value, str | int | float | bool | list | dict) else str(value)
