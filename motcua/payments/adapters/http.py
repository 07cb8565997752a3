"""One question over HTTP to a gateway or a bank: bounded in time and size, every failure one refusal."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping

from motcua.kernel.messages import N_
from motcua.payments.types import GatewayAway

_MAX_ANSWER_BYTES = 256 * 1024


def post_json(
    address: str, request: Mapping[str, str], *, headers: Mapping[str, str] | None = None, timeout_seconds: float = 10.0
) -> dict[str, object]:
    """Send a JSON object and return the one that came back. Raises: GatewayAway."""
    return ask_json(address, json.dumps(request).encode(), headers=headers, timeout_seconds=timeout_seconds)[1]


def ask_json(
    address: str, body: bytes, *, headers: Mapping[str, str] | None = None, timeout_seconds: float = 10.0
) -> tuple[bytes, dict[str, object], Mapping[str, str]]:
    """Send bytes; return the bytes, the object and the headers that came back. Raises: GatewayAway."""
    message = urllib.request.Request(  # noqa: S310  the address is the operator's setting, not a payer's
        address, body, {"Content-Type": "application/json"} | dict(headers or {})
    )
    try:
        with urllib.request.urlopen(message, timeout=timeout_seconds) as response:  # noqa: S310  as above
            content = response.read(_MAX_ANSWER_BYTES)
            answer, told = json.loads(content), dict(response.headers)
    except (urllib.error.URLError, TimeoutError, ConnectionError, ValueError) as error:
        raise GatewayAway(N_("không hỏi được cổng thanh toán")) from error
    if not isinstance(answer, dict):
        raise GatewayAway(N_("không hỏi được cổng thanh toán"))
    return content, answer, told
