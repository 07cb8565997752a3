"""The face of the exchange: services between agencies, by grant, each call proved and logged."""

from __future__ import annotations

from motcua.exchange.actions.gateway import handle_call
from motcua.exchange.actions.govstack import GOVSTACK_ENDPOINTS, handle_data, handle_database, handle_databases
from motcua.exchange.actions.joining import (
    approve_grant,
    ask_grant,
    join_exchange,
    publish_http_service,
    publish_register_service,
    revoke_grant,
)
from motcua.exchange.actions.keys import add_certificate, add_signature_key, end_key
from motcua.exchange.actions.proving import forget_nonces
from motcua.exchange.actions.sequencing import chain_messages, sign_batches, stamp_batches
from motcua.exchange.queries.internal import find_internal_grant, list_internal_grants
from motcua.exchange.queries.log import export_record, get_log_status
from motcua.exchange.queries.services import find_service, list_services
from motcua.exchange.rules.admission import pick_grant
from motcua.exchange.rules.proof import check_proof
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
    LogStatus,
    ProofReport,
    RecordNotProved,
    ServiceId,
    ServiceInfo,
)

__all__ = [
    "Answer", "ClientId", "Endpoint", "Envelope", "ExchangeFault", "GOVSTACK_ENDPOINTS", "GrantInfo",
    "GrantRefused", "KeyRefused", "LogStatus", "LoggedMessage", "ProofReport", "RecordNotProved", "ServiceId",
    "ServiceInfo", "add_certificate", "add_signature_key", "approve_grant", "ask_grant", "chain_messages",
    "check_proof", "end_key", "export_record", "find_internal_grant", "find_service", "forget_nonces",
    "get_log_status", "handle_call", "handle_data", "handle_database", "handle_databases", "join_exchange",
    "list_internal_grants", "list_services", "parse_client", "pick_grant", "publish_http_service",
    "publish_register_service", "revoke_grant", "sign_batches", "sign_request", "stamp_batches",
]  # fmt: skip
