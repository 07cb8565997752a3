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
from motcua.exchange.actions.keys import add_certificate, add_signature_key, end_key
from motcua.exchange.queries.services import find_service, list_services
from motcua.exchange.rules.signing import sign_request
from motcua.exchange.rules.xroad import parse_client
from motcua.exchange.types import (
    Answer,
    ClientId,
    Endpoint,
    Envelope,
    ExchangeFault,
    GrantInfo,
    GrantRefused,
    KeyRefused,
    LoggedMessage,
    ServiceId,
    ServiceInfo,
)

__all__ = [
    "Answer", "ClientId", "Endpoint", "Envelope", "ExchangeFault", "GrantInfo", "GrantRefused", "KeyRefused",
    "LoggedMessage", "ServiceId", "ServiceInfo",
    "add_certificate", "add_signature_key", "approve_grant", "ask_grant", "end_key", "find_service", "handle_call",
    "join_exchange", "list_services", "parse_client", "publish_register_service", "revoke_grant", "sign_request",
]  # fmt: skip
