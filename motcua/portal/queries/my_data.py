"""What the city holds on a person, where from, since when: one look over all registers, each reading noted."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from motcua.audit.public import Actor, SubjectSpans
from motcua.dossiers.public import list_dossiers_filed_for
from motcua.identity.public import Party, Principal, list_data_parties
from motcua.kernel.clock import local_date
from motcua.places.public import get_areas
from motcua.portal.rules import SUBJECT_NAMES, find_party_key
from motcua.portal.types import HeldField, HeldHistory, HeldRecord, HeldRegister, PastSlice
from motcua.registers.public import (
    Reading,
    RecordInfo,
    RecordNotFound,
    RecordSlice,
    RegisterInfo,
    Wanted,
    find_subject_spans,
    list_history,
    list_registers,
    read_linked,
    say_code,
)

OWN_PURPOSE = "Chủ thể dữ liệu xem dữ liệu về mình"
OWN_GROUND = "Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15, Điều 4"
_ORDER = Path(__file__).resolve().parents[1] / "data" / "words.toml"
_MAX_PARTS = 40  # parts of one list that are written out


def choose_party(principal: Principal, *, uuid_text: str, on: date) -> tuple[Party, tuple[Party, ...]]:
    """Return whose data is asked for and all those that may be: her own unless another of them is named."""
    parties = list_data_parties(principal, on=on)
    return next((party for party in parties if str(party.uuid) == uuid_text), parties[0]), parties


def list_held(party: Party, *, actor: Actor, now: datetime) -> tuple[HeldRegister, ...]:
    """Return the registers that hold something on a person or firm, in a fixed number of queries."""
    registers = list_registers()
    wanted = list_subject_keys(party, registers)
    reading = Reading(actor=actor, purpose=OWN_PURPOSE, legal_ground=OWN_GROUND)
    found = read_linked(wanted, reading=reading, now=now) if wanted else {}
    records: dict[str, dict[UUID, RecordInfo]] = {}
    for each, group in found.items():
        for record in group:
            records.setdefault(each.register, {}).setdefault(record.uuid, record)
    areas = find_area_names(
        (record.data for group in records.values() for record in group.values()), on=local_date(now)
    )
    return tuple(
        _to_register(each, tuple(records[each.code].values()), areas=areas)
        for each in registers
        if each.code in records
    )


def get_held_history(party: Party, record_uuid: UUID, *, actor: Actor, now: datetime) -> HeldHistory:
    """Return one of the party's records through time. Raises: RecordNotFound for everybody else's."""
    for register in list_held(party, actor=actor, now=now):
        for record in register.records:
            if record.uuid == record_uuid:
                info = next(each for each in list_registers() if each.code == register.code)
                mine = {(each.key, each.value) for each in list_subject_keys(party, (info,))}
                slices = [each for each in list_history(record_uuid) if _is_of(info, each.data, mine)]
                areas = find_area_names((each.data for each in slices), on=local_date(now))
                return HeldHistory(
                    register=register,
                    record=record,
                    slices=tuple(_to_past(info, each, areas=areas) for each in reversed(slices)),
                )
    raise RecordNotFound


def list_reading_subjects(party: Party) -> tuple[frozenset[str], tuple[SubjectSpans, ...], dict[str, str]]:
    """Return what in the log of readings is a party's: subjects of always, subjects at their times, names of both.

    The times keep a former owner's readings from the new one and the other way round.
    """
    registers = list_registers()
    codes = {each.code: each.name for each in registers}
    spans = find_subject_spans(list_subject_keys(party, registers))
    own = f"{party.ref.kind}:{party.uuid}"
    dossiers = {f"dossier:{uuid}": dossier_no for uuid, dossier_no in list_dossiers_filed_for(party.ref)}
    at_times = tuple(SubjectSpans(subject=f"record:{uuid}", spans=times) for uuid, times in spans.items())
    return frozenset({own, *dossiers}), at_times, dossiers | codes


def list_subject_keys(party: Party, registers: Iterable[RegisterInfo]) -> tuple[Wanted, ...]:
    """Return under which keys and links of the registers a party's own records are found."""
    if not party.identifier:
        return ()
    kind = find_party_key(party.ref.kind)
    return tuple(
        Wanted(register=register.code, key=name, value=party.identifier)
        for register in registers
        for name in _own_names(register, kind)
    )


