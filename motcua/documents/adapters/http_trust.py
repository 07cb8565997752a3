"""Trust services over HTTP: time-stamps (RFC 3161), revocation by OCSP (RFC 6960), else by CRL (RFC 5280).

Addresses come from our own configuration and from our own certificates, never from a stranger's file.
"""

from __future__ import annotations

import secrets
import urllib.error
import urllib.request
from collections.abc import Iterable
from datetime import datetime, timedelta

from asn1crypto import algos, tsp  # type: ignore[import-untyped]  # the library of the token's own format
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

from motcua.documents.types import RevocationData, RevocationUnavailable, TimeStampUnavailable

_TIMEOUT_SECONDS = 5.0
_MAX_ANSWER = 8 * 1024 * 1024
_REUSE = timedelta(minutes=10)
_FAULTS = (OSError, ValueError, KeyError, TypeError)


class HttpTimeStamper:
    """A time-stamping authority behind an address."""

    is_remote = True

    def __init__(self, url: str, *, timeout_seconds: float = _TIMEOUT_SECONDS) -> None:
        self._url = _check_url(url)
        self._timeout = timeout_seconds
        self._certificates: tuple[bytes, ...] = ()

    @property
    def certificates(self) -> tuple[bytes, ...]:
        return self._certificates

    def stamp(self, sha256: bytes, *, now: datetime) -> bytes:
        nonce = secrets.randbits(63) | 1
        request = tsp.TimeStampReq(
            {
                "version": "v1",
                "message_imprint": {
                    "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                    "hashed_message": sha256,
                },
                "nonce": nonce,
                "cert_req": True,
            }
        )
        try:
            body = _ask(self._url, request.dump(), "application/timestamp-query", self._timeout)
            return self._read(tsp.TimeStampResp.load(body), sha256, nonce)
        except _FAULTS as error:
            raise TimeStampUnavailable(f"{type(error).__name__}: {error}") from error

    def _read(self, answer: tsp.TimeStampResp, sha256: bytes, nonce: int) -> bytes:
        """Return the token when it is an answer to our question. Raises: ValueError."""
        if answer["status"]["status"].native not in ("granted", "granted_with_mods"):
            raise ValueError(f"refused: {answer['status'].native}")
        token = answer["time_stamp_token"]
        info = token["content"]["encap_content_info"]["content"].parsed
        if info["message_imprint"]["hashed_message"].native != sha256 or info["nonce"].native != nonce:
            raise ValueError("an answer to another question")
        self._certificates = tuple(item.chosen.dump() for item in token["content"]["certificates"])
        return bytes(token.dump())


class HttpRevocationSource:
    """Asks the services that certificates themselves name; answers serve ten minutes."""

    is_remote = True

    def __init__(self, *, timeout_seconds: float = _TIMEOUT_SECONDS) -> None:
        self._timeout = timeout_seconds
        self._known: dict[str, tuple[datetime, bytes]] = {}

    def collect(self, certificates: Iterable[bytes], *, now: datetime) -> RevocationData:
        loaded = [x509.load_der_x509_certificate(der) for der in dict.fromkeys(certificates)]
        ocsps, crls = [], []
        for certificate in loaded:
            issuer = next((item for item in loaded if item.subject == certificate.issuer), None)
            try:
                answer = self._ask_ocsp(certificate, issuer, now) if issuer is not None else b""
                if answer:
                    ocsps.append(answer)
                else:
                    crls += self._ask_crls(certificate, now)
            except _FAULTS as error:
                raise RevocationUnavailable(f"{type(error).__name__}: {error}") from error
        return RevocationData(ocsps=tuple(ocsps), crls=tuple(dict.fromkeys(crls)))

    def _ask_ocsp(self, certificate: x509.Certificate, issuer: x509.Certificate, now: datetime) -> bytes:
        """Return an answer, or nothing when the certificate names no responder. Raises: _FAULTS."""
        if certificate.issuer == certificate.subject:
            return b""
        for url in _find_responders(certificate):
            sha1 = hashes.SHA1()  # noqa: S303  it names the certificate, it protects nothing; every responder knows it
            builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, sha1)
            request = builder.build().public_bytes(Encoding.DER)
            key = f"{url} {certificate.serial_number}"
            body = self._reuse(key, now, url, request)
            if ocsp.load_der_ocsp_response(body).response_status is ocsp.OCSPResponseStatus.SUCCESSFUL:
                return body
            self._known.pop(key, None)
            raise ValueError("the responder refused")
        return b""

    def _ask_crls(self, certificate: x509.Certificate, now: datetime) -> list[bytes]:
        found = []
        for url in _find_lists(certificate):
            body = self._reuse(url, now, url, None)
            x509.load_der_x509_crl(body)
            found.append(body)
        return found

    def _reuse(self, key: str, now: datetime, url: str, request: bytes | None) -> bytes:
        known = self._known.get(key)
        if known is not None and timedelta(0) <= now - known[0] < _REUSE:
            return known[1]
        body = _ask(_check_url(url), request, "application/ocsp-request", self._timeout)
        if len(self._known) > 1000:
            self._known.clear()
        self._known[key] = (now, body)
        return body


def _find_responders(certificate: x509.Certificate) -> list[str]:
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return []
    return [
        item.access_location.value
        for item in access
        if item.access_method == AuthorityInformationAccessOID.OCSP
        and isinstance(item.access_location, x509.UniformResourceIdentifier)
    ]


def _find_lists(certificate: x509.Certificate) -> list[str]:
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    names = [name for point in points for name in point.full_name or ()]
    return [name.value for name in names if isinstance(name, x509.UniformResourceIdentifier)]


def _check_url(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"not an address of a trust service: {url[:80]}")
    return url


def _ask(url: str, body: bytes | None, kind: str, timeout: float) -> bytes:
    headers = {"Content-Type": kind} if body else {}
    request = urllib.request.Request(url, data=body, headers=headers)  # noqa: S310  the scheme is checked
    with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310  the scheme is checked
        content: bytes = answer.read(_MAX_ANSWER + 1)
    if len(content) > _MAX_ANSWER:
        raise ValueError("the answer is too long")
    return content
