"""When was it, provably? Time-stamps are walked from the newest back: each vouches for the moment of what it covers.

Source: ETSI EN 319 102-1 V1.3.1, 5.6 (past signature validation, with proofs of existence).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from asn1crypto import cms, crl, ocsp, x509  # type: ignore[import-untyped]  # pyHanko's faces speak in its types
from cryptography import x509 as pyca
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from motcua.documents.rules.containers import STRONG_DIGESTS, are_certificates_borne, find_container_fault
from motcua.documents.rules.pdf_reader import PARSER_FAULTS
from motcua.documents.types import TrustAnchors

_TOLERANCE = timedelta(seconds=60)
_MAX_ITEMS = 200


@dataclass(frozen=True, slots=True)
class Evidence:
    """Whom to believe, and what the file and this installation know of certificates and their revocation."""

    roots: tuple[x509.Certificate, ...]
    root_ders: tuple[bytes, ...]
    certificates: tuple[x509.Certificate, ...]
    ocsps: tuple[ocsp.OCSPResponse, ...]
    crls: tuple[crl.CertificateList, ...]
    holds_answers: bool  # the file itself brings revocation data

    @property
    def known(self) -> tuple[bytes, ...]:
        return (*self.root_ders, *(item.dump() for item in self.certificates))

    def at(self, moment: datetime) -> ValidationContext:
        """Return the judge of certificates for a moment; what names a source of revocation must have an answer."""
        return ValidationContext(
            trust_roots=list(self.roots),
            other_certs=self.certificates,
            allow_fetching=False,
            moment=moment,
            ocsps=self.ocsps,
            crls=self.crls,
            revocation_mode="hard-fail",
            retroactive_revinfo=True,  # an answer given later speaks of the past too
            time_tolerance=_TOLERANCE,
        )

    def says_revoked(self, signed: cms.SignedData, moment: datetime) -> bool:
        """Say whether anything at hand calls a certificate of this container revoked by then.

        Heard also where the certificate names no source, and without asking who says so: to doubt is safe.
        """
        certificates = [item.chosen for item in signed["certificates"]]
        serials = {item.serial_number for item in certificates}
        for answer in self.ocsps:
            for single in _list_singles(answer):
                if single["cert_status"].name != "revoked" or single["cert_id"]["serial_number"].native not in serials:
                    continue
                if single["cert_status"].chosen["revocation_time"].native <= moment:
                    return True
        names = {item.issuer.dump() for item in certificates}
        return any(listed.issuer.dump() in names and _lists_any(listed, serials, moment) for listed in self.crls)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time-stamp: when, whether it fits what it covers, whether its issuer is believed, whether it is well made."""

    at: datetime
    is_intact: bool
    is_trusted: bool

    @property
    def is_proof(self) -> bool:
        return self.is_intact and self.is_trusted


def gather_evidence(reader: PdfFileReader, anchors: TrustAnchors) -> Evidence:
    """Read the file's own store; a store that cannot be read helps nobody and hurts nobody."""
    roots = tuple(_load_root(der) for der in anchors.roots)
    local = tuple(crl.CertificateList.load(der) for der in anchors.crls)
    try:
        store = DocumentSecurityStore.read_dss(reader)
        if len(store.certs) + len(store.ocsps) + len(store.crls) > _MAX_ITEMS:
            raise ValueError("too much validation data")
        certificates = tuple(store.load_certs())
        ocsps = tuple(ocsp.OCSPResponse.load(item.get_object().data) for item in store.ocsps)
        crls = tuple(crl.CertificateList.load(item.get_object().data) for item in store.crls)
        for item in (*certificates, *ocsps):
            _ = item.native if not isinstance(item, x509.Certificate) else item.issuer_serial
        for item in crls:  # a list may name a hundred thousand: its shape is checked by a quicker hand
            pyca.load_der_x509_crl(item.dump())
    except PARSER_FAULTS:
        certificates, ocsps, crls = (), (), ()
    return Evidence(roots, anchors.roots, certificates, ocsps, (*crls, *local), holds_answers=bool(ocsps or crls))


async def judge_token(
    signed: cms.SignedData, imprint: Callable[[str], bytes], evidence: Evidence, *, moment: datetime
) -> Stamp:
    """Say what a token proves at a moment. Raises: PARSER_FAULTS when it is no token."""
    fields = await validate_tst_signed_data(signed, evidence.at(moment), imprint)
    status = TimestampSignatureStatus(**fields)
    fault = find_container_fault(signed, status.signing_cert, is_stamp=True)
    hashed_by = signed["encap_content_info"]["content"].parsed["message_imprint"]["hash_algorithm"]["algorithm"].native
    is_intact = bool(status.intact and status.valid)
    is_well_made = fault is None and hashed_by in STRONG_DIGESTS
    is_past = status.timestamp <= moment + _TOLERANCE
    is_past = is_past and not evidence.says_revoked(signed, moment)
    is_believed = bool(status.trusted) and are_certificates_borne(signed, evidence.known)
    return Stamp(status.timestamp, is_intact, is_intact and is_well_made and is_past and is_believed)


async def walk_document_stamps(
    stamps: Sequence[EmbeddedPdfSignature], evidence: Evidence, *, now: datetime
) -> list[Stamp]:
    """Return the verdicts on the time-stamps of a file in its order; each is judged when the next one proves."""
    moment, found = now, []
    for embedded in reversed(stamps):
        stamp = await judge_token(embedded.signed_data, embedded.compute_digest, evidence, moment=moment)
        found.append(stamp)
        if stamp.is_proof:
            moment = stamp.at
    return found[::-1]


def _list_singles(answer: ocsp.OCSPResponse) -> Iterable[ocsp.SingleResponse]:
    if answer["response_status"].native != "successful":
        return ()
    return tuple(answer.response_data["responses"])


def _lists_any(listed: crl.CertificateList, serials: Collection[int], moment: datetime) -> bool:
    opened = pyca.load_der_x509_crl(listed.dump())
    entries = (opened.get_revoked_certificate_by_serial_number(serial) for serial in serials)
    return any(entry is not None and entry.revocation_date_utc <= moment for entry in entries)


@lru_cache(maxsize=64)
def _load_root(der: bytes) -> x509.Certificate:
    return x509.Certificate.load(der)
