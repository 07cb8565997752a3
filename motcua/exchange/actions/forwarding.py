"""Pass a granted call on to an agency's own service, and its answer back: filtered to the granted fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from motcua.exchange.actions.calls import Call, make_headers
from motcua.exchange.adapters.http import PROVIDERS, ProviderFailed
from motcua.exchange.rules.filtering import filter_answer
from motcua.exchange.rules.xroad import pass_request_headers
from motcua.exchange.types import Answer, Asked, ExchangeFault, GrantInfo, ServiceInfo
from motcua.kernel.messages import N_

# Source: PR-REST 4.6, examples 2 and 5: the network failed, or the service gave no answer that can be used.
_FAULTS = {
    "unreachable": ("NetworkError", N_("Không kết nối được dịch vụ của đơn vị cung cấp.")),
    "timeout": ("NetworkError", N_("Dịch vụ của đơn vị cung cấp trả lời quá chậm.")),
    "too_large": ("ServiceFailed", N_("Câu trả lời của đơn vị cung cấp quá lớn.")),
    "open": ("ServiceFailed", N_("Dịch vụ của đơn vị cung cấp đang lỗi liên tiếp; hãy gọi lại sau ít phút.")),
}


def forward(call: Call, asked: Asked, service: ServiceInfo, grant: GrantInfo, *, now: datetime) -> Answer:
    """Return the provider's answer. No transaction may be open: the wait can be long. Raises: ExchangeFault."""
    own = make_headers(call)
    is_whole = "*" in grant.fields
    try:
        answer = PROVIDERS.call(
            service, method=call.envelope.method, rest=asked.raw_rest, query=asked.query,
            headers=_choose_headers(call, is_whole), body=call.envelope.body, added=_add_headers(own, grant),
            share=str(grant.uuid), now=now,
        )  # fmt: skip
    except ProviderFailed as failed:
        kind, sentence = _FAULTS[failed.reason]
        raise ExchangeFault(f"Server.ServerProxy.{kind}", sentence) from failed
    if not is_whole:
        try:
            answer = filter_answer(answer, grant.fields)
        except ValueError as error:
            sentence = N_("Câu trả lời của đơn vị cung cấp không lọc được theo quyền đã cấp.")
            raise ExchangeFault("Server.ServerProxy.ServiceFailed", sentence) from error
    return Answer(status=answer.status, headers={**answer.headers, **own}, body=answer.body)


def too_late() -> ExchangeFault:
    """Return the fault of a provider whose answer was not waited for any longer."""
    kind, sentence = _FAULTS["timeout"]
    return ExchangeFault(f"Server.ServerProxy.{kind}", sentence)


def _choose_headers(call: Call, is_whole: bool) -> Mapping[str, str]:
    """Return the client's headers for the provider; what is to be filtered must not come back compressed."""
    passed = {name.lower(): value for name, value in pass_request_headers(call.envelope.headers).items()}
    if not is_whole:
        passed["accept-encoding"] = "identity"
        for name in ("if-none-match", "if-modified-since", "range", "if-range"):
            passed.pop(name, None)  # they ask about the whole record
    return passed


def _add_headers(own: Mapping[str, str], grant: GrantInfo) -> Mapping[str, str]:
    added = {name.lower(): own[name] for name in ("X-Road-Client", "X-Road-Service", "X-Road-Id", "X-Road-Request-Id")}
    return {**added, "motcua-purpose": grant.purpose.encode("ascii", "xmlcharrefreplace").decode()[:1_000]}
