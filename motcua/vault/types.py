"""What crosses the face of the vault: papers, shares, deletions, the keeper of keys, the refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol
from uuid import UUID

from motcua.kernel.errors import DomainError
from motcua.kernel.events import Event
from motcua.kernel.messages import N_, Message

if TYPE_CHECKING:
    from motcua.audit.public import Actor

Origin = Literal["result", "receipt", "certified_copy", "verified"]
ORIGINS: tuple[Origin, ...] = ("result", "receipt", "certified_copy", "verified")


class Access(StrEnum):
    """How far somebody may go in a vault."""

    NONE = "none"
    READ = "read"  # see, download, reuse
    MANAGE = "manage"  # share, export, delete as well


class Recipient(StrEnum):
    """To whom a paper is lent."""

    OFFICE = "office"  # officials of one agency, signed in
    PERSON = "person"  # one person, who signs in
    CODE = "code"  # whoever holds the link and the code


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Who reads, what for, on what ground: nobody reads for nothing."""

    actor: Actor
    purpose: str
    legal_ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperInfo:
    """One paper of a vault. `sha256` is of the paper itself, not of what is stored."""

    uuid: UUID
    owner_kind: str
    owner_id: int
    kind: str
    kind_label: str
    title: str
    filename: str
    media_type: str
    size_bytes: int
    sha256: str
    issued_on: date
    valid_to: date | None
    origin: str
    origin_ref: str
    deposited_at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareInfo:
    """A paper lent to somebody: until when, how often, what for, and what became of it."""

    uuid: UUID
    paper_uuid: UUID
    recipient_kind: str
    recipient_name: str
    recipient_agency_id: int | None
    purpose: str
    created_at: datetime
    ends_at: datetime
    max_openings: int
    openings: int
    revoked_at: datetime | None
    locked_at: datetime | None
    state: Literal["open", "ended", "used_up", "revoked", "locked"]

    @property
    def last_at(self) -> datetime:
        """The last moment at which it opens: what a person means by its end."""
        return self.ends_at - timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewShare:
    """A share just made: the address and the code are shown once and never again."""

    share: ShareInfo
    token: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningInfo:
    """One opening of a shared paper, as its owner sees it."""

    at: datetime
    who: str
    purpose: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedPaper:
    """What the recipient of a share gets: this paper and nothing beside it."""

    title: str
    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionInfo:
    """A deletion asked for: of one paper, or of the whole vault (`paper_uuid` is None)."""

    uuid: UUID
    paper_uuid: UUID | None
    asked_at: datetime
    execute_at: datetime
    undone_at: datetime | None
    executed_at: datetime | None
    record: Mapping[str, Any]
    signature: str
    signer_code: str

    @property
    def is_waiting(self) -> bool:
        return self.undone_at is None and self.executed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionVerdict:
    """Whether a paper may be deleted now; when not, why, by which rule, until when."""

    may_delete: bool
    reason: Message | None = None
    legal_ref: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A person's key as it lies in the database: enciphered by the key of this name."""

    kek_id: str
    wrapped: bytes


class KeyKeeper(Protocol):
    """Keeps the keys that encipher people's keys: a folder in development, a token or HSM in life.

    `context` is bound to the wrapped key: a key moved to another person's row does not open.
    """

    def wrap(self, key: bytes, *, context: bytes) -> WrappedKey:
        """Encipher under the current key. Raises: KeeperAway."""
        ...

    def unwrap(self, wrapped: WrappedKey, *, context: bytes) -> bytes:
        """Raises: KeeperAway, KeyDestroyed."""
        ...

    def get_current_id(self) -> str: ...

    def rotate(self, *, now: datetime) -> str:
        """Make a new current key; the old ones still open what they closed. Return its name."""
        ...

    def destroy(self, kek_id: str) -> None:
        """Destroy an old key for good: whatever copy of a key it closed (in a backup) opens no more."""
        ...


class VaultError(DomainError):
    """An expected refusal of the vault."""


class PaperUnknown(VaultError):
    """No such paper, or not for this reader; nobody is told which."""

    http_status = 404

    def __init__(self) -> None:
        super().__init__(
            "vault.unknown",
            N_("Không tìm thấy giấy tờ này trong kho. Hãy mở lại Kho giấy tờ bằng tài khoản của người có giấy tờ."),
        )


class PaperDestroyed(VaultError):
    http_status = 410

    def __init__(self) -> None:
        super().__init__(
            "vault.destroyed", N_("Giấy tờ này đã bị xóa theo yêu cầu của người có giấy tờ và không khôi phục được.")
        )


