"""Files of persons into tables of keys: DuckDB reads, cleans and keeps them; no row passes through Python."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from motcua.kernel.messages import N_
from motcua.kernel.text import fold
from motcua.linkage.rules.cleaning import literal, quote
from motcua.linkage.rules.guessing import guess_dates, guess_mapping, guess_model
from motcua.linkage.rules.mapping import Mapping_, with_columns
from motcua.linkage.rules.shaping import LINE, ROW_ID, first_step, heirs_rows, names_step, second_step, third_step
from motcua.linkage.types import LinkRefused
from motcua.registers.public import LoadRefused, find_encoding

Progress = Callable[[str], None]
PEOPLE = "people"
_NAMES = Path(__file__).resolve().parents[1] / "data" / "names.toml"
RAW = "raw_rows"
_MAX_COLUMNS = 500
_BLOCK = 1024 * 1024  # characters
_SEEN = 2_000  # rows looked at to guess
_NAMED = ("full_name", "family_name", "given_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """One file with its mapping; none: its columns' names are understood as they are."""

    path: Path
    mapping: Mapping_ | None = None
    columns: tuple[str, ...] = ()  # ROLE=COLUMN: said instead of what is guessed


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRead:
    """What became of one file."""

    name: str
    rows: int
    rejected: int
    mapping: Mapping_
    unused: tuple[str, ...] = ()


def open_database(folder: Path, *, memory_gb: int = 6, threads: int = 2) -> duckdb.DuckDBPyConnection:
    """Open a database in memory; what does not fit there goes into the folder."""
    connection = duckdb.connect(":memory:")
    connection.execute(f"SET memory_limit = '{int(memory_gb)}GB'")
    connection.execute(f"SET threads = {int(threads)}")
    connection.execute(f"SET temp_directory = {literal(str(folder))}")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET enable_progress_bar = false")
    return connection


def load_files(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[InputFile],
    *,
    successors: Mapping[str, Sequence[str]],
    progress: Progress,
) -> tuple[FileRead, ...]:
    """Read all files into one table of keys. Raises: LinkRefused with what to do."""
    connection.execute("CREATE TABLE heirs (code VARCHAR, area1 VARCHAR, area2 VARCHAR, area3 VARCHAR)")
    if successors:  # in one statement: row by row each would be a transaction
        rows = heirs_rows(successors)
        marks = ", ".join(["(?, ?, ?, ?)"] * len(rows))
        connection.execute(f"INSERT INTO heirs VALUES {marks}", [value for row in rows for value in row])
    done: list[FileRead] = []
    for place, file in enumerate(files):
        done.append(_load_one(connection, file, place, first_id=sum(each.rows for each in done)))
        progress(f"{file.path.name}: {done[-1].rows} dòng, {done[-1].rejected} dòng không đọc được")
    kinds = {each.mapping.model for each in done}
    if len(kinds) != 1:
        raise LinkRefused(N_("các tệp cùng một lần đối soát phải dùng chung một mô hình"))
    _shape(connection, len(done), is_vietnamese=kinds == {"vietnamese"})
    return tuple(done)


def _load_one(connection: duckdb.DuckDBPyConnection, file: InputFile, place: int, *, first_id: int) -> FileRead:
    raw = f"{RAW}_{place}"
    with _as_utf8(file.path) as path:
        names, rejected = _read_raw(connection, path, raw, first_id)
    mapping = file.mapping or _guess(connection, raw, names)
    if file.columns:
        mapping = with_columns(mapping, file.columns, names=names)
    mapping = _fit(mapping, names, file.path.name)
    if mapping.id and (twice := _find_twice(connection, raw, mapping)):
        if not mapping.guessed:
            raise LinkRefused(
                N_(
                    "cột %(column)s của tệp %(name)s có mã lặp lại (%(code)s)",
                    column=mapping.id,
                    name=file.path.name,
                    code=twice,
                )
            )
        mapping = replace(mapping, id="")  # it is no record's own number: the line stands for the record
    connection.execute(f"CREATE TABLE step1_{place} AS {first_step(mapping, table=raw, source=file.path.stem)}")
    rows = _count(connection, raw)
    used = {*(name for each in mapping.columns.values() for name in each), mapping.id, mapping.source, mapping.truth}
    unused = tuple(name for name in names if name not in used)
    return FileRead(name=file.path.name, rows=rows, rejected=rejected, mapping=mapping, unused=unused)


@contextmanager
def _as_utf8(path: Path) -> Iterator[Path]:
    """Give the file in UTF-8, the only code that the database reads: itself, or a copy that is gone afterwards.

    Western sets are often in Windows-1252: wrong letters would only make two names less alike.
    """
    if path.suffix.lower() != ".csv" or not path.is_file():
        yield path
        return
    try:
        code = find_encoding(path)
    except LoadRefused:
        code = "cp1252"
    if code in ("utf-8", "utf-8-sig"):
        yield path
        return
    with TemporaryDirectory(prefix="motcua-linkage-") as folder:
        copy = Path(folder) / path.name
        with path.open(encoding=code, errors="replace", newline="") as old, copy.open(
            "w", encoding="utf-8", newline=""
        ) as new:  # fmt: skip
            while block := old.read(_BLOCK):
                new.write(block)
        yield copy


def _find_twice(connection: duckdb.DuckDBPyConnection, raw: str, mapping: Mapping_) -> str:
    """Return a number that two records of one source have, or nothing."""
    keys = ", ".join(f"trim({quote(name)})" for name in (mapping.id, mapping.source) if name)
    row = connection.execute(f"SELECT {keys} FROM {raw} GROUP BY ALL HAVING count(*) > 1 LIMIT 1").fetchone()
    return str(row[0]) if row else ""


