"""What documents hand out and raise."""

from __future__ import annotations

from motcua.documents.types.failures import (
    BlobMissing,
    FileLocked,
    FilePending,
    FileUnknown,
    KeyKeeperAway,
    NotSignable,
    RenderFailed,
    RevocationUnavailable,
    ScannerUnavailable,
    ShownPaperChanged,
    SigningKeyMissing,
    TimeStampUnavailable,
    UploadRefused,
)
from motcua.documents.types.files import (
    DOCX,
    JPEG,
    MAX_UPLOAD_BYTES,
    MAX_VERIFY_BYTES,
    PDF,
    PNG,
    UPLOAD_TYPES,
    XLSX,
    BlobStore,
    CheckedUpload,
    FileInfected,
    FileInfo,
    RescanReport,
    Scanner,
    ScanState,
    ScanVerdict,
)
from motcua.documents.types.signing import (
    SIGNATURE_LEVELS,
    Appearance,
    BytesSignature,
    Integrity,
    KeyStore,
    PaperSigner,
    RenewalReport,
    RevocationData,
    RevocationSource,
    SignatureLevel,
    SignatureReport,
    SignatureStatus,
    SignedPaper,
    SignerInfo,
    SigningKey,
    SigningKeyInfo,
    SigningPlace,
    TimeStamper,
    TrustAnchors,
    XmlSignature,
)

__all__ = [
    "Appearance", "BlobMissing", "BlobStore", "BytesSignature", "CheckedUpload", "DOCX", "FileInfected", "FileInfo",
    "FileLocked", "FilePending", "FileUnknown", "Integrity", "JPEG", "KeyKeeperAway", "KeyStore", "MAX_UPLOAD_BYTES",
    "MAX_VERIFY_BYTES", "NotSignable", "PDF", "PNG", "PaperSigner", "RenderFailed", "RenewalReport", "RescanReport",
    "RevocationData", "RevocationSource", "RevocationUnavailable", "SIGNATURE_LEVELS", "ScanState", "ScanVerdict",
    "Scanner", "ScannerUnavailable", "ShownPaperChanged", "SignatureLevel", "SignatureReport", "SignatureStatus",
    "SignedPaper", "SignerInfo", "SigningKey", "SigningKeyInfo", "SigningKeyMissing", "SigningPlace",
    "TimeStampUnavailable", "TimeStamper", "TrustAnchors", "UPLOAD_TYPES", "UploadRefused", "XLSX", "XmlSignature",
]  # fmt: skip
