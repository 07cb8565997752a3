"""Registers and what their records look like: read once a process for each version."""

from __future__ import annotations

from functools import lru_cache
from typing import get_args

from motcua.registers.models import Register, RegisterVersion
from motcua.registers.rules.descriptions import QualityRule, read_keys, read_quality, read_relations
from motcua.registers.rules.records import Check, compile_check
from motcua.registers.types import RegisterInfo, RegisterNotFound, Sensitivity

_SENSITIVITIES: dict[str, Sensitivity] = {name: name for name in get_args(Sensitivity)}


def get_register(code: str) -> RegisterInfo:
    """Return a register. Raises: RegisterNotFound."""
    row = Register.objects.filter(code=code).values_list("pk", "version").first()
    if row is None:
        raise RegisterNotFound(code)
    return _load(row[0], row[1])


def list_registers() -> tuple[RegisterInfo, ...]:
    """Return all registers by name."""
    rows = Register.objects.order_by("name").values_list("pk", "version")
    return tuple(_load(pk, version) for pk, version in rows)


def get_check(register: RegisterInfo) -> Check:
    """Return the compiled check of the register's present schema."""
    return _compile(register.id, register.version)


def get_quality_rules(register: RegisterInfo) -> tuple[QualityRule, ...]:
    return _compile_quality(register.id, register.version)


@lru_cache(maxsize=256)
def _load(register_id: int, version: int) -> RegisterInfo:
    row = Register.objects.get(pk=register_id)
    schema = RegisterVersion.objects.get(register=register_id, version=version).schema
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
        schema=schema,
        keys=read_keys(content),
        relations=read_relations(content),
        subject_key=content.get("subject_key", ""),
    )


@lru_cache(maxsize=256)
def _compile(register_id: int, version: int) -> Check:
    return compile_check(_load(register_id, version).schema)


@lru_cache(maxsize=256)
def _compile_quality(register_id: int, version: int) -> tuple[QualityRule, ...]:
    return read_quality(Register.objects.get(pk=register_id).description)


def forget() -> None:
    """Forget what was read: a test's database is a new one, with the same numbers."""
    for cached in (_load, _compile, _compile_quality):
        cached.cache_clear()
