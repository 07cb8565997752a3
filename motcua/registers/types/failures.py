"""What registers refuse, each with what to do about it."""

from __future__ import annotations

from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_
from motcua.registers.types.values import FieldProblem


class RegistersError(DomainError):
    """An expected failure of a register."""


class RegisterNotFound(RegistersError):
    http_status = 404

    def __init__(self, code: str) -> None:
        super().__init__("registers.register_unknown", N_("Không có sổ dữ liệu “%(code)s”.", code=code))


class RegisterInvalid(RegistersError):
    http_status = 422

    def __init__(self, reason: str) -> None:
        super().__init__("registers.register_invalid", N_("Bản mô tả sổ không dùng được: %(reason)s.", reason=reason))


class RecordNotFound(RegistersError):
    """There is none, or the reader may not know that there is one: the answer is the same."""

    http_status = 404

    def __init__(self) -> None:
        super().__init__("registers.record_unknown", N_("Không tìm thấy bản ghi. Hãy kiểm tra lại số đã nhập."))


class CaseRecordNotFound(RegistersError):
    http_status = 404

    def __init__(self) -> None:
        super().__init__(
            "registers.case_record_unknown",
            N_("Bản ghi chờ này không còn: có người đã ghi hoặc bỏ qua. Hãy mở lại danh sách."),
        )


class RecordInvalid(RegistersError):
    http_status = 422

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        first = problems[0].message if problems else ""
        super().__init__("registers.record_invalid", N_("Dữ liệu chưa đúng: %(first)s.", first=first))
        self.problems = problems


class KeyTaken(RegistersError):
    def __init__(self, name: str) -> None:
        super().__init__(
            "registers.key_taken",
            N_("Số này đã thuộc về bản ghi khác (%(name)s). Hãy sửa số, hoặc gộp hai bản ghi nếu là một.", name=name),
        )
        self.name = name


class MergeRefused(RegistersError):
    def __init__(self, reason: str) -> None:
        super().__init__("registers.merge_refused", N_("Không gộp hoặc tách được: %(reason)s.", reason=reason))


class ReadingRefused(RegistersError):
    http_status = 403

    def __init__(self) -> None:
        super().__init__("registers.reading_refused", N_("Việc đọc dữ liệu này phải nêu mục đích và căn cứ pháp luật."))


class LoadRefused(RegistersError):
    http_status = 422

    def __init__(self, reason: str) -> None:
        super().__init__("registers.load_refused", N_("Không nạp được tệp: %(reason)s.", reason=reason))


class LoadNotFound(RegistersError):
    http_status = 404

    def __init__(self) -> None:
        super().__init__("registers.load_unknown", N_("Không tìm thấy lần nạp này. Hãy mở lại danh sách các lần nạp."))


class SearchRefused(RegistersError):
    http_status = 400

    def __init__(self) -> None:
        super().__init__(
            "registers.search_refused",
            N_("Không tìm được với mẫu này: mẫu sai, quá dài hoặc tìm quá lâu. Hãy dùng mẫu đơn giản hơn."),
        )
