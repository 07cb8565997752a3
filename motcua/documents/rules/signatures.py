"""Is this PDF genuine? Reads every signature, trusts only the given roots, and never lets one changed byte pass.

Denied by default: what is not known to be good is not called good. A paper is valid only when every signature and every
time-stamp in it is, each covers all before it, and nothing but validation data follows the last one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko_certvalidator.errors import PathError, ValidationError

from motcua.documents.rules import report_words as words
from motcua.documents.rules.async_bridge import run_to_end
from motcua.documents.rules.containers import find_range_fault
from motcua.documents.rules.moments import Evidence, Stamp, gather_evidence, walk_document_stamps
from motcua.documents.rules.one_signature import judge_signature
from motcua.documents.rules.pdf_changes import (
    adds_validation_data_only,
    are_ranges_nested,
    ends_with_store_only,
    is_too_long_a_story,
)
from motcua.documents.rules.pdf_forms import compare_updates, is_only_filled, redraws_forms
from motcua.documents.rules.pdf_looks import hides_a_page, is_shown, lost_a_signature, shows_different_things
from motcua.documents.rules.pdf_reader import PARSER_FAULTS, BudgetedReader
from motcua.documents.types import MAX_VERIFY_BYTES, SignatureReport, SignatureStatus, SignerInfo, TrustAnchors
from motcua.kernel.messages import Message

_FAULTS = (*PARSER_FAULTS, ValidationError, PathError, InvalidSignature, UnsupportedAlgorithm)
_MAX_SIGNATURES = 50
_WORST_FIRST: tuple[SignatureStatus, ...] = ("unreadable", "changed", "untrusted", "unsigned", "valid")


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file whose signatures can be judged, in the order in which they were made."""

    pdf: bytes
    reader: BudgetedReader
    signatures: tuple[EmbeddedPdfSignature, ...]  # time-stamps among them

    @property
    def regular(self) -> tuple[EmbeddedPdfSignature, ...]:
        return tuple(item for item in self.signatures if item.sig_object_type == "/Sig")

    @property
    def stamps(self) -> tuple[EmbeddedPdfSignature, ...]:
        return tuple(item for item in self.signatures if item.sig_object_type == "/DocTimeStamp")


def verify_pdf_bytes(
    pdf: bytes, *, trust_roots: Sequence[bytes], now: datetime, crls: Sequence[bytes] = ()
) -> SignatureReport:
    """Say whether a PDF is as its signers left it, and who they are. Never raises, whatever the bytes.

    Shape: `trust_roots` are DER certificates, `crls` DER lists that are known without asking. A certificate must have
    been good when the signature provably existed: at its time-stamp, else at `now`.
    """
    if len(pdf) > MAX_VERIFY_BYTES:
        return SignatureReport("unreadable", (), covers_whole_file=False, sentences_vi=(words.TOO_LARGE,))
    try:
        opened = _open(pdf)
    except _FAULTS:
        return words.make_report("unreadable")
    if isinstance(opened, SignatureReport):
        return opened
    try:
        evidence = gather_evidence(opened.reader, TrustAnchors(tuple(trust_roots), tuple(crls)))
        return run_to_end(_judge_all(opened, evidence, now))
    except _FAULTS:
        return words.make_report("changed", reasons=(words.NOT_READ,))


def _open(pdf: bytes) -> _Opened | SignatureReport:
    """Return the file opened, or the report when there is nothing to judge. Raises: _FAULTS."""
    if not pdf.startswith(b"%PDF-"):
        return words.make_report("unreadable")
    reader = BudgetedReader(pdf, strict=True)
    if "/Encrypt" in reader.trailer_view:
        return words.make_report("unreadable", reasons=(words.ENCRYPTED,))
    filled = sum(1 for _ in enumerate_sig_fields(reader, filled_status=True))
    if filled and reader.xrefs.hybrid_xrefs_present:
        return words.make_report("untrusted", reasons=(words.TWO_TABLES,))
    signatures = tuple(reader.embedded_signatures)
    if len(signatures) != filled:
        return words.make_report("untrusted", reasons=(words.KIND_UNKNOWN,))  # one of a kind that the library skips
    if len(signatures) > _MAX_SIGNATURES or is_too_long_a_story(reader, signatures):
        return words.make_report("unreadable", reasons=(words.TOO_COMPLEX,))
    opened = _Opened(pdf, reader, signatures)
    if len(opened.regular) + len(opened.stamps) != len(signatures):
        return words.make_report("changed", reasons=(words.KIND_UNKNOWN,))
    if opened.regular:
        return opened
    if not signatures and lost_a_signature(pdf, reader):
        return words.make_report("changed", reasons=(words.TAKEN_OFF,))
    return words.make_report("unsigned")


