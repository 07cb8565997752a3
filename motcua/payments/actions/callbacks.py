"""Messages from outside: checked, taken in once, answered as the protocol asks; what is not believed is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Q

from motcua.payments.actions.paying import hear, refuse_callback
from motcua.payments.adapters.base import Begun, Order, Reply
from motcua.payments.models import Payment, PaymentTold
from motcua.payments.queries.drivers import get_driver, load_drivers
from motcua.payments.queries.payments import to_payment_infos
from motcua.payments.types import CallbackRefused, GatewayAway, PaymentInfo

ASK_AGAIN_AFTER = timedelta(minutes=2)
ASK_FOR = timedelta(days=2)  # a late success comes within a day; after that the statement tells
ASKS_A_ROUND = 20


def handle_callback(
    way: str, *, params: Mapping[str, str], body: bytes, headers: Mapping[str, str], now: datetime
) -> Reply:
    """Take in one message and return what the protocol expects back. Raises: WayNotOffered."""
    driver = get_driver(way)
    try:
        told = driver.read_callback(params, body=body, headers=headers, now=now)
    except CallbackRefused as refusal:
        raw = dict(params) or {"body": body[:300].decode("utf-8", "replace")}
        refuse_callback(way, reason=refusal.reason, raw=raw, is_clock=refusal.is_clock, now=now)
        return driver.reply("signature" if refusal.is_forged else "other")
    heard = hear(told.reference, told.event, source="callback", raw=dict(params), now=now)
    return driver.reply(heard.outcome)


def begin(payment: PaymentInfo, *, return_url: str, client_ip: str) -> Begun:
    """Say how the payer goes on: an address or a code. Asks nothing of a network. Raises: WayNotOffered."""
    return get_driver(payment.way).begin(to_order(payment, return_url=return_url, client_ip=client_ip))


def ask_waiting(*, now: datetime) -> int:
    """Ask the other side of orders that nothing was told of; return how many answers were new.

    No transaction is open while the network is asked. An other side that is away is asked again later.
    """
    ways = list(load_drivers())
    waiting = (
        Payment.objects.select_related("charge")
        .filter(Q(asked_at__isnull=True) | Q(asked_at__lt=now - ASK_AGAIN_AFTER))
        .filter(way__in=ways, created_at__gt=now - ASK_FOR, created_at__lt=now - timedelta(seconds=30))
        .exclude(pk__in=PaymentTold.objects.filter(kind="paid").values("payment_id"))
        .order_by("asked_at", "pk")[:ASKS_A_ROUND]
    )
    found = 0
    for payment in to_payment_infos(list(waiting), now=now):
        Payment.objects.filter(pk=payment.id).update(asked_at=now)
        found += _ask(payment, now)
    return found


def _ask(payment: PaymentInfo, now: datetime) -> int:
    try:
        events = get_driver(payment.way).ask(to_order(payment, return_url="", client_ip="127.0.0.1"), now=now)
    except (GatewayAway, CallbackRefused):
        return 0
    heard = [hear(payment.reference, event, source="question", raw={}, now=now).outcome for event in events]
    return sum(outcome in ("ok", "amount") for outcome in heard)


def to_order(payment: PaymentInfo, *, return_url: str, client_ip: str) -> Order:
    return Order(
        reference=payment.reference,
        amount_vnd=payment.amount_vnd,
        text=f"Nop phi le phi {payment.reference}",
        created_at=payment.created_at,
        expires_at=payment.expires_at,
        return_url=return_url,
        client_ip=client_ip,
    )
