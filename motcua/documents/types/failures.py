"""Expected failures of files, papers and signatures."""

from __future__ import annotations

from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_


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


class KeysKeptElsewhere(DomainError):
    http_status = 409

    def __init__(self) -> None:
        super().__init__(
            "documents.keys_elsewhere",
            N_(
                "Hệ thống này không tự cấp, không tự thu hồi chứng thư. Hãy làm việc với tổ chức chứng thực đã cấp, "
                "rồi đặt chứng thư mới vào nơi giữ khóa."
            ),
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
