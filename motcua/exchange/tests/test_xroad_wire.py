"""What only shows on the wire: bodies of every kind, headers as they were, the protocol's words where no view was."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import time_machine
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from motcua.exchange.adapters.http import PROVIDERS
from motcua.exchange.adapters.wire import _join
from motcua.exchange.rules.xroad import is_protocol_path, pass_request_headers, read_request
from motcua.exchange.tests.factories import JUSTICE, NOW, PEOPLE, grant, make_exchange
from motcua.exchange.types import Answer, Envelope, ExchangeFault, ServiceInfo
from motcua.exchange.views.wire import WireResponse, read_envelope
from motcua.registers.public import write_record
from motcua.registers.tests.factories import person

ONE = f"/r1/{PEOPLE}/personal_id/079190000001"
ASK = {"X-Road-Client": str(JUSTICE)}


@pytest.fixture
def _exchange(db: None) -> Iterator[None]:
    make_exchange()
    write_record("people", person(number="079190000001", area_code="26743"), valid_from=NOW, source="Thử", now=NOW)
    grant()
    with time_machine.travel(NOW, tick=False):
        yield


def in_chunks(body: bytes, **more: Any) -> Envelope:
    """Return a request whose body came in chunks, as the web server hands it on."""
    request = RequestFactory().post("/r1/x", content_type="a/b", headers={"Transfer-Encoding": "chunked"}, **more)
    request.META.update({"CONTENT_LENGTH": "", "wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True})
    return read_envelope(request)


def test_a_body_in_chunks_is_read_whole_and_one_without_end_is_refused(settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    assert in_chunks(b"0123456789").body == b"0123456789"
    long = in_chunks(b"0123456789x")
    assert long.is_oversized and long.body == b""


@pytest.mark.usefixtures("_exchange")
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=B", "application/x-www-form-urlencoded", "a/b", ""])
def test_a_body_of_any_kind_is_taken_as_it_came(kind: str) -> None:
    body = b'{"key": "personal_id", "value": "079190000001"}'
    response = Client().generic("POST", f"/r1/{PEOPLE}/query", body, content_type=kind, headers=ASK)
    assert response.status_code == 200 and "full_name" in response.json()["data"]


@pytest.mark.usefixtures("_exchange")
@pytest.mark.parametrize("path", ["/r1", "/r1/", "/r2/VN/GOV/X/Y/z", "/R1/VN/GOV/X/Y/z", "/r1/a%0d%0ab", "/r1/a%00"])
def test_what_is_near_the_protocol_is_refused_in_its_words(path: str) -> None:
    response = Client().generic("GET", path, headers=ASK)
    assert (response.status_code, response.headers["X-Road-Error"]) == (400, "Client.BadRequest")


@pytest.mark.usefixtures("_exchange")
@pytest.mark.parametrize("wrong", ["%", "%2", "%zz", "%2g", "a%"])
def test_a_percent_sign_that_encodes_nothing_is_refused(wrong: str) -> None:
    for path, query in ((f"/r1/{PEOPLE}/personal_id/{wrong}", ""), (ONE, f"a={wrong}")):
        envelope = Envelope(method="GET", path=path, query=query, headers={"x-road-client": str(JUSTICE)}, body=b"")
        with pytest.raises(ExchangeFault) as caught:
            read_request(envelope, is_subsystem=lambda who: True, new_id="x")
        assert caught.value.fault == "Client.BadRequest"


@pytest.mark.usefixtures("_exchange")
def test_a_host_that_is_not_ours_and_a_failure_of_ours_are_told_in_the_protocol_s_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    elsewhere = Client().get(ONE, headers={**ASK, "Host": "elsewhere.example"})
    assert (elsewhere.status_code, elsewhere.headers["X-Road-Error"]) == (400, "Client.BadRequest")

    def fail(*args: Any, **named: Any) -> None:
        raise OperationalError("no space left on device")

    monkeypatch.setattr("motcua.exchange.actions.calls.keep", fail)
    monkeypatch.setattr("motcua.exchange.actions.gateway.keep", fail)
    client = Client(raise_request_exception=False)
    failed = client.get(ONE, headers={**ASK, "Accept": "application/xml"})
    assert (failed.status_code, failed.headers["X-Road-Error"]) == (500, "Server.ServerProxy.InternalError")
    assert failed.headers["Content-Type"] == "application/xml;charset=utf-8"
    assert b"079190000001" not in failed.content and b"space" not in failed.content  # no log line, no answer


def test_only_the_protocol_s_addresses_are_answered_in_its_words() -> None:
    assert is_protocol_path("/r1") and is_protocol_path("/r12/x") and not is_protocol_path("/r1x/y")


def sent(answer: Answer, **more: Any) -> list[tuple[str, str]]:
    response: HttpResponse = WireResponse(answer, **more)
    response.headers["Vary"], response.headers["Content-Language"] = "Cookie", "vi"  # as the site's middleware does
    response.headers["Content-Length"] = str(len(response.content))
    return list(response.items())


def test_an_answer_goes_out_with_its_own_headers_and_none_of_a_page_s() -> None:
    given = {"Content-Type": "text/x-tea", "Set-Cookie": "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT\nb=2", "ETag": "x"}
    told = sent(Answer(status=200, headers=given, body=b"tea"))
    assert [value for name, value in told if name == "Set-Cookie"] == given["Set-Cookie"].split("\n")
    named = dict(told)
    assert named["Content-Type"] == "text/x-tea" and named["Content-Length"] == "3"
    assert "Vary" not in named and "Content-Language" not in named
    assert "Content-Type" not in dict(sent(Answer(status=204, headers={}, body=b"")))
    assert dict(sent(Answer(status=200, headers={"Vary": "Accept"}, body=b"")))["Vary"] == "Accept"
    assert "Content-Length" not in dict(sent(Answer(status=200, headers={}, body=b""), is_head=True))


def test_headers_that_come_several_times_stay_what_they_were() -> None:
    class Reply:
        def getheaders(self) -> list[tuple[str, str]]:
            return [("Link", "<a>"), ("set-cookie", "a=1"), ("link", "<b>"), ("Set-Cookie", "b=2"), ("X", "a\r\n b")]

    assert dict(_join(Reply())) == {"Link": "<a>, <b>", "set-cookie": "a=1\nb=2", "X": "a   b"}  # type: ignore[arg-type]  # a fake


def test_a_provider_is_not_told_a_hash_or_an_error_that_the_client_made_up() -> None:
    made_up: Mapping[str, str] = {"x-road-request-hash": "h", "x-road-error": "e", "x-road-extra": "kept", "te": "x"}
    assert set(pass_request_headers(made_up)) == {"x-road-extra", "accept"}


def test_a_kept_answer_brings_no_cookie_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask_once(base_url: str, **named: Any) -> Answer:
        return Answer(status=200, headers={"Set-Cookie": "session=1", "X": "y"}, body=b"{}")

    monkeypatch.setattr("motcua.exchange.adapters.http.ask_once", ask_once)
    service = ServiceInfo(
        id=-7, service_id=PEOPLE, kind="http", title="", version="1", register="", base_url="http://x", endpoints=(),
        openapi={}, timeout_seconds=1, cache_seconds=60, max_bytes=10,
    )  # fmt: skip
    first, again = (
        PROVIDERS.call(service, method="GET", rest="/a", query="", headers={}, body=b"", added={}, share="s", now=NOW)
        for _ in range(2)
    )
    assert first.headers["Set-Cookie"] == "session=1"
    assert again.headers == {"X": "y", "Age": "0", "X-Cache": "HIT"}
