"""What crosses the face of documents: file and signature facts, the events, the refusals, the outside interfaces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, Protocol
from uuid import UUID

from motcua.kernel.errors import DomainError
from motcua.kernel.events import Event
from motcua.kernel.messages import N_

ScanState = Literal["pending", "clean", "infected"]
SignatureStatus = Literal["valid", "changed", "untrusted", "unsigned", "unreadable"]
SignatureLevel = Literal["B-B", "B-T", "B-LT", "B-LTA"]
SIGNATURE_LEVELS: tuple[SignatureLevel, ...] = ("B-B", "B-T", "B-LT", "B-LTA")

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


@dataclass(frozen=True, slots=True)
class RenewalReport:
    """What one round of completing and renewing signatures did."""

    completed: int
    put_off: int


@dataclass(frozen=True, slots=True)
class SigningKeyInfo:
    """Who a signing key speaks for, and from when until when."""

    agency_code: str
    agency_name: str
    certificate_sha256: str
    valid_from: datetime
    valid_to: datetime


@dataclass(frozen=True, slots=True)
class SignerInfo:
    """One signature found in a PDF."""

    name: str
    organisation: str
    agency_code: str
    issuer: str
    signer_name: str
    reason: str
    signed_at: datetime | None
    status: SignatureStatus
    stamped_at: datetime | None = None  # proved by a time-stamp, while signed_at is what the signer said
    level: SignatureLevel = "B-B"
    reasons_vi: tuple[str, ...] = ()
    allowed_changes: Literal["none", "forms", "notes", ""] = ""  # what a certifying signature (DocMDP) permits


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """The answer to "is this paper genuine?"; `status` is the worst of all its signatures."""

    status: SignatureStatus
    signers: tuple[SignerInfo, ...]
    covers_whole_file: bool
    sentences_vi: tuple[str, ...]
    archived_at: tuple[datetime, ...] = ()  # the time-stamps over the whole paper, in order

    @property
    def is_valid(self) -> bool:
        return self.status == "valid"


# --- interfaces of what stands outside; one file per vendor in adapters/ ---


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


@dataclass(frozen=True, slots=True)
class RevocationData:
    """Who says that certificates stood at a moment: OCSP responses and CRLs, in DER."""

    ocsps: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class TrustAnchors:
    """Whom this installation believes, and what it knows of revocation without asking anybody."""

    roots: tuple[bytes, ...]
    crls: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class SignedPaper:
    """A signed PDF, the level it reached, and what kept it from the level that was wanted."""

    content: bytes
    level: SignatureLevel
    missing: tuple[Literal["time-stamp", "revocation"], ...] = ()


@dataclass(frozen=True, slots=True)
class Appearance:
    """Where a signature shows, and its picture (PNG with transparent ground).

    Unit: points from the lower left corner of the page. Shape: `page` counts from 0, negative from the end.
    """

    kind: Literal["official", "agency"]
    picture: bytes
    box: tuple[int, int, int, int]
    page: int = -1
    text: str = ""  # what a screen reader says of the picture


@dataclass(frozen=True, slots=True)
class PaperToSign:
    """One paper of a leader's list: its bytes, and the SHA-256 of exactly what the leader was shown."""

    content: bytes
    shown_sha256: str
    reason: str
    appearance: Appearance | None = None


class TimeStamper(Protocol):
    """A time-stamping authority (RFC 3161). `is_remote` ones are never asked inside a transaction."""

    is_remote: bool

    @property
    def certificates(self) -> tuple[bytes, ...]:
        """Its certificate and chain as far as known, so that room and revocation data can be prepared."""
        ...

    def stamp(self, sha256: bytes, *, now: datetime) -> bytes:
        """Return a token over the digest. Raises: TimeStampUnavailable."""
        ...


