"""A signing service or a gateway is asked while no transaction is open: nobody waits behind a slow answer."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from motcua.documents.public import ensure_demo_key
from motcua.documents.tests.watched_keys import WATCHED, Asked, make_key_store
from motcua.outbox.public import drain
from motcua.payments.actions.paying import hear, start_payment
from motcua.payments.queries.receipts import list_receipts
from motcua.payments.tests.factories import NOW, make_charge
from motcua.payments.types import PaymentEvent


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_receipt_is_signed_outside_of_every_transaction(settings: LazySettings) -> None:
    ensure_demo_key("H29.1", "UBND phường Thử", now=NOW)
    settings.MOTCUA_KEY_STORE = WATCHED
    make_key_store().asked = asked = Asked()
    charge = make_charge(100_000)
    payment = start_payment(charge.uuid, way="vietqr", key="k", now=NOW)
    event = PaymentEvent(kind="paid", external_id="bank:1", amount_vnd=100_000, happened_at=NOW)
    hear(payment.reference, event, source="callback", raw={}, now=NOW)
    drain(now=NOW)
    assert list_receipts([charge.uuid])[0].pdf_file_id is not None
    assert (asked.keys, asked.signatures, asked.in_transaction) == (1, 1, [])
