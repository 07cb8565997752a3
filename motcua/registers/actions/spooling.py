"""The first pass over a file: each row read, cleaned and checked once, and laid aside for the second.

The whole file is judged before any of it is taken; what was worked out is not worked out again. The rows lie in an
unnamed file of this process: it is gone when the process is, however that ends.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from tempfile import TemporaryFile
from typing import Any

import orjson

from motcua.kernel.messages import N_
from motcua.registers.queries.registers import bring_up
from motcua.registers.rules.records import Check, clean, find_keys, find_links, missing_keys
from motcua.registers.types import FieldProblem, RegisterInfo, Unread

Row = tuple[int, dict[str, Any] | Unread | None]
_UNREADABLE = Unread(N_("dòng không đọc được"))
_LOST_ZEROS = N_("có vẻ mất số 0 ở đầu vì Excel coi là số; hãy định dạng cột này là văn bản rồi ghi lại")
_SIZED = re.compile(r"\^\[0-9\]\{(\d{1,2})\}\$")
_ZEROS_LOST = 2  # a number that lacks more is another number
_MAX_CELLS, _MAX_CELL = 100, 2_000  # what is kept of a row that could not be read
TELL_EVERY = 20_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """A row that fits: its record as JSON text with its hash, and what it is found by."""

    line: int
    digest: str
    keys: Mapping[str, str]
    links: tuple[tuple[str, str], ...]
    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that does not fit, as it came, and why."""

    line: int
    raw: Any
    problems: tuple[FieldProblem, ...]


@dataclass(frozen=True, slots=True)
class RowReading:
    """How rows of one file are read: `written_in` is the version of the register in which its sender writes."""

    info: RegisterInfo
    check: Check
    read: Callable[[Mapping[str, Any]], dict[str, Any]]
    written_in: int

    def prepare(self, line: int, row: dict[str, Any] | Unread | None) -> Prepared | Refused:
        if row is None or isinstance(row, Unread):
            return _refuse(line, row or _UNREADABLE)
        data = bring_up(self.info, clean(self.read(row)), written_in=self.written_in)
        keys = find_keys(self.info.keys, data)
        problems = self.check(data) + missing_keys(self.info.keys, keys)
        if problems:
            return Refused(line, clean(row), tuple(self._explain(each, data) for each in problems))
        text = orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
        links = tuple(find_links(self.info.links, data)) if self.info.links else ()
        return Prepared(line, hashlib.sha256(text).hexdigest(), keys, links, text.decode())

    def _explain(self, problem: FieldProblem, data: Mapping[str, Any]) -> FieldProblem:
        """Say what most likely happened to a number that is too short: nobody may guess whose it was."""
        shape = self.info.schema.get("properties", {}).get(problem.field, {})
        sized = _SIZED.fullmatch(str(shape.get("pattern", ""))) if isinstance(shape, Mapping) else None
        value = data.get(problem.field)
        if sized is None or not isinstance(value, str) or not (value.isascii() and value.isdigit()):
            return problem
        is_short = 0 < int(sized[1]) - len(value) <= _ZEROS_LOST and not value.startswith("0")
        return FieldProblem(field=problem.field, message=_LOST_ZEROS) if is_short else problem


def _refuse(line: int, row: Unread) -> Refused:
    raw = {f"ô {place}": cell[:_MAX_CELL] for place, cell in enumerate(row.cells[:_MAX_CELLS], start=1)}
    return Refused(line, clean(raw), (FieldProblem(field="", message=row.reason),))


class Spool:
    """Rows of a file, prepared, in order; `total` and `bad` are how many there are and how many do not fit."""

    def __init__(self) -> None:
        self._file = TemporaryFile(prefix="motcua-load-")  # noqa: SIM115  closed by __exit__
        self.total = self.bad = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def fill(self, reading: RowReading, rows: Iterable[Row], *, tell: Callable[[int], None] | None = None) -> None:
        """Read and check every row."""
        for line, row in rows:
            found = reading.prepare(line, row)
            self.total += 1
            if isinstance(found, Prepared):
                parts: list[Any] = [line, found.digest, found.keys, found.links, found.text]
            else:
                self.bad += 1
                parts = [line, "", found.raw, [[each.field, str(each.message)] for each in found.problems]]
            self._file.write(orjson.dumps(parts, default=str, option=orjson.OPT_NON_STR_KEYS) + b"\n")
            if tell is not None and self.total % TELL_EVERY == 0:
                tell(self.total)

    def read(self, *, size: int) -> Iterator[list[Prepared | Refused]]:
        """Yield the rows again, so many at a time."""
        self._file.seek(0)
        rows = (_read_line(line) for line in self._file)
        while chunk := list(islice(rows, size)):
            yield chunk


def _read_line(line: bytes) -> Prepared | Refused:
    number, digest, *rest = orjson.loads(line)
    if not digest:
        return Refused(number, rest[0], tuple(FieldProblem(field=field, message=says) for field, says in rest[1]))
    keys, links, text = rest
    return Prepared(number, digest, keys, tuple((name, value) for name, value in links), text)
