"""`kill -9` between the money and its receipt, and in the middle of a receipt: nothing is lost, no number is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection

from motcua.documents.public import ensure_demo_key
from motcua.outbox.public import drain
from motcua.payments.actions import receipts
from motcua.payments.actions.paying import hear, start_payment
from motcua.payments.actions.receipts import issue_receipt, sign_receipt
from motcua.payments.models import Receipt, ReceiptSeries
from motcua.payments.queries.receipts import get_receipt, list_receipts
from motcua.payments.tests.factories import NOW, make_charge
from motcua.payments.types import PaymentEvent

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


FULL = """
import resource, sys
import django
django.setup()
from motcua.payments.actions.receipts import sign_receipt
from motcua.payments.tests.factories import NOW
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))  # every file is full after a thousand bytes
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    sign_receipt(sys.argv[1], now=NOW)
except OSError as full:
    sys.exit(42)
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_full_disk_keeps_the_number_and_the_paper_is_made_later() -> None:
    ensure_demo_key("H29.1", "UBND phường Thử", now=NOW)
    receipt = issue_receipt(make_charge(100_000).uuid, entry_reference="x", amount_vnd=100_000, now=NOW)
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(receipt.uuid)], env=os.environ | {"DATABASE_URL": _url_of_this_database()},
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 42, done.stderr[-2000:]
    assert get_receipt(receipt.uuid).pdf_file_id is None and get_receipt(receipt.uuid).no == receipt.no
    assert sign_receipt(receipt.uuid, now=NOW)


@pytest.mark.slow
@pytest.mark.django_db
def test_a_key_or_a_clock_service_that_is_away_keeps_the_number_and_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    charge = make_charge(100_000)
    payment = start_payment(charge.uuid, way="vietqr", key="k", now=NOW)
    event = PaymentEvent(kind="paid", external_id="bank:1", amount_vnd=100_000, happened_at=NOW)
    hear(payment.reference, event, source="callback", raw={}, now=NOW)

    def away(*args: object, **kwargs: object) -> bytes:
        raise ConnectionError("the service is away")

    ensure_demo_key("H29.1", "UBND phường Thử", now=NOW)
    with monkeypatch.context() as patch:
        patch.setattr(receipts, "sign_pdf", away)
        drain(now=NOW)
    (receipt,) = list_receipts([charge.uuid])
    assert receipt.no == 1 and receipt.pdf_file_id is None
    drain(now=NOW + timedelta(hours=1))
    assert get_receipt(receipt.uuid).pdf_file_id is not None
