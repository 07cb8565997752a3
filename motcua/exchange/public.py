"""The face of the exchange: services between agencies, by grant, each call proved and logged."""

from __future__ import annotations

from motcua.exchange.actions.demonstration import open_govstack_demo
from motcua.exchange.actions.describing import find_openapi, list_clients
from motcua.exchange.actions.fact_grants import ensure_fact_grants, list_needed_fields, set_register_open
from motcua.exchange.actions.facts import FACT_GROUND, FACT_PURPOSE, ONE_STOP, resolve_facts
from motcua.exchange.actions.gateway import handle_call
from motcua.exchange.actions.govstack import handle_data, handle_databases
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
from motcua.exchange.adapters.national import (
    name_national_subject,
    query_enterprise,
    query_parcel,
    query_population,
)
from motcua.exchange.adapters.national_http import NationalHttp
from motcua.exchange.adapters.national_simulator import (
    Door,
    QuerySimulator,
    Simulated,
    serve_simulator,
)
from motcua.exchange.queries.facts import get_fact_catalogue, list_closed_registers, list_fact_words
from motcua.exchange.queries.internal import find_internal_grant, list_internal_grants
from motcua.exchange.queries.log import export_record, get_log_status
from motcua.exchange.queries.services import find_service, list_services
from motcua.exchange.queries.witness import check_witness, export_checkpoint
from motcua.exchange.rules.admission import pick_grant
from motcua.exchange.rules.govstack import GOVSTACK_ENDPOINTS
from motcua.exchange.rules.proof import check_proof
from motcua.exchange.rules.samples import read_samples as read_govstack_samples
from motcua.exchange.rules.signing import sign_request
from motcua.exchange.rules.xroad import is_protocol_path, parse_client, write_technical_fault
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
from motcua.exchange.types.facts import FactCatalogue, FactRule, FactValue, KnownOf, RegisterUnavailable
from motcua.exchange.types.national import NationalAnswer, NationalRefused, NationalUnavailable

__all__ = [
    "Answer", "ClientId", "Door", "Endpoint", "Envelope", "ExchangeFault", "FACT_GROUND", "FACT_PURPOSE",
    "FactCatalogue", "FactRule", "FactValue", "GOVSTACK_ENDPOINTS", "GrantInfo", "GrantRefused", "KeyRefused",
    "KnownOf", "LogStatus", "LoggedMessage", "NationalAnswer", "NationalHttp", "NationalRefused",
    "NationalUnavailable", "ONE_STOP", "ProofReport", "QuerySimulator", "RecordNotProved", "RegisterUnavailable",
    "ServiceId", "ServiceInfo", "Simulated", "add_certificate", "add_signature_key", "approve_grant", "ask_grant",
    "chain_messages", "check_proof", "check_witness", "end_key", "ensure_fact_grants", "export_checkpoint",
    "export_record", "find_internal_grant", "find_openapi", "find_service", "forget_nonces", "get_fact_catalogue",
    "get_log_status", "handle_call", "handle_data", "handle_databases", "is_protocol_path", "join_exchange",
    "list_clients", "list_closed_registers", "list_fact_words", "list_internal_grants", "list_needed_fields",
    "list_services", "name_national_subject", "open_govstack_demo", "parse_client", "pick_grant",
    "publish_http_service", "publish_register_service", "query_enterprise", "query_parcel", "query_population",
    "read_govstack_samples", "resolve_facts", "revoke_grant", "serve_simulator", "set_register_open", "sign_batches",
    "sign_request", "stamp_batches", "write_technical_fault",
]  # fmt: skip
