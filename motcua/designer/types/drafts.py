"""What the designer hands out: frozen values, names of states, events, expected failures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from motcua.kernel.errors import DomainError
from motcua.kernel.events import Event
from motcua.kernel.messages import N_

DRAFT_STATES = ("open", "published", "discarded")
SUBMISSION_STATES = ("waiting", "returned", "voided", "published")
FILE_NAME_PATTERN = (
    r"^(procedure\.toml|process\.bpmn|form\.json|result\.typ"
    r"|records\.toml|decisions/[a-z][a-z0-9_-]{0,50}\.dmn|golden/[a-zA-Z0-9_-]{1,60}\.json|migrations/[a-zA-Z0-9_-]{1,60}\.toml)$"
)
MAX_FILE_BYTES = 2_000_000
MAX_FILES = 200
OWNER = "process_owner"
APPROVER = "process_approver"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftInfo:
    """A draft as lists and pages show it."""

    id: int
    uuid: UUID
    slug: str
    procedure_code: str
    title: str
    origin: str
    origin_note: str
    base_version_id: int | None
    agency_id: int
    state: str
    revision: int
    created_by_name: str
    created_at: datetime
    updated_by_id: int
    updated_by_name: str
    updated_at: datetime
    published_version_id: int | None
    is_waiting: bool = False  # a request for approval is open


@dataclass(frozen=True, slots=True, kw_only=True)
class FileInfo:
    """A file of a draft without its content."""

    name: str
    size: int
    sha256: str
    revision: int
    updated_by_name: str
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """A file of a draft with its content and the revision that a change must name."""

    name: str
    content: bytes
    revision: int

    @property
    def text(self) -> str:
        """The content as text; what is not UTF-8 is shown as replacement marks, never lost in the file itself."""
        return self.content.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveInfo:
    """One line of a draft's history."""

    id: int
    name: str
    revision: int
    kind: str
    size: int
    saved_by_name: str
    saved_at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFile:
    """The answer to a save."""

    revision: int
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentInfo:
    """A remark on an element."""

    uuid: UUID
    file: str
    element_id: str
    text: str
    author_name: str
    created_at: datetime
    resolved_by_name: str
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionInfo:
    """A request for approval."""

    uuid: UUID
    draft_uuid: UUID
    draft_title: str
    state: str
    files_hash: str
    note: str
    submitted_by_id: int
    submitted_by_name: str
    submitted_at: datetime
    last_editor_id: int
    last_editor_name: str
    decided_by_name: str
    decided_at: datetime | None
    decision_no: str
    decision_on: date | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class ProcessPublished(Event):
    """A second person approved a draft and it came into force."""

    event_type: ClassVar[str] = "designer.process_published.v1"
    draft_uuid: UUID
    procedure_code: str
    slug: str
    version_id: int
    version_no: int
    decision_no: str
    decision_on: date
    files_hash: str
    approved_by_id: int

    @property
    def subject(self) -> str:
        """The procedure that changed."""
        return f"procedure:{self.procedure_code}"


class DraftNotFound(DomainError):
    """No such draft, or it is not for this person to see: the two answers are one."""

    http_status = HTTPStatus.NOT_FOUND

    def __init__(self) -> None:
        super().__init__(
            "designer.draft_not_found",
            N_("Không có bản thảo này, hoặc bản thảo thuộc cơ quan khác. Hãy mở lại danh sách bản thảo."),
        )


class DraftClosed(DomainError):
    """The draft is published or discarded."""

    def __init__(self) -> None:
        super().__init__(
            "designer.draft_closed",
            N_("Bản thảo này đã khép lại nên không sửa được nữa. Hãy mở bản thảo mới từ phiên bản đang dùng."),
        )


class FileNotFound(DomainError):
    """The draft has no file of this name."""

    http_status = HTTPStatus.NOT_FOUND

    def __init__(self, name: str) -> None:
        super().__init__(
            "designer.file_not_found", N_("Bản thảo không có tệp «%(name)s». Hãy mở lại trang bản thảo.", name=name)
        )


class FileRefused(DomainError):
    """The file's name, size or text cannot be part of a package."""

    http_status = HTTPStatus.BAD_REQUEST

    def __init__(self, reason: str) -> None:
        super().__init__("designer.file_refused", reason)


