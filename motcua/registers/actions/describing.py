"""Take up the descriptions of registers: those that ship with the product, or an operator's own folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

_DESCRIBED = ("name", "description", "version", "described_at")
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
        changed = _take_up(found, now)
    forget()
    return changed


def describe_register(content: Mapping[str, Any], *, schema: Mapping[str, Any], now: datetime) -> bool:
    """Take up one description, as `register.toml` and `schema.json` would say it; tell whether it changed anything.

    Raises: RegisterInvalid.
    """
    found = check_description(content, schema)
    with transaction.atomic():
        changed = _take_up([found], now)
    forget()
    return bool(changed)


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


def _take_up(found: Sequence[Description], now: datetime) -> tuple[str, ...]:
    """Write what is new or changed, in as many statements for a hundred as for one; return the codes."""
    if len({each.code for each in found}) < len(found):
        raise RegisterInvalid(N_("hai mô tả cùng mang một mã sổ; hãy giữ một"))
    said = {each.code: orjson.loads(orjson.dumps(each.content)) for each in found}
    rows = Register.objects.select_for_update(of=("self",)).filter(code__in=said).order_by("code")
    known = {row.code: row for row in rows}
    schemas = _read_schemas(found)
    new = {
        each.code: Register(
            code=each.code, name=each.name, description=said[each.code], version=each.version, described_at=now
        )
        for each in found
        if each.code not in known
    }  # fmt: skip
    changed = [each for each in found if each.code in known and _is_changed(each, known[each.code], said, schemas)]
    for each in changed:
        row = known[each.code]
        row.name, row.description, row.version, row.described_at = each.name, said[each.code], each.version, now
    Register.objects.bulk_create(new.values())
    Register.objects.bulk_update([known[each.code] for each in changed], _DESCRIBED)
    written = [each for each in found if each.code in new or each in changed]
    _publish([each for each in written if (each.code, each.version) not in schemas], known | new, now)
    return tuple(each.code for each in written)


def _read_schemas(found: Sequence[Description]) -> dict[tuple[str, int], Any]:
    """Return the published schemas of these registers in these versions."""
    rows = RegisterVersion.objects.filter(
        register__code__in=[each.code for each in found], version__in={each.version for each in found}
    )
    return {
        (code, version): schema for code, version, schema in rows.values_list("register__code", "version", "schema")
    }


def _is_changed(
    each: Description, row: Register, said: Mapping[str, Any], schemas: Mapping[tuple[str, int], Any]
) -> bool:
    key = (each.code, each.version)
    if key in schemas and schemas[key] != each.schema:
        raise RegisterInvalid(N_("cấu trúc của %(code)s đã đổi; hãy tăng số phiên bản", code=each.code))
    if key in schemas and row.description == said[each.code]:
        return False
    if each.version < row.version:
        raise RegisterInvalid(N_("phiên bản của %(code)s cũ hơn bản đang dùng", code=each.code))
    return True


def _publish(found: Sequence[Description], rows: Mapping[str, Register], now: datetime) -> None:
    RegisterVersion.objects.bulk_create(
        RegisterVersion(
            register=rows[each.code], version=each.version, schema=each.schema,
            upgrade=orjson.loads(orjson.dumps(each.steps)), published_at=now,
        )
        for each in found
    )  # fmt: skip
