"""The services that describe services. Source: X-Road Service Metadata Protocol for REST (PR-MREST)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from motcua.exchange.actions.calls import Call, write_json
from motcua.exchange.queries.services import list_grants, list_services
from motcua.exchange.rules import xroad
from motcua.exchange.types import Answer, Asked, ExchangeFault
from motcua.kernel.messages import N_
from motcua.registers.public import RegisterInfo


def describe(call: Call, asked: Asked, *, now: datetime) -> Answer:
    """Answer listMethods, allowedMethods or getOpenAPI."""
    if call.envelope.method != "GET":
        raise xroad.bad_request(N_("dịch vụ mô tả chỉ nhận GET"))
    services = list_services(asked.service.provider)
    if asked.service.service_code == "getOpenAPI":
        wanted = [code for name, code in _query(asked.query) if name == "serviceCode"]
        found = [each for each in services if wanted[-1:] == [each.service_id.service_code]]
        if not found:
            raise ExchangeFault("Client.BadRequest", N_("Không có dịch vụ này."))
        return write_json(call, found[0].openapi)
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
    return write_json(call, {"service": listed})


def _query(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, max_num_fields=50)
    except ValueError as error:
        raise xroad.bad_request(N_("tham số không đọc được")) from error


def describe_register(register: RegisterInfo) -> dict[str, Any]:
    """Return a register as the GovStack Database API shows it (DatabaseInfo)."""
    return {
        "id": register.id,
        "version": str(register.version),
        "name": register.name,
        "code": register.code,
        "institution": register.owner,
        "description": register.legal_ground,
        "schema": register.schema,
        "fieldsUniques": [list(key.fields) for key in register.keys],
        "isDraft": False,
        "isDisabled": False,
        "isArchived": False,
    }
