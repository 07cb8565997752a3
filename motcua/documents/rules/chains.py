"""Whether a chain of certificates leads to a root that is trusted here, and whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from asn1crypto import x509 as asn1  # type: ignore[import-untyped]  # the library that reads usages here
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from motcua.documents.rules.containers import is_for_documents

MAX_CHAIN = 5


def reaches_root(chain: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], *, now: datetime) -> bool:
    """Say whether the chain leads to a root that is trusted here, each certificate valid now."""
    current = chain[0]
    for _step in range(MAX_CHAIN):
        if not current.not_valid_before_utc <= now <= current.not_valid_after_utc:
            return False
        if any(_is_issued_by(current, root) and root.not_valid_after_utc >= now for root in roots):
            return True
        issuer = next((each for each in chain[1:] if each != current and _is_issued_by(current, each)), None)
        if issuer is None:
            return False
        current = issuer
    return False


def find_doubt(
    chain: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    *,
    now: datetime,
    crls: Sequence[bytes] = (),
) -> Literal["", "expired", "no_chain", "usage", "revoked"]:
    """Say why whoever signed with the first certificate is not trusted; nothing when he is."""
    first = chain[0]
    if not is_for_documents(asn1.Certificate.load(first.public_bytes(Encoding.DER))):
        return "usage"
    if any(_is_listed(first, der) for der in crls):
        return "revoked"
    if not first.not_valid_before_utc <= now <= first.not_valid_after_utc:
        return "expired"
    return "" if reaches_root(chain, roots, now=now) else "no_chain"


def _is_listed(certificate: x509.Certificate, crl_der: bytes) -> bool:
    try:
        listed = x509.load_der_x509_crl(crl_der)
    except ValueError:
        return False
    found = listed.get_revoked_certificate_by_serial_number(certificate.serial_number)
    return listed.issuer == certificate.issuer and found is not None


def _is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        is_authority = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.ExtensionNotFound):
        return False
    return is_authority


def read_name(name: x509.Name, kind: x509.ObjectIdentifier) -> str:
    """Return one part of a name; nothing when there is none."""
    found = name.get_attributes_for_oid(kind)
    return str(found[0].value) if found else ""


def name_of(certificate: x509.Certificate) -> str:
    """Return whose certificate it is."""
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()
