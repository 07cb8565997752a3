"""The X-Road Message Protocol for REST: what a request must look like, what an answer carries.

Source: X-Road: Message Protocol for REST, version 1.0.4 (PR-REST), chapter 4; Service Metadata Protocol for REST.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_IDENTIFIER = re.compile(r"[A-Za-z0-9'()+,\-.=?]{1,255}")  # PR-REST 4.8
# RFC 3986, 3.3: pchar and "/"; a query also holds what clients commonly leave as it is. "%" only before two digits.
_PATH = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*")
_QUERY = re.compile(r"(?:[\x21\x24\x26-\x7e]|%[0-9A-Fa-f]{2})*")  # no blank, no control, no '"', no '#'
_VERSIONED = re.compile(r"/[rR][0-9]{1,3}(/|\Z)")
_MESSAGE_ID = re.compile(r"[\x21-\x7e]{1,128}")
_FREE_TEXT = re.compile(r"[^\x00-\x1f\x7f]{0,200}")
META = ("listMethods", "allowedMethods", "getOpenAPI")
FILTERED = frozenset(  # PR-REST 4.3, filtered and specially handled headers
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "trailers",
     "transfer-encoding", "upgrade", "host", "user-agent", "server", "content-length", "expect",
     "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"}  # who stands before us
)  # fmt: skip
# What only this side may say in an answer; a provider that sets one is overwritten.
OWN = frozenset(
    {"x-road-client", "x-road-service", "x-road-id", "x-road-request-id", "x-road-request-hash", "x-road-error"}
)

_NOT_ASKED = frozenset({"x-road-request-hash", "x-road-error"})  # a request has none: a provider must not believe one


def parse_client(text: str) -> ClientId:
    """Read an X-Road-Client header: three or four percent-encoded parts. Raises: IdentifierInvalid.

    Of several headers, which a web server joins by commas, the last counts (a comma may stand in a code: what can be
    read whole is one header).
    """
    for start in (0, *(place + 1 for place, sign in enumerate(text[:MAX_URL]) if sign == ",")):
        named = text[start:].strip()
        if named.count("/") in (2, 3):
            return ClientId(*[_check(part) for part in named.split("/")])
    raise IdentifierInvalid(text)


def read_request(envelope: Envelope, *, is_subsystem: Callable[[ClientId], bool], new_id: str) -> Asked:
    """Read a request, strictly. `is_subsystem` settles what the fourth part is, for the subsystem may be left out.

    Raises: ExchangeFault Client.BadRequest for anything that does not keep to the protocol.
    """
    if envelope.method not in METHODS:
        raise bad_request(N_("phương thức HTTP không được hỗ trợ"))
    if len(envelope.path) + len(envelope.query) > MAX_URL:
        raise bad_request(N_("địa chỉ quá dài"))
    if not (_PATH.fullmatch(envelope.path) and _QUERY.fullmatch(envelope.query)):
        raise bad_request(N_("địa chỉ phải được mã hóa phần trăm"))
    header = envelope.headers.get("x-road-client", "")
    if not header:
        raise bad_request(N_("thiếu đầu mục X-Road-Client"))
    message_id = envelope.headers.get("x-road-id", "") or new_id
    if not _MESSAGE_ID.fullmatch(message_id):
        raise bad_request(N_("X-Road-Id không hợp lệ"))
    try:
        client = parse_client(header)
        service, rest, raw_rest = _read_service(envelope.path, is_subsystem)
        represented = _read_parts(envelope.headers, "x-road-represented-party", (1, 2))
        _read_parts(envelope.headers, "x-road-security-server", (4,))
    except IdentifierInvalid as error:
        raise bad_request(error.message) from error
    return Asked(
        client=client,
        service=service,
        rest=rest,
        raw_rest=raw_rest,
        query=envelope.query,
        message_id=message_id,
        user_id=_read_text(envelope.headers, "x-road-userid"),
        issue=_read_text(envelope.headers, "x-road-issue"),
        represented=represented,
    )


def _read_service(path: str, is_subsystem: Callable[[ClientId], bool]) -> tuple[ServiceId, str, str]:
    raw = path.lstrip("/").split("/")
    if not raw or raw[0] != VERSION:
        raise bad_request(N_("phiên bản giao thức phải là r1"))
    names = raw[1:6]
    if len(names) < 4:
        raise bad_request(N_("thiếu mã dịch vụ trong địa chỉ"))
    head = [_check(part) for part in names[:4]]
    if len(names) == 5 and is_subsystem(ClientId(*head)):
        return ServiceId(ClientId(*head), _check(names[4])), *_read_rest(raw[6:])
    return ServiceId(ClientId(*head[:3]), head[3]), *_read_rest(raw[5:])


def _read_rest(parts: Sequence[str]) -> tuple[str, str]:
    """Return the service's own path, its parts decoded, and as it came. What climbs is refused, not cleaned.

    A slash inside a part stays encoded ("%2F", PR-REST 4.2): it does not delimit.
    """
    if not parts:
        return "", ""
    decoded = []
    for part in parts:
        text = _decode(part)
        if any(inner in (".", "..") for inner in text.split("/")) or "\\" in text or not text.isprintable():
            raise bad_request(N_("đường dẫn chứa ký tự không được phép"))
        decoded.append(text.replace("%", "%25").replace("/", "%2F"))
    return "/" + "/".join(decoded), "/" + "/".join(parts)


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


def _read_parts(headers: Mapping[str, str], name: str, counts: tuple[int, ...]) -> str:
    """Return a header that consists of identifiers. Raises: IdentifierInvalid."""
    text = headers.get(name, "").strip()
    if text and len([_check(part) for part in text.split("/")]) not in counts:
        raise IdentifierInvalid(text)
    return text


def split_rest(rest: str) -> list[str]:
    """Return the parts of a read path, each as its sender meant it."""
    return [unquote(part) for part in rest.strip("/").split("/")]


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
    lines += [f"{name}:{value}" for name, value in sorted(envelope.headers.items()) if name not in FILTERED]
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
    """Return the answer for a fault of the exchange, in the type that is accepted best, JSON where none is.

    Source: PR-REST 4.6.
    """
    texts = {"type": fault.fault, "message": str(fault.message), "detail": detail}
    chosen = choose_type(accept, ("application/json", "application/xml", "text/xml"))
    if chosen == "application/json":
        body = orjson.dumps(texts)
    else:
        inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in texts.items())
        body = f'<?xml version="1.0" encoding="UTF-8"?><error>{inner}</error>'.encode()
    named = {**headers, "X-Road-Error": fault.fault, "Content-Type": f"{chosen};charset=utf-8"}
    return Answer(status=fault.http_status, headers=named, body=body)


def is_protocol_path(path: str) -> bool:
    """Tell whether an address is the protocol's, of this version or another."""
    return _VERSIONED.match(path) is not None


