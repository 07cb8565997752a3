"""`kill -9` between the money and its receipt, and in the middle of a receipt: nothing is lost, no number is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from django.db import connection

from motcua.documents.public import ensure_demo_key
from motcua.outbox.public import drain
from motcua.payments.actions.paying import start_payment
from motcua.payments.models import Receipt, ReceiptSeries
from motcua.payments.queries.receipts import list_receipts
from motcua.payments.tests.factories import NOW, make_charge

CHILD = """
import os, signal, sys
import django
django.setup()
from django.db import transaction
from motcua.payments.actions.paying import hear
from motcua.payments.actions.receipts import issue_receipt
from motcua.payments.tests.factories import NOW
from motcua.payments.types import PaymentEvent
reference, charge = sys.argv[1:]
event = PaymentEvent(kind="paid", external_id="bank:1", amount_vnd=100_000, happened_at=NOW)
hear(reference, event, source="callback", raw={}, now=NOW)
with transaction.atomic():
    issue_receipt(charge, entry_reference="paid_bank:bank:1", amount_vnd=100_000, now=NOW)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_process_killed_between_money_and_receipt_loses_neither() -> None:
    ensure_demo_key("H29.1", "UBND phường Thử", now=NOW)
    charge = make_charge(100_000)
    payment = start_payment(charge.uuid, way="vietqr", key="k", now=NOW)
    done = subprocess.run(
        [sys.executable, "-c", CHILD, payment.reference, str(charge.uuid)],
        env=os.environ | {"DATABASE_URL": _url_of_this_database()}, capture_output=True, text=True, timeout=100,
        check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]
    assert not Receipt.objects.exists() and not ReceiptSeries.objects.exists()
    drain(now=NOW)
    (receipt,) = list_receipts([charge.uuid])
    assert (receipt.no, receipt.amount_vnd, receipt.pdf_file_id is not None) == (1, 100_000, True)


def _url_of_this_database() -> str:
    values = connection.settings_dict
    secret = f":{values['PASSWORD']}" if values["PASSWORD"] else ""
    port = f":{values['PORT']}" if values["PORT"] else ""
    return f"postgresql://{values['USER']}{secret}@{port}/{values['NAME']}?host={values['HOST']}"
