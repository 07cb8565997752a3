"""Signing in an agency's name, and the demonstration's keys."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import connection

from motcua.documents.actions.renew import note_revision
from motcua.documents.queries.drivers import (
    get_key_store,
    get_revocation_source,
    get_signature_level,
    get_signature_picture,
    get_time_stamper,
)
from motcua.documents.rules.appearance import draw_demo_hand, draw_demo_seal, place_seal
from motcua.documents.rules.jws import sign_detached
from motcua.documents.rules.signing import sign_pdf_paper
from motcua.documents.rules.xades import sign_xml_document
from motcua.documents.types import (
    Appearance,
    PaperSigner,
    RevocationData,
    RevocationUnavailable,
    ShownPaperChanged,
    SignatureLevel,
    SignedPaper,
    SigningKey,
    SigningKeyInfo,
    SigningKeyMissing,
    SigningPlace,
    TimeStamper,
)
from motcua.kernel.clock import HCM


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


def sign_as_official(
    pdf: bytes, *, signer: PaperSigner, shown_sha256: str, reason: str, place: SigningPlace | None = None, now: datetime
) -> SignedPaper:
    """Return the paper with the official's own signature and then the agency's seal, both over exactly what was shown.

    `place`: where the hand shows, with the seal over a third of it; without it neither shows. Outside the demonstration
    an official without a key of his own signs nothing. Raises: ShownPaperChanged, SigningKeyMissing, NotSignable.
    Source: Decree 30/2020/NĐ-CP, Art. 13 and Annex I, part II, section 7 (who signs; how signature and seal look).
    """
    if hashlib.sha256(pdf).hexdigest() != shown_sha256:
        raise ShownPaperChanged(shown_sha256)
    level = get_signature_level()
    own = _get_official_key(signer, now=now)
    seal_key = get_key_store().get_key(signer.agency_code)
    hand, seal = _make_looks(signer, place, now=now)
    below: SignatureLevel = "B-LT" if level == "B-LTA" else level  # one archive time-stamp, over both signatures
    signed = _make_signature(pdf, own, signer.official_name, reason, now, below, hand)
    return _sign(signed.content, seal_key, signer.agency_name, reason, now, level, seal)


def _get_official_key(signer: PaperSigner, *, now: datetime) -> SigningKey:
    store = get_key_store()
    try:
        return store.get_key(signer.official_code)
    except SigningKeyMissing:
        store.ensure_key(signer.official_code, signer.agency_name, now=now, person=signer.official_name)
        return store.get_key(signer.official_code)  # only the demonstration makes keys as they are needed


def _make_looks(
    signer: PaperSigner, place: SigningPlace | None, *, now: datetime
) -> tuple[Appearance | None, Appearance | None]:
    if place is None:
        return None, None
    hand_png = get_signature_picture(signer.official_code, lambda: draw_demo_hand(signer.official_name))
    seal_png = get_signature_picture(signer.agency_code, draw_demo_seal)
    if hand_png is None:
        return None, None
    hand = Appearance("official", hand_png, place.box, page=place.page, text=signer.official_name)
    if seal_png is None:
        return hand, None
    return hand, place_seal(hand, seal_png=seal_png, agency_name=signer.agency_name, at=now.astimezone(HCM))


def _sign(
    pdf: bytes,
    key: SigningKey,
    signer_name: str,
    reason: str,
    now: datetime,
    level: SignatureLevel,
    appearance: Appearance | None,
) -> SignedPaper:
    signed = _make_signature(pdf, key, signer_name, reason, now, level, appearance)
    note_revision(signed, wanted=level, now=now)
    return signed


def _make_signature(
    pdf: bytes,
    key: SigningKey,
    signer_name: str,
    reason: str,
    now: datetime,
    level: SignatureLevel,
    appearance: Appearance | None,
) -> SignedPaper:
    stamper = _choose_stamper(level)
    return sign_pdf_paper(
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


def sign_xml(xml: bytes, *, agency_code: str, now: datetime) -> bytes:
    """Return the XML with a XAdES signature by the key of the agency. Raises: SigningKeyMissing; NotSignable."""
    return sign_xml_document(xml, key=get_key_store().get_key(agency_code), now=now)
