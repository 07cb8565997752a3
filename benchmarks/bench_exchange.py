"""The exchange: what proof, grant, filter and log cost a read; how fast the log becomes proof."""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection

from benchmarks import Promise
from motcua.audit.public import Actor
from motcua.exchange.models import Message
from motcua.exchange.public import (
    ClientId,
    Envelope,
    ServiceId,
    add_signature_key,
    approve_grant,
    ask_grant,
    chain_messages,
    join_exchange,
    publish_register_service,
    sign_request,
)
from motcua.kernel import clock
from motcua.registers.public import describe_registers, write_record

READS = 400  # of each kind, in turns
BLOCK = 50
LOAD_SECONDS = 8.0
LINES = 30_000
_KEY = ed25519.Ed25519PrivateKey.generate()
_OWNER, _CALLER = ClientId("VN", "GOV", "H29.01", "DANCU"), ClientId("VN", "GOV", "H29.15", "HOTICH")
_NUMBER = "079190000001"
_PLAIN = f"/plain/personal_id/{_NUMBER}"
_GRANTED = f"/r1/{_OWNER}/people/personal_id/{_NUMBER}"
Call = tuple[str, dict[str, str]]


def run() -> list[Promise]:
    """Read one record plainly and through the exchange in turns; then at 70 % load; then append to the log."""
    _prepare()
    port = _free_port()
    server = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "benchmarks.exchange_server:application", "--bind", f"127.0.0.1:{port}",
            "--worker-class", "gthread", "--workers", "1", "--threads", "4", "--keep-alive", "60",
            "--log-level", "warning",
        ],
        env=os.environ.copy(),
    )  # fmt: skip
    try:
        link = _connect(port)
        plain, granted = _compare(link, port)
        ratio, tail, median = granted / plain, *_load(link, port, rate=0.7 * granted)
    finally:
        server.terminate()
        server.wait(20)
    detail = f"{granted:,.0f} reads/s signed, granted, filtered, logged; {plain:,.0f}/s plain"
    shown = f"median {median * 1e3:,.1f} ms, p99 {tail * 1e3:,.1f} ms at {0.7 * granted:,.0f}/s"
    return [
        Promise("exchange: a granted read against the same record plainly", ratio, 0.25, at_least=True, detail=detail),
        Promise("exchange: p99 against the median at 70 % load", tail / median, 5.0, at_least=False, detail=shown),
        _append(),
    ]


def _prepare() -> None:
    now = clock.now()
    describe_registers(now=now)
    person = {"personal_id": _NUMBER, "full_name": "Nguyễn Thị Thử", "birth_on": "1990-02-01", "area_code": "26743"}
    write_record("people", person, valid_from=now - timedelta(days=1), source="bench", now=now - timedelta(days=1))
    for who in (_OWNER, _CALLER):
        join_exchange(who, name=str(who), now=now)
    service = publish_register_service(
        ServiceId(_OWNER, "people"), register="people", title="Dân cư", openapi={}, now=now
    )
    asker, owner = (Actor(kind="official", id=name, name=name) for name in ("asker", "owner"))
    wish = ask_grant(
        _CALLER, service=service, purpose="Thử", legal_ground="Thử", fields=["full_name", "area_code"],
        valid_from=now - timedelta(hours=1), rate_per_minute=10_000_000, actor=asker, now=now,
    )  # fmt: skip
    approve_grant(wish, actor=owner, now=now)
    pem = _KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    add_signature_key(_CALLER, key_id="bench", public_pem=pem, valid_from=now, actor=owner, now=now)


def _sign_many(count: int, port: int) -> list[Call]:
    """Return signed requests; making them is the caller's work and not measured."""
    calls = []
    for _ in range(count):
        headers = {"host": f"127.0.0.1:{port}", "x-road-client": str(_CALLER)}
        envelope = Envelope(method="GET", path=_GRANTED, query="", headers=headers, body=b"")
        signed = sign_request(envelope, key_id="bench", private_key=_KEY, nonce=uuid4().hex, now=clock.now())
        calls.append((_GRANTED, {**headers, **signed}))
    return calls


def _ask(link: http.client.HTTPConnection, call: Call) -> None:
    link.request("GET", call[0], headers=call[1])
    answer = link.getresponse()
    content = answer.read()
    assert answer.status == 200, (answer.status, content)


def _compare(link: http.client.HTTPConnection, port: int) -> tuple[float, float]:
    """Return reads a second, plain and granted: the best block of each, taken in turns."""
    best: dict[str, float] = {"plain": 0.0, "granted": 0.0}
    for _ in range(READS // BLOCK):
        for name in best:
            calls = [(_PLAIN, {})] * BLOCK if name == "plain" else _sign_many(BLOCK, port)
            started = time.perf_counter()
            for call in calls:
                _ask(link, call)
            best[name] = max(best[name], BLOCK / (time.perf_counter() - started))
    return best["plain"], best["granted"]


def _load(link: http.client.HTTPConnection, port: int, *, rate: float) -> tuple[float, float]:
    """Return the 99th and the 50th percentile, from when each call was due: waiting counts."""
    calls = _sign_many(int(rate * LOAD_SECONDS), port)
    took: list[float] = []
    started = time.perf_counter()
    for number, call in enumerate(calls):
        due = started + number / rate
        if (early := due - time.perf_counter()) > 0:
            time.sleep(early)
        _ask(link, call)
        took.append(time.perf_counter() - due)
    return statistics.quantiles(took, n=100)[98], statistics.median(took)


def _append() -> Promise:
    """Lines written, awaiting their place and linked, against the same lines inserted and nothing more."""
    chain_messages()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE exchange_message DISABLE TRIGGER exchange_message_awaits")
        bare = _insert(_make_lines())
        cursor.execute("ALTER TABLE exchange_message ENABLE TRIGGER exchange_message_awaits")
    written = _insert(_make_lines())
    started = time.perf_counter()
    assert chain_messages() == LINES
    linked = time.perf_counter() - started
    ratio, rate = bare / (written + linked), LINES / (written + linked)
    detail = f"{rate:,.0f} lines/s written and linked, {LINES / linked:,.0f}/s linked, {LINES / bare:,.0f}/s bare"
    name = "exchange: log as proof, 1 is 5,000 lines/s or 40 % of bare inserts"
    return Promise(name, max(ratio / 0.4, rate / 5_000), 1.0, at_least=True, detail=detail)


def _make_lines() -> list[Message]:
    now = clock.now()
    return [
        Message(
            uuid=uuid4(), at=now, message_id=f"m{number}", client=str(_CALLER), service=f"{_OWNER}/x", purpose="Thử",
            legal_ground="Thử", status=200, request_sha512="a" * 128, response_sha512="b" * 128,
        )
        for number in range(LINES)
    ]  # fmt: skip


def _insert(lines: Sequence[Message]) -> float:
    started = time.perf_counter()
    for first in range(0, len(lines), 1_000):
        Message.objects.bulk_create(lines[first : first + 1_000])
    return time.perf_counter() - started


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _connect(port: int) -> http.client.HTTPConnection:
    until = time.monotonic() + 60
    while True:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            for _ in range(20):
                _ask(link, (_PLAIN, {}))
            return link
        except (ConnectionError, http.client.HTTPException):
            if time.monotonic() > until:
                raise
            time.sleep(0.3)
