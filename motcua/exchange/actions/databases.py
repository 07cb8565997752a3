"""The GovStack Database API: registers listed and described to those with a grant; described, changed and closed by
their owner, a member that the operator lets do so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from django.db import connection
from django.db.models import Max

from motcua.audit.public import Actor, record_decision
from motcua.exchange.actions.calls import Call
from motcua.exchange.actions.joining import approve_grant, ask_grant, publish_register_service
from motcua.exchange.actions.retrying import list_done
from motcua.exchange.models import Database, Grant, Service, Subsystem
from motcua.exchange.queries.services import find_subsystems, list_register_grants, to_client_id
from motcua.exchange.rules.databases import (
    MAX_DATABASES,
    NUMBER_FORMAT,
    describe,
    fill_templates,
    find_templates,
    list_flags,
    read_request,
)
from motcua.exchange.rules.govstack import GOVSTACK_ENDPOINTS, NEEDS, bad_request, denied, not_found, write_json
from motcua.exchange.rules.openapi import narrow_schema
from motcua.exchange.rules.xroad import is_offered
from motcua.exchange.types import Answer, Asked, GrantInfo, ServiceId
from motcua.kernel.messages import N_
from motcua.registers.public import RegisterInfo, RegisterNotFound, describe_register, get_register, list_registers

PURPOSE = "Quản lý sổ của chính đơn vị"
GROUND = "Sổ do đơn vị tự mô tả và chịu trách nhiệm"
_LOCK = 0x6D63_6462  # 'mcdb': numbers of databases are given out one by one
_GROUP = {"id": 1, "name": "Sổ dữ liệu", "code": "DR", "groupId": 1, "order": 1}


def list_databases(asked: Asked, *, now: datetime) -> Answer:
    """Return the registers on which the caller has a grant, as one group. Source: Database API 1.3.0, /databases."""
    shown = _list_shown(asked, now)
    rows = _find_rows([register.code for register, _ in shown])
    listed = [_show(register, grants, rows.get(register.code)) for register, grants in shown]
    groups = {(row.group_name, row.catalog_name) for row in rows.values()}
    group: dict[str, Any] = {**_GROUP, "dataIndexIncrement": sum(each["dataIndexIncrement"] for each in listed)}
    if len(groups) == 1 and len(rows) == len(shown) and (name := groups.pop()[1]):
        group["name"] = name  # all of them lie in one catalogue
    return write_json({**group, "databases": listed})


def get_database(asked: Asked, number: int, *, now: datetime) -> Answer:
    """Return one register. Raises: GovStackRefused, the same for one that is not there and one that is not granted."""
    shown = _list_shown(asked, now)
    rows = _find_rows([register.code for register, _ in shown])
    for register, grants in shown:
        if _number(register, rows.get(register.code)) == number:
            return write_json(_show(register, grants, rows.get(register.code)))
    raise not_found()


def modify_database(call: Call, asked: Asked, *, now: datetime) -> Answer:
    """Describe a register, or change one of the caller's own. Raises: GovStackRefused, RegisterInvalid."""
    try:
        said = orjson.loads(call.envelope.body)
    except ValueError as error:
        raise bad_request(N_("nội dung phải là JSON")) from error
    group, catalogue, code, sent = read_request(said)
    owner = _get_owner(asked)
    row = Database.objects.select_for_update(of=("self",)).filter(code=code).first()
    if row is None:
        row = _create(owner, code, now)
    elif row.subsystem_id != owner.pk:
        raise denied()
    is_changed = row.sent_schema != sent or row.archived_at is not None
    before = row.sent_schema or None
    if before is not None and is_changed:
        row.version += 1
    row.group_name, row.catalog_name, row.sent_schema = group, catalogue, sent
    row.modified_at, row.archived_at = now, None
    if is_changed:
        _describe(row, owner, before, now)
    row.save()
    return write_json(sent)


def delete_database(call: Call, asked: Asked, number: int, *, now: datetime) -> Answer:
    """Close a register of the caller's own: nothing is erased, nobody reaches it. Raises: GovStackRefused."""
    owner = _get_owner(asked)
    rows = Database.objects.select_for_update(of=("self",)).filter(number=number, subsystem=owner)
    row = rows.filter(archived_at__isnull=True).first()
    if row is None:
        if list_done(call, now=now):
            return write_json("Success")
        raise not_found()
    row.archived_at = now
    row.save(update_fields=["archived_at"])
    Service.objects.filter(subsystem=owner, code=row.code).update(is_active=False)
    record_decision(_actor(asked), subject=f"database:{row.code}"[:120], action="close_register", now=now)
    return write_json("Success")


