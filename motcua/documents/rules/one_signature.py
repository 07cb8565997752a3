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
    WRONG_USAGE,
    are_certificates_borne,
    find_container_fault,
    is_for_documents,
    names_its_certificate,
)
from motcua.documents.rules.moments import Evidence, Stamp, judge_token
from motcua.documents.types import SignatureLevel, SignatureStatus, SignerInfo

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
    fault = _find_integrity_fault(signature)
    if fault is None and stamp is not None and not stamp.is_intact:
        fault = words.STAMP_BROKEN
    if fault is not None:
        return _describe(signature, "changed", fault, None, "B-B")
    found = await cms_basic_validation(
        signature.signed_data,
        raw_digest=signature.compute_digest(),
        validation_context=evidence.at(stamped_at or now),
        key_usage_settings=_USAGE,
    )
    status, reason = _conclude(signature, found, stamp)
    if status == "valid" and not are_certificates_borne(signature.signed_data, evidence.known):
        status, reason = "untrusted", CONTAINER_ODD
    if status == "valid" and evidence.says_revoked(signature.signed_data, stamped_at or now):
        status, reason = "untrusted", words.REVOKED
    return _describe(signature, status, reason, stamped_at, _find_level(evidence, stamped_at, proved_by))


async def _judge_own_stamp(signature: EmbeddedPdfSignature, evidence: Evidence, *, moment: datetime) -> Stamp | None:
    tokens = list(extract_tst_data_iter(signature.signer_info, signed=False))
    if not tokens:
        return None
    return await judge_token(tokens[0], message_imprint_checker(signature.signer_info), evidence, moment=moment)


def _find_integrity_fault(signature: EmbeddedPdfSignature) -> str | None:
    subfilter = signature.sig_object.get("/SubFilter")
    if subfilter not in _KINDS:
        return words.KIND_UNKNOWN
    fault = find_container_fault(signature.signed_data, signature.signer_cert, is_stamp=False)
    if fault is not None:
        return fault
    if signature.coverage is None:
        checked: Any = signature
        checked.compute_integrity_info(skip_diff=True)
    if signature.coverage not in _WHOLE or not signature.summarise_integrity_info()["docmdp_ok"]:
        return words.CHANGED_AFTER
    if subfilter == SigSeedSubFilter.PADES.value and not names_its_certificate(signature.signer_info):
        return words.NO_CERTIFICATE_BOUND
    return None


def _conclude(
    signature: EmbeddedPdfSignature, found: dict[str, Any], stamp: Stamp | None
) -> tuple[SignatureStatus, str]:
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
    return "valid", ""


def _find_level(evidence: Evidence, stamped_at: datetime | None, archived_at: datetime | None) -> SignatureLevel:
    if stamped_at is None:
        return "B-B"
    if not evidence.holds_answers:
        return "B-T"
    return "B-LTA" if archived_at is not None else "B-LT"


def _describe(
    signature: EmbeddedPdfSignature,
    status: SignatureStatus,
    reason: str,
    stamped_at: datetime | None,
    level: SignatureLevel,
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
    )


def _text(value: object) -> str:
    text = str(value) if value is not None else ""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:_MAX_TEXT]
