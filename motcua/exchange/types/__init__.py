"""What the exchange hands out and refuses."""

from __future__ import annotations

from motcua.exchange.types.failures import ExchangeFault, GrantRefused, IdentifierInvalid, KeyRefused
from motcua.exchange.types.values import (
    Answer,
    Asked,
    ClientId,
    Endpoint,
    Envelope,
    GrantInfo,
    LoggedMessage,
    ServiceId,
    ServiceInfo,
)

__all__ = [
    "Answer", "Asked", "ClientId", "Endpoint", "Envelope", "ExchangeFault", "GrantInfo", "GrantRefused",
    "IdentifierInvalid", "KeyRefused", "LoggedMessage", "ServiceId", "ServiceInfo",
]  # fmt: skip
