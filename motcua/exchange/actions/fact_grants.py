"""Let the one-stop system ask for facts: offers, grants with exactly the fields needed, stopping and opening."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.exchange.actions.facts import FACT_GROUND, FACT_PURPOSE, ONE_STOP
from motcua.exchange.actions.joining import approve_grant, ask_grant, join_exchange, publish_register_service
from motcua.exchange.models import Service
from motcua.exchange.queries.facts import get_fact_catalogue, list_fact_offers
from motcua.exchange.queries.services import to_service_info
from motcua.exchange.rules.facts import check_ask
from motcua.exchange.types import ClientId, ServiceId, ServiceInfo
from motcua.places.public import get_agency
from motcua.registers.public import Reading, RegisterInfo, list_registers


def ensure_fact_grants(*, asker: Actor, owner: Actor, now: datetime) -> int:
    """Offer what the catalogue needs, ask for it as the one-stop system, approve as the owner; return how many.

    Fields are exactly those that facts, relations and proofs look at. Raises: GrantRefused when asker and owner are
    one person.
    """
    join_exchange(ONE_STOP, name="Hệ thống một cửa", now=now)
    known = {register.code: register for register in list_registers()}
    given = 0
    for code, names in sorted(list_needed_fields().items()):
        if code not in known:
            continue
        service = _find_service(code) or _publish(known[code], now)
        reading = Reading(actor=asker, purpose=FACT_PURPOSE, legal_ground=FACT_GROUND)
        offers = list_fact_offers(ONE_STOP, registers=[code], reading=reading, now=now).get(code, [])
        if check_ask(names, [offer for offer in offers if offer.service is None]) != "refused":
            continue
        wish = ask_grant(
            ONE_STOP, service=service, purpose=FACT_PURPOSE, legal_ground=FACT_GROUND, fields=sorted(names),
            valid_from=now, rate_per_minute=100_000, actor=asker, now=now,
        )  # fmt: skip
        approve_grant(wish, actor=owner, now=now)
        given += 1
    return given


def list_needed_fields() -> dict[str, frozenset[str]]:
    """Return, by register, every field that answering the catalogue's facts looks at, and no other."""
    catalogue = get_fact_catalogue()
    needed: dict[str, frozenset[str]] = {}
    for rule in catalogue.rules.values():
        needed[rule.register] = needed.get(rule.register, frozenset()) | rule.reads
    for kind in catalogue.kinds.values():
        extra = frozenset(kind.proof) | frozenset(kind.relations.values())
        needed[kind.register] = needed.get(kind.register, frozenset()) | extra
    return needed


def _find_service(register: str) -> ServiceInfo | None:
    row = Service.objects.select_related("subsystem").filter(kind="register", register=register).order_by("pk").first()
    return to_service_info(row) if row is not None else None


def _publish(register: RegisterInfo, now: datetime) -> ServiceInfo:
    """Offer a register in the name of the agency that answers for it, so its stewards see the grants."""
    owner = get_agency(register.owner_agency_id).code if register.owner_agency_id else ""
    provider = ClientId("VN", "GOV", owner or "H29", f"SO-{register.code.upper().replace('_', '-')}")
    join_exchange(provider, name=register.name, agency_code=owner, now=now)
    openapi = {"openapi": "3.1.0", "info": {"title": register.name, "version": "1"}, "paths": {}}
    return publish_register_service(
        ServiceId(provider, register.code), register=register.code, title=register.name, openapi=openapi, now=now
    )


def set_register_open(register: str, *, is_open: bool, reason: str, actor: Actor, now: datetime) -> int:
    """Stop or open again every service on a register, saying why; return how many. Forms go on without it."""
    with transaction.atomic():
        changed = Service.objects.filter(kind="register", register=register).exclude(is_active=is_open)
        count = changed.update(is_active=is_open)
        action = "open_register" if is_open else "stop_register"
        details: dict[str, object] = {"reason": reason, "services": count}
        record_decision(actor, subject=f"register:{register}", action=action, details=details, now=now)
    return count
