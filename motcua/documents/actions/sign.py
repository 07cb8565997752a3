"""Signing in an agency's name, and the demonstration's keys."""

from __future__ import annotations

from datetime import datetime

from motcua.documents.queries.drivers import get_key_store
from motcua.documents.rules.jws import sign_detached
from motcua.documents.rules.signing import sign_pdf_bytes
from motcua.documents.types import SigningKeyInfo


def ensure_demo_key(agency_code: str, agency_name: str, *, now: datetime) -> SigningKeyInfo:
    """Return the agency's demonstration key, made at the first call; only in the demonstration.

    Raises: SigningKeyMissing outside the demonstration.
    """
    return get_key_store().ensure_key(agency_code, agency_name, now=now)


def sign_pdf(pdf: bytes, *, agency_code: str, signer_name: str, reason: str, now: datetime) -> bytes:
    """Return the PDF signed (PAdES B-B) with the key of the agency, for the named official, at `now`.

    Raises: SigningKeyMissing, NotSignable.
    """
    key = get_key_store().get_key(agency_code)
    return sign_pdf_bytes(pdf, key=key, signer_name=signer_name, reason=reason, now=now)


def sign_bytes(data: bytes, *, agency_code: str) -> str:
    """Return a detached JWS over the data with the key of the agency. Raises: SigningKeyMissing."""
    return sign_detached(data, key=get_key_store().get_key(agency_code))
