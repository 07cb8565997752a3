"""One call through the gateway: read, prove, grant, answer, keep. Whatever happens, the call is in the log."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

import orjson
from django.db import connection, transaction

from motcua.audit.public import Actor
from motcua.exchange.actions.proving import prove_client
from motcua.exchange.models import Message
from motcua.exchange.queries.services import find_service, find_subsystems, list_grants, list_services
from motcua.exchange.rules import xroad
from motcua.exchange.rules.admission import check_offered, choose_grant, not_authenticated, too_often
from motcua.exchange.rules.filtering import filter_fields
from motcua.exchange.types import Answer, Asked, ClientId, Envelope, ExchangeFault, GrantInfo, ServiceInfo
from motcua.kernel.messages import N_
from motcua.registers.public import Reading, RecordInfo, RegisterNotFound, Wanted, get_register, read_records

PURPOSE_HEADER = "motcua-purpose"  # chooses among several grants; with one grant it may be left out
MAX_BODY = 1_000_000


@dataclass(slots=True)
class _Call:
    """What is known of a call so far, for the log."""

    envelope: Envelope
    request_id: str
    asked: Asked | None = None
    grant: GrantInfo | None = None
    record_uuid: UUID | None = None


def handle_call(envelope: Envelope, *, now: datetime) -> Answer:
    """Answer one call of the X-Road message protocol. Source: PR-REST 1.0.4, chapter 4; PR-MREST."""
    call = _Call(envelope, str(uuid4()))
    try:
        with transaction.atomic():
            answer = _answer(call, now)
            _keep(call, answer, "", now)
    except ExchangeFault as fault:
        answer = _answer_fault(call, fault)
        _keep(call, answer, fault.fault, now)
    return answer


def _answer(call: _Call, now: datetime) -> Answer:
    envelope = call.envelope
    if len(envelope.body) > MAX_BODY:
        raise xroad.bad_request(N_("nội dung quá lớn"))
    asked = call.asked = xroad.read_request(envelope, is_subsystem=_is_subsystem, new_id=call.request_id)
    client = find_subsystems([asked.client]).get(asked.client)
    if client is None or not prove_client(client, envelope, now=now):
        raise not_authenticated()
    if asked.service.service_code in xroad.META:
        return _describe(call, asked, now)
    service = check_offered(find_service(asked.service), asked, method=envelope.method)
    grants = list_grants(asked.client, services=[service], now=now)
    purpose = envelope.headers.get(PURPOSE_HEADER, "")
    call.grant = choose_grant(asked, grants, method=envelope.method, purpose=purpose)
    _count(call.grant, now)
    return _read_register(call, service, call.grant, now)


def _is_subsystem(client: ClientId) -> bool:
    return client in find_subsystems([client])


def _describe(call: _Call, asked: Asked, now: datetime) -> Answer:
    if call.envelope.method != "GET":
        raise xroad.bad_request(N_("dịch vụ mô tả chỉ nhận GET"))
    services = list_services(asked.service.provider)
    if asked.service.service_code == "getOpenAPI":
        wanted = [code for name, code in _query(asked.query) if name == "serviceCode"]
        found = [each for each in services if wanted[-1:] == [each.service_id.service_code]]
        if not found:
            raise ExchangeFault("Client.BadRequest", N_("Không có dịch vụ này."))
        return _json(call, found[0].openapi)
    listed = []
    granted = list_grants(asked.client, services=services, now=now)
    for each in services:
        endpoints = each.endpoints
        if asked.service.service_code == "allowedMethods":
            mine = [grant for grant in granted if grant.service_id == each.service_id]
            endpoints = tuple(dict.fromkeys(endpoint for grant in mine for endpoint in grant.endpoints))
            if not endpoints:
                continue
        kind = "OPENAPI" if each.openapi else "REST"
        listed.append(xroad.describe_service(each.service_id, kind=kind, endpoints=endpoints))
    return _json(call, {"service": listed})


def _read_register(call: _Call, service: ServiceInfo, grant: GrantInfo, now: datetime) -> Answer:
    """Read one record: GET /<key>/<value>, or POST /query {"key", "value"}, which keeps numbers out of addresses."""
    asked = call.asked
    assert asked is not None
    key, value = _read_key(call.envelope, asked)
    try:
        register = get_register(service.register)
    except RegisterNotFound as error:
        raise ExchangeFault("Server.ServerProxy.ServiceFailed", N_("Dịch vụ tạm thời không trả lời được.")) from error
    fields = tuple(dict.fromkeys(field.split(".")[0] for field in grant.fields))
    wanted = Wanted(register=register.code, key=key, value=value, fields=() if "*" in fields else fields)
    actor = Actor(kind="system", id=str(asked.client), name=str(asked.client), on_behalf_of=asked.user_id or None)
    reading = Reading(actor=actor, purpose=grant.purpose, legal_ground=grant.legal_ground)
    found = read_records([wanted], reading=reading, now=now).get(wanted)
    if found is None:
        return _json(call, {"message": "no record found"}, status=404)
    call.record_uuid = found.uuid
    return _json(call, _show(found, grant))


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
            return str(body["key"])[:60], str(body["value"])[:200]
        except (ValueError, KeyError, TypeError) as error:
            raise xroad.bad_request(N_('nội dung phải là JSON {"key", "value"}')) from error
    parts = asked.rest.strip("/").split("/")
    if len(parts) != 2 or not all(parts):
        raise xroad.bad_request(N_("địa chỉ phải có dạng /<khóa>/<giá trị>"))
    return parts[0], parts[1]


def _query(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, max_num_fields=50)
    except ValueError as error:
        raise xroad.bad_request(N_("tham số không đọc được")) from error


def _count(grant: GrantInfo, now: datetime) -> None:
    """Count the call in its minute. Raises: ExchangeFault when the grant's rate is used up."""
    minute = now - timedelta(seconds=now.second, microseconds=now.microsecond)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exchange_grantuse (grant_id, minute, calls) VALUES (%s, %s, 1) "
            "ON CONFLICT (grant_id, minute) DO UPDATE SET calls = exchange_grantuse.calls + 1 RETURNING calls",
            [grant.id, minute],
        )
        if cursor.fetchone()[0] > grant.rate_per_minute:
            raise too_often(grant.rate_per_minute)


