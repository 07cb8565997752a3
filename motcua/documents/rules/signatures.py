"""Is this PDF genuine? Reads every signature, trusts only the given roots, and never lets one changed byte pass.

Stricter than the standard asks: the last signature must cover the whole file, and the signature's own container must
be exactly the bytes that a signer writes, so that padding and spelling cannot be altered unseen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from asn1crypto import cms, x509  # type: ignore[import-untyped]  # pyHanko's faces speak in its types
from cryptography.exceptions import InvalidSignature
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from motcua.documents.rules.async_bridge import run_to_end
from motcua.documents.rules.der import measure_der
from motcua.documents.rules.pdf_reader import PARSER_FAULTS, BudgetedReader
from motcua.documents.types import MAX_VERIFY_BYTES, SignatureReport, SignatureStatus, SignerInfo
from motcua.kernel.clock import format_moment
from motcua.kernel.messages import N_, Message, join

_FAULTS = (*PARSER_FAULTS, ValidationError, PathError, InvalidSignature)
_USAGE = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"})
_MAX_SIGNATURES = 50
_MAX_TEXT = 300
_WORST_FIRST: tuple[SignatureStatus, ...] = ("unreadable", "changed", "untrusted", "unsigned", "valid")
_SENTENCES: dict[SignatureStatus, str] = {
    "valid": N_("Chữ ký số hợp lệ. Tệp còn nguyên vẹn từ khi ký."),
    "changed": N_("Tệp đã bị thay đổi sau khi ký. Đừng dùng bản này; hãy tải lại bản gốc từ cơ quan cấp."),
    "untrusted": N_(
        "Chữ ký không thuộc cơ quan được tin cậy hoặc chứng thư đã hết hạn. Hãy hỏi cơ quan ghi trên giấy."
    ),
    "unsigned": N_("Tệp này không có chữ ký số. Hãy tra mã xác minh in trên giấy, hoặc xin bản có chữ ký số."),
    "unreadable": N_("Không đọc được tệp này: không phải PDF, hoặc tệp đã hỏng hay tải thiếu. Hãy tải lại tệp gốc."),
}
_TOO_LARGE = N_("Tệp lớn hơn 20 MB nên không kiểm tra được ở đây. Hãy tải lại tệp gốc từ cơ quan cấp.")


def verify_pdf_bytes(pdf: bytes, *, trust_roots: Sequence[bytes], now: datetime) -> SignatureReport:
    """Say whether a PDF is as its signers left it, and who they are. Never raises, whatever the bytes.

    Shape: `trust_roots` are DER certificates; certificates must be in their validity at `now`.
    """
    if len(pdf) > MAX_VERIFY_BYTES:
        return SignatureReport("unreadable", (), covers_whole_file=False, sentences_vi=(_TOO_LARGE,))
    try:
        reader = BudgetedReader(pdf, strict=True)
        signatures = reader.embedded_regular_signatures
        if len(signatures) > _MAX_SIGNATURES or "/Encrypt" in reader.trailer_view:
            return _report("unreadable")
    except _FAULTS:
        return _report("unreadable")
    if not signatures:
        return _report("unsigned")
    results = [_judge(pdf, signature, trust_roots, now) for signature in signatures]
    covers = results[-1][1]
    signers = tuple(signer for signer, _ in results)
    status = min((signer.status for signer in signers), key=_WORST_FIRST.index)
    if not covers:
        status = "changed"
    return _report(status, signers, covers_whole_file=covers)


def _report(
    status: SignatureStatus, signers: tuple[SignerInfo, ...] = (), *, covers_whole_file: bool = False
) -> SignatureReport:
    sentences = (_SENTENCES[status], *(_describe(signer) for signer in signers))
    return SignatureReport(status, signers, covers_whole_file=covers_whole_file, sentences_vi=sentences)


def _describe(signer: SignerInfo) -> Message:
    who = signer.organisation or signer.name or N_("không rõ cơ quan")
    parts = [N_("Bên ký ghi trong chứng thư: %(who)s", who=who)]
    if signer.signer_name:
        parts.append(N_("người ký: %(name)s", name=signer.signer_name))
    if signer.signed_at:
        parts.append(N_("lúc %(moment)s", moment=format_moment(signer.signed_at)))
    if signer.issuer:
        parts.append(N_("chứng thư do %(issuer)s cấp", issuer=signer.issuer))
    return Message("%(parts)s.", {"parts": join(parts)})


def _judge(
    pdf: bytes, signature: EmbeddedPdfSignature, trust_roots: Sequence[bytes], now: datetime
) -> tuple[SignerInfo, bool]:
    """Return what one signature says and whether it covers the file to its last byte."""
    try:
        status = _validate(signature, trust_roots, now)
        covers = status.coverage == SignatureCoverageLevel.ENTIRE_FILE and _reaches_end(pdf, signature)
        verdict = _conclude(status, is_exact=_is_container_exact(pdf, signature))
    except _FAULTS:
        covers, verdict = False, "changed"
    try:
        return _read_signer(signature, verdict), covers
    except _FAULTS:
        return SignerInfo("", "", "", "", "", "", None, "changed"), covers


def _validate(signature: EmbeddedPdfSignature, trust_roots: Sequence[bytes], now: datetime) -> PdfSignatureStatus:
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(der) for der in trust_roots],
        allow_fetching=False,
        moment=now,
        time_tolerance=timedelta(seconds=60),
    )
    return run_to_end(
        async_validate_pdf_signature(signature, signer_validation_context=context, key_usage_settings=_USAGE)
    )


def _conclude(status: PdfSignatureStatus, *, is_exact: bool) -> SignatureStatus:
    if not (status.intact and status.valid and status.docmdp_ok and is_exact):
        return "changed"
    return "valid" if status.trusted and status.bottom_line else "untrusted"


def _reaches_end(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    _, _, start, length = (int(number) for number in signature.byte_range)
    return start + length == len(pdf)


def _is_container_exact(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """The only unsigned bytes are the container's: they must be one hex string in one case, DER, then zeros."""
    numbers = [int(number) for number in signature.byte_range]
    if len(numbers) != 4 or numbers[0] != 0 or min(numbers) < 0:
        return False
    gap = pdf[numbers[1] : numbers[2]]
    if not re.fullmatch(rb"<(?:[0-9a-f]+|[0-9A-F]+)>", gap) or len(gap) % 2:
        return False
    raw = bytes.fromhex(gap[1:-1].decode("ascii"))
    if raw[measure_der(raw) :].strip(b"\x00"):
        return False
    return _is_signed_data_plain(cms.ContentInfo.load(raw)["content"], signature.signer_cert)


