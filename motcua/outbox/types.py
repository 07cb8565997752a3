"""What the outbox hands out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What one round of deliveries did."""

    delivered: int = 0
    failed: int = 0
    dead: int = 0

    @property
    def total(self) -> int:
        """How many deliveries were tried."""
        return self.delivered + self.failed + self.dead

    def __add__(self, other: DeliveryReport) -> DeliveryReport:
        return DeliveryReport(
            delivered=self.delivered + other.delivered,
            failed=self.failed + other.failed,
            dead=self.dead + other.dead,
        )


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A delivery that failed too often and waits for a person."""

    id: int
    event_uuid: UUID
    event_type: str
    subject: str
    handler: str
    attempts: int
    last_error: str
    occurred_at: datetime
    failed_at: datetime


@dataclass(frozen=True, slots=True)
class JobStatus:
    """How a periodic job stands; `last_error` is empty when its last run went well."""

    name: str
    last_run_at: datetime | None
    next_run_at: datetime
    last_error: str


class DeadLetterNotFound(DomainError):
    """There is no such dead letter (any more)."""

    http_status = 404

    def __init__(self, delivery_id: int) -> None:
        super().__init__(
            "outbox.dead_letter_not_found",
            N_(
                "Không còn thư chết số %(delivery_id)s; có thể người khác đã cho xử lý lại. Hãy tải lại danh sách.",
                delivery_id=delivery_id,
            ),
        )
