"""By which way a refund can go back."""

from __future__ import annotations

from motcua.payments.models import Charge, Payment, PaymentTold, Refund
from motcua.payments.queries.drivers import load_drivers


def find_way_back(charge: Charge, amount_vnd: int) -> tuple[int, str] | None:
    """Return (payment, movement) at a gateway that this amount can go back to: the latest that is large enough.

    None: no such money came by a way that gives back by itself, so an official sends it.
    """
    ways = [way for way, driver in load_drivers().items() if driver.gives_back]
    told = PaymentTold.objects.filter(payment__charge=charge, payment__way__in=ways).order_by("-happened_at", "-pk")
    rows = list(told.values_list("payment_id", "external_id", "kind", "amount_vnd"))
    gone = {external_id for _payment, external_id, kind, _amount in rows if kind == "charged_back"}
    taken: dict[str, int] = {}
    for movement, amount in Refund.objects.filter(charge=charge).values_list("movement", "amount_vnd"):
        taken[movement] = taken.get(movement, 0) + amount
    for payment_id, external_id, kind, amount in rows:
        if kind == "paid" and external_id not in gone and amount - taken.get(external_id, 0) >= amount_vnd:
            return payment_id, external_id
    return None


def list_gateway_refunds(*, limit: int) -> list[Refund]:
    """Return refunds that may go back by the gateway and have not, the longest waiting first."""
    rows = Refund.objects.filter(approved_at__isnull=False, sent_at__isnull=True).exclude(movement="")
    return list(rows.select_related("charge", "payment").order_by("tried_at", "pk")[:limit])


def get_gateway_payment(refund: Refund) -> Payment:
    """Return the gateway's order that a refund goes back to."""
    return Payment.objects.select_related("charge").get(pk=refund.payment_id or 0)


def get_movement_vnd(refund: Refund) -> int:
    """Return how much came in by the movement that a refund goes back to."""
    told = PaymentTold.objects.filter(external_id=refund.movement, kind="paid")
    return told.values_list("amount_vnd", flat=True).get()
