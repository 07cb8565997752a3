"""Read one record of a register of ours for a granted call."""

from __future__ import annotations

from datetime import datetime

import orjson

from motcua.audit.public import Actor
from motcua.exchange.actions.calls import Call, write_json
from motcua.exchange.actions.consents import has_agreed
from motcua.exchange.rules import xroad
from motcua.exchange.rules.filtering import filter_fields
from motcua.exchange.types import Answer, Asked, Envelope, ExchangeFault, GrantInfo, ServiceInfo
from motcua.kernel.messages import N_
from motcua.registers.public import (
    Reading,
    RecordInfo,
    RegisterNotFound,
    Wanted,
    find_records,
    get_register,
    read_records,
)


def read_register(call: Call, service: ServiceInfo, grant: GrantInfo, *, now: datetime) -> Answer:
    """Read one record: GET /<key>/<value>, or POST /query {"key", "value"}, which keeps numbers out of addresses."""
    asked = call.asked
    assert asked is not None
    key, value = _read_key(call.envelope, asked)
    fields = tuple(dict.fromkeys(field.split(".")[0] for field in grant.fields))
    wanted = Wanted(register=service.register, key=key, value=value, fields=() if "*" in fields else fields)
    if grant.consent_purpose and not _has_agreed(wanted, service, grant, now):
        return write_json(call, {"message": "no record found"}, status=404)  # as if it were not there
    found = read_records([wanted], reading=make_reading(call, asked, grant), now=now).get(wanted)
    if found is None:
        _check_register(service.register)
        return write_json(call, {"message": "no record found"}, status=404)
    call.record_uuid = found.uuid
    return write_json(call, _show(found, grant))


def make_reading(call: Call, asked: Asked, grant: GrantInfo) -> Reading:
    """Return who reads what for, as the log of readings keeps it: its subject sees the name of whoever asked."""
    system = call.known.subsystem if call.known else None
    actor = Actor(
        kind="system", id=str(asked.client)[:64], name=system.name if system else str(asked.client),
        agency_code=(system.agency_code or None) if system else None, on_behalf_of=asked.user_id[:64] or None,
    )  # fmt: skip
    return Reading(actor=actor, purpose=grant.purpose[:200], legal_ground=grant.legal_ground[:200])


def _has_agreed(wanted: Wanted, service: ServiceInfo, grant: GrantInfo, now: datetime) -> bool:
    whole = Wanted(register=wanted.register, key=wanted.key, value=wanted.value)
    found = find_records([whole], at=now).get(whole)
    return found is not None and has_agreed(found.data, register=get_register(service.register), grant=grant, now=now)


def _check_register(code: str) -> None:
    try:
        get_register(code)
    except RegisterNotFound as error:
        raise ExchangeFault("Server.ServerProxy.ServiceFailed", N_("Dịch vụ tạm thời không trả lời được.")) from error


def _show(record: RecordInfo, grant: GrantInfo) -> dict[str, object]:
    part = record.slice
    return {
        "id": str(record.uuid),
        "data": filter_fields(record.data, grant.fields),
        "valid_from": part.valid_from.isoformat(),
        "valid_to": part.valid_to.isoformat() if part.valid_to else None,
        "known_from": part.known_from.isoformat(),
        "source": part.source,
    }


def _read_key(envelope: Envelope, asked: Asked) -> tuple[str, str]:
    if envelope.method == "POST":
        try:
            body = orjson.loads(envelope.body)
            return _clean(str(body["key"])[:60]), _clean(str(body["value"])[:200])
        except (ValueError, KeyError, TypeError) as error:
            raise xroad.bad_request(N_('nội dung phải là JSON {"key", "value"}')) from error
    parts = xroad.split_rest(asked.rest)
    if len(parts) != 2 or not all(parts):
        raise xroad.bad_request(N_("địa chỉ phải có dạng /<khóa>/<giá trị>"))
    return parts[0], parts[1]


def _clean(text: str) -> str:
    """Raises: ValueError for a text that no register can hold."""
    if "\x00" in text:
        raise ValueError(text)
    text.encode()
    return text
