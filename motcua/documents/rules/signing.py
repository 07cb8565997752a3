"""Signing a PDF: PAdES baseline B-B to B-LTA (ETSI EN 319 142-1), SHA-256, each signature one incremental update.

The revocation data stand in the same update as the signature, so the signature itself protects them and not one byte
of the file is free. An archive time-stamp is a further update that covers everything before it.
Source: Decree 30/2020/NĐ-CP, Art. 5; in force 2020-03-05. ETSI EN 319 142-1 V1.2.1, 6.3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

from asn1crypto import crl, ocsp, x509  # type: ignore[import-untyped]  # pyHanko's faces speak in its types
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp, PdfSignedData, SignatureObject
from pyhanko.sign.validation.dss import DocumentSecurityStore

from motcua.documents.rules.appearance import draw_appearance, to_field
from motcua.documents.rules.cms import make_signature
from motcua.documents.rules.pdf_reader import PARSER_FAULTS
from motcua.documents.types import (
    Appearance,
    NotSignable,
    RevocationData,
    SignedPaper,
    SigningKey,
    TimeStamper,
    TimeStampUnavailable,
)
from motcua.kernel.clock import HCM

_FIELD_NAME = "ChuKySo"
_STAMP_NAME = "DauThoiGian"
_ROOM = 1_536  # attributes and signature of one container, beside its certificates
_ROOM_UNKNOWN = 6_144  # certificates of a time-stamping service that are not known beforehand


def sign_pdf_bytes(
    pdf: bytes, *, key: SigningKey, signer_name: str, reason: str, now: datetime, appearance: Appearance | None = None
) -> bytes:
    """Return the PDF with one more signature (B-B); signatures that are there stay valid.

    Raises: NotSignable when the PDF cannot be read.
    """
    return sign_pdf_paper(pdf, key=key, signer_name=signer_name, reason=reason, now=now, appearance=appearance).content


def sign_pdf_paper(
    pdf: bytes,
    *,
    key: SigningKey,
    signer_name: str,
    reason: str,
    now: datetime,
    stamper: TimeStamper | None = None,
    revocation: RevocationData | None = None,
    is_archived: bool = False,
    appearance: Appearance | None = None,
) -> SignedPaper:
    """Return the PDF with one more signature, at the level that what is given allows; a silent stamper lowers it.

    Shape: `stamper` gives B-T, `revocation` beside it B-LT, `is_archived` beside both B-LTA.
    Raises: NotSignable when the PDF cannot be read.
    """
    try:
        content, is_stamped = _sign(pdf, key, signer_name, reason, now, stamper, revocation, appearance)
        if not is_stamped:
            return SignedPaper(content, "B-B", ("time-stamp",) if stamper else ())
        if revocation is None:
            return SignedPaper(content, "B-T")
        if not is_archived or stamper is None:
            return SignedPaper(content, "B-LT")
        return _archive_if_possible(content, stamper=stamper, now=now)
    except PARSER_FAULTS as error:
        raise NotSignable from error


def archive_pdf_bytes(
    pdf: bytes, *, stamper: TimeStamper, certificates: Iterable[bytes], revocation: RevocationData, now: datetime
) -> bytes:
    """Return the PDF with its validation data and one more time-stamp over the whole of it.

    The same step lifts a plain signature to B-LTA and renews an archive time-stamp before it ages.
    Raises: NotSignable; TimeStampUnavailable.
    """
    try:
        writer = _open(pdf)
        _add_validation_data(writer, certificates, revocation)
        return _stamp(writer, stamper=stamper, now=now)
    except PARSER_FAULTS as error:
        raise NotSignable from error


def _archive_if_possible(content: bytes, *, stamper: TimeStamper, now: datetime) -> SignedPaper:
    try:
        return SignedPaper(_stamp(_open(content), stamper=stamper, now=now), "B-LTA")
    except TimeStampUnavailable:
        return SignedPaper(content, "B-LT", ("time-stamp",))


def _sign(
    pdf: bytes,
    key: SigningKey,
    signer_name: str,
    reason: str,
    now: datetime,
    stamper: TimeStamper | None,
    revocation: RevocationData | None,
    appearance: Appearance | None,
) -> tuple[bytes, bool]:
    """Return the signed bytes and whether they bear a time-stamp."""
    writer = _open(pdf)
    known = (key.certificate_der, *key.chain_der, *(stamper.certificates if stamper else ()))
    if revocation is not None:
        _add_validation_data(writer, known, revocation)
    placeholder = SignatureObject(
        timestamp=now.astimezone(HCM),
        subfilter=fields.SigSeedSubFilter.PADES,
        name=signer_name,
        reason=reason,
        location="Việt Nam",
        bytes_reserved=_reserve(known, stamper),
    )
    stamped: list[bool] = []

    def seal(digest: bytes) -> bytes:
        def stamp(signature_sha256: bytes) -> bytes:
            token = _ask(stamper, signature_sha256, now=now)
            stamped.append(bool(token))
            return token

        return make_signature(digest, key=key, stamp=stamp)

    name = _choose_name(writer, _FIELD_NAME)
    spec = to_field(appearance, name) if appearance else None
    return _embed(writer, placeholder, name, seal, spec=spec, appearance=appearance), stamped == [True]


def _ask(stamper: TimeStamper | None, digest: bytes, *, now: datetime) -> bytes:
    """Return a token, or nothing: a paper is signed also when the time-stamper is silent."""
    if stamper is None:
        return b""
    try:
        return stamper.stamp(digest, now=now)
    except TimeStampUnavailable:
        return b""


def _stamp(writer: IncrementalPdfFileWriter, *, stamper: TimeStamper, now: datetime) -> bytes:
    make: Any = DocumentTimestamp
    placeholder = make(bytes_reserved=_reserve(stamper.certificates, stamper))
    return _embed(writer, placeholder, _choose_name(writer, _STAMP_NAME), lambda digest: stamper.stamp(digest, now=now))


def _embed(
    writer: IncrementalPdfFileWriter,
    placeholder: PdfSignedData,
    field_name: str,
    seal: Callable[[bytes], bytes],
    *,
    spec: fields.SigFieldSpec | None = None,
    appearance: Appearance | None = None,
) -> bytes:
    """Write the update with room for a container, then put in what `seal` makes of the digest."""
    steps: Any = PdfCMSEmbedder(new_field_spec=spec).write_cms(field_name=field_name, writer=writer)
    field = next(steps)
    if appearance is not None:
        draw_appearance(writer, field.get_object(), appearance)
    steps.send(SigObjSetup(sig_placeholder=placeholder))
    digest, output = steps.send(SigIOSetup(md_algorithm="sha256"))
    steps.send(seal(digest.document_digest))
    return bytes(output.getvalue())


class _QuietWriter(IncrementalPdfFileWriter):
    """A signature changes nothing but the signature: not the date of change, not who made the file."""

    def _update_meta(self) -> None:
        return


def _open(pdf: bytes) -> IncrementalPdfFileWriter:
    return _QuietWriter(BytesIO(pdf), strict=False)


def _reserve(certificates: Iterable[bytes], stamper: TimeStamper | None) -> int:
    """Return the hex digits to keep free for a container."""
    token = 0 if stamper is None else _ROOM + (0 if stamper.certificates else _ROOM_UNKNOWN)
    return 2 * (_ROOM + sum(len(item) for item in certificates) + token)


def _add_validation_data(
    writer: IncrementalPdfFileWriter, certificates: Iterable[bytes], revocation: RevocationData
) -> None:
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[_load_certificate(der) for der in dict.fromkeys(certificates)],
        ocsps=[ocsp.OCSPResponse.load(der) for der in revocation.ocsps],
        crls=[crl.CertificateList.load(der) for der in revocation.crls],
    )


@lru_cache(maxsize=256)
def _load_certificate(der: bytes) -> x509.Certificate:
    return x509.Certificate.load(der)


def _choose_name(writer: IncrementalPdfFileWriter, stem: str) -> str:
    taken = {name for name, _, _ in fields.enumerate_sig_fields(writer.prev)}
    number = 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"
