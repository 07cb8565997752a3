"""The face of the exchange: services between agencies, by grant, each call proved and logged."""

from __future__ import annotations

from motcua.exchange.actions.gateway import handle_call
from motcua.exchange.actions.joining import (
    approve_grant,
    ask_grant,
    join_exchange,
    publish_register_service,
    revoke_grant,
)
from motcua.exchange.queries.services import find_service, list_services
from motcua.exchange.types import (
    Answer,
    ClientId,
    Endpoint,
    Envelope,
    ExchangeFault,
    GrantInfo,
    GrantRefused,
    LoggedMessage,
    ServiceId,
    ServiceInfo,
)

__all__ = [
    "Answer", "ClientId", "Endpoint", "Envelope", "ExchangeFault", "GrantInfo", "GrantRefused", "LoggedMessage",
    "ServiceId", "ServiceInfo",
    "approve_grant", "ask_grant", "find_service", "handle_call", "join_exchange", "list_services",
    "publish_register_service", "revoke_grant",
]  # fmt: skip
