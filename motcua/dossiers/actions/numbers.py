"""Numbers that must not repeat: one upsert each, so that two officials never get the same."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from motcua.dossiers.rules import format_slip_no
from motcua.kernel.clock import local_date
from motcua.kernel.codes import format_dossier_no

_NEXT_NUMBER = """
INSERT INTO dossiers_numberseries (agency_code, series, period, last_no) VALUES (%s, %s, %s, 1)
ON CONFLICT (agency_code, series, period) DO UPDATE SET last_no = dossiers_numberseries.last_no + 1
RETURNING last_no
"""


def next_dossier_no(agency_code: str, *, now: datetime) -> str:
    """Return the next dossier code of this agency and day. The row stays locked until the transaction ends."""
    on = local_date(now)
    return format_dossier_no(
        agency_code, on=on, sequence=_take_number(agency_code, series="dossier", period=f"{on:%Y%m%d}")
    )


def next_slip_no(kind: int, *, agency_code: str, now: datetime) -> str:
    """Return the next printed number of a slip: counted by agency, kind and year."""
    year = f"{local_date(now):%Y}"
    return format_slip_no(kind, number=_take_number(agency_code, series=f"slip-{kind}", period=year))


def next_result_no(agency_code: str, *, now: datetime) -> int:
    """Return the next number of a result paper of this agency in this year."""
    return _take_number(agency_code, series="result", period=f"{local_date(now):%Y}")


def next_correction_no(*, now: datetime) -> str:
    """Return the next code of a correction, counted by year for the whole city: `DC-2026-000012`."""
    year = f"{local_date(now):%Y}"
    return f"DC-{year}-{_take_number('', series='correction', period=year):06d}"


def _take_number(agency_code: str, *, series: str, period: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_NUMBER, [agency_code, series, period])
        return int(cursor.fetchone()[0])
