"""The catalogue of facts, and on which registers the one-stop system may look for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from django.db.models import Exists, OuterRef, Q

from motcua.exchange.models import Grant, Service
from motcua.exchange.rules.facts import read_catalogue
from motcua.exchange.types import ClientId
from motcua.exchange.types.facts import FactCatalogue, FactOffer
from motcua.registers.public import Reading

CATALOGUE = Path(__file__).resolve().parents[1] / "data" / "facts.toml"


@cache
def get_fact_catalogue() -> FactCatalogue:
    """Return every fact that a form may name; read once a process."""
    return read_catalogue(CATALOGUE.read_bytes())


def list_fact_words() -> Mapping[str, tuple[str, ...]]:
    """Return, by fact, the words by which forms ask for what a register answers: of the applicant, of the firm."""
    catalogue = get_fact_catalogue()
    asked = {"person": "applicant", "organisation": "organisation"}
    return {
        f"{asked[kind]}.{attribute}": rule.words
        for (kind, attribute), rule in catalogue.rules.items()
        if kind in asked and rule.words
    }


def list_fact_offers(
    consumer: ClientId, *, registers: Collection[str], reading: Reading, now: datetime
) -> dict[str, list[FactOffer]]:
    """Return the grants in force that name this purpose and this ground, by register: one query for all.

    A grant whose service the owner has stopped is there too, closed: the register is down, the right is not.
    """
    rows = Grant.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=now),
        valid_from__lte=now, approved_at__isnull=False, revoked_at__isnull=True, consent_purpose="",
        purpose=reading.purpose, legal_ground=reading.legal_ground, service__kind="register",
        service__register__in=list(registers), consumer__is_active=True,
        consumer__instance=consumer.instance, consumer__member_class=consumer.member_class,
        consumer__member_code=consumer.member_code, consumer__subsystem_code=consumer.subsystem_code,
    ).values_list("service__register", "service__title", "fields", "service__is_active")  # fmt: skip
    found: dict[str, list[FactOffer]] = {}
    for register, title, fields, is_open in rows.order_by("pk"):
        offer = FactOffer(register=register, register_name=title, fields=frozenset(fields), is_open=is_open)
        found.setdefault(register, []).append(offer)
    return found


def list_closed_registers(*, now: datetime) -> frozenset[str]:
    """Return the registers whose owner has stopped every service on them: what needs them goes on without."""
    open_ones = Service.objects.filter(register=OuterRef("register"), kind="register", is_active=True)
    rows = Service.objects.filter(kind="register", published_at__lte=now).filter(~Exists(open_ones))
    return frozenset(rows.values_list("register", flat=True).distinct())
