"""Whether a chain of certificates leads to a root that is trusted here, and whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature

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


def _is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        is_authority = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    return is_authority


def name_of(certificate: x509.Certificate) -> str:
    """Return whose certificate it is."""
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()
