"""The face of documents: files, PDF from templates, electronic signatures."""

from __future__ import annotations

from motcua.documents.types import (
    BlobMissing,
    CheckedUpload,
    FileInfected,
    FileInfo,
    FileLocked,
    FilePending,
    FileUnknown,
    NotSignable,
    RenderFailed,
    RescanReport,
    ScannerUnavailable,
    ScanState,
    SignatureReport,
    SignatureStatus,
    SignerInfo,
    SigningKeyInfo,
    SigningKeyMissing,
    UploadRefused,
)

__all__ = [
    "BlobMissing",
    "CheckedUpload",
    "FileInfected",
    "FileInfo",
    "FileLocked",
    "FilePending",
    "FileUnknown",
    "NotSignable",
    "RenderFailed",
    "RescanReport",
    "ScanState",
    "ScannerUnavailable",
    "SignatureReport",
    "SignatureStatus",
    "SignerInfo",
    "SigningKeyInfo",
    "SigningKeyMissing",
    "UploadRefused",
]