class StaleFile(DomainError):
    """Somebody saved the file in between. What was sent is kept aside in the history."""

    http_status = HTTPStatus.PRECONDITION_FAILED

    def __init__(self, *, revision: int, saved_by_name: str, moment: str) -> None:
        super().__init__(
            "designer.stale_file",
            N_(
                "Tệp này vừa được %(name)s lưu lúc %(moment)s, ở thẻ hoặc máy khác. Bản bạn đang có đã được giữ riêng "
                "trong lịch sử, không mất. Hãy chọn một trong hai cách bên dưới.",
                name=saved_by_name,
                moment=moment,
            ),
        )
        self.revision = revision


class NotYourRole(DomainError):
    """Signed in, but this act belongs to another role."""

    http_status = HTTPStatus.FORBIDDEN

    def __init__(self) -> None:
        super().__init__(
            "designer.not_your_role",
            N_("Việc này dành cho người thiết kế quy trình của cơ quan soạn bản thảo. Bạn chỉ xem và góp ý được."),
        )


class SecondPersonNeeded(DomainError):
    """Who asked for approval or edited last may not approve."""

    http_status = HTTPStatus.FORBIDDEN

    def __init__(self) -> None:
        super().__init__(
            "designer.second_person_needed",
            N_(
                "Bạn là người trình duyệt hoặc là người sửa cuối cùng, nên không được tự phê duyệt. "
                "Hãy nhờ một người duyệt khác."
            ),
        )


class SubmissionNotWaiting(DomainError):
    """The request was already decided, or an edit voided it."""

    def __init__(self) -> None:
        super().__init__(
            "designer.submission_not_waiting",
            N_("Đề nghị phê duyệt này không còn hiệu lực vì đã có người quyết định hoặc bản thảo đã được sửa tiếp."),
        )


class ApprovalStale(DomainError):
    """The files are no longer those that were shown to the approver."""

    def __init__(self) -> None:
        super().__init__(
            "designer.approval_stale",
            N_("Bản thảo đã khác với bản bạn vừa xem. Hãy mở lại trang phê duyệt, xem lại rồi mới quyết định."),
        )


class NotReady(DomainError):
    """Errors of the check or failing sample dossiers stand in the way."""

    def __init__(self, *, errors: int, golden: int) -> None:
        super().__init__(
            "designer.not_ready",
            N_(
                "Chưa trình duyệt và ban hành được: còn %(errors)s lỗi kiểm tra và %(golden)s hồ sơ mẫu chạy sai. "
                "Hãy mở trang Kiểm tra để xem từng chỗ.",
                errors=errors,
                golden=golden,
            ),
        )


class DecisionMissing(DomainError):
    """The number or the date of the approving decision is missing or cannot be."""

    http_status = HTTPStatus.BAD_REQUEST

    def __init__(self, message: str) -> None:
        super().__init__("designer.decision_missing", message)


class BundleRefused(DomainError):
    """An imported package was tampered with, too large or not a package at all."""

    http_status = HTTPStatus.BAD_REQUEST

    def __init__(self, message: str) -> None:
        super().__init__("designer.bundle_refused", message)


class ProcedureNotDesignable(DomainError):
    """The procedure is not in force, or only listed: there is nothing to draw on."""

    http_status = HTTPStatus.NOT_FOUND

    def __init__(self) -> None:
        super().__init__(
            "designer.procedure_not_designable",
            N_(
                "Thủ tục này chưa có nội dung để soạn quy trình: không còn hiệu lực hoặc mới chỉ có tên trong danh "
                "mục. Hãy nhập dữ liệu thủ tục trước."
            ),
        )


class CommentRefused(DomainError):
    """A comment without words, or too long."""

    http_status = HTTPStatus.BAD_REQUEST

    def __init__(self) -> None:
        super().__init__("designer.comment_refused", N_("Hãy viết góp ý, từ một đến 4.000 ký tự."))


class FileUnreadable(DomainError):
    """A file is broken so that a plain screen cannot change it."""

    def __init__(self, file: str) -> None:
        super().__init__(
            "designer.file_unreadable",
            N_(
                "Không đọc được tệp «%(file)s» nên không sửa được bằng trang này. Hãy sửa tệp dưới dạng chữ ở trang "
                "Tệp, hoặc dùng lại bản cũ ở trang Lịch sử.",
                file=file,
            ),
        )
