"""The demonstration's own trust services: root, issuing CA, time-stamping authority, OCSP responder, CRLs.

Everything lies beside the keys of the agencies (root, issuing, tsa, responder: .pem and .key; revoked.json) and is made
at first use, by one process at a time. The same object answers in process and behind HTTP (adapters/pki_server.py).
"""

from __future__ import annotations

import fcntl
import json
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from motcua.documents.adapters.certificates import (
    AUTHORITY,
    RESPONDING,
    TIME_STAMPING,
    PrivateKey,
    Purpose,
    certify,
    load_certificates,
    load_private_key,
    make_name,
    to_pem,
    write_secret,
)
from motcua.documents.rules.cms import make_time_stamp
from motcua.documents.types import RevocationData

_CITY = "Một Cửa (trình diễn)"
_NAMES = {
    "root": "CA gốc trình diễn Một Cửa",
    "issuing": "CA cấp phát trình diễn Một Cửa",
    "tsa": "Dấu thời gian trình diễn Một Cửa",
    "responder": "Trả lời thu hồi trình diễn Một Cửa",
}
_ISSUERS = {"issuing": "root", "tsa": "issuing", "responder": "issuing"}
_ANSWER_LASTS = timedelta(hours=12)
_REUSE = timedelta(minutes=10)


class SoftwareKey:
    """A key held in memory once read: checking an RSA key at each use costs three times the signature."""

    def __init__(self, private_key: PrivateKey, certificates: list[x509.Certificate]) -> None:
        self._private_key = private_key
        self.certificate = certificates[0]
        self.certificate_der = certificates[0].public_bytes(Encoding.DER)
        self.chain_der = tuple(certificate.public_bytes(Encoding.DER) for certificate in certificates[1:])

    def sign_sha256(self, data: bytes) -> bytes:
        if isinstance(self._private_key, rsa.RSAPrivateKey):
            return self._private_key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self._private_key.sign(data, ec.ECDSA(hashes.SHA256()))


