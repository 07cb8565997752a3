"""Expected refusals of dossiers: a stable code and a sentence that says what to do."""

from __future__ import annotations

from motcua.dossiers.types.values import FieldConflict
from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_


class DossierError(DomainError):
    """An expected refusal of dossiers: a stable code and a sentence that says what to do."""

    http_status = 409

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)


class DraftNotFound(DossierError):
    """The draft does not exist, has expired, or belongs to somebody else; nobody is told which."""

    http_status = 404

    def __init__(self) -> None:
        super().__init__(
            "draft_not_found",
            N_(
                "Không tìm thấy bản nháp này. Đường dẫn có thể sai, bản nháp đã hết hạn hoặc thuộc về người khác. "
                "Hãy mở lại từ Trang của tôi, hoặc dùng đường dẫn và mã tiếp tục đã được cấp."
            ),
        )


class StaleDraft(DossierError):
    """Another tab or device has saved the draft since this page was opened."""

    def __init__(self, *, revision: int, conflicts: tuple[FieldConflict, ...] = ()) -> None:
        super().__init__(
            "draft_stale",
            N_("Bản nháp đã được lưu ở một cửa sổ hoặc thiết bị khác. Hãy so sánh hai nội dung và chọn nội dung đúng."),
        )
        self.revision = revision
        self.conflicts = conflicts


class WrongResumeCode(DossierError):
    """The resume code does not open this draft."""

    http_status = 403

    def __init__(self) -> None:
        super().__init__(
            "resume_code_wrong",
            N_("Mã tiếp tục không đúng hoặc bản nháp đã hết hạn. Hãy kiểm tra lại từng ký tự của mã."),
        )


class DraftIncomplete(DossierError):
    """The form still has errors; `errors` are (page key, field key, sentence)."""

    http_status = 422

    def __init__(self, errors: tuple[tuple[str, str, str], ...]) -> None:
        super().__init__(
            "draft_incomplete", N_("Hồ sơ chưa đủ nội dung để nộp. Hãy xem danh sách những chỗ còn thiếu và bổ sung.")
        )
        self.errors = errors


class DossierNotFound(DossierError):
    """The dossier does not exist or the reader may not see it; nobody is told which."""

    http_status = 404

    def __init__(self) -> None:
        super().__init__(
            "dossier_not_found",
            N_("Không tìm thấy hồ sơ này. Hãy kiểm tra lại mã hồ sơ, hoặc đăng nhập bằng tài khoản đã nộp hồ sơ."),
        )


class NotAllowedNow(DossierError):
    """The law or the state of the dossier does not allow this; carries the rule's own code and sentence."""
