"""Files: what is stored, what is checked, what keeps and scans the bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, Protocol
from uuid import UUID

from motcua.kernel.events import Event

ScanState = Literal["pending", "clean", "infected"]
PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UPLOAD_TYPES = frozenset({PDF, JPEG, PNG, DOCX, XLSX})
MAX_UPLOAD_BYTES = 10 * 1024 * 1024
MAX_VERIFY_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileInfo:
    """One stored file as its owner sees it; the bytes are asked for with `read_file`."""

    id: int
    uuid: UUID
    sha256: str
    size_bytes: int
    media_type: str
    filename: str
    purpose: str
    scan_state: ScanState
    owner_user_id: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """An upload that passed the content checks: the bytes to keep, their true type and a clean name."""

    content: bytes
    media_type: str
    filename: str


@dataclass(frozen=True, slots=True)
class ScanVerdict:
    """What a malware scanner said of one blob."""

    is_infected: bool
    threat: str = ""


@dataclass(frozen=True, slots=True)
class RescanReport:
    """What one round of rescanning did."""

    clean: int
    infected: int
    pending: int


class BlobStore(Protocol):
    """Bytes by their SHA-256. `put` is durable when it returns; the same bytes may be put again."""

    def put(self, sha256: str, content: bytes) -> None: ...

    def read(self, sha256: str) -> bytes:
        """Raises: BlobMissing."""
        ...

    def quarantine(self, sha256: str) -> None:
        """Make the bytes unreadable for good; doing it twice is no fault."""
        ...


class Scanner(Protocol):
    """A malware scanner. Raises ScannerUnavailable when it cannot answer; never guesses."""

    def scan(self, content: bytes) -> ScanVerdict: ...


@dataclass(frozen=True, kw_only=True)
class FileRenewed(Event):
    """A signed paper got validation data or a time-stamp behind it; its earlier bytes are still its beginning."""

    event_type: ClassVar[str] = "document.renewed.v1"
    file_id: int
    origin_sha256: str  # of the paper as it was first signed

    @property
    def subject(self) -> str:
        return str(self.file_id)


@dataclass(frozen=True, kw_only=True)
class FileInfected(Event):
    """A stored file turned out to carry malware; its bytes are locked away and its owner must be told."""

    event_type: ClassVar[str] = "document.infected.v1"
    file_uuid: UUID
    owner_user_id: int | None
    filename: str
    purpose: str

    @property
    def subject(self) -> str:
        return str(self.file_uuid)
