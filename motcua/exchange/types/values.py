"""What the exchange hands out: identifiers, services, grants, messages and what is kept of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

ServiceKind = Literal["register", "http"]


@dataclass(frozen=True, slots=True)
class ClientId:
    """Who calls: instance, class, member, and mostly a subsystem. Source: X-Road PR-REST 4.3, X-Road-Client."""

    instance: str
    member_class: str
    member_code: str
    subsystem_code: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(part for part in (self.instance, self.member_class, self.member_code, self.subsystem_code) if part)

    def __str__(self) -> str:
        return "/".join(self.parts)


@dataclass(frozen=True, slots=True)
class ServiceId:
    """What is called: the provider and the service's code."""

    provider: ClientId
    service_code: str

    def __str__(self) -> str:
        return f"{self.provider}/{self.service_code}"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method and a path of a service; "*" stands for one part of a path, a last "**" for any rest."""

    method: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceInfo:
    """A published service: where it comes from and what it offers."""

    id: int
    service_id: ServiceId
    kind: ServiceKind
    title: str
    version: str
    register: str
    base_url: str
    endpoints: tuple[Endpoint, ...]
    openapi: Mapping[str, Any]
    timeout_seconds: float
    cache_seconds: int
    max_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantInfo:
    """Who may call what, what for, on which ground, which fields, until when. Approved by the owner, or it is none."""

    id: int
    uuid: UUID
    consumer: ClientId
    service_id: ServiceId
    purpose: str
    legal_ground: str
    endpoints: tuple[Endpoint, ...]
    fields: tuple[str, ...]
    consent_purpose: str = ""  # the ground is the person's consent to this purpose
    valid_from: datetime
    valid_to: datetime | None
    rate_per_minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What came over the wire, before anything of it is believed. `path` is raw, still percent-encoded."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]  # names in lower case; of a name that came twice, the last
    body: bytes
    scheme: str = "http"
    remote_address: str = ""
    certificate_sha256: str = ""
    is_oversized: bool = False  # the body was too large to be taken in; `body` is empty then


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that keeps to the protocol: who, what, with what."""

    client: ClientId
    service: ServiceId
    rest: str  # decoded, begins with "/"; "" when only the service was named
    raw_rest: str = ""  # the same as it came, still percent-encoded
    query: str
    message_id: str
    user_id: str
    issue: str
    represented: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedMessage:
    """One line of the message log. `digest` covers everything here and the digest before it."""

    seq: int
    uuid: str  # X-Road-Request-Id of the answer
    at: datetime
    message_id: str
    client: str
    service: str
    purpose: str
    legal_ground: str
    user_id: str
    issue: str
    status: int
    fault: str
    request_sha512: str
    response_sha512: str
    previous: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A stretch of the log that was signed together. `previous` is the digest before it, `digest` that of its end."""

    first_seq: int
    last_seq: int
    previous: str
    digest: str
    root: str
    signed_at: datetime
    jws: str
    timestamp: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofReport:
    """What of a proof holds, in sentences. `is_complete`: intact, time-stamped, and every certificate was traced."""

    is_intact: bool
    is_complete: bool
    holds: tuple[str, ...]
    fails: tuple[str, ...]
    lines: tuple[LoggedMessage, ...]
    stamped_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogStatus:
    """How far the message log is: what waits for its place, for a signature, for a time-stamp, and since when."""

    linked: int
    pending: int
    unsigned: int
    unstamped: int
    last_signed_at: datetime | None
    last_stamped_at: datetime | None
