"""The how-to's client, as printed, over a real socket: it reads a record, and gets the protocol's own errors."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from pytest_django.live_server_helper import LiveServer

from motcua.exchange.actions.joining import approve_grant, ask_grant
from motcua.exchange.actions.keys import add_signature_key
from motcua.exchange.models import Subsystem
from motcua.exchange.queries.services import find_service
from motcua.exchange.tests.factories import ASKER, JUSTICE, OWNER, PEOPLE, POLICE, make_exchange
from motcua.kernel import clock
from motcua.registers.public import write_record
from motcua.registers.tests.factories import person

PAGE = Path(__file__).resolve().parents[3] / "docs/how-to/goi-dich-vu-du-lieu.md"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_client_of_the_how_to_reads_a_record_and_is_told_why_when_it_may_not(live_server: LiveServer) -> None:
    now, key = clock.now(), Ed25519PrivateKey.generate()
    make_exchange()
    Subsystem.objects.update(addresses=[])  # only what is signed gets in
    write_record("people", person(), valid_from=now - timedelta(days=1), source="Thử", now=now)
    service = find_service(PEOPLE)
    assert service is not None
    wish = ask_grant(
        JUSTICE, service=service, purpose="Khai sinh", legal_ground="Luật Hộ tịch", fields=["full_name"],
        valid_from=now - timedelta(days=1), actor=ASKER, now=now,
    )  # fmt: skip
    approve_grant(wish, actor=OWNER, now=now)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    add_signature_key(JUSTICE, key_id="k", public_pem=public, valid_from=now, actor=OWNER, now=now)
    known: dict[str, Any] = {}
    [source] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    exec(source, known)  # the page's own code is what is tested
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    host = live_server.url.removeprefix("http://")

    def ask(path: str, **more: Any) -> tuple[int, dict[str, str], Any]:
        named = {"client": str(JUSTICE), "key_id": "k", "key_pem": private, **more}
        found: tuple[int, dict[str, str], Any] = known["ask"](host, path, **named)
        return found

    one = f"/r1/{PEOPLE}/personal_id/079190000001"
    status, headers, content = ask(one, purpose="Khai sinh")
    assert (status, content["data"]) == (200, {"full_name": "Nguyễn Thị Hạnh Thử"}) and headers["X-Road-Request-Id"]
    asked = ask(f"/r1/{PEOPLE}/query", body={"key": "personal_id", "value": "079190000001"})
    assert asked[2]["data"] == {"full_name": "Nguyễn Thị Hạnh Thử"}
    assert ask(f"/r1/{PEOPLE}/personal_id/1")[0] == 404
    for wrong, fault in (
        ({"key_id": "none"}, "Server.ClientProxy.AuthenticationFailed"),
        ({"client": str(POLICE)}, "Server.ClientProxy.AuthenticationFailed"),
        ({"purpose": "khac"}, "Server.ServerProxy.AccessDenied"),
    ):
        status, headers, content = ask(one, **wrong)
        assert (status, headers["X-Road-Error"], content["type"]) == (500, fault, fault)
    assert ask("/r1/x")[1]["X-Road-Error"] == "Client.BadRequest"
