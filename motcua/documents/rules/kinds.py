"""A file that somebody wants checked: what is it, and what is said of each kind in the same words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from motcua.documents.rules import report_words as words
from motcua.documents.rules.signatures import verify_pdf_bytes
from motcua.documents.rules.xades import verify_xml_document
from motcua.documents.types import MAX_VERIFY_BYTES, SignatureReport, SignatureStatus, SignerInfo, XmlSignature
from motcua.kernel.messages import N_, Message

_HEAD = 1_024
_OTHERS: dict[bytes, Message] = {
    b"PK\x03\x04": N_("Đây là tệp nén hoặc tệp Office. Ở đây chỉ kiểm tra được chữ ký của tệp PDF và XML."),
    b"\xff\xd8\xff": N_("Đây là ảnh. Ảnh không mang chữ ký số; hãy xin tệp PDF có chữ ký số."),
    b"\x89PNG": N_("Đây là ảnh. Ảnh không mang chữ ký số; hãy xin tệp PDF có chữ ký số."),
    b"\x30\x82": N_("Đây là chữ ký rời (p7s). Ở đây chỉ kiểm tra được chữ ký nằm trong tệp PDF và XML."),
    b"\x30\x80": N_("Đây là chữ ký rời (p7s). Ở đây chỉ kiểm tra được chữ ký nằm trong tệp PDF và XML."),
}
_XML_FAULTS: dict[str, tuple[SignatureStatus, Message]] = {
    "unreadable": ("unreadable", N_("Tệp XML bị hỏng, quá lớn hoặc có phần khai báo kiểu (DOCTYPE) nên không đọc.")),
    "broken": ("changed", words.ALTERED),
    "many": ("untrusted", N_("Tệp XML có nhiều chữ ký; ở đây chỉ xác nhận tệp có một chữ ký phủ toàn bộ.")),
    "part": ("untrusted", N_("Chữ ký chỉ phủ một phần của tệp XML; phần còn lại ai cũng sửa được.")),
    "idle": ("untrusted", N_("Tệp XML có chú thích hoặc chỉ thị mà chữ ký không bảo vệ.")),
    "weak": ("untrusted", words.WEAK),
    "plain": ("untrusted", words.NO_CERTIFICATE_BOUND),
}
_DOUBTS: dict[str, Message] = {
    "expired": words.EXPIRED,
    "no_chain": words.NO_CHAIN,
    "usage": words.WRONG_USAGE,
    "revoked": words.REVOKED,
}


def verify_any(
    content: bytes, *, trust_roots: Sequence[bytes], now: datetime, crls: Sequence[bytes] = ()
) -> SignatureReport:
    """Say whether a PDF or an XML document is as its signers left it, and who they are. Never raises.

    Shape: what is neither gets a report that says what it is and what can be done.
    """
    if len(content) > MAX_VERIFY_BYTES:
        return SignatureReport("unreadable", (), covers_whole_file=False, sentences_vi=(words.TOO_LARGE,))
    if content[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") and b"%PDF-" not in content[:_HEAD]:
        return _to_report(verify_xml_document(content, trust_roots=trust_roots, now=now, crls=crls), now=now)
    for head, sentence in _OTHERS.items():
        if content.startswith(head) and b"%PDF-" not in content[:_HEAD]:
            return words.make_report("unreadable", reasons=(sentence,))
    return verify_pdf_bytes(content, trust_roots=trust_roots, now=now, crls=crls)


def _to_report(found: XmlSignature, *, now: datetime) -> SignatureReport:
    if found.fault == "unsigned":
        return words.make_report("unsigned")
    if found.fault:
        status, sentence = _XML_FAULTS[found.fault]
        return words.make_report(status, reasons=(sentence,))
    reasons = [_DOUBTS[found.doubt]] if found.doubt else []
    if not reasons and found.signed_at is not None and found.signed_at > now + words.CLAIM_TOLERANCE:
        reasons.append(words.CLAIM_IMPOSSIBLE)
    signer = SignerInfo(
        name=found.signer_name,
        organisation=found.organisation,
        agency_code=found.agency_code,
        issuer=found.issuer,
        signer_name="",
        reason="",
        signed_at=found.signed_at,
        status="untrusted" if reasons else "valid",
        reasons_vi=tuple(reasons),
        integrity="intact",
    )
    return words.make_report(signer.status, [signer], covers_whole_file=True)
