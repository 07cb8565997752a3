"""A remote signing service: one authorisation for exactly the digests that were approved, used once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from motcua.documents.adapters.csc_keys import CscKey
from motcua.documents.adapters.csc_simulator import CscService, make_server
from motcua.documents.rules.signing import sign_pdf_paper
from motcua.documents.tests.city import City, found_city
from motcua.documents.tests.factories import AGENCY_CODE, NOW, make_bare_pdf
from motcua.documents.types import KeyKeeperAway

TOKEN, PIN = "ma-truy-cap", "135790"


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[tuple[City, str, CscService]]:
    city = found_city(tmp_path)
    service = CscService(tmp_path, token=TOKEN, pin=PIN)
    server = make_server(service, port=0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield city, f"http://127.0.0.1:{server.server_address[1]}", service
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.mark.slow
def test_remote_service_signs_papers(remote: tuple[City, str, CscService]) -> None:
    city, url, _ = remote
    key = CscKey(url, token=TOKEN, credential_id=AGENCY_CODE, pin=PIN)
    signed = sign_pdf_paper(
        make_bare_pdf(), key=key, signer_name="An", reason="Ký", now=NOW, stamper=city.store.authority
    )
    assert (signed.level, city.verify(signed.content).status) == ("B-T", "valid")
    assert len(key.sign_all([b"1", b"2", b"3"])) == 3


@pytest.mark.slow
def test_remote_service_refuses_strangers_and_we_say_so(remote: tuple[City, str, CscService]) -> None:
    _, url, _ = remote
    usual: dict[str, Any] = {"token": TOKEN, "credential_id": AGENCY_CODE, "pin": PIN}
    for given in ({"token": "x"}, {"credential_id": "H29.khac"}, {"credential_id": "../root"}):
        with pytest.raises(KeyKeeperAway):
            CscKey(url, **(usual | given))
    with pytest.raises(KeyKeeperAway):
        CscKey(url, token=TOKEN, credential_id=AGENCY_CODE, pin="0").sign_sha256(b"x")
    with pytest.raises(KeyKeeperAway):
        CscKey("http://127.0.0.1:9", token=TOKEN, credential_id=AGENCY_CODE, timeout_seconds=0.5)
    with pytest.raises(ValueError, match="https"):
        CscKey("http://khac.example", token=TOKEN, credential_id=AGENCY_CODE)


@pytest.mark.slow
def test_authorisation_is_for_its_digests_and_once(remote: tuple[City, str, CscService]) -> None:
    _, _, service = remote
    named = {"credentialID": AGENCY_CODE, "hashes": ["AAAA" * 10 + "AAA="]}
    asked = named | {"numSignatures": 1, "authData": [{"id": "PIN", "value": PIN}]}
    bearer = f"Bearer {TOKEN}"
    sad = service.answer("credentials/authorize", bearer, asked)[1]["SAD"]
    other = named | {"hashes": ["BBBB" * 10 + "BBB="], "SAD": sad}
    assert service.answer("signatures/signHash", bearer, other)[0] == 400
    assert service.answer("signatures/signHash", bearer, named | {"SAD": sad})[0] == 400  # spent by the attempt
