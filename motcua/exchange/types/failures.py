"""What the exchange refuses: faults in the protocol's own words, with a sentence for the person who reads the log."""

from __future__ import annotations

from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_


class IdentifierInvalid(DomainError):
    """A name of a member, subsystem or service that the protocol does not allow."""

    http_status = 400

    def __init__(self, part: str) -> None:
        super().__init__("exchange.identifier_invalid", N_("Mã định danh không hợp lệ: %(part)s.", part=part[:60]))


class ExchangeFault(DomainError):
    """An answer of the exchange itself: `fault` is the protocol's type, such as "Client.BadRequest".

    Source: X-Road Message Protocol for REST 1.0.4, 4.6: 400 for what the client did wrong, 500 for everything else.
    """

    def __init__(self, fault: str, message: str) -> None:
        super().__init__(f"exchange.{fault}", message)
        self.fault = fault
        self.http_status = 400 if fault.startswith("Client.") else 500


class GrantRefused(DomainError):
    def __init__(self, reason: str) -> None:
        super().__init__("exchange.grant_refused", N_("Không cấp quyền được: %(reason)s.", reason=reason))


class KeyRefused(DomainError):
    def __init__(self, reason: str) -> None:
        super().__init__("exchange.key_refused", N_("Không nhận khóa này: %(reason)s.", reason=reason))


class RecordNotProved(DomainError):
    http_status = 404

    def __init__(self, *, is_known: bool) -> None:
        known = N_("Bản ghi này chưa nằm trong đợt đã ký; hãy thử lại sau một phút.")
        super().__init__("exchange.record_not_proved", known if is_known else N_("Không có bản ghi nhật ký này."))


class GovStackRefused(DomainError):
    """What the GovStack interface refuses, by HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__("exchange.govstack_refused", message)
        self.http_status = status