def _json(call: _Call, content: Mapping[str, object], *, status: int = 200) -> Answer:
    headers = {**_headers(call), "Content-Type": "application/json;charset=utf-8"}
    return Answer(status=status, headers=headers, body=orjson.dumps(content))


def _headers(call: _Call) -> dict[str, str]:
    if call.asked is None:
        return {}
    hashed = xroad.hash_request(xroad.write_head(call.envelope), call.envelope.body)
    return xroad.make_headers(call.asked, request_id=call.request_id, request_hash=hashed)


def _answer_fault(call: _Call, fault: ExchangeFault) -> Answer:
    accept = call.envelope.headers.get("accept", "")
    return xroad.make_fault(fault, detail=call.request_id, accept=accept, headers=_headers(call))


def _keep(call: _Call, answer: Answer, fault: str, now: datetime) -> None:
    asked, grant = call.asked, call.grant
    request = xroad.write_head(call.envelope) + b"\n\n" + call.envelope.body
    Message.objects.bulk_create(
        [
            Message(
                uuid=UUID(call.request_id),
                at=now,
                message_id=asked.message_id if asked else "",
                client=str(asked.client) if asked else "",
                service=str(asked.service) if asked else "",
                purpose=grant.purpose if grant else "",
                legal_ground=grant.legal_ground if grant else "",
                user_id=asked.user_id if asked else "",
                issue=asked.issue if asked else "",
                status=answer.status,
                fault=fault,
                request_sha512=hashlib.sha512(request).hexdigest(),
                response_sha512=hashlib.sha512(answer.body).hexdigest(),
                record_uuid=call.record_uuid,
            )
        ]
    )
