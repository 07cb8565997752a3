"""An exchange for tests: the register of people offered by the police, asked for by a department. Nobody is real."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from motcua.audit.public import Actor
from motcua.exchange.actions.joining import approve_grant, ask_grant, join_exchange, publish_register_service
from motcua.exchange.queries.services import find_service
from motcua.exchange.types import ClientId, GrantInfo, ServiceId
from motcua.registers.tests.factories import describe

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
POLICE = ClientId("VN", "GOV", "H29.01", "DANCU")
JUSTICE = ClientId("VN", "GOV", "H29.15", "HOTICH")
STRANGER = ClientId("VN", "COM", "0100109106", "APP")
PEOPLE = ServiceId(POLICE, "people")
ASKER = Actor(kind="official", id="asker", name="Trần Thử")
OWNER = Actor(kind="official", id="owner", name="Lê Thử")


def make_exchange() -> None:
    """Let three take part; the police offer the register of people."""
    describe()
    for who in (POLICE, JUSTICE, STRANGER):
        join_exchange(who, name=str(who), addresses=["127.0.0.0/8"], now=NOW)
    openapi = {"openapi": "3.1.0", "info": {"title": "Dân cư", "version": "1"}, "paths": {}}
    publish_register_service(PEOPLE, register="people", title="Dân cư", openapi=openapi, now=NOW)


def grant(
    consumer: ClientId = JUSTICE, *, fields: tuple[str, ...] = ("full_name",), rate: int = 600, days: int = 30
) -> GrantInfo:
    """Grant the register of people to a consumer."""
    service = find_service(PEOPLE)
    assert service is not None
    wish = ask_grant(
        consumer, service=service, purpose="Đăng ký khai sinh", legal_ground="Luật Hộ tịch, Điều 16", fields=fields,
        valid_from=NOW - timedelta(days=1), valid_to=NOW + timedelta(days=days), rate_per_minute=rate, actor=ASKER,
        now=NOW,
    )  # fmt: skip
    return approve_grant(wish, actor=OWNER, now=NOW)
