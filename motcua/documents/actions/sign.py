"""Signing in an agency's name, and the demonstration's keys."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from motcua.documents.actions.renew import note_revision
from motcua.documents.queries.drivers import (
    get_key_store,
    get_revocation_source,
    get_signature_level,
    get_time_stamper,
)
from motcua.documents.rules.jws import sign_detached
from motcua.documents.rules.signing import sign_pdf_paper
from motcua.documents.types import (
    Appearance,
    PaperToSign,
    RevocationData,
    RevocationUnavailable,
    ShownPaperChanged,
    SignatureLevel,
    SignedPaper,
    SigningKey,
    SigningKeyInfo,
    TimeStamper,
)


def ensure_demo_key(agency_code: str, agency_name: str, *, now: datetime) -> SigningKeyInfo:
    """Return the agency's demonstration key, made at the first call; only in the demonstration.

    Raises: SigningKeyMissing outside the demonstration.
    """
    return get_key_store().ensure_key(agency_code, agency_name, now=now)


def sign_pdf(pdf: bytes, *, agency_code: str, signer_name: str, reason: str, now: datetime) -> bytes:
    """Return the PDF signed with the key of the agency, for the named official, at `now`.

    Raises: SigningKeyMissing, NotSignable.
    """
    return sign_paper(pdf, agency_code=agency_code, signer_name=signer_name, reason=reason, now=now).content


def sign_paper(
    pdf: bytes,
    *,
    agency_code: str,
    signer_name: str,
    reason: str,
    now: datetime,
    level: SignatureLevel | None = None,
    appearance: Appearance | None = None,
) -> SignedPaper:
    """Return the PDF signed at the wanted level (MOTCUA_SIGNATURE_LEVEL), or at the one that is possible now.

    Inside a transaction no network is touched: what a distant service must add is added by a job within a minute, as it
    is when the service does not answer. Raises: SigningKeyMissing, NotSignable.
    """
    key = get_key_store().get_key(agency_code)
    return _sign(pdf, key, signer_name, reason, now, level or get_signature_level(), appearance)


def sign_papers(
    papers: Iterable[PaperToSign], *, agency_code: str, signer_name: str, now: datetime
) -> tuple[SignedPaper | ShownPaperChanged, ...]:
    """Sign a leader's list with the key opened once; each paper only if it is byte for byte the one that was shown.

    Shape: one answer for each paper, in order; a paper that differs from what was shown is answered by its refusal, and
    the others are signed all the same. Raises: SigningKeyMissing.
    """
    key = get_key_store().get_key(agency_code)
    level = get_signature_level()
    answers: list[SignedPaper | ShownPaperChanged] = []
    for paper in papers:
        if hashlib.sha256(paper.content).hexdigest() != paper.shown_sha256:
            answers.append(ShownPaperChanged(paper.shown_sha256))
        else:
            answers.append(_sign(paper.content, key, signer_name, paper.reason, now, level, paper.appearance))
    return tuple(answers)


def _sign(
    pdf: bytes,
    key: SigningKey,
    signer_name: str,
    reason: str,
    now: datetime,
    level: SignatureLevel,
    appearance: Appearance | None,
) -> SignedPaper:
    stamper = _choose_stamper(level)
    signed = sign_pdf_paper(
        pdf,
        key=key,
        signer_name=signer_name,
        reason=reason,
        now=now,
        stamper=stamper,
        revocation=_collect(key, stamper, level=level, now=now),
        is_archived=level == "B-LTA",
        appearance=appearance,
    )
    note_revision(signed, wanted=level, now=now)
    return signed


def _choose_stamper(level: SignatureLevel) -> TimeStamper | None:
    stamper = get_time_stamper() if level != "B-B" else None
    return None if stamper is not None and stamper.is_remote and connection.in_atomic_block else stamper


def _collect(
    key: SigningKey, stamper: TimeStamper | None, *, level: SignatureLevel, now: datetime
) -> RevocationData | None:
    source = get_revocation_source() if level in ("B-LT", "B-LTA") else None
    if source is None or stamper is None or (source.is_remote and connection.in_atomic_block):
        return None
    try:
        return source.collect((key.certificate_der, *key.chain_der, *stamper.certificates), now=now)
    except RevocationUnavailable:
        return None


def sign_bytes(data: bytes, *, agency_code: str) -> str:
    """Return a detached JWS over the data with the key of the agency. Raises: SigningKeyMissing."""
    return sign_detached(data, key=get_key_store().get_key(agency_code))
