"""The log as proof: every changed byte is found, nobody needs us to check, a dead service stops nothing silently."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from uuid import UUID, uuid4

import orjson
import pytest
from asn1crypto import x509 as asn1_x509  # type: ignore[import-untyped]  # it ships no types
from cryptography import x509
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from motcua.documents.public import SigningKeyMissing
from motcua.documents.tests.factories import list_trusted_roots
from motcua.exchange.actions.sequencing import chain_messages, sign_batches, stamp_batches
from motcua.exchange.adapters.tsa import HttpTsa, SoftwareTsa, TsaUnavailable
from motcua.exchange.models import Message, MessageBatch, MessageLink
from motcua.exchange.queries.log import export_record, get_log_status
from motcua.exchange.rules.merkle import find_root, follow_path, make_path
from motcua.exchange.rules.proof import check_proof
from motcua.exchange.tests.factories import NOW
from motcua.exchange.types import RecordNotProved
from motcua.kernel.certificates import read_certificate

DIGESTS = st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), min_size=1, max_size=40)


@pytest.mark.slow
@given(DIGESTS, st.data())
def test_a_path_leads_to_the_root_from_its_own_place_only(digests: list[str], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(digests) - 1))
    root, path = find_root(digests), make_path(digests, index)
    assert follow_path(digests[index], path, index=index, size=len(digests)) == root
    other = "ab" * 32
    assert other == digests[index] or follow_path(other, path, index=index, size=len(digests)) != root
    for bad in (path[:-1] if path else ("cd" * 32,), (*path, "cd" * 32)):
        with pytest.raises(ValueError, match="path"):
            follow_path(digests[index], bad, index=index, size=len(digests))


def make_messages(count: int, *, microseconds: int = 0) -> list[UUID]:
    rows = [
        Message(
            uuid=uuid4(), at=NOW + timedelta(seconds=place, microseconds=microseconds), message_id=f"m{place}",
            client="VN/GOV/H29/A", service="VN/GOV/H29/B/people", purpose="Thử ấy", legal_ground="Luật", user_id="",
            issue="", status=200, fault="", request_sha512="a" * 128, response_sha512="b" * 128,
        )
        for place in range(count)
    ]  # fmt: skip
    Message.objects.bulk_create(rows)
    return [row.uuid for row in rows]


@pytest.fixture(scope="session")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> SoftwareTsa:
    return SoftwareTsa(tmp_path_factory.mktemp("tsa"))


def seal_all(tsa: SoftwareTsa | None) -> None:
    chain_messages()
    sign_batches(now=NOW)
    if tsa is not None:
        stamp_batches(stamper=tsa, now=NOW)


@pytest.fixture
def proof(db: None, tsa: SoftwareTsa) -> bytes:
    uuids = make_messages(5, microseconds=1)
    seal_all(tsa)
    return export_record(uuids[2])


@pytest.mark.slow
def test_a_record_and_a_whole_batch_prove_themselves(proof: bytes, tsa: SoftwareTsa) -> None:
    report = check_proof(proof, tsa_roots=[tsa.get_certificate(NOW)])
    assert report.is_intact and report.lines[0].message_id == "m2" and report.stamped_at == NOW
    assert not report.is_complete  # nobody said whose signature is to be believed
    roots = [x509.load_der_x509_certificate(each) for each in _demo_roots()]
    assert check_proof(proof, roots=roots, tsa_roots=[tsa.get_certificate(NOW)]).is_complete
    whole = check_proof(export_record(UUID(report.lines[0].uuid), with_batch=True))
    assert whole.is_intact and [line.message_id for line in whole.lines] == [f"m{place}" for place in range(5)]


def _demo_roots() -> list[bytes]:
    return list_trusted_roots()


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_any_changed_byte_is_found(proof: bytes, place: float, bit: int) -> None:
    at = int(place * len(proof))
    changed = proof[:at] + bytes([proof[at] ^ (1 << bit)]) + proof[at + 1 :]
    assert not check_proof(changed).is_intact, proof[max(0, at - 20) : at + 20]
    assert not check_proof(proof[:at]).is_intact


def test_a_certificate_whose_serial_number_is_not_positive_is_not_read() -> None:
    der = _demo_roots()[0]
    assert read_certificate(der) == x509.load_der_x509_certificate(der)
    changed = asn1_x509.Certificate.load(der)
    changed["tbs_certificate"]["serial_number"] = -5
    with pytest.raises(ValueError, match="serial number"):
        read_certificate(changed.dump(force=True))


@given(st.binary(max_size=300))
def test_no_file_breaks_the_check(content: bytes) -> None:
    assert not check_proof(content).is_intact


@pytest.mark.slow
def test_lines_lost_moved_or_taken_from_elsewhere_are_found(proof: bytes) -> None:
    whole = json.loads(export_record(Message.objects.get(message_id="m0").uuid, with_batch=True))
    lines = whole["lines"]
    for bad in (
        lines[:-1],
        lines[1:],
        [lines[1], lines[0], *lines[2:]],
        [*lines, lines[-1]],
        [],
        lines[:2] + lines[3:],
    ):
        assert not check_proof(_write({**whole, "lines": bad})).is_intact
    one = json.loads(proof)
    assert not check_proof(_write({**one, "lines": [lines[1]]})).is_intact
    assert not check_proof(_write({**one, "timestamp": None})).is_complete
    for name, value in (("status", 201), ("at", "2026-03-02T02:00:02+00:00"), ("seq", 2), ("more", 1)):
        assert not check_proof(_write({**one, "lines": [{**one["lines"][0], name: value}]})).is_intact


def _write(content: object) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS) + b"\n"


@pytest.mark.slow
def test_the_chain_goes_on_over_batches_and_cannot_fork(db: None, tsa: SoftwareTsa) -> None:
    make_messages(3)
    seal_all(tsa)
    [last] = make_messages(1)
    seal_all(None)
    first, second = MessageBatch.objects.order_by("first_seq")
    assert (first.first_seq, first.last_seq, second.first_seq, second.previous) == (1, 3, 4, first.digest)
    report = check_proof(export_record(last))
    assert report.is_intact and not report.is_complete and any("Chưa có dấu" in each for each in report.fails)
    status = get_log_status()
    assert (status.linked, status.pending, status.unsigned, status.unstamped) == (4, 0, 0, 1)
    extra = make_messages(1)[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        message = Message.objects.get(uuid=extra)
        MessageLink.objects.create(seq=9, message=message, previous=first.digest, digest="e" * 64)
    with pytest.raises(RecordNotProved):
        export_record(extra)
    with pytest.raises(RecordNotProved):
        export_record(uuid4())


@pytest.mark.slow
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE exchange_messagebatch SET root = repeat('0', 64)",
        "UPDATE exchange_messagebatch SET timestamp = NULL, stamped_at = NULL",
        "DELETE FROM exchange_messagebatch",
        "UPDATE exchange_messagelink SET digest = repeat('0', 64)",
        "DELETE FROM exchange_messagelink",
    ],
)
def test_what_proves_cannot_be_rewritten(proof: bytes, statement: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_missing_key_is_told_and_the_chain_goes_on(db: None, settings: Settings) -> None:
    make_messages(2)
    settings.MOTCUA_EXCHANGE_SIGNER = "../x"
    assert chain_messages() == 2
    with pytest.raises(SigningKeyMissing):
        sign_batches(now=NOW)
    assert get_log_status().unsigned == 2
    settings.MOTCUA_EXCHANGE_SIGNER = "exchange"
    assert sign_batches(now=NOW) == 1


class _Tsa(BaseHTTPRequestHandler):
    reply: bytes = b""
    status = 200

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.status)
        self.send_header("Location", "http://127.0.0.1:9/")
        self.end_headers()
        self.wfile.write(self.reply)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def dead_tsa() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Tsa)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.mark.slow
@pytest.mark.parametrize(("status", "reply"), [(200, b""), (200, b"\x30\x03"), (500, b"x"), (302, b"")])
def test_a_service_that_answers_nonsense_leaves_the_batch_signed(
    db: None, dead_tsa: str, tsa: SoftwareTsa, status: int, reply: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_messages(1)
    seal_all(None)
    monkeypatch.setattr(_Tsa, "status", status)
    monkeypatch.setattr(_Tsa, "reply", reply)
    with pytest.raises(TsaUnavailable):
        stamp_batches(stamper=HttpTsa(dead_tsa), now=NOW)
    assert get_log_status().unstamped == 1
    assert stamp_batches(stamper=tsa, now=NOW) == 1 and get_log_status().unstamped == 0


@pytest.mark.slow
def test_another_service_s_token_is_refused(db: None, tsa: SoftwareTsa, tmp_path: Path) -> None:
    [uuid] = make_messages(1)
    seal_all(tsa)
    content = export_record(uuid)
    other = SoftwareTsa(tmp_path).get_certificate(NOW)
    report = check_proof(content, tsa_roots=[other])
    assert report.is_intact and not report.is_complete and any("Không đối chiếu được" in each for each in report.fails)


@pytest.mark.slow
def test_the_command_needs_no_database(proof: bytes, tmp_path: Path) -> None:
    path = tmp_path / "proof.json"
    path.write_bytes(proof)
    program = [sys.executable, "-m", "motcua.project.cli", "verify_exchange_log", str(path), "--json"]
    env = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": "postgres://nobody@127.0.0.1:9/none",
        "MOTCUA_VAR_DIR": str(tmp_path),
    }
    good = subprocess.run(program, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert good.returncode == 0 and json.loads(good.stdout)["intact"] is True, good.stderr
    path.write_bytes(proof.replace(b"m2", b"m3"))
    bad = subprocess.run(program, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert bad.returncode != 0 and json.loads(bad.stdout)["intact"] is False


@pytest.mark.slow
def test_the_commands_speak(proof: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "proof.json"
    uuid = str(Message.objects.get(message_id="m1").uuid)
    call_command("export_exchange_record", uuid, str(path))
    call_command("verify_exchange_log", str(path))
    call_command("exchange_log")
    told = capsys.readouterr().out
    assert uuid in told and "Nguyên vẹn" in told and "0 dòng chưa ký" in told
    path.write_bytes(path.read_bytes()[:-2])
    with pytest.raises(CommandError, match="KHÔNG"):
        call_command("verify_exchange_log", str(path))
    with pytest.raises(CommandError):
        call_command("verify_exchange_log", str(tmp_path / "none"))
    with pytest.raises(CommandError):
        call_command("export_exchange_record", str(uuid4()), str(path))