def _guess(connection: duckdb.DuckDBPyConnection, raw: str, names: Sequence[str]) -> Mapping_:
    """Guess from the columns' names, then from some values which people these are and how their dates are written."""
    found = guess_mapping(names)
    spoken = [found.columns[role][0] for role in _NAMED if role in found.columns]
    people = _look(connection, raw, f"concat_ws(' ', {', '.join(map(quote, spoken))})") if spoken else []
    born = found.columns.get("birth_on")
    dates = guess_dates(_look(connection, raw, quote(born[0]))) if born else "auto"
    return replace(found, model=guess_model(found, people), dates=dates)


def _look(connection: duckdb.DuckDBPyConnection, raw: str, sql: str) -> list[str]:
    rows = connection.execute(f"SELECT v FROM (SELECT {sql} AS v FROM {raw} LIMIT {_SEEN}) WHERE v <> ''").fetchall()
    return [str(row[0]) for row in rows]


def _read_raw(connection: duckdb.DuckDBPyConnection, path: Path, raw: str, first_id: int) -> tuple[list[str], int]:
    """Create the table of a file as it came: all text, a number for each row. Return its columns and rejected rows."""
    if not path.is_file():
        raise LinkRefused(N_("không mở được tệp %(name)s", name=path.name))
    where, suffix = literal(str(path)), path.suffix.lower()
    readers = {
        ".csv": f"read_csv({where}, all_varchar = true, header = true, store_rejects = true,"
        f" rejects_table = 'rejects_{raw}',"
        f" rejects_scan = 'scans_{raw}', null_padding = false, sample_size = 2000, max_line_size = 1048576)",
        ".parquet": f"read_parquet({where})",
        ".jsonl": f"read_json({where}, format = 'newline_delimited')",
        ".ndjson": f"read_json({where}, format = 'newline_delimited')",
        ".json": f"read_json({where}, format = 'auto')",
    }
    if suffix not in readers:
        raise LinkRefused(N_("chỉ nhận tệp .csv, .json, .jsonl, .parquet: %(name)s", name=path.name))
    try:
        relation = connection.sql(f"SELECT * FROM {readers[suffix]}")
        names = relation.columns
        if not names or len(names) > _MAX_COLUMNS:
            raise LinkRefused(N_("tệp %(name)s không có dòng tên cột", name=path.name))
        clean = [name.strip() for name in names]
        if len({name.lower() for name in clean}) < len(clean):
            raise LinkRefused(N_("tệp %(name)s có hai cột trùng tên", name=path.name))
        columns = ", ".join(
            f"CAST({quote(name)} AS VARCHAR) AS {quote(each)}" for name, each in zip(names, clean, strict=True)
        )
        connection.execute(
            f"CREATE TABLE {raw} AS SELECT {first_id} + row_number() OVER () - 1 AS {ROW_ID},"
            f" row_number() OVER () AS {LINE},"
            f" {columns} FROM {readers[suffix]}"
        )
        rejected = _count(connection, f"rejects_{raw}") if suffix == ".csv" else 0
    except duckdb.Error as error:
        raise LinkRefused(
            N_("tệp %(name)s không đọc được; hãy lưu lại bằng mã UTF-8, có dòng tên cột", name=path.name)
        ) from error
    return clean, rejected


def _fit(mapping: Mapping_, names: Sequence[str], file_name: str) -> Mapping_:
    """Check that the file has the columns that the mapping names."""
    if not mapping.columns:
        raise LinkRefused(
            N_(
                "không hiểu cột nào của tệp %(name)s (có: %(columns)s); hãy nói cột nào là gì bằng --columns"
                " full_name=TÊN_CỘT birth_on=TÊN_CỘT, hoặc viết tệp ánh xạ (--map)",
                name=file_name,
                columns=", ".join(names[:20]),
            )
        )
    wanted = {name for each in mapping.columns.values() for name in each} | {
        mapping.id,
        mapping.source,
        mapping.truth,
    } - {""}
    if missing := wanted - set(names) - {""}:
        raise LinkRefused(
            N_("tệp %(name)s không có cột %(columns)s", name=file_name, columns=", ".join(sorted(missing)))
        )
    truth = {mapping.truth} - {""}
    if (
        truth & {name for each in mapping.columns.values() for name in each}
        or mapping.truth
        and mapping.truth == mapping.id
    ):
        raise LinkRefused(N_("cột sự thật %(column)s không được dùng để so sánh", column=mapping.truth))
    return mapping


def _shape(connection: duckdb.DuckDBPyConnection, files: int, *, is_vietnamese: bool) -> None:
    union = " UNION ALL ".join(f"SELECT * FROM step1_{place}" for place in range(files))
    step1 = f"({union})"
    connection.execute(f"CREATE TABLE names AS {names_step(table=step1, is_vietnamese=is_vietnamese)}")
    connection.execute(f"CREATE TABLE step2 AS {second_step(table=step1, names='names', is_vietnamese=is_vietnamese)}")
    common = _load_given_names() if is_vietnamese else ()
    connection.execute(f"CREATE TABLE {PEOPLE} AS {third_step(table='step2', heirs='heirs', common=common)}")
    for table in ("step2", "names", *(f"step1_{place}" for place in range(files))):
        connection.execute(f"DROP TABLE {table}")
    if _count(connection, PEOPLE) < 2:
        raise LinkRefused(N_("cần ít nhất hai bản ghi để đối soát"))


@cache
def _load_given_names() -> tuple[str, ...]:
    """Return given names that many bear, as search keys."""
    names = tomllib.loads(_NAMES.read_text("utf-8"))
    found = {fold(name) for kind in ("given_male", "given_female") for name, _weight in names[kind]}
    return tuple(sorted(name for name in found if name and " " not in name))


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(found[0]) if found else 0
