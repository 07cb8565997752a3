"""Checking signatures against the roots that this installation trusts."""

from __future__ import annotations

from datetime import datetime

from motcua.documents.queries.drivers import get_key_store
from motcua.documents.rules.jws import verify_detached
from motcua.documents.rules.signatures import verify_pdf_bytes
from motcua.documents.types import BytesSignature, SignatureReport
from motcua.kernel import clock


def verify_pdf(pdf: bytes, *, now: datetime | None = None) -> SignatureReport:
    """Say whether a PDF is as its signers left it, and who they are. Never raises, whatever the bytes."""
    roots = list(get_key_store().list_trust_roots())
    return verify_pdf_bytes(pdf, trust_roots=roots, now=now or clock.now())


def verify_bytes(data: bytes, jws: str, *, now: datetime) -> BytesSignature:
    """Say whether a detached signature fits the data, and whose it is. Never raises, whatever the text."""
    return verify_detached(data, jws, trust_roots=get_key_store().list_trust_roots(), now=now)