def fill_in(register: RegisterInfo, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is to be written, with the numbers that the register gives out itself."""
    row = Database.objects.filter(code=register.code).first()
    templates = find_templates(row.sent_schema) if row is not None else {}
    if row is None or all(content.get(name) not in (None, "") for name in templates):
        return dict(content)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE exchange_database SET last_index = last_index + 1 WHERE id = %s RETURNING last_index", [row.pk]
        )
        return fill_templates(content, templates, code=row.code, index=cursor.fetchone()[0])


def _get_owner(asked: Asked) -> Subsystem:
    """Return the calling system. Raises: GovStackRefused when the operator does not let it describe registers."""
    owner = find_subsystems([asked.client]).get(asked.client)
    if owner is None or not owner.may_describe:
        raise denied()
    return owner


def _create(owner: Subsystem, code: str, now: datetime) -> Database:
    try:
        get_register(code)
    except RegisterNotFound:
        pass
    else:
        raise denied()  # a register of the city's: not to be described from here
    if Database.objects.filter(subsystem=owner).count() >= MAX_DATABASES:
        raise bad_request(N_("đơn vị đã mô tả quá nhiều sổ"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = Database.objects.aggregate(last=Max("number"))["last"] or 1_000_000  # apart from the city's own
    return Database.objects.create(number=last + 1, subsystem=owner, code=code, sent_schema={}, modified_at=now)


def _describe(row: Database, owner: Subsystem, before: Mapping[str, Any] | None, now: datetime) -> None:
    content, schema = describe(
        row.sent_schema, code=row.code, name=row.catalog_name, owner=owner.name, version=row.version,
        before=before, steps=row.steps,
    )  # fmt: skip
    row.steps = content.get("upgrade", [])
    describe_register(content, schema=schema, now=now)
    who = to_client_id(owner)
    service = publish_register_service(
        ServiceId(who, row.code), register=row.code, title=content["name"], openapi={}, version=f"{row.version}.0",
        endpoints=GOVSTACK_ENDPOINTS, now=now,
    )  # fmt: skip
    actor = Actor(kind="system", id=str(who)[:64], name=owner.name)
    details: dict[str, object] = {"version": row.version}
    record_decision(actor, subject=f"database:{row.code}"[:120], action="describe_register", details=details, now=now)
    if not Grant.objects.filter(consumer=owner, service=service.id, purpose=PURPOSE, revoked_at__isnull=True).exists():
        wish = ask_grant(
            who, service=service, purpose=PURPOSE, legal_ground=GROUND, fields=["*"], endpoints=GOVSTACK_ENDPOINTS,
            valid_from=now, actor=actor, now=now,
        )  # fmt: skip
        approve_grant(wish, actor=Actor(kind="system", id="owner", name=owner.name), now=now)


def _list_shown(asked: Asked, now: datetime) -> list[tuple[RegisterInfo, list[GrantInfo]]]:
    granted: dict[str, list[GrantInfo]] = {}
    for code, (grant, _) in list_register_grants(asked.client, now=now):
        granted.setdefault(code, []).append(grant)
    return [(register, granted[register.code]) for register in list_registers() if register.code in granted]


def _find_rows(codes: list[str]) -> dict[str, Database]:
    return {row.code: row for row in Database.objects.filter(code__in=codes)}


def _number(register: RegisterInfo, row: Database | None) -> int:
    return row.number if row is not None else register.id


def _show(register: RegisterInfo, grants: list[GrantInfo], row: Database | None) -> dict[str, Any]:
    """Return DatabaseInfo, its schema with the granted fields only."""
    fields = [field for grant in grants for field in grant.fields]
    sent = narrow_schema(row.sent_schema if row is not None else register.schema, fields)
    offered = [endpoint for grant in grants for endpoint in grant.endpoints]
    served = [name for name, (method, path) in NEEDS.items() if is_offered(offered, method=method, path=path)]
    return {
        "id": _number(register, row),
        "version": f"{row.version}.0" if row is not None else str(register.version),
        "name": register.name,
        "code": register.code,
        "description": str(sent.get("description") or register.legal_ground),
        "institution": register.owner,
        "numberFormat": NUMBER_FORMAT,
        "schema": sent,
        "schemaTags": [],
        "schemaFlags": list_flags(sent),
        "fieldsUniques": [list(key.fields) for key in register.keys if "*" in fields or set(key.fields) <= set(fields)],
        "isDraft": False,
        "isDisabled": False,
        "isArchived": False,
        "modifiedAt": row.modified_at.isoformat() if row is not None else "",
        "byUserName": register.owner,
        "byUserAuthId": row.subsystem_id if row is not None else 0,
        "byOnBehalfOfUserAuthId": 0,
        "byOnBehalfOfUserName": "",
        "genericServices": [
            {"serviceId": place, "name": f"data-{name}", "isVisible": True} for place, name in enumerate(served, 1)
        ],
        "dataIndexIncrement": _count(row, grants),
        "hasLogo": False,
    }


def _count(row: Database | None, grants: list[GrantInfo]) -> int:
    """Return how many numbers a register gave out, which tells how many records there are: to who may list them."""
    method, path = NEEDS["list"]
    may_list = any(is_offered(grant.endpoints, method=method, path=path) for grant in grants)
    return row.last_index if row is not None and may_list else 0


def _actor(asked: Asked) -> Actor:
    return Actor(kind="system", id=str(asked.client)[:64], name=str(asked.client))
