"""What is known of a call while it is answered, and the line that is kept of it, whatever happened."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from motcua.exchange.queries.known import Known
from motcua.exchange.rules import xroad
from motcua.exchange.rules.admission import access_denied, too_often
from motcua.exchange.rules.texts import dump_json
from motcua.exchange.types import Answer, Asked, Envelope, ExchangeFault, GrantInfo, ServiceInfo

# Written by hand: every call writes its line, and building this by the ORM took as long as the database did.
_INSERT = (
    "INSERT INTO exchange_message (uuid, at, message_id, client, service, purpose, legal_ground, user_id, issue, "
    "status, fault, request_sha512, response_sha512, record_uuid) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


@dataclass(slots=True)
class Call:
    """One call so far. `asked` stays None when the request could not be read."""

    envelope: Envelope
    request_id: str
    asked: Asked | None = None
    service: ServiceInfo | None = None
    grant: GrantInfo | None = None
    record_uuid: UUID | None = None
    known: Known | None = None  # the member that was proved to call


def write_json(call: Call, content: Mapping[str, object], *, status: int = 200) -> Answer:
    """Return an answer in JSON with the protocol's headers."""
    headers = {**make_headers(call), "Content-Type": "application/json;charset=utf-8"}
    return Answer(status=status, headers=headers, body=dump_json(content))


def write_fault(call: Call, fault: ExchangeFault) -> Answer:
    """Return the protocol's answer for a fault."""
    accept = call.envelope.headers.get("accept", "")
    return xroad.make_fault(fault, detail=call.request_id, accept=accept, headers=make_headers(call))


def make_headers(call: Call) -> dict[str, str]:
    """Return the protocol's headers of an answer; none when the request could not be read."""
    if call.asked is None:
        return {}
    hashed = xroad.hash_request(xroad.write_head(call.envelope), call.envelope.body)
    return xroad.make_headers(call.asked, request_id=call.request_id, request_hash=hashed)


def count_use(grant: GrantInfo, *, now: datetime) -> None:
    """Count the call in its minute. Raises: ExchangeFault when the grant's rate is used up, or it was revoked just now.

    Asked in the statement that counts: between knowing the caller and reading for it nothing may slip through.
    """
    minute = now - timedelta(seconds=now.second, microseconds=now.microsecond)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exchange_grantuse (grant_id, minute, calls) "
            "SELECT id, %s, 1 FROM exchange_grant WHERE id = %s AND revoked_at IS NULL "
            "ON CONFLICT (grant_id, minute) DO UPDATE SET calls = exchange_grantuse.calls + 1 RETURNING calls",
            [minute, grant.id],
        )
        counted = cursor.fetchone()
    if counted is None:
        raise access_denied()
    if counted[0] > grant.rate_per_minute:
        raise too_often(grant.rate_per_minute)


def hash_call(envelope: Envelope) -> str:
    """Return the hash by which the log knows a request: its line, its headers, its body."""
    return hashlib.sha512(xroad.write_head(envelope) + b"\n\n" + envelope.body).hexdigest()


def keep(call: Call, answer: Answer, *, fault: str = "", now: datetime) -> None:
    """Write the call into the message log. Texts that came from outside are cut to their column."""
    asked, grant = call.asked, call.grant
    values = (
        UUID(call.request_id),
        now,
        asked.message_id if asked else "",
        str(asked.client)[:200] if asked else "",
        str(asked.service)[:260] if asked else "",
        grant.purpose if grant else "",
        grant.legal_ground if grant else "",
        asked.user_id if asked else "",
        asked.issue if asked else "",
        answer.status,
        fault,
        hash_call(call.envelope),
        hashlib.sha512(answer.body).hexdigest(),
        call.record_uuid,
    )
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
