"""What an agency's own service says of a register's records: how it is asked, what of its answer is believed. Pure.

An answer counts only when it is about what was asked: its key fields say the key, and each value is a plain one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

import orjson

from motcua.exchange.types.facts import FactService

EXTENSION: Final = "x-motcua-facts"
MAX_RECORDS: Final = 200
MAX_TEXT: Final = 1_000
_VALUE: Final = "{value}"


class AnswerUnfit(ValueError):
    """An answer that must not be used."""


def read_fact_service(openapi: Mapping[str, Any]) -> FactService | None:
    """Return how a described service answers for a register; None when it does not say so, or not clearly."""
    said = openapi.get(EXTENSION)
    if not isinstance(said, Mapping):
        return None
    register, paths, as_of = said.get("register"), said.get("paths"), said.get("as_of", "")
    if not isinstance(register, str) or not register or not isinstance(paths, Mapping) or not isinstance(as_of, str):
        return None
    kept = {
        str(key): path
        for key, path in paths.items()
        if isinstance(path, str) and path.startswith("/") and path.count(_VALUE) == 1 and "?" not in path
    }
    if not kept:
        return None
    return FactService(register=register, paths=kept, as_of=as_of, is_first=said.get("order") == "first")


def write_path(template: str, value: str) -> str:
    """Return the address of the records that a value names, percent-encoded."""
    return template.replace(_VALUE, quote(value, safe=""))


def read_records(
    content: bytes, *, fields: Iterable[str], same: Sequence[str], value: str, as_of: str = ""
) -> tuple[tuple[dict[str, Any], datetime | None], ...]:
    """Return the records of an answer, the wanted fields only, each with the moment that it names.

    `same`: the fields that make the key; joined by "|" they must say `value`. A record about another refuses the whole
    answer. Raises: AnswerUnfit.
    """
    try:
        said = orjson.loads(content)
    except ValueError as error:
        raise AnswerUnfit("not JSON") from error
    rows = said if isinstance(said, list) else [said]
    if len(rows) > MAX_RECORDS or not all(isinstance(row, dict) for row in rows):
        raise AnswerUnfit("neither a record nor a list of records")
    wanted = tuple(dict.fromkeys(fields))
    return tuple(_read_record(row, wanted, same, value, as_of) for row in rows)


def _read_record(
    row: Mapping[str, Any], wanted: Sequence[str], same: Sequence[str], value: str, as_of: str
) -> tuple[dict[str, Any], datetime | None]:
    if not same or not _is_about(row, same, value):
        raise AnswerUnfit("about another")
    data = {name: row[name] for name in wanted if row.get(name) is not None}
    if not all(map(_is_plain, data.values())):
        raise AnswerUnfit("a value of another kind")
    return data, _read_moment(row.get(as_of)) if as_of else None


def _is_about(row: Mapping[str, Any], same: Sequence[str], value: str) -> bool:
    if len(same) == 1 and isinstance(row.get(same[0]), list):  # a link that names several, such as guardians
        return value in row[same[0]]
    return "|".join(str(row.get(name, "")) for name in same) == value


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= MAX_TEXT and "\x00" not in value
    if isinstance(value, list):
        return len(value) <= MAX_RECORDS and all(isinstance(each, str) and _is_plain(each) for each in value)
    return isinstance(value, bool | int | float)


def _read_moment(value: object) -> datetime | None:
    """Read the source's own moment; one without zone, or none at all, is not guessed."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
