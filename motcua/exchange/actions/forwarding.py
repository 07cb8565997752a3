"""Pass a granted call on to an agency's own service, and its answer back: filtered to the granted fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from motcua.exchange.actions.calls import Call, make_headers
from motcua.exchange.adapters.http import PROVIDERS, ProviderFailed
from motcua.exchange.rules.filtering import filter_fields
from motcua.exchange.types import Answer, Asked, ExchangeFault, GrantInfo, ServiceInfo
from motcua.kernel.messages import N_

_SENTENCES = {
    "unreachable": N_("Không kết nối được dịch vụ của đơn vị cung cấp."),
    "timeout": N_("Dịch vụ của đơn vị cung cấp trả lời quá chậm."),
    "too_large": N_("Câu trả lời của đơn vị cung cấp quá lớn."),
    "redirect": N_("Dịch vụ của đơn vị cung cấp chuyển hướng; nền tảng không đi theo."),
    "open": N_("Dịch vụ của đơn vị cung cấp đang lỗi liên tiếp; hãy gọi lại sau ít phút."),
}


def forward(call: Call, asked: Asked, service: ServiceInfo, grant: GrantInfo, *, now: datetime) -> Answer:
    """Return the provider's answer. No transaction may be open: the wait can be long. Raises: ExchangeFault."""
    own = make_headers(call)
    added = {name: own[name] for name in ("X-Road-Client", "X-Road-Service", "X-Road-Id", "X-Road-Request-Id")}
    added["Motcua-Purpose"] = _ascii(grant.purpose)
    try:
        answer = PROVIDERS.call(
            service, method=call.envelope.method, rest=asked.rest, query=asked.query, headers=call.envelope.headers,
            body=call.envelope.body, added=added, share=str(grant.uuid), now=now,
        )  # fmt: skip
    except ProviderFailed as failed:
        raise ExchangeFault("Server.ServerProxy.ServiceFailed", _SENTENCES[failed.reason]) from failed
    body = answer.body if "*" in grant.fields else _filter(answer.body, grant)
    return Answer(status=answer.status, headers={**answer.headers, **own}, body=body)


def _filter(body: bytes, grant: GrantInfo) -> bytes:
    """Return the granted part of an answer in JSON. Raises: ExchangeFault for one that cannot be filtered."""
    if not body:
        return body
    try:
        return orjson.dumps(_keep(orjson.loads(body), grant))
    except ValueError as error:
        sentence = N_("Câu trả lời của đơn vị cung cấp không lọc được theo quyền đã cấp.")
        raise ExchangeFault("Server.ServerProxy.ServiceFailed", sentence) from error


def _keep(content: Any, grant: GrantInfo) -> Any:
    if isinstance(content, list):
        return [_keep(each, grant) for each in content]
    if isinstance(content, Mapping):
        return filter_fields(content, grant.fields)
    raise ValueError("neither a record nor a list of records")


def _ascii(text: str) -> str:
    return text.encode("ascii", "xmlcharrefreplace").decode()[:1_000]
