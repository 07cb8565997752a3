"""Which records were whose, and when: so that a person sees the readings of her own data and nobody else's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from motcua.registers.models import Merge, RecordKey, RecordVersion
from motcua.registers.queries.registers import bring_up, list_registers
from motcua.registers.rules.records import find_keys, find_links
from motcua.registers.rules.spans import Span, join_spans, overlap
from motcua.registers.types import RegisterInfo, Wanted


def find_subject_spans(wanted: Sequence[Wanted]) -> Mapping[UUID, tuple[Span, ...]]:
    """Return each record that ever named one of these values, with the times when a reader was told so.

    Shape: half-open spans [start, end); no end: until further notice. A record merged into another stands for itself
    and, while merged, through the other. Three queries, however many records.
    """
    registers = {each.code: each for each in list_registers()}
    asked = [each for each in wanted if each.register in registers]
    if not asked:
        return {}
    named = Q()
    for each in asked:
        named |= Q(register=registers[each.register].id, name=each.key, value=each.value)
    keys = RecordKey.objects.filter(named).values("record")
    rows = RecordVersion.objects.filter(record__in=keys).select_related("record__register").order_by("record_id", "pk")
    found: dict[UUID, list[Span]] = {}
    uuids: dict[int, UUID] = {}
    for row in rows:
        register = registers[row.record.register.code]
        uuids[row.record_id] = row.record.uuid
        span = overlap((row.valid_from, row.valid_to), (row.known_from, row.known_to))
        if span is not None and _names(register, asked, bring_up(register, row.data, written_in=row.schema_version)):
            found.setdefault(row.record.uuid, []).append(span)
    for start, end, merged_id, kept_uuid in _list_merges(uuids):
        for mine in tuple(found.get(uuids[merged_id], ())):
            span = overlap(mine, (start, end))
            if span is not None:
                found.setdefault(kept_uuid, []).append(span)
    return {record: join_spans(spans) for record, spans in found.items()}


def _names(register: RegisterInfo, asked: Sequence[Wanted], data: Mapping[str, Any]) -> bool:
    links, keys = find_links(register.links, data), find_keys(register.keys, data)
    return any(
        (each.key, each.value) in links or keys.get(each.key) == each.value
        for each in asked
        if each.register == register.code
    )


def _list_merges(uuids: Mapping[int, UUID]) -> list[tuple[datetime, datetime | None, int, UUID]]:
    rows = Merge.objects.filter(merged__in=uuids).order_by("pk")
    return list(rows.values_list("merged_at", "undone_at", "merged_id", "kept__uuid"))