class RevocationSource(Protocol):
    """Asks whether certificates still stand. `is_remote` ones are never asked inside a transaction."""

    is_remote: bool

    def collect(self, certificates: Iterable[bytes], *, now: datetime) -> RevocationData:
        """Return fresh answers for certificates and their issuers. Raises: RevocationUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class BytesSignature:
    """What a detached signature says. `is_trusted`: its certificate leads to a root that this installation trusts."""

    is_valid: bool
    is_trusted: bool
    signer_name: str


class SigningKey(Protocol):
    """A private key that never leaves its keeper (a file here, a token or HSM elsewhere)."""

    @property
    def certificate_der(self) -> bytes: ...

    @property
    def chain_der(self) -> tuple[bytes, ...]: ...

    def sign_sha256(self, data: bytes) -> bytes:
        """Sign the SHA-256 of `data` (RSA PKCS#1 v1.5 or ECDSA, as the certificate says)."""
        ...


class KeyStore(Protocol):
    """Finds the key of an agency and the roots that this installation trusts."""

    def get_key(self, agency_code: str) -> SigningKey:
        """Raises: SigningKeyMissing."""
        ...

    def ensure_key(self, agency_code: str, agency_name: str, *, now: datetime) -> SigningKeyInfo: ...

    def list_trust_roots(self) -> Iterable[bytes]: ...

    def list_crls(self) -> Iterable[bytes]: ...


# --- events ---


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


# --- expected failures ---


class UploadRefused(DomainError):
    """An uploaded file that must not be kept; the sentence says what the sender can do."""

    http_status = 422


class FileUnknown(DomainError):
    http_status = 404

    def __init__(self) -> None:
        super().__init__(
            "documents.unknown", N_("Không tìm thấy tệp này. Hãy mở lại trang hồ sơ rồi chọn tệp trong đó.")
        )


class FilePending(DomainError):
    http_status = 409

    def __init__(self) -> None:
        super().__init__(
            "documents.pending",
            N_("Tệp đang chờ quét mã độc nên chưa mở được. Tệp không bị mất; hãy thử lại sau ít phút."),
        )


class FileLocked(DomainError):
    http_status = 403

    def __init__(self) -> None:
        super().__init__(
            "documents.infected", N_("Tệp này có mã độc nên đã bị khóa. Hãy quét máy của bạn rồi nộp lại bản sạch.")
        )


class BlobMissing(DomainError):
    http_status = 503

    def __init__(self) -> None:
        super().__init__(
            "documents.blob_missing",
            N_("Kho tệp đang gặp sự cố. Hãy thử lại sau ít phút, hoặc báo đơn vị vận hành nếu vẫn không được."),
        )


class ScannerUnavailable(DomainError):
    http_status = 503

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        super().__init__("documents.scanner_down", N_("Máy quét mã độc chưa trả lời. Tệp được giữ và sẽ quét sau."))


class SigningKeyMissing(DomainError):
    http_status = 409

    def __init__(self, agency_code: str) -> None:
        self.agency_code = agency_code
        super().__init__(
            "documents.no_key", N_("Cơ quan này chưa có khóa ký số. Hãy đề nghị đơn vị vận hành cấp khóa trước khi ký.")
        )


class KeyKeeperAway(DomainError):
    http_status = 503

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        super().__init__(
            "documents.key_keeper_away", N_("Thiết bị giữ khóa ký chưa trả lời. Việc ký được giữ lại và thử lại sau.")
        )


class ShownPaperChanged(DomainError):
    http_status = 409

    def __init__(self, shown_sha256: str) -> None:
        self.shown_sha256 = shown_sha256
        super().__init__(
            "documents.shown_changed",
            N_("Văn bản này không còn đúng với bản đã hiện nên không ký. Hãy mở lại, đọc rồi ký."),
        )


class TimeStampUnavailable(DomainError):
    http_status = 503

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        super().__init__(
            "documents.no_time_stamp", N_("Máy cấp dấu thời gian chưa trả lời. Chữ ký vẫn có; dấu sẽ được bổ sung sau.")
        )


class RevocationUnavailable(DomainError):
    http_status = 503

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        super().__init__(
            "documents.no_revocation_data",
            N_("Chưa hỏi được chứng thư có bị thu hồi không. Chữ ký vẫn có; dữ liệu sẽ được bổ sung sau."),
        )


class RenderFailed(DomainError):
    http_status = 500

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(
            "documents.render_failed", N_("Chưa tạo được PDF từ mẫu. Hãy báo đơn vị vận hành kiểm tra mẫu.")
        )


class NotSignable(DomainError):
    http_status = 409

    def __init__(self) -> None:
        super().__init__(
            "documents.not_signable", N_("Tệp PDF này không ký được vì đã hỏng. Hãy tạo lại văn bản rồi ký.")
        )
