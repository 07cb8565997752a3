"""One signature: does it fit the paper, was its certificate good when it provably existed, who is it?"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.generic_cms import cms_basic_validation, extract_tst_data_iter, message_imprint_checker
from pyhanko.sign.validation.pdf_embedded import report_seed_value_validation
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel

from motcua.documents.rules import report_words as words
from motcua.documents.rules.containers import (
    CONTAINER_ODD,
    WEAK,
    WRONG_USAGE,
    are_certificates_borne,
    find_container_fault,
    is_for_documents,
    names_its_certificate,
)
from motcua.documents.rules.moments import Evidence, Stamp, judge_token
from motcua.documents.types import SignatureLevel, SignatureStatus, SignerInfo
from motcua.kernel.messages import Message

_USAGE = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"})
_KINDS = (SigSeedSubFilter.PADES.value, SigSeedSubFilter.ADOBE_PKCS7_DETACHED.value)
_WHOLE = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)
_MAX_TEXT = 300
_ALLOWED: dict[MDPPerm | None, Literal["none", "forms", "notes", ""]] = {
    None: "",
    MDPPerm.NO_CHANGES: "none",
    MDPPerm.FILL_FORMS: "forms",
    MDPPerm.ANNOTATE: "notes",
}


async def judge_signature(
    signature: EmbeddedPdfSignature, evidence: Evidence, *, proved_by: datetime | None, now: datetime
) -> SignerInfo:
    """Return what one signature says; `proved_by` is the earliest good time-stamp over the file that covers it.

    Raises: PARSER_FAULTS and the like when it cannot be read.
    """
    stamp = await _judge_own_stamp(signature, evidence, moment=proved_by or now)
    stamped_at = stamp.at if stamp is not None and stamp.is_proof else proved_by
    if _is_changed_after(signature):
        return _describe(signature, "changed", words.CHANGED_AFTER, None)
    doubt = _find_doubt(signature)
    if doubt in (words.KIND_UNKNOWN, WEAK):  # nothing that it says of the paper proves anything
        return _describe_unproved(signature, doubt)
    if stamp is not None and not stamp.is_intact:
        return _describe(signature, "changed", words.STAMP_BROKEN, None)
    found = await cms_basic_validation(
        signature.signed_data,
        raw_digest=signature.compute_digest(),
        validation_context=evidence.at(stamped_at or now),
        key_usage_settings=_USAGE,
    )
    status, reason = _conclude(signature, found, stamp)
    if status == "valid":
        reason = doubt or _find_late_doubt(signature, evidence, moment=stamped_at or now, now=now)
        status = "untrusted" if reason else "valid"
    level = _find_level(evidence, stamped_at, proved_by)
    return _describe(signature, status, reason, stamped_at, level, is_proved=status != "changed")


async def _judge_own_stamp(signature: EmbeddedPdfSignature, evidence: Evidence, *, moment: datetime) -> Stamp | None:
    tokens = list(extract_tst_data_iter(signature.signer_info, signed=False))
    if not tokens:
        return None
    return await judge_token(tokens[0], message_imprint_checker(signature.signer_info), evidence, moment=moment)


def _is_changed_after(signature: EmbeddedPdfSignature) -> bool:
    if signature.coverage is None:
        checked: Any = signature
        checked.compute_integrity_info(skip_diff=True)
    return signature.coverage not in _WHOLE or not signature.summarise_integrity_info()["docmdp_ok"]


def _find_doubt(signature: EmbeddedPdfSignature) -> Message | None:
    """Say why a signature is not one that we confirm, though the paper may be as it was signed."""
    subfilter = signature.sig_object.get("/SubFilter")
    if subfilter not in _KINDS:
        return words.KIND_UNKNOWN
    fault = find_container_fault(signature.signed_data, signature.signer_cert, is_stamp=False)
    if fault is None and subfilter == SigSeedSubFilter.PADES.value and not names_its_certificate(signature.signer_info):
        return words.NO_CERTIFICATE_BOUND
    return fault


def _find_late_doubt(
    signature: EmbeddedPdfSignature, evidence: Evidence, *, moment: datetime, now: datetime
) -> Message | None:
    """Look at what costs more, where all else is good."""
    if not are_certificates_borne(signature.signed_data, evidence.known):
        return CONTAINER_ODD
    if evidence.says_revoked(signature.signed_data, moment):
        return words.REVOKED
    claimed = signature.self_reported_timestamp
    if claimed is not None and claimed.tzinfo is not None and claimed > now + words.CLAIM_TOLERANCE:
        return words.CLAIM_IMPOSSIBLE
    return None


def _describe_unproved(signature: EmbeddedPdfSignature, doubt: Message) -> SignerInfo:
    """A weak digest that does not fit shows a change; one that fits proves nothing."""
    attributes = signature.signer_info["signed_attrs"] or ()
    named = [item["values"][0].native for item in attributes if item["type"].native == "message_digest"]
    if doubt == WEAK and named and signature.compute_digest() != named[0]:
        return _describe(signature, "changed", words.ALTERED, None)
    return _describe(signature, "untrusted", doubt, None)


def _conclude(
    signature: EmbeddedPdfSignature, found: dict[str, Any], stamp: Stamp | None
) -> tuple[SignatureStatus, Message | None]:
    if not (found["intact"] and found["valid"]):
        return "changed", words.ALTERED
    if found["trust_problem_indic"] is not None or found["validation_path"] is None:
        return "untrusted", words.explain_distrust(found["trust_problem_indic"])
    if not is_for_documents(signature.signer_cert):
        return "untrusted", WRONG_USAGE
    if stamp is not None and not stamp.is_trusted:
        return "untrusted", words.STAMP_UNKNOWN
    if signature.seed_value_spec is not None:
        seeds = report_seed_value_validation(
            signature,
            found["validation_path"],
            stamp is not None,
        )
        if seeds["seed_value_constraint_error"] is not None:
            return "untrusted", words.SEED_BROKEN
    return "valid", None


def _find_level(evidence: Evidence, stamped_at: datetime | None, archived_at: datetime | None) -> SignatureLevel:
    if stamped_at is None:
        return "B-B"
    if not evidence.holds_answers:
        return "B-T"
    return "B-LTA" if archived_at is not None else "B-LT"


def _describe(
    signature: EmbeddedPdfSignature,
    status: SignatureStatus,
    reason: str | None,
    stamped_at: datetime | None,
    level: SignatureLevel = "B-B",
    *,
    is_proved: bool = False,
) -> SignerInfo:
    subject = signature.signer_cert.subject.native
    issuer = signature.signer_cert.issuer.native
    claimed = signature.self_reported_timestamp
    return SignerInfo(
        name=_text(subject.get("common_name")),
        organisation=_text(subject.get("organization_name")),
        agency_code=_text(subject.get("organization_identifier")),
        issuer=_text(issuer.get("common_name")),
        signer_name=_text(signature.sig_object.get("/Name")),
        reason=_text(signature.sig_object.get("/Reason")),
        signed_at=claimed if claimed is not None and claimed.tzinfo is not None else None,
        status=status,
        stamped_at=stamped_at,
        level=level,
        reasons_vi=(reason,) if reason else (),
        allowed_changes=_ALLOWED[signature.docmdp_level],
        integrity="broken" if status == "changed" else "intact" if is_proved else "unknown",
    )


def _text(value: object) -> str:
    text = str(value) if value is not None else ""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:_MAX_TEXT]
