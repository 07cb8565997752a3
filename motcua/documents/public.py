"""The face of documents: files, PDF from templates, electronic signatures."""

from __future__ import annotations

from motcua.documents.actions.keys import issue_signing_key, revoke_signing_key
from motcua.documents.actions.renew import complete_signatures
from motcua.documents.actions.scan import inspect_upload, rescan_pending, scan_file
from motcua.documents.actions.sign import ensure_demo_key, sign_as_official, sign_bytes, sign_paper, sign_pdf, sign_xml
from motcua.documents.actions.store import store_document, store_upload
from motcua.documents.queries.files import get_file, get_files, read_file
from motcua.documents.queries.signing_keys import find_signing_key, get_key_place, make_official_code
from motcua.documents.queries.verification import (
    find_origin_sha256,
    verify_bytes,
    verify_document,
    verify_pdf,
    verify_xml,
)
from motcua.documents.rules.pages import draw_page, list_page_texts
from motcua.documents.rules.rendering import find_signing_places, make_qr_svg, render_pdf
from motcua.documents.types import (
    DOCX,
    JPEG,
    MAX_UPLOAD_BYTES,
    MAX_VERIFY_BYTES,
    PDF,
    PNG,
    UPLOAD_TYPES,
    XLSX,
    Appearance,
    BlobMissing,
    BytesSignature,
    CheckedUpload,
    FileInfected,
    FileInfo,
    FileLocked,
    FilePending,
    FileRenewed,
    FileUnknown,
    KeyKeeperAway,
    KeysKeptElsewhere,
    NotSignable,
    PaperSigner,
    RenderFailed,
    RescanReport,
    ScannerUnavailable,
    ScanState,
    ShownPaperChanged,
    SignatureReport,
    SignatureStatus,
    SignedPaper,
    SignerInfo,
    SigningKeyInfo,
    SigningKeyMissing,
    SigningPlace,
    UploadRefused,
    XmlSignature,
)

__all__ = [
    "Appearance", "BlobMissing", "BytesSignature", "CheckedUpload", "DOCX", "FileInfected", "FileInfo",
    "FileLocked", "FilePending", "FileRenewed", "FileUnknown", "JPEG", "KeyKeeperAway", "KeysKeptElsewhere",
    "MAX_UPLOAD_BYTES", "MAX_VERIFY_BYTES", "NotSignable", "PDF", "PNG", "PaperSigner", "RenderFailed",
    "RescanReport", "ScanState", "ScannerUnavailable", "ShownPaperChanged", "SignatureReport",
    "SignatureStatus", "SignedPaper", "SignerInfo", "SigningKeyInfo", "SigningKeyMissing", "SigningPlace",
    "UPLOAD_TYPES", "UploadRefused", "XLSX", "XmlSignature", "complete_signatures", "draw_page",
    "ensure_demo_key", "find_origin_sha256", "find_signing_key", "find_signing_places", "get_file", "get_files",
    "get_key_place", "inspect_upload", "issue_signing_key", "list_page_texts", "make_official_code", "make_qr_svg",
    "read_file", "render_pdf", "rescan_pending", "revoke_signing_key", "scan_file", "sign_as_official", "sign_bytes",
    "sign_paper", "sign_pdf", "sign_xml", "store_document", "store_upload", "verify_bytes", "verify_document",
    "verify_pdf", "verify_xml",
]  # fmt: skip
