"""Providers behind the gateway: slow, broken, talkative and redirecting ones; nothing leaves but what is granted."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from motcua.exchange.actions.gateway import handle_call
from motcua.exchange.actions.joining import approve_grant, ask_grant, publish_http_service
from motcua.exchange.adapters.http import OPEN_AFTER, OPEN_FOR, PROVIDERS, write_address
from motcua.exchange.models import Message
from motcua.exchange.tests.factories import ASKER, JUSTICE, NOW, OWNER, POLICE, make_exchange
from motcua.exchange.types import Answer, Endpoint, Envelope, GrantRefused, ServiceId

LAND = ServiceId(POLICE, "land")
FAILED = "Server.ServerProxy.ServiceFailed"


class _Provider(BaseHTTPRequestHandler):
    asked: list[tuple[str, str, dict[str, str]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.command, self.path, {name.lower(): value for name, value in self.headers.items()}))
        kind = self.path.split("?")[0].rsplit("/", 1)[-1]
        if kind == "slow":
            time.sleep(1.0)
        if kind == "cut":
            self.close_connection = True
            return
        self.send_response({"broken": 503, "moved": 302}.get(kind, 200))
        self.send_header("Content-Type", "application/json")
        self.send_header("Set-Cookie", "a=b")
        if kind == "moved":
            self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()
        known = {"large": b"x" * 3_000, "text": b"hello", "list": b'[{"area": 1, "owner": "An"}, {"owner": "Ba"}]'}
        self.wfile.write(known.get(kind, b'{"area": 1, "owner": "An", "place": {"ward": 1, "street": 2}}'))

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/api"
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def _fresh() -> None:
    _Provider.asked.clear()
    PROVIDERS.breakers.clear()
    PROVIDERS.kept.clear()


def offer(base_url: str, *fields: str, cache_seconds: int = 0) -> None:
    make_exchange()
    endpoints = (Endpoint("GET", "/**"), Endpoint("POST", "/**"))
    service = publish_http_service(
        LAND, base_url=base_url, title="Đất đai", openapi={}, endpoints=endpoints, timeout_seconds=0.4,
        cache_seconds=cache_seconds, max_bytes=2_000, now=NOW,
    )  # fmt: skip
    wish = ask_grant(
        JUSTICE, service=service, purpose="Đăng ký", legal_ground="Luật", fields=fields or ("area",),
        endpoints=endpoints, valid_from=NOW, actor=ASKER, now=NOW,
    )  # fmt: skip
    approve_grant(wish, actor=OWNER, now=NOW)


def _call(rest: str, *, method: str = "GET", seconds: int = 0) -> Answer:
    envelope = Envelope(
        method=method, path=f"/r1/{LAND}/{rest}", query="", body=b"", remote_address="127.0.0.1",
        headers={"x-road-client": str(JUSTICE), "cookie": "secret", "authorization": "secret"},
    )  # fmt: skip
    return handle_call(envelope, now=NOW + timedelta(seconds=seconds))


@pytest.mark.django_db
def test_a_call_goes_through_filtered_and_is_kept(provider: str) -> None:
    offer(provider, "area", "place.ward")
    answer = _call("parcels/7")
    assert json.loads(answer.body) == {"area": 1, "place": {"ward": 1}} and answer.headers["X-Road-Client"]
    assert json.loads(_call("list").body) == [{"area": 1}, {}]
    _, path, headers = _Provider.asked[0]
    assert path == "/api/parcels/7" and headers["x-road-client"] == str(JUSTICE) and "secret" not in str(headers)
    assert "Set-Cookie" not in answer.headers and Message.objects.filter(status=200).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("rest", ["slow", "cut", "moved", "large", "text"])
def test_what_a_provider_does_wrong_is_a_fault_of_the_protocol(provider: str, rest: str) -> None:
    offer(provider)
    answer = _call(rest)
    assert answer.status == 500 and answer.headers["X-Road-Error"] == FAILED and b"hello" not in answer.body
    assert Message.objects.get(fault=FAILED).purpose == "Đăng ký"


@pytest.mark.django_db
def test_only_what_changes_nothing_is_asked_again(provider: str) -> None:
    offer(provider)
    _call("cut")
    assert len(_Provider.asked) == 2
    _call("cut", method="POST")
    assert len(_Provider.asked) == 3


@pytest.mark.django_db
def test_a_provider_that_keeps_failing_is_left_alone_for_a_while(provider: str) -> None:
    offer(provider)
    for _ in range(OPEN_AFTER):
        assert _call("broken").status in (500, 503)
    assert _call("parcels/7").headers["X-Road-Error"] == FAILED and len(_Provider.asked) == OPEN_AFTER
    later = int(OPEN_FOR.total_seconds()) + 1
    assert _call("parcels/7", seconds=later).status == 200
    assert _call("parcels/7", seconds=later).status == 200


@pytest.mark.django_db
def test_an_answer_is_given_again_only_where_the_owner_allows_and_says_so(provider: str) -> None:
    offer(provider, cache_seconds=60)
    assert "X-Cache" not in _call("parcels/7").headers
    again = _call("parcels/7", seconds=10)
    assert (again.headers["X-Cache"], again.headers["Age"]) == ("HIT", "10") and len(_Provider.asked) == 1
    assert "X-Cache" not in _call("parcels/8").headers
    assert "X-Cache" not in _call("parcels/7", seconds=61).headers and len(_Provider.asked) == 3


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_provider_is_waited_for(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(provider)
    seen: list[bool] = []
    real = PROVIDERS.__class__.call

    def call(self: object, *args: object, **named: object) -> Answer:
        seen.append(connection.in_atomic_block)
        return real(self, *args, **named)  # type: ignore[arg-type]  # the same arguments, handed on

    monkeypatch.setattr(PROVIDERS.__class__, "call", call)
    assert _call("parcels/7").status == 200 and seen == [False]


@given(st.lists(st.text(min_size=1, max_size=8), max_size=5), st.text(max_size=10))
def test_no_path_leads_off_the_registered_address(parts: list[str], query: str) -> None:
    base = "http://inside.example:8080/api"
    try:
        address = write_address(base, "/" + "/".join(parts), query)
    except UnicodeEncodeError:
        return
    assert address == base or address.startswith((base + "/", base + "?"))


@pytest.mark.django_db
@pytest.mark.parametrize("bad", ["ftp://a/b", "http://", "http://u:p@a/", "http://a/?x=1", "file:///etc/passwd", "x"])
def test_an_address_that_is_no_plain_service_is_not_registered(bad: str) -> None:
    make_exchange()
    with pytest.raises(GrantRefused):
        publish_http_service(LAND, base_url=bad, title="x", openapi={}, endpoints=(), now=NOW)
