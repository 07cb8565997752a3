"""Signing keys are issued, renewed and revoked on purpose; a revoked one does not come back by itself."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from motcua.audit.public import SYSTEM
from motcua.documents.adapters.csc_simulator import CscService, make_server
from motcua.documents.adapters.csc_store import CscKeyStore, make_key_store
from motcua.documents.public import (
    KeyKeeperAway,
    KeysKeptElsewhere,
    PaperSigner,
    SigningKeyMissing,
    ensure_demo_key,
    find_signing_key,
    issue_signing_key,
    make_official_code,
    revoke_signing_key,
    sign_as_official,
    sign_paper,
    verify_pdf,
)
from motcua.documents.queries.drivers import get_key_store
from motcua.documents.tests.factories import AGENCY_CODE, AGENCY_NAME, NOW, make_bare_pdf
from motcua.kernel import clock

OFFICIAL = make_official_code(AGENCY_CODE, 7)


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    ensure_demo_key(AGENCY_CODE, AGENCY_NAME, now=NOW)
    return tmp_path


def _issue() -> str:
    given = {"agency_name": AGENCY_NAME, "person": "Trần Văn Bình"}
    return issue_signing_key(OFFICIAL, **given, actor=SYSTEM, now=NOW).certificate_sha256


def _sign(pdf: bytes, signer: PaperSigner) -> bytes:
    return sign_as_official(
        pdf, signer=signer, shown_sha256=hashlib.sha256(pdf).hexdigest(), reason="Ký", now=NOW + timedelta(hours=2)
    ).content


@pytest.mark.slow
@pytest.mark.django_db
def test_key_is_issued_renewed_and_revoked_and_does_not_come_back(own: Path) -> None:
    assert find_signing_key(OFFICIAL) is None
    first = _issue()
    signer = PaperSigner(OFFICIAL, "Trần Văn Bình", AGENCY_CODE, AGENCY_NAME)
    before = _sign(make_bare_pdf(), signer)
    assert _issue() != first
    found = find_signing_key(OFFICIAL)
    assert found is not None and (found.is_revoked, found.agency_name) == (False, AGENCY_NAME)
    assert verify_pdf(before, now=NOW + timedelta(hours=3)).status == "valid"  # what the old key signed stays good
    revoked = revoke_signing_key(OFFICIAL, reason="Mất thẻ", actor=SYSTEM, now=NOW)
    assert revoked.is_revoked and find_signing_key(OFFICIAL) == revoked
    assert not (own / "keys" / "agencies" / f"{OFFICIAL}.key").exists()
    for attempt in (lambda: _sign(make_bare_pdf(), signer), lambda: get_key_store().get_key(OFFICIAL)):
        with pytest.raises(SigningKeyMissing):
            attempt()
    with pytest.raises(SigningKeyMissing):
        revoke_signing_key(OFFICIAL, reason="Lại", actor=SYSTEM, now=NOW)
    _issue()
    assert verify_pdf(_sign(make_bare_pdf(), signer), now=NOW + timedelta(hours=3)).status == "valid"


@pytest.mark.django_db
def test_outside_the_demonstration_nobody_issues_to_himself(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR, settings.DEMO_MODE = tmp_path, False
    for attempt in (_issue, lambda: revoke_signing_key(OFFICIAL, reason="x", actor=SYSTEM, now=NOW)):
        with pytest.raises(KeysKeptElsewhere):
            attempt()
    with pytest.raises(SigningKeyMissing):
        find_signing_key("../root")


@pytest.mark.django_db
def test_the_command_is_dry_by_default(own: Path) -> None:
    def run(*words: str) -> str:
        out = StringIO()
        call_command("signing_key", *words, stdout=out)
        return out.getvalue()

    assert "chưa có khóa" in run("H29.9")
    assert "--write" in run("H29.9", "--issue", AGENCY_NAME) and find_signing_key("H29.9") is None
    assert "đang giữ" in run("H29.9", "--issue", AGENCY_NAME, "--write")
    assert "đã thu hồi" in run("H29.9", "--revoke", "Lộ khóa", "--write")
    with pytest.raises(CommandError):
        run("H29.8", "--revoke", "Lộ khóa", "--write")


@pytest.fixture
def served(own: Path, settings: Settings) -> Iterator[Path]:
    server = make_server(CscService(own / "keys", token="t", pin="1"), port=0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.MOTCUA_CSC_URL = f"http://127.0.0.1:{server.server_address[1]}"
    settings.MOTCUA_CSC_TOKEN = "t"
    settings.MOTCUA_CSC_CREDENTIALS = str(own / "credentials.json")
    settings.MOTCUA_TRUST_ROOTS = str(own / "roots")
    settings.MOTCUA_KEY_STORE = "motcua.documents.adapters.csc_store.make_key_store"
    (own / "roots").mkdir()
    (own / "roots" / "root.pem").write_bytes((own / "keys" / "root.pem").read_bytes())
    make_key_store.cache_clear()
    yield own
    make_key_store.cache_clear()
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.mark.slow
@pytest.mark.django_db
def test_credentials_of_a_remote_service_are_chosen_by_agency(served: Path) -> None:
    path = served / "credentials.json"
    path.write_text(json.dumps({"H29.77": {"credential": AGENCY_CODE, "pin": "1"}}))
    signed = sign_paper(make_bare_pdf(), agency_code="H29.77", signer_name="", reason="", now=NOW, level="B-B").content
    report = verify_pdf(signed, now=clock.now())
    assert (report.status, report.signers[0].agency_code) == ("valid", AGENCY_CODE)
    found = find_signing_key("H29.77")
    assert found is not None and found.agency_name == AGENCY_NAME
    assert find_signing_key(AGENCY_CODE) is None  # the service has it, but nobody said that it signs here
    for attempt in (_issue, lambda: revoke_signing_key("H29.77", reason="x", actor=SYSTEM, now=NOW)):
        with pytest.raises(KeysKeptElsewhere):
            attempt()
    path.write_text("{")
    with pytest.raises(KeyKeeperAway):
        CscKeyStore("http://127.0.0.1:9", token="", credentials=path, trust_folder=None).get_key("H29.77")
