"""The services that describe services. Source: X-Road Service Metadata Protocol for REST (PR-MREST)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from motcua.exchange.actions.calls import Call, write_json
from motcua.exchange.queries.services import list_grants, list_services, list_subsystems
from motcua.exchange.rules import xroad
from motcua.exchange.rules.clients import list_all, write_xml
from motcua.exchange.rules.clients import write_json as write_clients_json
from motcua.exchange.rules.openapi import describe_openapi
from motcua.exchange.types import Answer, Asked, ExchangeFault, ServiceInfo
from motcua.kernel.messages import N_
from motcua.registers.public import get_register


def describe(call: Call, asked: Asked, *, now: datetime) -> Answer:
    """Answer listMethods, allowedMethods or getOpenAPI."""
    if call.envelope.method != "GET":
        raise xroad.bad_request(N_("dịch vụ mô tả chỉ nhận GET"))
    services = list_services(asked.service.provider)
    if asked.service.service_code == "getOpenAPI":
        return write_json(call, find_openapi(_choose(services, asked)))
    listed = []
    granted = list_grants(asked.client, services=services, now=now)
    for each in services:
        endpoints = each.endpoints
        if asked.service.service_code == "allowedMethods":
            mine = [grant for grant in granted if grant.service_id == each.service_id]
            endpoints = tuple(dict.fromkeys(endpoint for grant in mine for endpoint in grant.endpoints))
            if not endpoints:
                continue
        kind = "OPENAPI" if each.openapi or each.kind == "register" else "REST"
        listed.append(xroad.describe_service(each.service_id, kind=kind, endpoints=endpoints))
    return write_json(call, {"service": listed})


def find_openapi(service: ServiceInfo) -> Mapping[str, Any]:
    """Return a service's description: its owner's, or for a register of ours what its schema says."""
    if service.openapi or service.kind != "register":
        return service.openapi
    register = get_register(service.register)
    keys = [key.name for key in register.keys]
    return describe_openapi(register.schema, keys=keys, title=service.title, version=service.version)


def _choose(services: Sequence[ServiceInfo], asked: Asked) -> ServiceInfo:
    wanted = [code for name, code in _query(asked.query) if name == "serviceCode"]
    found = [each for each in services if wanted == [each.service_id.service_code]]
    if len(wanted) != 1 or not found:
        raise ExchangeFault("Client.BadRequest", N_("Hãy nêu đúng một serviceCode của bên cung cấp này."))
    if found[0].kind == "http" and not found[0].openapi:
        raise ExchangeFault("Client.BadRequest", N_("Dịch vụ này không có bản mô tả OpenAPI."))
    return found[0]


def list_clients(instance: str, *, accept: str) -> Answer:
    """Answer listClients: who takes part, to anybody. Source: PR-META 2."""
    subsystems = list_subsystems(instance)
    if instance and not subsystems:
        fault = ExchangeFault("Client.BadRequest", N_("Không có nhóm X-Road này."))
        return xroad.make_fault(fault, detail=instance[:20], accept=accept)
    listed = list_all(subsystems)
    if xroad.choose_type(accept, ("text/xml", "application/json")) == "application/json":
        named = {"Content-Type": "application/json;charset=utf-8"}
        return Answer(status=200, headers=named, body=write_clients_json(listed))
    return Answer(status=200, headers={"Content-Type": "text/xml;charset=utf-8"}, body=write_xml(listed))


def _query(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, max_num_fields=50)
    except ValueError as error:
        raise xroad.bad_request(N_("tham số không đọc được")) from error