async def _judge_all(opened: _Opened, evidence: Evidence, now: datetime) -> SignatureReport:
    whole_fault, is_filled = _find_whole_fault(opened)
    stamps = await _judge_stamps(opened, evidence, now) if not whole_fault else []
    signers = []
    for signature in opened.regular:
        later = [stamp for item, stamp in zip(opened.stamps, stamps, strict=False) if _end(item) > _end(signature)]
        signers.append(await _judge_one(signature, evidence, later=later, now=now))
    status = min((signer.status for signer in signers), key=_WORST_FIRST.index)
    reasons = [whole_fault] if whole_fault else []
    if whole_fault or any(not stamp.is_intact for stamp in stamps):
        status = "changed"
        reasons += [] if whole_fault else [words.STAMP_BROKEN]
    elif status == "valid" and any(not stamp.is_trusted for stamp in stamps):
        status = "untrusted"
        reasons.append(words.STAMP_UNKNOWN)
    doubts: tuple[tuple[Message, Callable[[], bool]], ...] = (
        (words.COVERED, lambda: hides_a_page(opened.signatures)),
        (words.REDRAWN, lambda: redraws_forms(opened.signatures)),
        (words.LIVING, lambda: shows_different_things(opened.pdf, opened.reader)),
        (words.FILLED, lambda: is_filled),
    )
    doubt = next((reason for reason, holds in doubts if status == "valid" and holds()), None)
    if doubt is not None:
        status = "untrusted"
        reasons.append(doubt)
    return words.make_report(
        status,
        signers,
        covers_whole_file=not whole_fault and _end(opened.signatures[-1]) == len(opened.pdf),
        archived_at=[stamp.at for stamp in stamps if stamp.is_proof],
        reasons=reasons,
    )


def _find_whole_fault(opened: _Opened) -> tuple[str, bool]:
    """Say what is wrong with the file as a whole (ranges, order, what follows), and whether blanks were filled."""
    for signature in opened.signatures:
        fault = find_range_fault(opened.pdf, signature)
        if fault:
            return fault, False
    if not are_ranges_nested(opened.signatures):
        return words.CHANGED_AFTER, False
    is_filled = compare_updates(opened.signatures)
    return _find_late_fault(opened, is_filled=is_filled), is_filled


def _find_late_fault(opened: _Opened, *, is_filled: bool) -> str:
    last = opened.signatures[-1]
    after_last_signer = opened.regular[-1]
    if _end(last) != len(opened.pdf) and not (
        ends_with_store_only(opened.pdf, last) or (is_filled and is_only_filled(last))
    ):
        return words.CHANGED_AFTER
    # Anybody can get a time-stamp: it must not carry anything visible in behind the last signer's back.
    unseen = {item.field_name for item in opened.stamps if not is_shown(item)}
    if after_last_signer is not last and not (
        adds_validation_data_only(after_last_signer, unseen=unseen)
        or (is_filled and is_only_filled(after_last_signer, unseen=unseen))
    ):
        return words.CHANGED_AFTER
    if any(is_shown(item) for item in opened.stamps):
        return words.STAMP_SHOWN
    return ""


async def _judge_stamps(opened: _Opened, evidence: Evidence, now: datetime) -> list[Stamp]:
    if any(item.sig_object.get("/SubFilter") != "/ETSI.RFC3161" for item in opened.stamps):
        raise ValueError("a document time-stamp of an unknown kind")
    return await walk_document_stamps(opened.stamps, evidence, now=now)


async def _judge_one(
    signature: EmbeddedPdfSignature, evidence: Evidence, *, later: Sequence[Stamp], now: datetime
) -> SignerInfo:
    proofs = [stamp.at for stamp in later if stamp.is_proof]
    try:
        return await judge_signature(signature, evidence, proved_by=min(proofs, default=None), now=now)
    except _FAULTS:
        return SignerInfo("", "", "", "", "", "", None, "changed", reasons_vi=(words.NOT_READ,))


def _end(signature: EmbeddedPdfSignature) -> int:
    return int(signature.byte_range[2]) + int(signature.byte_range[3])
