"""Registers opened to one GovStack client, for the demonstration and for the public test suite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from motcua.audit.public import Actor
from motcua.exchange.actions.joining import approve_grant, ask_grant, join_exchange, publish_register_service
from motcua.exchange.models import Database, Grant, Subsystem
from motcua.exchange.queries.services import find_subsystems
from motcua.exchange.rules.govstack import GOVSTACK_ENDPOINTS
from motcua.exchange.rules.samples import SampleRegister
from motcua.exchange.types import ClientId, ServiceId
from motcua.registers.public import describe_register, end_record, find_matching, get_register, write_record

OWNER = ClientId("VN", "GOV", "DEMO", "SO")
PURPOSE, GROUND = "Kiểm thử GovStack", "Dữ liệu trình diễn"
MAX_STANDING = 10_000  # records of a sample register: a run that made more is left with them
_SOURCE = "Dữ liệu mẫu"


def open_govstack_demo(
    codes: Mapping[str, str], *, samples: Sequence[SampleRegister] | None, client: ClientId, networks: Sequence[str],
    now: datetime,
) -> list[str]:  # fmt: skip
    """Open registers (code and served version) and samples with every right; return their codes.

    Again puts the samples back as they were: what a run of the suite changed is ended, what it ended is there again.
    """
    join_exchange(OWNER, name="Chủ sổ trình diễn", now=now)
    join_exchange(client, name="Bộ kiểm thử GovStack", addresses=networks, now=now)
    Subsystem.objects.filter(pk=find_subsystems([client])[client].pk).update(may_describe=True)
    for sample in samples or ():
        _describe(sample, client, now)
    opened = {**codes, **{sample.code: sample.version for sample in samples or ()}}
    for code, version in opened.items():
        _open(code, version, client, now)
    for sample in samples or ():
        _restore(sample, now)
    return list(opened)


def _describe(sample: SampleRegister, client: ClientId, now: datetime) -> None:
    properties = {name: {"type": "string"} for name in sample.fields}
    content = {
        "code": sample.code, "name": f"Sổ kiểm thử GovStack {sample.code}",
        "owner": "Chủ sổ trình diễn", "steward": "Chủ sổ trình diễn",
        "sensitivity": "personal", "legal_ground": GROUND, "retention": "Thời gian trình diễn", "version": 1,
        "keys": [{"name": name, "fields": [name]} for name in ("id", "ID", "uuid") if name in sample.fields],
        "subject_key": "id",
    }  # fmt: skip
    schema = {"type": "object", "additionalProperties": False, "properties": properties}
    describe_register(content, schema=schema, now=now)
    if sample.number is not None:
        owner = find_subsystems([client])[client]
        known = {
            "subsystem": owner,
            "code": sample.code,
            "catalog_name": sample.code,
            "modified_at": now,
            "archived_at": None,
        }
        sent = {"type": "object", "properties": properties}
        Database.objects.update_or_create(number=sample.number, defaults={**known, "sent_schema": sent})


def _restore(sample: SampleRegister, now: datetime) -> None:
    """Leave the sample's records in a register, and no other."""
    wanted = {record["id"]: dict(record) for record in sample.records}
    for standing in find_matching(sample.code, {}, count=MAX_STANDING, now=now):
        number = standing.data.get("id", "")
        if wanted.get(number) == dict(standing.data):
            del wanted[number]
        else:
            end_record(standing.uuid, valid_to=now, source=_SOURCE, actor="demo", now=now)
    for record in wanted.values():
        write_record(sample.code, record, valid_from=now, source=_SOURCE, actor="demo", now=now)


def _open(code: str, version: str, client: ClientId, now: datetime) -> None:
    row = Database.objects.select_related("subsystem").filter(code=code).first()
    service = publish_register_service(
        ServiceId(client if row is not None else OWNER, code), register=code, title=get_register(code).name, openapi={},
        version=version, endpoints=GOVSTACK_ENDPOINTS, now=now,
    )  # fmt: skip
    if Grant.objects.filter(service=service.id, purpose=PURPOSE, revoked_at__isnull=True).exists():
        return
    asker, owner = (Actor(kind="system", id=name, name="Trình diễn") for name in ("demo-asker", "demo-owner"))
    wish = ask_grant(
        client, service=service, purpose=PURPOSE, legal_ground=GROUND, fields=["*"], endpoints=GOVSTACK_ENDPOINTS,
        valid_from=now, rate_per_minute=100_000, actor=asker, now=now,
    )  # fmt: skip
    approve_grant(wish, actor=owner, now=now)
