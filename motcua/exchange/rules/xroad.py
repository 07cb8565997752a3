"""The X-Road Message Protocol for REST: what a request must look like, what an answer carries.

Source: X-Road: Message Protocol for REST, version 1.0.4 (PR-REST), chapter 4; Service Metadata Protocol for REST.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from urllib.parse import unquote

import orjson

from motcua.exchange.types import (
    Answer,
    Asked,
    ClientId,
    Endpoint,
    Envelope,
    ExchangeFault,
    IdentifierInvalid,
    ServiceId,
)
from motcua.kernel.messages import N_

VERSION = "r1"
MAX_URL = 2_000  # PR-REST 4.2: the limit that most clients keep, allowed to servers
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
_IDENTIFIER = re.compile(r"[A-Za-z0-9'()+,\-.=?]{1,255}")  # PR-REST 4.8
_MESSAGE_ID = re.compile(r"[\x21-\x7e]{1,128}")
_FREE_TEXT = re.compile(r"[^\x00-\x1f\x7f]{0,200}")
META = ("listMethods", "allowedMethods", "getOpenAPI")
_FILTERED = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
     "upgrade", "host", "user-agent", "server", "content-length", "expect"}
)  # fmt: skip


def parse_client(text: str) -> ClientId:
    """Read an X-Road-Client header: three or four percent-encoded parts. Raises: IdentifierInvalid."""
    parts = [_check(part) for part in text.strip().split("/")]
    if len(parts) not in (3, 4):
        raise IdentifierInvalid(text)
    return ClientId(*parts)


def read_request(envelope: Envelope, *, is_subsystem: Callable[[ClientId], bool], new_id: str) -> Asked:
    """Read a request, strictly. `is_subsystem` settles what the fourth part is, for the subsystem may be left out.

    Raises: ExchangeFault Client.BadRequest for anything that does not keep to the protocol.
    """
    if envelope.method not in METHODS:
        raise bad_request(N_("phương thức HTTP không được hỗ trợ"))
    if len(envelope.path) + len(envelope.query) > MAX_URL:
        raise bad_request(N_("địa chỉ quá dài"))
    header = envelope.headers.get("x-road-client", "")
    if not header:
        raise bad_request(N_("thiếu đầu mục X-Road-Client"))
    message_id = envelope.headers.get("x-road-id", "") or new_id
    if not _MESSAGE_ID.fullmatch(message_id):
        raise bad_request(N_("X-Road-Id không hợp lệ"))
    try:
        client = parse_client(header)
        service, rest = _read_service(envelope.path, is_subsystem)
    except IdentifierInvalid as error:
        raise bad_request(error.message) from error
    return Asked(
        client=client,
        service=service,
        rest=rest,
        query=envelope.query,
        message_id=message_id,
        user_id=_read_text(envelope.headers, "x-road-userid"),
        issue=_read_text(envelope.headers, "x-road-issue"),
        represented=_read_text(envelope.headers, "x-road-represented-party"),
    )


def _read_service(path: str, is_subsystem: Callable[[ClientId], bool]) -> tuple[ServiceId, str]:
    raw = path.lstrip("/").split("/")
    if not raw or raw[0] != VERSION:
        raise bad_request(N_("phiên bản giao thức phải là r1"))
    names = raw[1:6]
    if len(names) < 4:
        raise bad_request(N_("thiếu mã dịch vụ trong địa chỉ"))
    head = [_check(part) for part in names[:4]]
    if len(names) == 5 and is_subsystem(ClientId(*head)):
        return ServiceId(ClientId(*head), _check(names[4])), _read_rest(raw[6:])
    return ServiceId(ClientId(*head[:3]), head[3]), _read_rest(raw[5:])


def _read_rest(parts: Sequence[str]) -> str:
    """Decode the service's own path. Dots that climb, backslashes and hidden slashes are refused, not cleaned."""
    if not parts:
        return ""
    decoded = []
    for part in parts:
        text = _decode(part)
        if text in (".", "..") or any(sign in text for sign in "/\\\x00") or not text.isprintable():
            raise bad_request(N_("đường dẫn chứa ký tự không được phép"))
        decoded.append(text)
    return "/" + "/".join(decoded)


def _check(part: str) -> str:
    text = _decode(part)
    if not _IDENTIFIER.fullmatch(text):
        raise IdentifierInvalid(text)
    return text


