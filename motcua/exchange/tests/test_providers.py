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
from motcua.exchange.adapters.http import OPEN_AFTER, OPEN_FOR, PROVIDERS
from motcua.exchange.adapters.wire import write_target
from motcua.exchange.models import Message
from motcua.exchange.tests.factories import ASKER, JUSTICE, NOW, OWNER, POLICE, make_exchange
from motcua.exchange.types import Answer, Endpoint, Envelope, GrantRefused, ServiceId

LAND = ServiceId(POLICE, "land")
FAILED, CUT_OFF = "Server.ServerProxy.ServiceFailed", "Server.ServerProxy.NetworkError"


class _Provider(BaseHTTPRequestHandler):
    asked: list[tuple[str, str, dict[str, str]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.command, self.path, {name.lower(): value for name, value in self.headers.items()}))
        kind = self.path.split("?")[0].rsplit("/", 1)[-1]
        if kind == "slow":
            time.sleep(1.0)
        if kind == "drip":
            self._drip()
            return
        if kind == "cut":
            self.close_connection = True
            return
        self.send_response({"broken": 503, "moved": 302, "refused": 405}.get(kind, 200))
        self.send_header("Content-Type", "application/json")
        for name in ("Set-Cookie", "X-Powered-By", "X-Road-Error", "x-road-id", "Server", "ETag", "Cache-Control"):
            self.send_header(name, "no-store" if kind == "fresh" and name == "Cache-Control" else "theirs")
        if kind == "moved":
            self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()
        known = {"large": b"x" * 3_000, "text": b"hello", "list": b'[{"area": 1, "owner": "An"}, {"owner": "Ba"}]'}
        known["refused"] = b'{"status": 405, "error": "Method Not Allowed", "path": "/refused", "owner": "An"}'
        self.wfile.write(known.get(kind, b'{"area": 1, "owner": "An", "place": {"ward": 1, "street": 2}}'))

    def _drip(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(20):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def do_POST(self) -> None:
        self.do_GET()

    def do_PUT(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
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


ENDPOINTS = tuple(Endpoint(method, "/**") for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"))


def offer(base_url: str, *fields: str, cache_seconds: int = 0, endpoints: tuple[Endpoint, ...] = ENDPOINTS) -> None:
    make_exchange()
    service = publish_http_service(
        LAND, base_url=base_url, title="Đất đai", openapi={}, endpoints=endpoints, timeout_seconds=0.4,
        cache_seconds=cache_seconds, max_bytes=2_000, now=NOW,
    )  # fmt: skip
    wish = ask_grant(
        JUSTICE, service=service, purpose="Đăng ký", legal_ground="Luật", fields=fields or ("area",),
        endpoints=endpoints, valid_from=NOW, actor=ASKER, now=NOW,
    )  # fmt: skip
    approve_grant(wish, actor=OWNER, now=NOW)


def _call(
    rest: str, *, method: str = "GET", seconds: int = 0, query: str = "", body: bytes = b"", **headers: str
) -> Answer:
    named = {"x-road-client": str(JUSTICE), **{name.replace("_", "-"): value for name, value in headers.items()}}
    envelope = Envelope(
        method=method, path=f"/r1/{LAND}/{rest}", query=query, body=body, remote_address="127.0.0.1", headers=named
    )
    return handle_call(envelope, now=NOW + timedelta(seconds=seconds))


@pytest.mark.slow
@pytest.mark.django_db
def test_a_call_goes_through_filtered_and_is_kept(provider: str) -> None:
    offer(provider, "area", "place.ward")
    answer = _call("parcels/7")
    assert json.loads(answer.body) == {"area": 1, "place": {"ward": 1}} and answer.headers["X-Road-Client"]
    assert json.loads(_call("list").body) == [{"area": 1}, {}]
    _, path, headers = _Provider.asked[0]
    assert path == "/api/parcels/7" and headers["x-road-client"] == str(JUSTICE)
    told = {name.lower() for name in answer.headers}
    assert not told & {"set-cookie", "etag", "x-powered-by", "server", "x-road-error"}  # may tell more
    assert Message.objects.filter(status=200).count() == 2


@pytest.mark.slow
@pytest.mark.django_db
def test_path_and_query_arrive_as_they_were_written(provider: str) -> None:
    offer(provider, "*")
    for rest, query in (
        ("v1/bar/zyggy", "quu=1"), ("a;b=c/%7e,x/", "x=%7E&x=%7e&y=a+b&&z"), ("%C4%91/a%2Fb", "q=%2fA"), ("x//y", "?/"),
    ):  # fmt: skip
        assert _call(rest, query=query).status == 200
        assert _Provider.asked[-1][1] == f"/api/{rest}?{query}"
    _call("", query="")
    assert _Provider.asked[-1][1] == "/api/"


@pytest.mark.django_db
def test_headers_pass_unmodified_but_those_of_the_protocol(provider: str) -> None:
    offer(provider, "*")
    answer = _call(
        "parcels/7", method="POST", body=b"x", content_type="multipart/form-data; boundary=y", accept="application/xml",
        x_powered_by="PHP/5.2.17", cache_control="no-cache", pragma="no-cache", authorization="Bearer a.b.c",
        x_road_userid="VN079", x_road_issue="HS-1", x_road_represented_party="GOV/H29", x_road_id="abc",
        user_agent="curl", connection="keep-alive", te="trailers", host="outside.example", x_forwarded_for="10.0.0.9",
        expect="100-continue",
    )  # fmt: skip
    _, _, sent = _Provider.asked[0]
    for name, value in (
        ("content-type", "multipart/form-data; boundary=y"), ("accept", "application/xml"),
        ("x-powered-by", "PHP/5.2.17"), ("cache-control", "no-cache"), ("pragma", "no-cache"),
        ("authorization", "Bearer a.b.c"), ("x-road-userid", "VN079"), ("x-road-issue", "HS-1"),
        ("x-road-represented-party", "GOV/H29"), ("x-road-id", "abc"), ("content-length", "1"),
    ):  # fmt: skip
        assert sent[name] == value, name
    assert not {"user-agent", "te", "x-forwarded-for", "expect"} & sent.keys() and "outside" not in sent["host"]
    assert answer.headers["X-Powered-By"] == answer.headers["Set-Cookie"] == answer.headers["Cache-Control"] == "theirs"
    assert answer.headers["X-Road-Id"] == "abc" and not {"Server", "X-Road-Error", "x-road-id"} & answer.headers.keys()
    _call("parcels/7")
    assert _Provider.asked[1][2]["accept"] == "application/json"


@pytest.mark.slow
@pytest.mark.django_db
def test_what_the_provider_answers_is_returned_as_it_is_redirects_and_errors_too(provider: str) -> None:
    offer(provider, "*")
    moved = _call("moved")
    assert (moved.status, moved.headers["Location"]) == (302, "http://127.0.0.1:1/") and len(_Provider.asked) == 1
    refused = _call("refused", method="PUT")
    assert refused.status == 405 and json.loads(refused.body)["owner"] == "An"
    assert "X-Road-Error" not in refused.headers and refused.headers["X-Road-Request-Hash"]
    assert _call("text", method="DELETE").body == b"hello"


@pytest.mark.django_db
def test_an_error_of_a_filtered_service_tells_what_is_wrong_and_nothing_of_the_record(provider: str) -> None:
    offer(provider, "area")
    refused = _call("refused", method="PUT")
    told = {"status": 405, "error": "Method Not Allowed", "path": "/refused"}
    assert refused.status == 405 and json.loads(refused.body) == told
    assert _call("moved").status == 302 and _call("moved").body == b""


@pytest.mark.django_db
def test_an_encoded_slash_does_not_widen_a_grant(provider: str) -> None:
    offer(provider, "*", endpoints=(Endpoint("GET", "/parcels/*"),))
    assert _call("parcels/7").status == 200
    refused = _call("parcels/7%2Fowner")
    assert refused.headers["X-Road-Error"] == "Server.ServerProxy.UnknownService" and len(_Provider.asked) == 1


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rest", "fault"), [("slow", CUT_OFF), ("drip", CUT_OFF), ("cut", CUT_OFF), ("large", FAILED), ("text", FAILED)]
)
def test_what_a_provider_does_wrong_is_a_fault_of_the_protocol(provider: str, rest: str, fault: str) -> None:
    offer(provider)
    started = time.monotonic()
    answer = _call(rest)
    assert answer.status == 500 and answer.headers["X-Road-Error"] == fault and b"hello" not in answer.body
    assert Message.objects.get(fault=fault).purpose == "Đăng ký" and time.monotonic() - started < 0.9


@pytest.mark.django_db
def test_only_what_changes_nothing_is_asked_again(provider: str) -> None:
    offer(provider)
    _call("cut")
    assert len(_Provider.asked) == 2
    _call("cut", method="POST")
    assert len(_Provider.asked) == 3


@pytest.mark.slow
@pytest.mark.django_db
def test_a_provider_that_keeps_failing_is_left_alone_for_a_while(provider: str) -> None:
    offer(provider)
    for _ in range(OPEN_AFTER):
        assert _call("broken").status in (500, 503)
    assert _call("parcels/7").headers["X-Road-Error"] == FAILED and len(_Provider.asked) == OPEN_AFTER
    later = int(OPEN_FOR.total_seconds()) + 1
    assert _call("parcels/7", seconds=later).status == 200
    assert _call("parcels/7", seconds=later).status == 200


@pytest.mark.slow
@pytest.mark.django_db
def test_an_answer_is_given_again_only_where_the_owner_allows_and_says_so(provider: str) -> None:
    offer(provider, cache_seconds=60)
    assert "X-Cache" not in _call("parcels/7").headers
    again = _call("parcels/7", seconds=10)
    assert (again.headers["X-Cache"], again.headers["Age"]) == ("HIT", "10") and len(_Provider.asked) == 1
    assert "X-Cache" not in _call("parcels/8").headers
    assert "X-Cache" not in _call("parcels/7", seconds=61).headers and len(_Provider.asked) == 3
    assert "X-Cache" not in _call("parcels/7", seconds=62, cache_control="no-cache").headers
    assert "X-Cache" not in _call("parcels/7", seconds=62, authorization="x").headers
    assert "X-Cache" not in _call("parcels/7", seconds=62, cookie="x").headers
    assert "X-Cache" in _call("parcels/7", seconds=63).headers
    assert all("X-Cache" not in _call("fresh", seconds=second).headers for second in (1, 2))


@pytest.mark.slow
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


@pytest.mark.slow
@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=20), st.text(max_size=10))
def test_no_path_leads_off_the_registered_address(rest: str, query: str) -> None:
    for base in ("http://inside.example:8080/api", "https://inside.example/api/"):
        assert write_target(base, f"/{rest}", query).startswith("/api/")
    assert write_target("http://inside.example", "", "") == "/"


@pytest.mark.django_db
@pytest.mark.parametrize("bad", ["ftp://a/b", "http://", "http://u:p@a/", "http://a/?x=1", "file:///etc/passwd", "x"])
def test_an_address_that_is_no_plain_service_is_not_registered(bad: str) -> None:
    make_exchange()
    with pytest.raises(GrantRefused):
        publish_http_service(LAND, base_url=bad, title="x", openapi={}, endpoints=(), now=NOW)