def write_technical_fault(*, is_theirs: bool, accept: str) -> Answer:
    """Return the answer when a request could not be read at all, or when we failed. Source: PR-REST 4.6."""
    if is_theirs:
        fault = bad_request(N_("yêu cầu không đọc được"))
    else:
        fault = ExchangeFault(
            "Server.ServerProxy.InternalError",
            N_("Nền tảng gặp sự cố, yêu cầu chưa được thực hiện; hãy gọi lại sau ít phút."),
        )
    return make_fault(fault, detail="", accept=accept)


def choose_type(accept: str, offered: Sequence[str]) -> str:
    """Return the offered media type that an Accept header wants most; the first one when it wants none of them.

    Source: RFC 9110, 12.5.1.
    """
    best, wanted = offered[0], 0.0
    for each in offered:
        weight = max((one for one in _weigh(accept, each)), default=(0, 0.0))[1]
        if weight > wanted:
            best, wanted = each, weight
    return best


def _weigh(accept: str, offered: str) -> Iterator[tuple[int, float]]:
    """Yield how exactly each range of an Accept header names a type, and how much it is wanted."""
    exactness = {"*/*": 1, offered.split("/")[0] + "/*": 2, offered: 3}
    for text in accept.lower().split(",")[:50]:
        named, *params = (part.strip() for part in text.split(";"))
        weight = next((param[2:] for param in params if param.startswith("q=")), "1")
        if named in exactness and re.fullmatch(r"[01](\.[0-9]{0,3})?", weight):
            yield exactness[named], float(weight)


def pass_request_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that go on to a provider, unmodified: hop-by-hop and telling ones are left out.

    No Accept means application/json. Source: PR-REST 4.3.
    """
    kept = {name: value for name, value in headers.items() if name.lower() not in FILTERED | _NOT_ASKED}
    return kept if "accept" in {name.lower() for name in kept} else {**kept, "accept": "application/json"}


def pass_answer_headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return a provider's headers that go back to the client; those of the exchange are not its to set.

    Source: PR-REST 4.3.
    """
    return {name: value for name, value in headers if name.lower() not in FILTERED | OWN}


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
