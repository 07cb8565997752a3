"""Expected refusals of national: a stable code and a sentence that says what to do."""

from __future__ import annotations

from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_


class NationalError(DomainError):
    """An expected refusal of national."""

    http_status = 409

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"national.{code}", message)


class PackageUnreadable(NationalError):
    """The package cannot be read as one at all; its bytes are kept all the same."""

    http_status = 422

    def __init__(self, message: str) -> None:
        super().__init__("package_unreadable", message)


class SignatureRefused(NationalError):
    """Nobody we know has signed this."""

    http_status = 401

    def __init__(self) -> None:
        super().__init__(
            "signature_refused",
            N_("Gói hồ sơ không có chữ ký hợp lệ của bên được phép gửi. Hãy ký lại bằng chứng thư đã đăng ký."),
        )


class IntakeNotFound(NationalError):
    """There is no such package, or it is not theirs to see; nobody is told which."""

    http_status = 404

    def __init__(self) -> None:
        super().__init__("intake_not_found", N_("Không tìm thấy gói hồ sơ này. Hãy quay lại danh sách."))


class IntakeSettled(NationalError):
    """Somebody has already decided."""

    def __init__(self) -> None:
        super().__init__(
            "intake_settled", N_("Gói hồ sơ này đã được tiếp nhận hoặc trả lại. Hãy tải lại trang để xem kết quả.")
        )


class IntakeStale(NationalError):
    """Somebody else has changed it since the page was opened."""

    def __init__(self) -> None:
        super().__init__("intake_stale", N_("Người khác vừa thay đổi gói hồ sơ này. Hãy tải lại trang rồi làm lại."))


class DecisionUnknown(NationalError):
    """The decision lacks something or names what is not there."""

    http_status = 422

    def __init__(self, message: str) -> None:
        super().__init__("decision_unknown", message)


class NothingToResend(NationalError):
    """There is no message of this dossier that could be sent again."""

    http_status = 404

    def __init__(self) -> None:
        super().__init__("nothing_to_resend", N_("Không có thông điệp nào của hồ sơ này để gửi lại. Hãy kiểm tra mã."))


class OnwardRefused(NationalError):
    """The dossier cannot be sent on."""

    http_status = 422

    def __init__(self, message: str) -> None:
        super().__init__("onward_refused", message)
