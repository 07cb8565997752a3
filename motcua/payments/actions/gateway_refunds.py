"""Refunds by the gateway over HTTP: asked with one number for ever, so that asked twice the money goes back once.

No transaction is open while the network is asked. An answer that was lost is asked for again with the same number.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from motcua.audit.public import SYSTEM
from motcua.payments.actions.callbacks import to_order
from motcua.payments.actions.refunds import send_refund
from motcua.payments.adapters.base import BackOrder
from motcua.payments.models import Refund
from motcua.payments.queries.drivers import get_driver
from motcua.payments.queries.payments import to_payment_infos
from motcua.payments.queries.refunds import get_gateway_payment, get_movement_vnd, list_gateway_refunds
from motcua.payments.types import GatewayAway, RefundNotFound, WayNotOffered

TRY_AGAIN_AFTER = timedelta(minutes=10)
TRIES_A_ROUND = 10


def send_gateway_refund(refund_uuid: UUID, *, now: datetime) -> bool:
    """Give an agreed refund back by the gateway it came by; return whether it went. What the gateway said is kept.

    Raises: RefundNotFound.
    """
    refund = Refund.objects.select_related("charge").filter(uuid=refund_uuid).first()
    if refund is None:
        raise RefundNotFound()
    if not refund.movement or refund.approved_at is None or refund.sent_at is not None:
        return False
    Refund.objects.filter(pk=refund.pk).update(tried_at=now)
    payment = to_payment_infos([get_gateway_payment(refund)], now=now)[0]
    order = to_order(payment, return_url="", client_ip="127.0.0.1")
    back = BackOrder(
        number=refund.uuid.hex,
        amount_vnd=refund.amount_vnd,
        movement=refund.movement.partition(":")[2],
        is_whole=refund.amount_vnd == get_movement_vnd(refund),
        by="motcua",
        text=f"Hoan phi {payment.reference}",
    )
    try:
        answer = get_driver(payment.way).give_back(order, back, now=now)
    except (GatewayAway, WayNotOffered) as away:
        Refund.objects.filter(pk=refund.pk).update(gateway_said=away.code)
        return False
    Refund.objects.filter(pk=refund.pk).update(gateway_said=answer.says[:200])
    if not answer.is_taken:
        Refund.objects.filter(pk=refund.pk).update(movement="", payment=None)  # an official sends it another way
        return False
    external_id = f"{refund.movement.partition(':')[0]}:{answer.external_id}"
    return send_refund(refund_uuid, way="gateway", external_id=external_id, actor=SYSTEM, now=now).is_sent


def send_waiting_refunds(*, now: datetime) -> int:
    """Try again what the gateway did not answer; return how many went."""
    found = 0
    for refund in list_gateway_refunds(limit=TRIES_A_ROUND):
        if refund.tried_at is None or refund.tried_at <= now - TRY_AGAIN_AFTER:
            found += send_gateway_refund(refund.uuid, now=now)
    return found
