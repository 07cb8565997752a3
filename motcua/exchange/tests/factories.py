"""An exchange for tests: the register of people offered by the police, asked for by a department. Nobody is real."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from typing import Any

from motcua.audit.public import Actor
from motcua.exchange.actions.joining import approve_grant, ask_grant, join_exchange, publish_register_service
from motcua.exchange.adapters.national import SOURCES
from motcua.exchange.adapters.national_simulator import say
from motcua.exchange.public import Door, QuerySimulator, Simulated, serve_simulator
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


AN = {"personal_id": "079190000001", "full_name": "Nguyễn Thị An", "birth_on": "1990-05-17", "sex": "female",
      "permanent_address": "1 Đường Thử"}  # fmt: skip
BA = AN | {"personal_id": "079190000002", "full_name": "Trần Văn Ba", "sex": "male", "permanent_address": "2 Đường Thử"}
RECORDS: dict[str, list[dict[str, Any]]] = {
    "population": [AN, BA],
    "enterprise": [{"tax_code": "0300000001", "name": "Công ty Thử", "capital_vnd": 5, "status": "active"}],
    "land": [{"parcel_id": "T1", "area_code": "26734", "sheet_no": "3", "parcel_no": "12", "area_m2": 80.5,
              "is_mortgaged": False}],
}  # fmt: skip


def forget_failures() -> None:
    """Let a source that failed be asked again at once."""
    SOURCES.forget()


@contextmanager
def running(
    settings: Any, *, faults: tuple[str, ...] = (), chance: float = 1.0, seed: int = 7,
    records: Mapping[str, list[dict[str, Any]]] = RECORDS,
) -> Iterator[Door]:  # fmt: skip
    """Run the national databases on loopback, and let the city ask them."""
    door = Door(
        client="city", secret="s", faults=frozenset(faults), chance=chance, slow_seconds=0.5, seed=seed
    )  # invented
    simulator = QuerySimulator(door=door, records=dict(records))

    def answer(method: str, path: str, query: Any, headers: Any, body: bytes) -> Simulated:
        if path == "/token":
            return door.give_token(body)
        return simulator.answer(method, path, query, headers, body) or say({}, status=404)

    server: ThreadingHTTPServer = serve_simulator(answer)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    settings.MOTCUA_NATIONAL_URL = f"http://127.0.0.1:{server.server_port}"
    settings.MOTCUA_NATIONAL_CLIENT, settings.MOTCUA_NATIONAL_SECRET = "city", "s"
    settings.MOTCUA_NATIONAL_TIMEOUT = 0.3
    SOURCES.forget()
    try:
        yield door
    finally:
        server.shutdown()
        server.server_close()
        SOURCES.forget()
