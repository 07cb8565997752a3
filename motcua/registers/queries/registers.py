"""Registers and what their records look like: read once a process for each description."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, get_args

from motcua.kernel.messages import N_
from motcua.registers.models import Register, RegisterVersion
from motcua.registers.rules.descriptions import (
    QualityRule,
    read_keys,
    read_links,
    read_quality,
    read_relations,
    read_subject_keys,
)
from motcua.registers.rules.records import Check, compile_check
from motcua.registers.rules.upgrades import Step, upgrade
from motcua.registers.types import QualityInfo, RegisterInfo, RegisterInvalid, RegisterNotFound, Sensitivity

_SENSITIVITIES: dict[str, Sensitivity] = {name: name for name in get_args(Sensitivity)}
_HEAD = ("pk", "version", "described_at", "owner_agency_id")
_CACHED = 512

# A register as described at a moment: the moment is part of the name under which it is kept.
Head = tuple[int, int, datetime, int | None]


def get_register(code: str) -> RegisterInfo:
    """Return a register. Raises: RegisterNotFound."""
    row = Register.objects.filter(code=code).values_list(*_HEAD).first()
    if row is None:
        raise RegisterNotFound(code)
    return load_register_infos([row])[row]


def list_registers(*, owner_agency_ids: tuple[int, ...] | None = None) -> tuple[RegisterInfo, ...]:
    """Return all registers by name, or those that the agencies answer for."""
    rows = Register.objects.all() if owner_agency_ids is None else _of_owners(owner_agency_ids)
    heads = list(rows.order_by("name").values_list(*_HEAD))
    infos = load_register_infos(heads)
    return tuple(infos[head] for head in heads)


def _of_owners(agency_ids: tuple[int, ...]) -> Any:
    return Register.objects.filter(owner_agency__in=agency_ids)


def count_registers(codes: Collection[str]) -> int:
    """Return how many of the registers there are."""
    return Register.objects.filter(code__in=codes).count()


def get_check(register: RegisterInfo) -> Check:
    """Return the compiled check of the register's present schema."""
    return _compile(register.id, register.version)


def get_schema(register: RegisterInfo, *, version: int) -> Mapping[str, Any]:
    """Return what records looked like in a version of the register. Raises: RegisterInvalid for one that was none."""
    if version == register.version:
        return register.schema
    row = RegisterVersion.objects.filter(register=register.id, version=version).values_list("schema", flat=True).first()
    if row is None:
        raise RegisterInvalid(N_("sổ không có phiên bản %(version)s", version=version))
    return dict(row)


def get_quality_rules(register: RegisterInfo) -> tuple[QualityRule, ...]:
    """Return the compiled quality rules of the register as it is described now."""
    described_at = Register.objects.values_list("described_at", flat=True).get(pk=register.id)
    return _compile_quality(register.id, described_at)


def bring_up(register: RegisterInfo, data: Mapping[str, Any], *, written_in: int) -> Mapping[str, Any]:
    """Return a record in the present version of its register, whatever version it was written in."""
    return upgrade(data, register.upgrades, written_in=written_in) if written_in < register.version else data


def load_register_infos(heads: Iterable[Head]) -> Mapping[Head, RegisterInfo]:
    """Return registers as described at their moments: two queries for all that this process has not read yet."""
    wanted = list(dict.fromkeys(heads))
    found = _INFOS.take(wanted)
    missing = [head for head in wanted if head not in found]
    if missing:
        rows = Register.objects.in_bulk([head[0] for head in missing])
        schemas: dict[int, list[RegisterVersion]] = {}
        for each in RegisterVersion.objects.filter(register__in=rows).order_by("register_id", "version"):
            schemas.setdefault(each.register_id, []).append(each)
        read = {head: _to_info(head, rows[head[0]], schemas[head[0]]) for head in missing}
        _INFOS.put(read)
        found |= read
    return found


class _Infos:
    """What this process has read of registers; the longest unused goes first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Head, RegisterInfo] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, heads: Iterable[Head]) -> dict[Head, RegisterInfo]:
        with self._lock:
            found = {head: self._kept[head] for head in heads if head in self._kept}
            for head in found:
                self._kept.move_to_end(head)
        return found

    def put(self, read: Mapping[Head, RegisterInfo]) -> None:
        with self._lock:
            self._kept.update(read)
            while len(self._kept) > _CACHED:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


_INFOS = _Infos()


def _to_info(head: Head, row: Register, versions: list[RegisterVersion]) -> RegisterInfo:
    schemas = {each.version: each.schema for each in versions}
    _pk, version, _described_at, owner_agency_id = head
    content = row.description
    return RegisterInfo(
        id=row.pk,
        code=row.code,
        name=row.name,
        owner=content["owner"],
        steward=content["steward"],
        sensitivity=_SENSITIVITIES[content["sensitivity"]],
        legal_ground=content["legal_ground"],
        retention=content["retention"],
        version=version,
        schema=schemas[version],
        keys=read_keys(content),
        relations=read_relations(content),
        subject_key=content.get("subject_key", ""),
        subject_keys=read_subject_keys(content),
        links=read_links(content),
        quality=tuple(
            QualityInfo(code=rule["code"], field=rule.get("field", ""), message=rule["message"])
            for rule in content.get("quality", ())
        ),
        upgrades=_join_steps(versions),
        retention_years=content.get("retention_years", 0),
        retention_from=content.get("retention_from", ""),
        owner_agency_id=owner_agency_id,
    )


def _join_steps(versions: list[RegisterVersion]) -> tuple[Step, ...]:
    """Return the steps of all published versions; one that was published without naming its target leads to its own."""
    steps = [{"to": each.version, **step} for each in versions for step in each.upgrade]
    return tuple(sorted(steps, key=lambda step: step["to"]))


@lru_cache(maxsize=_CACHED)
def _compile(register_id: int, version: int) -> Check:
    return compile_check(RegisterVersion.objects.get(register=register_id, version=version).schema)


@lru_cache(maxsize=_CACHED)
def _compile_quality(register_id: int, described_at: datetime) -> tuple[QualityRule, ...]:
    return read_quality(Register.objects.get(pk=register_id).description)


def forget() -> None:
    """Forget what was read: a test's database is a new one, with the same numbers."""
    _INFOS.clear()
    for cached in (_compile, _compile_quality):
        cached.cache_clear()
