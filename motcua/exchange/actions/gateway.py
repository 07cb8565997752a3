"""One call through the gateway: read, prove, grant, answer, keep. Whatever happens, the call is in the log."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from motcua.exchange.actions.calls import Call, count_use, keep, write_fault
from motcua.exchange.actions.describing import describe
from motcua.exchange.actions.forwarding import forward
from motcua.exchange.actions.proving import prove_client
from motcua.exchange.actions.reading import read_register
from motcua.exchange.queries.known import Acquaintance
from motcua.exchange.queries.services import find_service, is_revoked
from motcua.exchange.rules import xroad
from motcua.exchange.rules.admission import access_denied, check_offered, choose_grant, not_authenticated
from motcua.exchange.types import Answer, Asked, Envelope, ExchangeFault, GrantInfo
from motcua.kernel.messages import N_

PURPOSE_HEADER = "motcua-purpose"  # chooses among several grants; with one grant it may be left out
MAX_BODY = 1_000_000


def handle_call(envelope: Envelope, *, now: datetime) -> Answer:
    """Answer one call of the X-Road message protocol. Source: PR-REST 1.0.4, chapter 4; PR-MREST.

    One transaction, one commit. No fault comes after something was written but the nonce, the count and the log,
    which stay: so none has to be undone.
    """
    call = Call(envelope, str(uuid4()))
    with transaction.atomic():
        try:
            asked = _admit(call, now)
            answer, fault = _answer(call, asked, now), ""
        except ExchangeFault as error:
            answer, fault = write_fault(call, error), error.fault
        if answer is not None:
            keep(call, answer, fault=fault, now=now)
    return answer if answer is not None else _forward(call, now)


def _forward(call: Call, now: datetime) -> Answer:
    """Ask the provider behind the gateway, outside of any transaction, then keep the call."""
    assert call.asked is not None and call.service is not None and call.grant is not None
    fault = ""
    try:
        answer = forward(call, call.asked, call.service, call.grant, now=now)
        if is_revoked(call.grant):  # while the provider was waited for
            raise access_denied()
    except ExchangeFault as error:
        answer, fault = write_fault(call, error), error.fault
    keep(call, answer, fault=fault, now=now)
    return answer


def _admit(call: Call, now: datetime) -> Asked:
    """Let the call in: it keeps to the protocol and comes from whom it says."""
    envelope = call.envelope
    if envelope.is_oversized or len(envelope.body) > MAX_BODY:
        raise xroad.bad_request(N_("nội dung quá lớn"))
    systems = Acquaintance()
    asked = call.asked = xroad.read_request(
        envelope, is_subsystem=lambda who: systems.find(who) is not None, new_id=call.request_id
    )
    client = systems.find(asked.client)
    if client is None or not prove_client(client, envelope, now=now):
        raise not_authenticated()
    call.known = client
    return asked


def _answer(call: Call, asked: Asked, now: datetime) -> Answer | None:
    """Answer what we can answer ourselves; None for a call that goes on to a provider."""
    if asked.service.service_code in xroad.META:
        return describe(call, asked, now=now)
    grant = _grant(call, asked, now)
    assert call.service is not None
    count_use(grant, now=now)  # before the reading is noted: a call too many reads nothing
    if call.service.kind == "http":
        return None
    return read_register(call, call.service, grant, now=now)


def _grant(call: Call, asked: Asked, now: datetime) -> GrantInfo:
    assert call.known is not None
    found, grants = call.known.find_offer(asked.service, now=now)
    call.service = check_offered(found or find_service(asked.service), asked, method=call.envelope.method)
    purpose = call.envelope.headers.get(PURPOSE_HEADER, "")
    call.grant = choose_grant(asked, grants, kind=call.service.kind, method=call.envelope.method, purpose=purpose)
    return call.grant
