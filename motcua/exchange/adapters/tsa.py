"""Time-stamp services: one over HTTP (RFC 3161, 3.4), and one in software for the demonstration and tests."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import requests
from asn1crypto import keys, tsp  # type: ignore[import-untyped]  # it ships no types
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings
from pyhanko.sign.timestamps import DummyTimeStamper

from motcua.exchange.rules.timestamps import MAX_TOKEN, TokenInvalid, check_token, make_request, read_reply

TIMEOUT_SECONDS = 10.0
_SOFTWARE = "software"
_YEARS = timedelta(days=3_650)


class TsaUnavailable(Exception):
    """No token came, or none that holds; asked again later."""


class TimeStamper(Protocol):
    """Something that says: this digest was shown to me then."""

    def stamp(self, digest: bytes, *, now: datetime) -> bytes:
        """Return a token (DER) over a SHA-256 digest. Raises: TsaUnavailable."""
        ...


class HttpTsa:
    """A service at an address that the operator set. Redirects are not followed."""

    def __init__(self, url: str) -> None:
        self._url = url

    def stamp(self, digest: bytes, *, now: datetime) -> bytes:
        nonce = secrets.randbits(63)
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        try:
            with requests.post(
                self._url, data=make_request(digest, nonce=nonce), headers=headers, timeout=TIMEOUT_SECONDS,
                allow_redirects=False, stream=True,
            ) as reply:  # fmt: skip
                if reply.status_code != requests.codes.ok:
                    raise TsaUnavailable(f"HTTP {reply.status_code}")
                return read_reply(reply.raw.read(MAX_TOKEN), digest=digest, nonce=nonce)
        except (requests.RequestException, OSError, TokenInvalid) as error:
            raise TsaUnavailable(str(error)[:200]) from error


class SoftwareTsa:
    """The demonstration's own service: its key lies in a folder (mode 0600); it proves nothing to others."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def stamp(self, digest: bytes, *, now: datetime) -> bytes:
        key, certificate = self._load(now)
        tsa = DummyTimeStamper(
            tsa_cert=asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
            tsa_key=keys.PrivateKeyInfo.load(_to_der(key)),
            fixed_dt=now.astimezone(UTC).replace(microsecond=0),
        )
        request = tsp.TimeStampReq.load(make_request(digest, nonce=secrets.randbits(63)))
        token = bytes(tsa.request_tsa_response(request)["time_stamp_token"].dump())
        try:
            check_token(token, digest=digest)
        except TokenInvalid as error:
            raise TsaUnavailable(str(error)) from error
        return token

    def get_certificate(self, now: datetime) -> x509.Certificate:
        """Return the certificate that those who trust the demonstration would trust."""
        return self._load(now)[1]

    def _load(self, now: datetime) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
        path = self._folder / "tsa.pem"
        if not path.exists():
            self._make(path, now)
        pem = path.read_bytes()
        key = serialization.load_pem_private_key(pem, None)
        assert isinstance(key, rsa.RSAPrivateKey)
        return key, x509.load_pem_x509_certificate(pem)

    def _make(self, path: Path, now: datetime) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Máy dấu thời gian trình diễn Một Cửa")])
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        certificate = (
            x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + _YEARS)
            .add_extension(usage, critical=True)
            .sign(key, hashes.SHA256())
        )
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{os.getpid()}")
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem + certificate.public_bytes(serialization.Encoding.PEM))
        with suppress(FileExistsError):  # two processes must not found two services
            os.link(fresh, path)
        fresh.unlink()


def get_time_stamper() -> TimeStamper | None:
    """Return the service that MOTCUA_EXCHANGE_TSA names: an address, "software", or nothing."""
    return _make_stamper(settings.MOTCUA_EXCHANGE_TSA, str(settings.VAR_DIR))


@lru_cache(maxsize=4)
def _make_stamper(name: str, var_dir: str) -> TimeStamper | None:
    if name == _SOFTWARE:
        return SoftwareTsa(Path(var_dir) / "keys")
    return HttpTsa(name) if name else None


def _to_der(key: rsa.RSAPrivateKey) -> bytes:
    encoding, form = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, form, serialization.NoEncryption())
