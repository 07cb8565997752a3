"""Changes to the list of offices, each with its mark in the audit log."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.places.public import AgencyInfo, close_agency, create_agency, rename_agency


def open_office(
    code: str,
    *,
    name: str,
    short_name: str,
    kind: str,
    level: str,
    area_code: str,
    valid_from: date,
    address: str = "",
    phone: str = "",
    actor: Actor,
    now: datetime,
) -> AgencyInfo:
    """Open an office. Raises: AgencyRefused."""
    with transaction.atomic():
        agency = create_agency(
            code,
            name=name,
            short_name=short_name or name,
            kind=kind,
            level=level,
            area_code=area_code,
            valid_from=valid_from,
            address=address,
            phone=phone,
        )
        _record(actor, agency, "open", {"name": agency.name, "from": valid_from.isoformat()}, now)
    return agency


def rename_office(
    agency: AgencyInfo, *, name: str, short_name: str, on: date, actor: Actor, now: datetime
) -> AgencyInfo:
    """Give an office another name from a day on; papers already issued keep the old one. Raises: AgencyRefused."""
    with transaction.atomic():
        renamed = rename_agency(agency.id, name=name, short_name=short_name or name, on=on)
        details: dict[str, object] = {"before": agency.name, "after": renamed.name, "on": on.isoformat()}
        _record(actor, agency, "rename", details, now)
    return renamed


def close_office(agency: AgencyInfo, *, on: date, successor_id: int | None, actor: Actor, now: datetime) -> AgencyInfo:
    """Close an office on a day, its work taken over by another. Raises: AgencyRefused."""
    with transaction.atomic():
        closed = close_agency(agency.id, on=on, successor_id=successor_id)
        _record(actor, agency, "close", {"on": on.isoformat(), "successor_id": successor_id}, now)
    return closed


def _record(actor: Actor, agency: AgencyInfo, what: str, details: dict[str, object], now: datetime) -> None:
    record_decision(
        actor, subject=f"agency:{agency.uuid}", action=f"operations.{what}_office", details=details, now=now
    )
