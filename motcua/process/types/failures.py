"""Why a drawing cannot be run, and why a step cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass

from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_, join


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a drawing cannot be run; `element_id` is empty when it concerns the whole file."""

    element_id: str
    code: str
    message_vi: str


class ProcessDefinitionError(DomainError):
    """The drawing cannot be run; `problems` says why, all at once."""

    http_status = 422

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        lines = join(problem.message_vi for problem in problems[:5])
        super().__init__(
            "process.definition_refused", N_("Chưa dùng được quy trình này. Hãy sửa bản vẽ: %(lines)s", lines=lines)
        )
        self.problems = problems


class ProcessStepError(DomainError):
    """An event that this state cannot take."""


class UnknownTokenError(ProcessStepError):
    """The awaited work is no longer (or was never) there."""

    def __init__(self, token: str) -> None:
        super().__init__(
            "process.token_gone", N_("Việc này đã xong hoặc đã được hủy. Hãy mở lại hồ sơ để xem bước hiện tại.")
        )
        self.token = token


class OutcomeNotOfferedError(ProcessStepError):
    """The task was completed with an outcome that its step does not offer."""

    def __init__(self, outcome: object, offered: tuple[str, ...]) -> None:
        super().__init__(
            "process.outcome_not_offered",
            N_("Bước này không có lựa chọn đó. Hãy chọn một trong các nút trên màn hình."),
        )
        self.outcome = outcome
        self.offered = offered


class MessageNotExpectedError(ProcessStepError):
    """No step of the case waits for this message now."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "process.message_not_expected",
            N_("Lúc này hồ sơ không nhận được yêu cầu này. Hãy mở lại hồ sơ để xem bước hiện tại."),
        )
        self.name = name


class ProcessStuckError(ProcessStepError):
    """The drawing led nowhere: no path applies, a join waits for ever, or the steps never stop."""

    def __init__(self, reason_vi: str, element_id: str = "") -> None:
        super().__init__(
            "process.stuck",
            N_("Quy trình không đi tiếp được: %(reason)s Hãy báo người quản lý quy trình.", reason=reason_vi),
        )
        self.element_id = element_id


class UncaughtErrorError(ProcessStepError):
    """A service reported an error that nothing in the drawing catches."""

    def __init__(self, error_code: str, element_id: str = "") -> None:
        super().__init__(
            "process.error_uncaught",
            N_(
                "Bước “%(step)s” báo lỗi “%(error)s” mà quy trình không có chỗ xử lý. Hãy báo người quản lý quy trình.",
                step=element_id,
                error=error_code,
            ),
        )
        self.error_code = error_code
        self.element_id = element_id


class ComputationFailed(ProcessStepError):
    """An expression, script or decision of the drawing gave no usable answer; the step was not taken."""

    def __init__(self, element_id: str, reason_vi: str) -> None:
        super().__init__(
            "process.computation_failed",
            N_(
                "Bước “%(step)s” không tính được: %(reason)s Hãy báo người quản lý quy trình.",
                step=element_id,
                reason=reason_vi,
            ),
        )
        self.element_id = element_id


class MigrationRefused(ProcessStepError):
    """A running case cannot move to the other version; `places` are the waiting elements that have no target."""

    def __init__(self, reason_vi: str, places: tuple[str, ...] = ()) -> None:
        super().__init__(
            "process.migration_refused",
            N_("Chưa chuyển được hồ sơ sang phiên bản mới: %(reason)s", reason=reason_vi),
        )
        self.places = places
