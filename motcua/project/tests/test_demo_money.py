"""The demonstration month has nothing unexplained; the faulty month names each planted difference."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from motcua.kernel.clock import HCM
from motcua.payments.public import AccountKind, list_balances, load_drivers
from motcua.project.demo_city.money import play_month

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MONTH = date(2026, 3, 1)
AFTER = datetime(2026, 4, 5, 9, 0, tzinfo=HCM)
AGENCY = "H29.1"


@pytest.fixture(autouse=True)
def bank(settings: Any) -> Iterator[None]:
    settings.PAYMENT_DRIVERS = {
        "motcua.payments.adapters.vietqr.VietqrDriver": {
            "bank_bin": "970415", "account_no": "0011001932418", "account_name": "THU", "secret": "thử"
        }
    }  # fmt: skip
    load_drivers.cache_clear()
    yield
    load_drivers.cache_clear()


def _reconcile(folder: Path, *, faulty: bool) -> tuple[str, bool]:
    bank, gateway = play_month(folder, month=MONTH, agency_code=AGENCY, faulty=faulty)
    out = StringIO()
    with time_machine.travel(AFTER, tick=False):
        try:
            call_command(
                "reconcile", date=MONTH, until=MONTH + timedelta(days=30), bank=bank, gateway=gateway, agency=AGENCY,
                stdout=out,
            )  # fmt: skip
        except CommandError as error:
            assert error.returncode == 1
            return out.getvalue(), False
    return out.getvalue(), True


def test_the_demonstration_month_has_nothing_unexplained(tmp_path: Path) -> None:
    text, is_clean = _reconcile(tmp_path, faulty=False)
    assert is_clean and "Chưa giải thích: 0 (0 đồng)" in text, text
    balances = {row.kind: row.balance_vnd for row in list_balances(before=AFTER)}
    zero = (AccountKind.PAYER, AccountKind.GATEWAY, AccountKind.UNKNOWN, AccountKind.TRANSIT, AccountKind.TILL)
    assert [balances.get(kind, 0) for kind in zero] == [0, 0, 0, 0, 0]
    assert balances[AccountKind.BANK_FEE] > 0  # what the gateway kept for itself


def test_the_faulty_month_names_each_planted_difference(tmp_path: Path, settings: Any) -> None:
    settings.PAYMENT_DRIVERS = {}  # as an operator's own shell plays it, without the demonstration beside it
    load_drivers.cache_clear()
    text, is_clean = _reconcile(tmp_path, faulty=True)
    named = [line.strip().split("]")[0][1:] for line in text.splitlines() if line.strip().startswith("[")]
    assert not is_clean
    assert sorted(named) == sorted(
        ["double_payment", "underpaid", "late", "forged", "lost_callback", "charged_back", "no_reference", "overpaid",
         "only_ledger", "only_bank", "amount", "clock", "lost_callback"]
    ), text  # fmt: skip
    of_a_case = [line for line in text.splitlines() if line.strip().startswith(("[only_ledger]", "[amount]"))]
    assert all(f": {AGENCY}-" in line for line in of_a_case)
