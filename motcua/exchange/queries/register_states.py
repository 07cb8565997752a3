"""Which registers answer now, who may stop them, and when they were stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from motcua.audit.public import list_decisions_of
from motcua.exchange.models import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterState:
    """A register of ours as it is offered: by whom, and whether any service on it answers."""

    register: str
    title: str
    owner: str
    agency_codes: frozenset[str]
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterStop:
    """One time that a register was stopped or opened again."""

    at: datetime
    is_open: bool
    reason: str
    who: str


def list_register_states() -> tuple[RegisterState, ...]:
    """Return the registers that are offered, the stopped ones first, then by title: one query."""
    grouped: dict[str, list[Service]] = {}
    for row in Service.objects.select_related("subsystem").filter(kind="register").order_by("pk"):
        grouped.setdefault(row.register, []).append(row)
    states = [_to_state(code, rows) for code, rows in grouped.items()]
    return tuple(sorted(states, key=lambda each: (each.is_open, each.title)))


def find_register_state(register: str) -> RegisterState | None:
    """Return one register that is offered, or None."""
    rows = Service.objects.select_related("subsystem").filter(kind="register", register=register).order_by("pk")
    found = list(rows)
    return _to_state(register, found) if found else None


def _to_state(register: str, rows: Sequence[Service]) -> RegisterState:
    return RegisterState(
        register=register,
        title=rows[0].title,
        owner=rows[0].subsystem.name,
        agency_codes=frozenset(row.subsystem.agency_code for row in rows),
        is_open=any(row.is_active for row in rows),
    )


def list_stops(register: str) -> tuple[RegisterStop, ...]:
    """Return when a register was stopped and opened again, the latest first; the first page of its log."""
    return tuple(
        RegisterStop(
            at=entry.at, is_open=entry.what == "open_register", reason=str(entry.details.get("reason", "")),
            who=entry.actor.name,
        )
        for entry in list_decisions_of(f"register:{register}").items
        if entry.what in ("open_register", "stop_register")
    )  # fmt: skip
