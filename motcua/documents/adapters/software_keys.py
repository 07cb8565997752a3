"""Signing keys in files (VAR_DIR/keys, mode 0600), and the demonstration's own certificate authority.

Real agencies sign with keys in tokens or an HSM: another KeyStore, behind the same interface.
Layout: root and issuing (.pem, .key; the demonstration's own), agencies/<code>.pem (certificate, then chain) and .key.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from motcua.documents.types import SigningKey, SigningKeyInfo, SigningKeyMissing

_CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9.\-]{0,60}$")
_ROOT_NAME = "CA gốc trình diễn Một Cửa"
_ISSUING_NAME = "CA cấp phát trình diễn Một Cửa"
_RENEW_BEFORE = timedelta(days=30)
_YEAR = timedelta(days=365)
_PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class SoftwareKey:
    """A key held in memory once read: checking an RSA key at each use costs three times the signature."""

    def __init__(self, private_key: _PrivateKey, certificates: list[x509.Certificate]) -> None:
        self._private_key = private_key
        self.certificate = certificates[0]
        self.certificate_der = certificates[0].public_bytes(Encoding.DER)
        self.chain_der = tuple(certificate.public_bytes(Encoding.DER) for certificate in certificates[1:])

    def sign_sha256(self, data: bytes) -> bytes:
        if isinstance(self._private_key, rsa.RSAPrivateKey):
            return self._private_key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self._private_key.sign(data, ec.ECDSA(hashes.SHA256()))


class SoftwareKeyStore:
    """`trust_own_root` only in the demonstration: what we issue to ourselves proves nothing to others."""

    def __init__(self, folder: Path, trust_folder: Path | None, *, trust_own_root: bool) -> None:
        self._folder = folder
        self._trust_folder = trust_folder
        self._trust_own_root = trust_own_root
        self._keys: dict[str, tuple[int, SoftwareKey]] = {}

    def get_key(self, agency_code: str) -> SigningKey:
        path = self._certificate_path(agency_code)
        try:
            stamp = path.stat().st_mtime_ns
        except FileNotFoundError as error:
            raise SigningKeyMissing(agency_code) from error
        known = self._keys.get(agency_code)
        if known is None or known[0] != stamp:
            known = (stamp, _load_key(path))
            self._keys[agency_code] = known
        return known[1]

    def ensure_key(self, agency_code: str, agency_name: str, *, now: datetime) -> SigningKeyInfo:
        """Return the agency's demonstration key, made now if there is none or it is about to end."""
        if not self._trust_own_root:
            raise SigningKeyMissing(agency_code)
        path = self._certificate_path(agency_code)
        with self._lock():
            if not path.exists() or _load_key(path).certificate.not_valid_after_utc - now < _RENEW_BEFORE:
                self._issue(path, agency_code, agency_name, now)
        certificate = _load_key(path).certificate
        return SigningKeyInfo(
            agency_code=agency_code,
            agency_name=agency_name,
            certificate_sha256=certificate.fingerprint(hashes.SHA256()).hex(),
            valid_from=certificate.not_valid_before_utc,
            valid_to=certificate.not_valid_after_utc,
        )

    def list_trust_roots(self) -> Iterable[bytes]:
        own = [self._folder / "root.pem"] if self._trust_own_root else []
        given = sorted(self._trust_folder.iterdir()) if self._trust_folder and self._trust_folder.is_dir() else []
        for path in (*own, *given):
            if path.is_file() and path.suffix in (".pem", ".crt", ".cer", ".der"):
                yield from (certificate.public_bytes(Encoding.DER) for certificate in _load_certificates(path))

    def _certificate_path(self, agency_code: str) -> Path:
        if not _CODE.match(agency_code):
            raise SigningKeyMissing(agency_code)
        return self._folder / "agencies" / f"{agency_code}.pem"

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Two processes must not found two authorities."""
        (self._folder / "agencies").mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder.chmod(0o700)
        with (self._folder / ".lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _issue(self, path: Path, agency_code: str, agency_name: str, now: datetime) -> None:
        root_key, root = self._ensure_authority("root", _ROOT_NAME, None, now)
        issuing_key, issuing = self._ensure_authority("issuing", _ISSUING_NAME, (root_key, root), now)
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certify(
            _make_name(agency_name, agency_name, agency_code), key, (issuing_key, issuing), now, years=5, is_ca=False
        )
        _write_secret(path.with_suffix(".key"), _pem(key))
        chain = b"".join(item.public_bytes(Encoding.PEM) for item in (certificate, issuing))
        _write_secret(path, chain)

    def _ensure_authority(
        self, name: str, title: str, issuer: tuple[_PrivateKey, x509.Certificate] | None, now: datetime
    ) -> tuple[_PrivateKey, x509.Certificate]:
        path = self._folder / f"{name}.pem"
        if path.exists():
            return _load_private_key(path.with_suffix(".key")), _load_certificates(path)[0]
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _make_name(title, "Một Cửa (trình diễn)", "")
        certificate = _certify(subject, key, issuer, now, years=20 if issuer is None else 15, is_ca=True)
        _write_secret(path.with_suffix(".key"), _pem(key))
        _write_secret(path, certificate.public_bytes(Encoding.PEM))
        return key, certificate


def _make_name(common: str, organisation: str, code: str) -> x509.Name:
    words = common.split()
    while len(" ".join(words).encode()) > 64 and len(words) > 1:  # X.520 allows 64 octets; the whole name is in O
        words.pop()
    short = " ".join(words).encode()[:64].decode("utf-8", "ignore").rstrip(" ,")
    attributes = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
        x509.NameAttribute(NameOID.COMMON_NAME, short),
    ]
    if code:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, code))
    return x509.Name(attributes)


def _certify(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: tuple[_PrivateKey, x509.Certificate] | None,
    now: datetime,
    *,
    years: int,
    is_ca: bool,
) -> x509.Certificate:
    signing_key: _PrivateKey = issuer[0] if issuer else key
    public = issuer[1].public_key() if issuer else key.public_key()
    if not isinstance(public, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise TypeError("an authority signs with RSA or EC")
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[1].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.astimezone(UTC) - _YEAR)  # the demonstration city has a past
        .not_valid_after(now.astimezone(UTC) + years * _YEAR)
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(_make_usage(is_ca=is_ca), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
    )
    return builder.sign(signing_key, hashes.SHA256())


def _make_usage(*, is_ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_ca,
        content_commitment=not is_ca,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _write_secret(path: Path, content: bytes) -> None:
    part = path.with_suffix(f"{path.suffix}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    part.replace(path)


def _load_key(path: Path) -> SoftwareKey:
    return SoftwareKey(_load_private_key(path.with_suffix(".key")), _load_certificates(path))


def _load_private_key(path: Path) -> _PrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise TypeError("a signing key is RSA or EC")
    return key


def _load_certificates(path: Path) -> list[x509.Certificate]:
    content = path.read_bytes()
    if b"-----BEGIN" in content:
        return x509.load_pem_x509_certificates(content)
    return [x509.load_der_x509_certificate(content)]