def _own_names(register: RegisterInfo, kind: str) -> tuple[str, ...]:
    """Return the keys and links of a register that name whose data a record is.

    Where a key of its own names the person, a record is that person's alone: its link to a spouse or an owner names
    somebody else.
    """
    of_one = [each.name for each in register.keys if register.subject_key and each.fields == (register.subject_key,)]
    if of_one:
        return tuple(of_one) if register.subject_key == kind else ()
    return tuple(each.name for each in register.links if each.name in SUBJECT_NAMES)


def _is_of(register: RegisterInfo, data: Mapping[str, Any], mine: set[tuple[str, str]]) -> bool:
    """Return whether a version of a record was about this party: what it said of another stays with the other."""
    fields = {key.name: key.fields for key in register.keys} | {link.name: link.fields for link in register.links}
    return any(value in _values_at(data, field) for name, value in mine for field in fields.get(name, ()))


def _values_at(data: Mapping[str, Any], path: str) -> list[str]:
    head, _dot, rest = path.partition(".")
    value = data.get(head)
    parts = value if isinstance(value, list) else [value]
    if rest:
        return [str(part[rest]) for part in parts if isinstance(part, Mapping) and rest in part]
    return [str(part) for part in parts if part is not None]


def _to_register(register: RegisterInfo, records: Sequence[RecordInfo], *, areas: Mapping[str, str]) -> HeldRegister:
    return HeldRegister(
        code=register.code,
        name=register.name,
        owner=register.owner,
        legal_ground=register.legal_ground,
        retention=register.retention,
        records=tuple(
            HeldRecord(
                uuid=record.uuid,
                fields=describe_fields(register, record.data, areas=areas),
                valid_from=record.slice.valid_from,
                valid_to=record.slice.valid_to,
                known_from=record.slice.known_from,
                source=record.slice.source,
                is_correction=record.slice.is_correction,
                data=record.data,
            )
            for record in records
        ),
    )


def _to_past(register: RegisterInfo, part: RecordSlice, *, areas: Mapping[str, str]) -> PastSlice:
    return PastSlice(
        fields=describe_fields(register, part.data, areas=areas),
        valid_from=part.valid_from,
        valid_to=part.valid_to,
        known_from=part.known_from,
        known_to=part.known_to,
        source=part.source,
        is_correction=part.is_correction,
    )


def find_area_names(records: Iterable[Mapping[str, Any]], *, on: date) -> dict[str, str]:
    """Return the names of the wards whose codes stand in these records: one query; a code of old stays a code."""
    codes = {str(value) for data in records for name, value in data.items() if name.endswith("area_code")}
    return {code: area.name for code, area in get_areas(codes, on=on).items()} if codes else {}


def describe_fields(
    register: RegisterInfo, data: Mapping[str, Any], *, areas: Mapping[str, str]
) -> tuple[HeldField, ...]:
    """Return the facts of a record in words: what people look for first, then the others by their titles."""
    properties: Mapping[str, Any] = register.schema.get("properties", {})
    first = {name: place for place, name in enumerate(_read_order()["first"])}
    names = sorted(
        data, key=lambda name: (first.get(name, len(first)), str(properties.get(name, {}).get("title", name)))
    )
    return tuple(
        HeldField(
            name=name,
            title=str(properties.get(name, {}).get("title", name)),
            text=areas.get(str(data[name]), "")
            if name.endswith("area_code") and str(data[name]) in areas
            else say_value(name, data[name], properties.get(name, {})),
        )
        for name in names
        if data[name] not in (None, "", [])
    )


def say_value(name: str, value: object, schema: Mapping[str, Any]) -> str:
    """Return one value of a record as a person reads it."""
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if isinstance(value, list):
        items = schema.get("items", {})
        return "; ".join(say_value(name, part, items) for part in value[:_MAX_PARTS])
    if isinstance(value, Mapping):
        inner = schema.get("properties", {})
        return ", ".join(say_value(key, part, inner.get(key, {})) for key, part in value.items())
    text = str(value)
    if schema.get("format") == "date":
        try:
            return f"{date.fromisoformat(text):%d/%m/%Y}"
        except ValueError:
            return text
    if "enum" in schema:
        return say_code(name, text)
    return text


@cache
def _read_order() -> dict[str, Any]:
    """Return in which order the facts of a record are read."""
    return tomllib.loads(_ORDER.read_text("utf-8"))
