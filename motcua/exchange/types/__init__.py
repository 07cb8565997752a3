"""What the exchange hands out and refuses."""

from __future__ import annotations

from motcua.exchange.types.failures import (
    ExchangeFault,
    GovStackRefused,
    GrantRefused,
    IdentifierInvalid,
    KeyRefused,
    RecordNotProved,
)
from motcua.exchange.types.values import (
    Answer,
    Asked,
    Batch,
    ClientId,
    Endpoint,
    Envelope,
    GrantInfo,
    LoggedMessage,
    LogStatus,
    ProofReport,
    ServiceId,
    ServiceInfo,
    ServiceKind,
)

__all__ = [
    "Answer", "Asked", "Batch", "ClientId", "Endpoint", "Envelope", "ExchangeFault", "GovStackRefused", "GrantInfo",
    "GrantRefused", "IdentifierInvalid", "KeyRefused", "LogStatus", "LoggedMessage", "ProofReport", "RecordNotProved",
    "ServiceId", "ServiceInfo", "ServiceKind",
]  # fmt: skip
