"""Making and keeping certificates: names, usages, files that only the service may read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

YEAR = timedelta(days=365)
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a certificate is for, how long it lives, and where its revocation is asked."""

    years: int
    is_ca: bool = False
    extended: tuple[x509.ObjectIdentifier, ...] = ()
    is_never_checked: bool = False  # a responder's own certificate (id-pkix-ocsp-nocheck)
    services_url: str = ""  # base address of OCSP and CRL; empty: the certificate names none


AUTHORITY = Purpose(years=15, is_ca=True)
TIME_STAMPING = Purpose(years=12, extended=(ExtendedKeyUsageOID.TIME_STAMPING,))
RESPONDING = Purpose(years=12, extended=(ExtendedKeyUsageOID.OCSP_SIGNING,), is_never_checked=True)


def make_name(common: str, organisation: str, code: str) -> x509.Name:
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


def certify(
    subject: x509.Name,
    key: PrivateKey,
    issuer: tuple[PrivateKey, x509.Certificate] | None,
    now: datetime,
    *,
    purpose: Purpose,
) -> x509.Certificate:
    """Return a certificate of `key` for one purpose, by `issuer` or by itself."""
    signing_key: PrivateKey = issuer[0] if issuer else key
    public = issuer[1].public_key() if issuer else key.public_key()
    if not isinstance(public, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise TypeError("an authority signs with RSA or EC")
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[1].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.astimezone(UTC) - YEAR)  # the demonstration city has a past
        .not_valid_after(now.astimezone(UTC) + purpose.years * YEAR)
        .add_extension(x509.BasicConstraints(ca=purpose.is_ca, path_length=None), critical=True)
        .add_extension(_make_usage(purpose), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
    )
    if purpose.extended:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purpose.extended), critical=True)
    if purpose.is_never_checked:
        builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
    if purpose.services_url:
        for extension in _name_services(purpose.services_url, "root" if purpose.is_ca else "issuing"):
            builder = builder.add_extension(extension, critical=False)
    return builder.sign(signing_key, hashes.SHA256())


def _name_services(base: str, issuer: str) -> tuple[x509.ExtensionType, x509.ExtensionType]:
    crl = x509.DistributionPoint([x509.UniformResourceIdentifier(f"{base}/{issuer}.crl")], None, None, None)
    ocsp = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(f"{base}/ocsp"))
    return x509.CRLDistributionPoints([crl]), x509.AuthorityInformationAccess([ocsp])


def _make_usage(purpose: Purpose) -> x509.KeyUsage:
    is_ca = purpose.is_ca
    return x509.KeyUsage(
        digital_signature=not is_ca,
        content_commitment=not is_ca and ExtendedKeyUsageOID.OCSP_SIGNING not in purpose.extended,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def to_pem(key: PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def write_secret(path: Path, content: bytes) -> None:
    part = path.with_suffix(f"{path.suffix}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    part.replace(path)


def load_private_key(path: Path) -> PrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise TypeError("a signing key is RSA or EC")
    return key


def load_certificates(path: Path) -> list[x509.Certificate]:
    content = path.read_bytes()
    if b"-----BEGIN" in content:
        return x509.load_pem_x509_certificates(content)
    return [x509.load_der_x509_certificate(content)]
