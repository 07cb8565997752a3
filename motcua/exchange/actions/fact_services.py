"""Ask a register that an agency's own service holds: through the gateway, by the one-stop system's grant, logged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import unquote
from uuid import uuid4

from django.db import transaction

from motcua.audit.public import record_read
from motcua.exchange.actions.calls import Call, count_use, keep, write_fault
from motcua.exchange.actions.forwarding import forward, too_late
from motcua.exchange.adapters.side_by_side import NotAsked, TooLate
from motcua.exchange.rules.admission import check_offered, choose_grant
from motcua.exchange.rules.fact_records import AnswerUnfit, read_records, write_path
from motcua.exchange.types import Answer, Asked, ClientId, Envelope, ExchangeFault, GrantInfo, ServiceInfo
from motcua.exchange.types.facts import FactOffer, RegisterUnavailable, SourcedRecord
from motcua.registers.public import Reading, Wanted, get_register

_OK, _NOT_FOUND, _GONE = 200, 404, 410
_WHAT = 120  # as long as the log's column
_USER = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceErrand:
    """A call to an agency's service, counted already, and what its answer must be like."""

    call: Call
    asked: Asked
    service: ServiceInfo
    grant: GrantInfo
    as_of: str
    wanted: Wanted
    same: tuple[str, ...]  # fields that must name whom we asked about
    subject: str  # whom the log of readings names
    reading: Reading
    now: datetime

    def ask(self) -> Answer:
        """Ask over the network; touches no database. Raises: ExchangeFault."""
        return forward(self.call, self.asked, self.service, self.grant, now=self.now)

    def settle(self, answer: Callable[[], Answer]) -> tuple[SourcedRecord, ...]:
        """Keep the call in the log and return the records it brought, noted as read.

        Raises: RegisterUnavailable: down, too slow, refusing, or not believable.
        """
        try:
            said = answer()
        except NotAsked as error:
            raise RegisterUnavailable(self.service.title) from error
        except (ExchangeFault, TooLate) as error:
            fault = error if isinstance(error, ExchangeFault) else too_late()
            keep(self.call, write_fault(self.call, fault), fault=fault.fault, now=self.now)
            raise RegisterUnavailable(self.service.title) from error
        keep(self.call, said, now=self.now)
        if said.status in (_NOT_FOUND, _GONE):
            return ()
        if said.status != _OK:
            raise RegisterUnavailable(self.service.title)
        return self._read(said)

    def _read(self, answer: Answer) -> tuple[SourcedRecord, ...]:
        try:
            records = read_records(
                answer.body, fields=self.wanted.fields, same=self.same, value=self.wanted.value, as_of=self.as_of
            )
        except AnswerUnfit as error:
            raise RegisterUnavailable(self.service.title) from error
        named = {name.lower(): value for name, value in answer.headers.items()}
        is_cached = named.get("x-cache") == "HIT"
        fetched_at = self.now - timedelta(seconds=_read_age(named.get("age", ""))) if is_cached else self.now
        if records:
            _note(self.wanted, self.subject, self.reading, self.now)
        return tuple(
            SourcedRecord(data=data, source=self.service.title, as_of=as_of or fetched_at, fetched_at=fetched_at,
                          is_cached=is_cached)
            for data, as_of in records
        )  # fmt: skip


def prepare_service(
    offer: FactOffer, wanted: Wanted, *, consumer: ClientId, subject: str, reading: Reading, now: datetime
) -> ServiceErrand | None:
    """Make one call ready as if it came from outside: by its grant, within its rate; None when it cannot be asked this.

    Raises: RegisterUnavailable when the call is refused; that is kept in the log too.
    """
    service, grant, answers = offer.service, offer.grant, offer.answers
    assert service is not None and grant is not None and answers is not None  # an offer of a service
    template = answers.paths.get(wanted.key)
    if template is None:
        return None
    call, asked = _make_call(service, grant, write_path(template, wanted.value), consumer, reading)
    try:
        check_offered(service, asked, method="GET")
        choose_grant(asked, [grant], kind=service.kind, method="GET", purpose=reading.purpose)
        with transaction.atomic():
            count_use(grant, now=now)
    except ExchangeFault as fault:
        keep(call, write_fault(call, fault), fault=fault.fault, now=now)
        raise RegisterUnavailable(service.title) from fault
    return ServiceErrand(
        call=call, asked=asked, service=service, grant=grant, as_of=answers.as_of, wanted=wanted,
        same=list_key_fields(wanted.register, wanted.key), subject=subject, reading=reading, now=now,
    )  # fmt: skip


def list_key_fields(register: str, key: str) -> tuple[str, ...]:
    """Return the fields of a register that make this key or link: an answer must say them."""
    info = get_register(register)
    named = {each.name: each.fields for each in info.links} | {each.name: each.fields for each in info.keys}
    return tuple(named.get(key, ()))


def _make_call(
    service: ServiceInfo, grant: GrantInfo, rest: str, consumer: ClientId, reading: Reading
) -> tuple[Call, Asked]:
    where = service.service_id
    path = f"/r1/{where.provider}/{where.service_code}{rest}"
    headers = {"accept": "application/json", "x-road-client": str(consumer)}
    call = Call(Envelope(method="GET", path=path, query="", headers=headers, body=b""), str(uuid4()))
    asked = Asked(
        client=consumer, service=where, rest=unquote(rest), raw_rest=rest, query="", message_id=call.request_id,
        user_id=f"{reading.actor.kind}:{reading.actor.id}"[:_USER], issue="", represented="",
    )  # fmt: skip
    call.asked, call.service, call.grant = asked, service, grant
    return call, asked


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
