"""Take up the descriptions of registers: those that ship with the product, or an operator's own folder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.kernel.messages import N_
from motcua.registers.models import Register, RegisterVersion
from motcua.registers.queries.registers import forget
from motcua.registers.rules.descriptions import Description, check_description, read_description
from motcua.registers.types import RegisterInvalid, RegisterNotFound

SHIPPED = Path(__file__).resolve().parents[1] / "data"


def describe_registers(*, now: datetime, folder: Path = SHIPPED) -> tuple[str, ...]:
    """Take up every description of a folder, all or none; return the codes of those that are new or changed.

    A changed schema needs a new version. Raises: RegisterInvalid.
    """
    found = [
        read_description((path / "register.toml").read_bytes(), (path / "schema.json").read_bytes())
        for path in sorted(folder.iterdir())
        if (path / "register.toml").is_file()
    ]
    with transaction.atomic():
        changed = tuple(each.code for each in found if _take_up(each, now))
    forget()
    return changed


def describe_register(content: Mapping[str, Any], *, schema: Mapping[str, Any], now: datetime) -> bool:
    """Take up one description, as `register.toml` and `schema.json` would say it; tell whether it changed anything.

    Raises: RegisterInvalid.
    """
    found = check_description(content, schema)
    with transaction.atomic():
        changed = _take_up(found, now)
    forget()
    return changed


def assign_owner(code: str, *, agency_id: int, actor: Actor, now: datetime) -> None:
    """Say which agency answers for a register: its stewards see it, its inbox takes corrections.

    Raises: RegisterNotFound.
    """
    with transaction.atomic():
        if not Register.objects.filter(code=code).update(owner_agency=agency_id):
            raise RegisterNotFound(code)
        record_decision(
            actor, subject=f"register:{code}", action="assign_owner", details={"agency_id": agency_id}, now=now
        )


def _take_up(each: Description, now: datetime) -> bool:
    content = orjson.loads(orjson.dumps(each.content))
    row = Register.objects.select_for_update(of=("self",)).filter(code=each.code).first()
    if row is None:
        row = Register.objects.create(
            code=each.code, name=each.name, description=content, version=each.version, described_at=now
        )
        _publish(row, each, now)
        return True
    known = RegisterVersion.objects.filter(register=row, version=each.version).first()
    if known is not None and known.schema != each.schema:
        raise RegisterInvalid(N_("cấu trúc của %(code)s đã đổi; hãy tăng số phiên bản", code=each.code))
    if known is not None and row.description == content:
        return False
    if each.version < row.version:
        raise RegisterInvalid(N_("phiên bản của %(code)s cũ hơn bản đang dùng", code=each.code))
    row.name, row.description, row.version, row.described_at = each.name, content, each.version, now
    row.save(update_fields=["name", "description", "version", "described_at"])
    if known is None:
        _publish(row, each, now)
    return True


def _publish(row: Register, each: Description, now: datetime) -> None:
    RegisterVersion.objects.create(
        register=row,
        version=each.version,
        schema=each.schema,
        upgrade=orjson.loads(orjson.dumps(each.steps)),
        published_at=now,
    )
