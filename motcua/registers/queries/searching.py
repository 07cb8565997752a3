"""Search the records of one register by what they say now. Bounded: in time, in pattern, in rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DataError, OperationalError, connection, transaction
from django.db.models import F, Func, Q, QuerySet, TextField, Value

from motcua.registers.models import RecordKey, RecordVersion
from motcua.registers.queries.reading import to_record_info
from motcua.registers.queries.registers import get_register
from motcua.registers.rules.records import clean, find_keys
from motcua.registers.types import RecordInfo, SearchRefused

MAX_PATTERN = 200
MAX_PAGE_SIZE = 1_000
_SEARCH_MS = 3_000


class FieldText(Func):
    """PostgreSQL's text of one field of a JSON object."""

    function = "jsonb_extract_path_text"
    output_field = TextField()


def find_matching(
    register: str, content: Mapping[str, Any], *, record_uuid: UUID | None = None, count: int = 1, now: datetime
) -> tuple[RecordInfo, ...]:
    """Return current records that hold all of `content`, or that have this uuid; by key where one is named.

    Raises: RegisterNotFound, SearchRefused when the search takes too long.
    """
    info = get_register(register)
    rows = current_versions(info.id, now)
    if record_uuid is not None:
        rows = rows.filter(record__uuid=record_uuid)
    if content:
        wanted = clean(content)
        rows = rows.filter(data__contains=wanted)
        keys = find_keys(info.keys, wanted)
        for name, value in keys.items():
            named = RecordKey.objects.filter(register=info.id, name=name, value=value).values("record")
            rows = rows.filter(record__in=named)
    with _bounded():
        found = list(rows.select_related("record").order_by("record_id")[:count])
    return tuple(to_record_info(row.record.uuid, info, row) for row in found)


def search(
    register: str,
    *,
    patterns: Mapping[str, str],
    anywhere: str = "",
    fields: Sequence[str],
    order_by: str = "",
    is_descending: bool = False,
    page: int = 1,
    page_size: int = 10,
    now: datetime,
) -> tuple[int, tuple[RecordInfo, ...]]:
    """Return how many current records fit, and one page of them.

    Shape: `patterns` are regular expressions by field; `anywhere` is one for any of `fields`.
    Raises: RegisterNotFound, SearchRefused for a pattern that is none, too long, or too slow.
    """
    if any(len(each) > MAX_PATTERN or "\x00" in each for each in (*patterns.values(), anywhere)):
        raise SearchRefused()
    info = get_register(register)
    rows = current_versions(info.id, now)
    for place, (field, pattern) in enumerate(patterns.items()):
        rows = rows.annotate(**{f"at_{place}": _text(field)}).filter(**{f"at_{place}__regex": pattern})
    if anywhere:
        fitting = Q(pk__in=[])
        for place, field in enumerate(fields):
            rows = rows.annotate(**{f"any_{place}": _text(field)})
            fitting |= Q(**{f"any_{place}__regex": anywhere})
        rows = rows.filter(fitting)
    order = F("record_id") if not order_by else _text(order_by)
    first = (page - 1) * min(page_size, MAX_PAGE_SIZE)
    sorted_rows = rows.select_related("record").order_by(order.desc() if is_descending else order.asc(), "record_id")
    with _bounded():
        total = rows.count()
        found = list(sorted_rows[first : first + min(page_size, MAX_PAGE_SIZE)])
    return total, tuple(to_record_info(row.record.uuid, info, row) for row in found)


def current_versions(register_id: int, now: datetime) -> QuerySet[RecordVersion]:
    """Return what the records that stand for themselves say now."""
    return RecordVersion.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=now),
        record__register=register_id,
        record__merged_into__isnull=True,
        known_to__isnull=True,
        valid_from__lte=now,
    )


def _text(field: str) -> FieldText:
    return FieldText(F("data"), Value(field, output_field=TextField()))


@contextmanager
def _bounded() -> Iterator[None]:
    """Raises: SearchRefused when the database finds the pattern wrong or the search too long."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout')")
            before = cursor.fetchone()[0]
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(_SEARCH_MS)])
            yield
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])
    except (DataError, OperationalError) as error:
        raise SearchRefused() from error
