"""Providers over TLS: believed by their certificate, and shown ours when they ask for it."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from motcua.exchange.adapters import wire
from motcua.exchange.adapters.wire import ProviderFailed, ask_once


def make_pem(name: str) -> bytes:
    """Return a key with its own certificate, good for this machine."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)


class _Quiet(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[str]:
    """A provider that lets in only whom it knows by certificate."""
    for name in ("provider", "exchange"):
        (tmp_path / f"{name}.pem").write_bytes(make_pem(name))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "provider.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(tmp_path / "exchange.pem")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Quiet)
    server.handle_error = lambda request, client_address: None  # type: ignore[method-assign]  # refusals are the point
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def _ask(base_url: str) -> bytes:
    return ask_once(
        base_url, method="GET", rest="/a", query="", headers={}, body=b"", timeout_seconds=5, max_bytes=100
    ).body


@pytest.mark.slow
def test_a_provider_may_ask_for_our_certificate(
    secure: str, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire._trust.cache_clear()
    with pytest.raises(ProviderFailed):
        _ask(secure)  # nobody vouches for this provider
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "provider.pem"))
    wire._trust.cache_clear()
    with pytest.raises(ProviderFailed):
        _ask(secure)  # it is believed, but does not know us
    settings.MOTCUA_EXCHANGE_CLIENT_CERTIFICATE = str(tmp_path / "exchange.pem")
    assert _ask(secure) == b"ok"
    wire._trust.cache_clear()
