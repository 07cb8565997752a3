"""The catalogue of facts, and on which registers the one-stop system may look for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from django.db.models import Exists, F, OuterRef, Q

from motcua.exchange.models import Grant, Service
from motcua.exchange.queries.services import to_grant_info, to_service_info
from motcua.exchange.rules.fact_records import EXTENSION, read_fact_service
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

    A grant whose service the owner has stopped is there too, closed: the register is down, the right is not. Registers
    that other agencies' services hold cost one more query, when there are any.
    """
    codes = list(registers)
    wanted = Q(service__kind="register", service__register__in=codes)
    wanted |= Q(("service__kind", "http"), (f"service__openapi__{EXTENSION}__register__in", codes))
    rows = Grant.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=now), wanted,
        valid_from__lte=now, approved_at__isnull=False, revoked_at__isnull=True, consent_purpose="",
        purpose=reading.purpose, legal_ground=reading.legal_ground, consumer__is_active=True,
        consumer__instance=consumer.instance, consumer__member_class=consumer.member_class,
        consumer__member_code=consumer.member_code, consumer__subsystem_code=consumer.subsystem_code,
    ).values_list(
        "pk", F("service__kind"), "service__register", "service__title", "fields", "service__is_active"
    )  # fmt: skip
    found: dict[str, list[FactOffer]] = {}
    elsewhere = []
    for pk, kind, register, title, fields, is_open in rows.order_by("pk"):
        if kind == "http":
            elsewhere.append(pk)
            continue
        offer = FactOffer(register=register, register_name=title, fields=frozenset(fields), is_open=is_open)
        found.setdefault(register, []).append(offer)
    for offer in _list_held_elsewhere(elsewhere):
        found.setdefault(offer.register, []).append(offer)
    return found


def _list_held_elsewhere(grant_ids: Collection[int]) -> list[FactOffer]:
    if not grant_ids:
        return []
    offers = []
    rows = Grant.objects.select_related("consumer", "service__subsystem").filter(pk__in=grant_ids)
    for row in rows.order_by("pk"):
        answers = read_fact_service(row.service.openapi)
        if answers is not None:
            offers.append(
                FactOffer(
                    register=answers.register,
                    register_name=row.service.title,
                    fields=frozenset(row.fields),
                    is_open=row.service.is_active,
                    service=to_service_info(row.service),
                    grant=to_grant_info(row),
                    answers=answers,
                )  # fmt: skip
            )
    return offers


def list_closed_registers(*, now: datetime) -> frozenset[str]:
    """Return the registers whose owner has stopped every service on them: what needs them goes on without."""
    open_ones = Service.objects.filter(register=OuterRef("register"), kind="register", is_active=True)
    rows = Service.objects.filter(kind="register", published_at__lte=now).filter(~Exists(open_ones))
    return frozenset(rows.values_list("register", flat=True).distinct())