def _decode(part: str) -> str:
    try:
        return unquote(part, errors="strict")
    except UnicodeDecodeError as error:
        raise IdentifierInvalid(part) from error


def _read_text(headers: Mapping[str, str], name: str) -> str:
    text = headers.get(name, "")
    if not _FREE_TEXT.fullmatch(text):
        raise bad_request(N_("đầu mục %(name)s không hợp lệ", name=name))
    return text


def bad_request(reason: str) -> ExchangeFault:
    """Return the fault of a request that does not keep to the protocol."""
    return ExchangeFault("Client.BadRequest", N_("Yêu cầu không đúng giao thức X-Road REST (r1): %(why)s.", why=reason))


def hash_request(headers: bytes, body: bytes) -> str:
    """Return X-Road-Request-Hash: base64 of SHA512(SHA512(headers) + SHA512(body)), without a body SHA512(headers)."""
    digest = hashlib.sha512(headers).digest()
    if body:
        digest = hashlib.sha512(digest + hashlib.sha512(body).digest()).digest()
    return base64.b64encode(digest).decode()


def write_head(envelope: Envelope) -> bytes:
    """Return the request's line and headers in one written form, which the request hash covers."""
    query = f"?{envelope.query}" if envelope.query else ""
    lines = [f"{envelope.method} {envelope.path}{query}"]
    lines += [f"{name}:{value}" for name, value in sorted(envelope.headers.items()) if name not in _FILTERED]
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def make_headers(asked: Asked, *, request_id: str, request_hash: str) -> dict[str, str]:
    """Return the headers that every answer to a read request carries. Source: PR-REST 4.3."""
    return {
        "X-Road-Client": str(asked.client),
        "X-Road-Service": str(asked.service),
        "X-Road-Id": asked.message_id,
        "X-Road-Request-Id": request_id,
        "X-Road-Request-Hash": request_hash,
    }


def make_fault(fault: ExchangeFault, *, detail: str, accept: str = "", headers: Mapping[str, str] = {}) -> Answer:
    """Return the answer for a fault of the exchange, in JSON, or in XML when only that is accepted.

    Source: PR-REST 4.6.
    """
    wants_xml = "xml" in accept and "json" not in accept and "*/*" not in accept
    common = {**headers, "X-Road-Error": fault.fault}
    if not wants_xml:
        body = orjson.dumps({"type": fault.fault, "message": str(fault.message), "detail": detail})
        return Answer(
            status=fault.http_status, headers={**common, "Content-Type": "application/json;charset=utf-8"}, body=body
        )
    texts = {"type": fault.fault, "message": str(fault.message), "detail": detail}
    inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in texts.items())
    return Answer(
        status=fault.http_status,
        headers={**common, "Content-Type": "application/xml;charset=utf-8"},
        body=f'<?xml version="1.0" encoding="UTF-8"?><error>{inner}</error>'.encode(),
    )


def pass_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that go on to a provider or back to a client: hop-by-hop and telling ones left out."""
    return {name: value for name, value in headers.items() if name.lower() not in _FILTERED}


def is_offered(endpoints: Sequence[Endpoint], *, method: str, path: str) -> bool:
    """Tell whether a call fits one of the endpoints; HEAD is asked as GET."""
    asked = "GET" if method == "HEAD" else method
    return any(each.method in ("*", asked) and _fits(each.path, path or "/") for each in endpoints)


def _fits(pattern: str, path: str) -> bool:
    wanted, given = pattern.strip("/").split("/"), path.strip("/").split("/")
    for place, part in enumerate(wanted):
        if part == "**":
            return True
        if place >= len(given) or part not in ("*", given[place]) or (part == "*" and not given[place]):
            return False
    return len(wanted) == len(given)


def describe_service(service: ServiceId, *, kind: str, endpoints: Sequence[Endpoint]) -> dict[str, object]:
    """Return one service as listMethods and allowedMethods list it. Source: PR-MREST, annex B."""
    provider = service.provider
    listed = [{"method": each.method, "path": each.path} for each in endpoints]
    found: dict[str, object] = {
        "member_class": provider.member_class,
        "member_code": provider.member_code,
        "object_type": "SERVICE",
        "service_code": service.service_code,
        "service_type": kind,
        "xroad_instance": provider.instance,
        "endpoint_list": listed,
    }
    if provider.subsystem_code:
        found["subsystem_code"] = provider.subsystem_code
    return found
