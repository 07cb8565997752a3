"""Checking signatures against the roots that this installation trusts."""

from __future__ import annotations

import hashlib
from datetime import datetime

from motcua.documents.models import SignedRevision
from motcua.documents.queries.drivers import get_key_store
from motcua.documents.rules.jws import verify_detached
from motcua.documents.rules.kinds import verify_any
from motcua.documents.rules.signatures import verify_pdf_bytes
from motcua.documents.rules.xades import verify_xml_document
from motcua.documents.types import BytesSignature, SignatureReport, XmlSignature
from motcua.kernel import clock


def verify_pdf(pdf: bytes, *, now: datetime | None = None) -> SignatureReport:
    """Say whether a PDF is as its signers left it, and who they are. Never raises, whatever the bytes."""
    store = get_key_store()
    return verify_pdf_bytes(
        pdf, trust_roots=list(store.list_trust_roots()), crls=list(store.list_crls()), now=now or clock.now()
    )


def verify_document(content: bytes, *, now: datetime | None = None) -> SignatureReport:
    """Say whether a PDF or XML file is as its signers left it, and who they are. Never raises, whatever the bytes."""
    store = get_key_store()
    return verify_any(
        content, trust_roots=list(store.list_trust_roots()), crls=list(store.list_crls()), now=now or clock.now()
    )


def find_origin_sha256(content: bytes) -> str:
    """Return the SHA-256 of a paper as it was first signed, however often it was completed or renewed since."""
    sha256 = hashlib.sha256(content).hexdigest()
    row = SignedRevision.objects.filter(sha256=sha256).only("origin_sha256").first()
    return row.origin_sha256 if row else sha256


def verify_bytes(data: bytes, jws: str, *, now: datetime) -> BytesSignature:
    """Say whether a detached signature fits the data, and whose it is. Never raises, whatever the text."""
    return verify_detached(data, jws, trust_roots=get_key_store().list_trust_roots(), now=now)


def verify_xml(xml: bytes, *, now: datetime) -> XmlSignature:
    """Say whether a signature covers the whole XML document, and whose it is. Never raises, whatever the bytes."""
    store = get_key_store()
    return verify_xml_document(xml, trust_roots=store.list_trust_roots(), now=now, crls=store.list_crls())
