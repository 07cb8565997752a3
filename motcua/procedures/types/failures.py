"""What may go wrong in the catalogue, each with a sentence that says what to do."""

from __future__ import annotations

from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_, join
from motcua.procedures.types.catalogue import PackageProblem


class ProcedureVersionNotFound(DomainError):
    http_status = 404

    def __init__(self) -> None:
        super().__init__(
            "procedure_version_not_found",
            N_("Không tìm thấy thủ tục này. Bạn hãy tìm lại bằng tên thủ tục hoặc mã thủ tục."),
        )


class ProcedureNotFileable(DomainError):
    http_status = 409

    def __init__(self) -> None:
        super().__init__(
            "procedure_not_fileable",
            N_(
                "Thủ tục này mới có tên trong danh mục, chưa nhận hồ sơ tại đây. Bạn hãy liên hệ cơ quan thực "
                "hiện hoặc tổng đài 1022."
            ),
        )


class ImportPathInvalid(DomainError):
    http_status = 422

    def __init__(self, path: str) -> None:
        super().__init__(
            "import_path_invalid",
            N_(
                "Không tìm thấy dữ liệu thủ tục tại %(path)s. Hãy chỉ thư mục có thư mục con records/ hoặc lists/.",
                path=path,
            ),
        )


class PackageInvalid(DomainError):
    http_status = 422

    def __init__(self, problems: tuple[PackageProblem, ...]) -> None:
        self.problems = problems
        lines = join((join((f"- {p.package}/{p.part}", p.message), separator=": ") for p in problems), separator="\n")
        super().__init__(
            "package_invalid",
            N_("Gói thủ tục có %(problems)s lỗi, chưa nạp:\n%(lines)s", problems=len(problems), lines=lines),
        )
