"""What payments refuse, each with what to do about it."""

from __future__ import annotations

from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_


class PaymentsError(DomainError):
    """An expected failure of money."""


class QrInvalid(PaymentsError):
    http_status = 422

    def __init__(self, reason: str) -> None:
        super().__init__("payments.qr_invalid", N_("Mã VietQR không dùng được: %(reason)s.", reason=reason))
        self.reason = reason


class AmountInvalid(PaymentsError):
    http_status = 422

    def __init__(self, amount_vnd: int) -> None:
        super().__init__(
            "payments.amount_invalid",
            N_("Số tiền không đúng. Hãy nhập số đồng nguyên, không âm, không quá số phải nộp."),
        )
        self.amount_vnd = amount_vnd


class ChargeNotFound(PaymentsError):
    http_status = 404

    def __init__(self) -> None:
        super().__init__("payments.charge_unknown", N_("Không tìm thấy khoản phải nộp. Hãy mở lại hồ sơ."))


class PaymentNotFound(PaymentsError):
    http_status = 404

    def __init__(self) -> None:
        super().__init__("payments.payment_unknown", N_("Không tìm thấy giao dịch. Hãy mở lại hồ sơ để thanh toán."))


class NothingToPay(PaymentsError):
    def __init__(self) -> None:
        super().__init__("payments.nothing_to_pay", N_("Khoản này đã nộp đủ. Bạn không phải nộp thêm."))


class CallbackRefused(PaymentsError):
    """A message from outside that is not what it says: the code is what the protocol answers with."""

    http_status = 400

    def __init__(self, reason: str, *, is_forged: bool = False, is_clock: bool = False) -> None:
        super().__init__(
            "payments.callback_refused", N_("Thông báo thanh toán không hợp lệ: %(reason)s.", reason=reason)
        )
        self.reason = reason
        self.is_forged = is_forged  # the signature was wrong or missing
        self.is_clock = is_clock  # truly signed, but not of now: an old message played again, or clocks apart


class GatewayAway(PaymentsError):
    """The other side did not answer, or not as agreed: nothing is known, ask again later."""

    http_status = 503

    def __init__(self, reason: str) -> None:
        super().__init__(
            "payments.gateway_away",
            N_(
                "Chưa hỏi được nơi thu hộ (%(reason)s). Tiền của bạn không mất; hãy xem lại sau ít phút.", reason=reason
            ),
        )


class WayNotOffered(PaymentsError):
    http_status = 422

    def __init__(self, way: str) -> None:
        super().__init__("payments.way_not_offered", N_("Cách thanh toán này chưa dùng được. Hãy chọn cách khác."))
        self.way = way


class TillClosed(PaymentsError):
    def __init__(self) -> None:
        super().__init__("payments.till_closed", N_("Ca thu này đã chốt. Hãy mở ca mới để thu tiếp."))


class TillNotFound(PaymentsError):
    http_status = 404

    def __init__(self) -> None:
        super().__init__("payments.till_unknown", N_("Chưa mở ca thu tiền. Hãy mở ca trước khi thu tiền mặt."))


class RefundRefused(PaymentsError):
    def __init__(self, reason: str) -> None:
        super().__init__("payments.refund_refused", N_("Không hoàn được: %(reason)s.", reason=reason))


class ReceiptNotFound(PaymentsError):
    http_status = 404

    def __init__(self) -> None:
        super().__init__(
            "payments.receipt_unknown", N_("Không có biên lai nào mang mã này. Hãy xem lại mã in trên biên lai.")
        )


class ReceiptRefused(PaymentsError):
    def __init__(self, reason: str) -> None:
        super().__init__("payments.receipt_refused", N_("Không làm được với biên lai: %(reason)s.", reason=reason))


class ReceiptsUsedUp(PaymentsError):
    def __init__(self) -> None:
        super().__init__(
            "payments.receipts_used_up", N_("Ký hiệu biên lai này đã dùng hết số. Hãy đăng ký ký hiệu mới rồi cấp lại.")
        )


class StatementRefused(PaymentsError):
    http_status = 422

    def __init__(self, reason: str) -> None:
        super().__init__("payments.statement_refused", N_("Không đọc được sao kê: %(reason)s.", reason=reason))
        self.reason = reason


class RefundNotFound(PaymentsError):
    http_status = 404

    def __init__(self) -> None:
        super().__init__("payments.refund_unknown", N_("Không tìm thấy khoản hoàn. Hãy mở lại danh sách hoàn trả."))


class ReceiptChangeRefused(PaymentsError):
    def __init__(self, reason: str) -> None:
        super().__init__("payments.receipt_change_refused", N_("Không đổi được biên lai: %(reason)s.", reason=reason))


class ResolutionRefused(PaymentsError):
    http_status = 422

    def __init__(self, reason: str) -> None:
        super().__init__("payments.resolution_refused", N_("Không xử lý được chênh lệch: %(reason)s.", reason=reason))
