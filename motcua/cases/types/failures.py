"""Expected failures: a stable code, and a sentence that says what to do."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from motcua.kernel.clock import format_moment
from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_


class CaseNotFound(DomainError):
    """No such case, or not for this reader: the two are not told apart."""

    http_status = 404

    def __init__(self) -> None:
        super().__init__(
            "case_not_found", N_("Không tìm thấy hồ sơ này. Vui lòng kiểm tra lại mã hồ sơ hoặc đường dẫn.")
        )


class TaskNotFound(DomainError):
    """No such task, or not for this reader."""

    http_status = 404

    def __init__(self) -> None:
        super().__init__(
            "task_not_found", N_("Không tìm thấy việc này trong danh sách của bạn. Vui lòng mở lại từ Việc của tôi.")
        )


class TaskNotYours(DomainError):
    """The task is for a role that this official does not hold at that agency today."""

    http_status = 403

    def __init__(self) -> None:
        super().__init__(
            "task_not_yours",
            N_(
                "Việc này thuộc vai trò khác hoặc cơ quan khác nên bạn không thể xử lý. Vui lòng báo người được phân "
                "công hoặc lãnh đạo đơn vị."
            ),
        )


class TaskTaken(DomainError):
    """Another official has claimed the task."""

    def __init__(self, *, who: str) -> None:
        super().__init__(
            "task_taken",
            N_(
                "%(who)s đang nhận xử lý việc này. Nội dung bạn đã nhập vẫn được giữ. Hãy trao đổi với người đó, "
                "hoặc đề nghị lãnh đạo trả việc về hàng chờ.",
                who=who,
            ),
        )
        self.who = who


class StaleTask(DomainError):
    """Somebody else changed the task after this official opened it. `task_uuid` lets the view offer the new state."""

    def __init__(self, *, task_uuid: UUID, who: str, when: datetime, outcome: str = "") -> None:
        super().__init__(
            "stale_task",
            N_(
                "%(who)s đã xử lý việc này lúc %(when)s. Thao tác của bạn chưa được ghi, nội dung bạn đã nhập vẫn "
                "được giữ. Hãy xem lại trạng thái mới trước khi làm tiếp.",
                who=who,
                when=format_moment(when),
            ),
        )
        self.task_uuid = task_uuid
        self.who = who
        self.when = when
        self.outcome = outcome


class ExtensionRefused(DomainError):
    """The appointment may not be moved. Codes: extension_used, extension_too_late, extension_no_reason,
    extension_not_later, extension_not_running."""

    http_status = 422


class ClockMoveRefused(DomainError):
    """The clock does not stand so that it could be moved like this."""

    def __init__(self) -> None:
        super().__init__(
            "clock_move_refused",
            N_("Đồng hồ thời hạn của hồ sơ không ở trạng thái cho phép thao tác này. Hãy mở lại hồ sơ."),
        )


class ProcessVersionUnknown(DomainError):
    """The process version named does not exist."""

    http_status = 422

    def __init__(self) -> None:
        super().__init__(
            "process_version_unknown", N_("Quy trình của thủ tục này chưa được ban hành. Vui lòng báo người quản trị.")
        )