class PaperRefused(VaultError):
    """A deposit, share or deletion that is not taken; the sentence says what to mend."""

    http_status = 422

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(f"vault.{code}", message)


class ReadingRefused(VaultError):
    http_status = 403

    def __init__(self) -> None:
        super().__init__("vault.reading_refused", N_("Việc đọc giấy tờ trong kho phải nêu mục đích và căn cứ."))


class ShareUnknown(VaultError):
    """No such link, or it ended, was revoked, used up or is not for this reader; a stranger is not told which."""

    http_status = 404

    def __init__(self) -> None:
        super().__init__(
            "vault.share_unknown",
            N_(
                "Liên kết này không dùng được: có thể đã hết hạn, đã bị thu hồi, hoặc dành cho người khác. Hãy đề nghị "
                "người gửi tạo liên kết mới."
            ),
        )


class CodeWrong(VaultError):
    http_status = 403

    def __init__(self) -> None:
        super().__init__("vault.code_wrong", N_("Mã mở chưa đúng. Hãy hỏi lại người gửi rồi nhập từng ký tự."))


class DeletionBlocked(VaultError):
    """The law demands that the paper be kept."""

    def __init__(self, reason: Message) -> None:
        super().__init__("vault.deletion_blocked", reason)


class DeletionUnknown(VaultError):
    http_status = 404

    def __init__(self) -> None:
        super().__init__("vault.deletion_unknown", N_("Không tìm thấy yêu cầu xóa này. Hãy mở lại Kho giấy tờ."))


class TooLateToUndo(VaultError):
    def __init__(self) -> None:
        super().__init__(
            "vault.too_late", N_("Đã quá hạn hoàn tác: khóa của giấy tờ đã bị hủy nên không lấy lại được nội dung.")
        )


class KeyDestroyed(VaultError):
    http_status = 410

    def __init__(self) -> None:
        super().__init__(
            "vault.key_destroyed", N_("Khóa mở giấy tờ này đã bị hủy theo yêu cầu xóa; nội dung không đọc được nữa.")
        )


class KeeperAway(VaultError):
    http_status = 503

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        super().__init__(
            "vault.keeper_away", N_("Thiết bị giữ khóa của kho chưa trả lời. Giấy tờ vẫn an toàn; hãy thử lại sau.")
        )


class ContentDamaged(VaultError):
    """What is stored does not open under its key: changed on the disk, or moved."""

    http_status = 500

    def __init__(self) -> None:
        super().__init__(
            "vault.damaged", N_("Nội dung lưu của giấy tờ này không còn nguyên vẹn. Hãy báo đơn vị vận hành.")
        )


# --- certified copies ---


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyInfo:
    """One certified copy on its way from the counter into the vault."""

    uuid: UUID
    agency_id: int
    state: Literal["received", "waiting", "approved", "certified", "cancelled"]
    no: int | None
    printed_no: str
    owner_kind: str
    owner_id: int
    requester_name: str
    what: str
    title: str
    issuer: str
    original_no: str
    original_issued_on: date | None
    scan_file_ids: tuple[int, ...]
    received_by_name: str
    received_at: datetime
    verification_code: str
    pages: int
    fee_vnd: int
    draft_file_id: int | None
    draft_sha256: str
    drawn_on: date | None
    approved_by_name: str
    approved_at: datetime | None
    file_id: int | None
    sha256: str
    certified_at: datetime | None
    cancelled_reason: str


class CopyUnknown(VaultError):
    http_status = 404

    def __init__(self) -> None:
        super().__init__(
            "vault.copy_unknown", N_("Không tìm thấy bản sao này tại cơ quan của bạn. Hãy mở lại danh sách.")
        )


class CopyRefused(VaultError):
    """This step is not possible now; the sentence says which is."""

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(f"vault.{code}", message)


@dataclass(frozen=True, kw_only=True)
class CopyApproved(Event):
    """A certifying official approved exactly what was shown; the signature follows."""

    event_type: ClassVar[str] = "vault.copy_approved.v1"
    copy_uuid: UUID

    @property
    def subject(self) -> str:
        return f"certified_copy:{self.copy_uuid}"


@dataclass(frozen=True, kw_only=True)
class CopyCertified(Event):
    """A certified copy was signed and can be verified; it goes into the vault of who asked for it."""

    event_type: ClassVar[str] = "vault.copy_certified.v1"
    copy_uuid: UUID
    verification_code: str

    @property
    def subject(self) -> str:
        return f"certified_copy:{self.copy_uuid}"