class DemoAuthority:
    """A TimeStamper and a RevocationSource in process; `issue` certifies keys of agencies and officials."""

    is_remote = False

    def __init__(self, folder: Path, *, services_url: str = "") -> None:
        self._folder = folder
        self._services_url = services_url
        self._members: dict[str, tuple[PrivateKey, list[x509.Certificate]]] = {}
        self._answers: dict[str, tuple[datetime, bytes]] = {}

    # --- certificates ---

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Two processes must not found two authorities."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder.chmod(0o700)
        with (self._folder / ".lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def issue(self, path: Path, *, common: str, organisation: str, code: str, now: datetime, years: int = 5) -> None:
        """Make a key and its certificate at `path`; call it with the lock held."""
        issuer_key, (issuing, *_) = self._member("issuing", now)
        key = ec.generate_private_key(ec.SECP256R1())
        purpose = Purpose(years=years, services_url=self._services_url)
        certificate = certify(make_name(common, organisation, code), key, (issuer_key, issuing), now, purpose=purpose)
        write_secret(path.with_suffix(".key"), to_pem(key))
        write_secret(path, b"".join(item.public_bytes(Encoding.PEM) for item in (certificate, issuing)))

    def _member(self, name: str, now: datetime) -> tuple[PrivateKey, list[x509.Certificate]]:
        """Return key and chain of one of the four, made now if there is none; call it with the lock held."""
        known = self._members.get(name)
        if known is not None:
            return known
        path = self._folder / f"{name}.pem"
        if not path.exists():
            self._found(name, path, now)
        self._members[name] = (load_private_key(path.with_suffix(".key")), load_certificates(path))
        return self._members[name]

    def _found(self, name: str, path: Path, now: datetime) -> None:
        issuer = _ISSUERS.get(name)
        above = self._member(issuer, now) if issuer else None
        # The archive stands on the time-stamping key for many years; the others are renewed.
        key: PrivateKey = (
            rsa.generate_private_key(65537, 3072) if name == "tsa" else ec.generate_private_key(ec.SECP256R1())
        )
        purpose = {"tsa": TIME_STAMPING, "responder": RESPONDING, "issuing": AUTHORITY}.get(
            name, Purpose(years=20, is_ca=True)
        )
        certificate = certify(
            make_name(_NAMES[name], _CITY, ""), key, (above[0], above[1][0]) if above else None, now, purpose=purpose
        )
        chain = [certificate, above[1][0]] if above and issuer != "root" else [certificate]
        write_secret(path.with_suffix(".key"), to_pem(key))
        write_secret(path, b"".join(item.public_bytes(Encoding.PEM) for item in chain))

    def _ready(self, name: str, now: datetime) -> tuple[PrivateKey, list[x509.Certificate]]:
        known = self._members.get(name)
        if known is not None:
            return known
        with self.lock():
            return self._member(name, now)

    # --- time-stamps ---

    @property
    def certificates(self) -> tuple[bytes, ...]:
        _, chain = self._ready("tsa", datetime.now(UTC))
        return tuple(item.public_bytes(Encoding.DER) for item in chain)

    def stamp(self, sha256: bytes, *, now: datetime) -> bytes:
        return self.stamp_digest(sha256, algorithm="sha256", nonce=None, now=now)

    def stamp_digest(self, digest: bytes, *, algorithm: str, nonce: int | None, now: datetime) -> bytes:
        key = self._key("tsa", now)
        return make_time_stamp(
            digest, algorithm=algorithm, key=key, serial=secrets.randbits(120) | 1, now=now, nonce=nonce
        )

    def _key(self, name: str, now: datetime) -> SoftwareKey:
        private_key, chain = self._ready(name, now)
        return _to_key(private_key, chain[0], tuple(chain[1:]))

    # --- revocation ---

    def revoke(self, certificate_der: bytes, *, at: datetime, reason: str = "key_compromise") -> None:
        """Take a certificate back from `at` on; fresh answers say so at once."""
        serial = str(x509.load_der_x509_certificate(certificate_der).serial_number)
        with self.lock():
            revoked = self._read_revoked()
            revoked.setdefault(serial, {"at": at.astimezone(UTC).isoformat(), "reason": reason})
            write_secret(self._folder / "revoked.json", json.dumps(revoked).encode())
        self._answers.clear()

    def collect(self, certificates: Iterable[bytes], *, now: datetime) -> RevocationData:
        """Return an OCSP answer for each end certificate of ours, and the CRLs for the authorities."""
        issuing = self._ready("issuing", now)[1][0]
        answers = []
        for der in dict.fromkeys(certificates):
            certificate = _load(der)
            if certificate.issuer == issuing.subject:
                answers.append(self.answer_ocsp(certificate, now=now))
        return RevocationData(ocsps=tuple(answers), crls=(self.make_crl("root", now=now),))

    def answer_ocsp(self, certificate: x509.Certificate, *, now: datetime) -> bytes:
        serial = certificate.serial_number
        return self._reuse(f"ocsp {serial}", now, lambda: self._make_ocsp(certificate, serial, now))

    def _make_ocsp(self, certificate: x509.Certificate, serial: int, now: datetime) -> bytes:
        responder_key, (responder, *_) = self._ready("responder", now)
        issuing = self._ready("issuing", now)[1][0]
        entry = self._read_revoked().get(str(serial))
        is_revoked = entry is not None and datetime.fromisoformat(entry["at"]) <= now
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=certificate,
            issuer=issuing,
            algorithm=hashes.SHA1(),  # noqa: S303  names the issuer only; every reader knows this one (RFC 6960, 4.3)
            cert_status=ocsp.OCSPCertStatus.REVOKED if is_revoked else ocsp.OCSPCertStatus.GOOD,
            this_update=now.astimezone(UTC),
            next_update=now.astimezone(UTC) + _ANSWER_LASTS,
            revocation_time=datetime.fromisoformat(entry["at"]) if entry is not None and is_revoked else None,
            revocation_reason=x509.ReasonFlags.key_compromise if is_revoked else None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder).certificates([responder])
        return builder.sign(responder_key, hashes.SHA256()).public_bytes(Encoding.DER)

    def find_issued(self, serial: int) -> x509.Certificate | None:
        """Return the certificate of ours with this number, if there is one."""
        paths = [self._folder / "tsa.pem", *sorted((self._folder / "agencies").rglob("*.pem"))]
        for path in paths:
            if path.is_file() and (found := load_certificates(path)[0]).serial_number == serial:
                return found
        return None

    def make_crl(self, name: str, *, now: datetime) -> bytes:
        """Return the list of `root` or `issuing` as of `now`."""
        return self._reuse(f"crl {name}", now, lambda: self._make_crl(name, now))

    def _make_crl(self, name: str, now: datetime) -> bytes:
        key, (issuer, *_) = self._ready(name, now)
        public = issuer.public_key()
        if not isinstance(public, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
            raise TypeError("an authority signs with RSA or EC")
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer.subject)
            .last_update(now.astimezone(UTC))
            .next_update(now.astimezone(UTC) + 2 * _ANSWER_LASTS)
            .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        )
        if name == "issuing":
            for serial, entry in sorted(self._read_revoked().items()):
                at = datetime.fromisoformat(entry["at"])
                if at <= now:
                    builder = builder.add_revoked_certificate(
                        x509.RevokedCertificateBuilder().serial_number(int(serial)).revocation_date(at).build()
                    )
        return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)

    def _reuse(self, name: str, now: datetime, make: Callable[[], bytes]) -> bytes:
        """An answer serves ten minutes from its moment on: what it says does not change faster."""
        known = self._answers.get(name)
        if known is not None and timedelta(0) <= now - known[0] < _REUSE:
            return known[1]
        answer = make()
        if len(self._answers) > 1000:
            self._answers.clear()
        self._answers[name] = (now, answer)
        return answer

    def _read_revoked(self) -> dict[str, dict[str, str]]:
        path = self._folder / "revoked.json"
        if not path.exists():
            return {}
        content: dict[str, dict[str, str]] = json.loads(path.read_bytes())
        return content


@lru_cache(maxsize=64)
def _to_key(private_key: PrivateKey, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]) -> SoftwareKey:
    return SoftwareKey(private_key, [certificate, *chain])


@lru_cache(maxsize=1024)
def _load(der: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(der)
