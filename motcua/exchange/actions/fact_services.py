"""Ask a register that an agency's own service holds: through the gateway, by the one-stop system's grant, logged."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import unquote
from uuid import uuid4

from django.db import transaction

from motcua.audit.public import record_read
from motcua.exchange.actions.calls import Call, count_use, keep, write_fault
from motcua.exchange.actions.forwarding import forward
from motcua.exchange.rules.admission import check_offered, choose_grant
from motcua.exchange.rules.fact_records import AnswerUnfit, read_records, write_path
from motcua.exchange.types import Answer, Asked, ClientId, Envelope, ExchangeFault, GrantInfo, ServiceInfo
from motcua.exchange.types.facts import FactOffer, RegisterUnavailable, SourcedRecord
from motcua.registers.public import Reading, Wanted, get_register

_OK, _NOT_FOUND, _GONE = 200, 404, 410
_WHAT = 120  # as long as the log's column
_USER = 100


def ask_service(
    offer: FactOffer, wanted: Wanted, *, consumer: ClientId, subject: str, reading: Reading, now: datetime
) -> tuple[SourcedRecord, ...]:
    """Return the records that a key or link names at the service; outside of any transaction, for the wait may be long.

    `subject`: whom the log of readings names. Raises: RegisterUnavailable: down, too slow, refusing, or not believable.
    """
    service, grant, answers = offer.service, offer.grant, offer.answers
    assert service is not None and grant is not None and answers is not None  # an offer of a service
    template = answers.paths.get(wanted.key)
    if template is None:
        return ()
    answer = _call(service, grant, write_path(template, wanted.value), consumer, reading, now)
    if answer.status in (_NOT_FOUND, _GONE):
        return ()
    if answer.status != _OK:
        raise RegisterUnavailable(offer.register)
    try:
        records = read_records(
            answer.body, fields=wanted.fields, same=list_key_fields(wanted.register, wanted.key), value=wanted.value,
            as_of=answers.as_of,
        )  # fmt: skip
    except AnswerUnfit as error:
        raise RegisterUnavailable(offer.register) from error
    named = {name.lower(): value for name, value in answer.headers.items()}
    is_cached = named.get("x-cache") == "HIT"
    fetched_at = now - timedelta(seconds=_read_age(named.get("age", ""))) if is_cached else now
    if records:
        _note(wanted, subject, reading, now)
    return tuple(
        SourcedRecord(data=data, source=service.title, as_of=as_of or fetched_at, fetched_at=fetched_at,
                      is_cached=is_cached)
        for data, as_of in records
    )  # fmt: skip


def list_key_fields(register: str, key: str) -> tuple[str, ...]:
    """Return the fields of a register that make this key or link: an answer must say them."""
    info = get_register(register)
    named = {each.name: each.fields for each in info.links} | {each.name: each.fields for each in info.keys}
    return tuple(named.get(key, ()))


def _call(
    service: ServiceInfo, grant: GrantInfo, rest: str, consumer: ClientId, reading: Reading, now: datetime
) -> Answer:
    """Make one call as if it came from outside: by its grant, within its rate, kept in the log whatever happens."""
    where = service.service_id
    path = f"/r1/{where.provider}/{where.service_code}{rest}"
    headers = {"accept": "application/json", "x-road-client": str(consumer)}
    call = Call(Envelope(method="GET", path=path, query="", headers=headers, body=b""), str(uuid4()))
    call.asked = Asked(
        client=consumer, service=where, rest=unquote(rest), raw_rest=rest, query="", message_id=call.request_id,
        user_id=f"{reading.actor.kind}:{reading.actor.id}"[:_USER], issue="", represented="",
    )  # fmt: skip
    call.service, call.grant = service, grant
    try:
        check_offered(service, call.asked, method="GET")
        choose_grant(call.asked, [grant], kind=service.kind, method="GET", purpose=reading.purpose)
        with transaction.atomic():
            count_use(grant, now=now)
        answer = forward(call, call.asked, service, grant, now=now)
    except ExchangeFault as fault:
        keep(call, write_fault(call, fault), fault=fault.fault, now=now)
        raise RegisterUnavailable(service.title) from fault
    keep(call, answer, now=now)
    return answer


def _note(wanted: Wanted, subject: str, reading: Reading, now: datetime) -> None:
    record_read(
        reading.actor,
        subject=subject,
        what=f"{wanted.register}:{','.join(wanted.fields)}"[:_WHAT],
        purpose=reading.purpose,
        legal_ground=reading.legal_ground,
        now=now,
    )


def _read_age(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