def _is_signed_data_plain(signed: cms.SignedData, certificate: x509.Certificate) -> bool:
    """Fields of the container that no signature protects must say only what the protected ones say.

    Source: RFC 5652, sections 5.1 and 5.3 (versions, one digest algorithm, who signed).
    """
    if len(signed["signer_infos"]) != 1 or signed["crls"].native or signed["encap_content_info"]["content"].native:
        return False
    signer = signed["signer_infos"][0]
    if [item.dump() for item in signed["digest_algorithms"]] != [signer["digest_algorithm"].dump()]:
        return False
    named = signer["sid"].name == "issuer_and_serial_number"
    if named and signer["sid"].chosen["issuer"].dump() != certificate.issuer.dump():
        return False  # names compare without case; bytes do not
    version = "v1" if named else "v3"
    return bool(signed["version"].native == signer["version"].native == version)


def _read_signer(signature: EmbeddedPdfSignature, status: SignatureStatus) -> SignerInfo:
    subject = signature.signer_cert.subject.native
    issuer = signature.signer_cert.issuer.native
    return SignerInfo(
        name=_text(subject.get("common_name")),
        organisation=_text(subject.get("organization_name")),
        agency_code=_text(subject.get("organization_identifier")),
        issuer=_text(issuer.get("common_name")),
        signer_name=_text(signature.sig_object.get("/Name")),
        reason=_text(signature.sig_object.get("/Reason")),
        signed_at=_read_moment(signature),
        status=status,
    )


def _read_moment(signature: EmbeddedPdfSignature) -> datetime | None:
    moment = signature.self_reported_timestamp
    return moment if moment is not None and moment.tzinfo is not None else None


def _text(value: object) -> str:
    text = str(value) if value is not None else ""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:_MAX_TEXT]
