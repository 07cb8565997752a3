"""Turn stored facts into the seven statutory slips."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from motcua.cases.public import CaseInfo
from motcua.dossiers.types import DossierFolder, RegisterRow, SlipInfo


def draw_slip(folder: DossierFolder, case: CaseInfo, slip: SlipInfo) -> bytes:
    raise NotImplementedError


def draw_control_slip(folder: DossierFolder, case: CaseInfo, *, now: datetime) -> bytes:
    raise NotImplementedError


def draw_register_book(
    rows: Sequence[RegisterRow], *, agency_id: int, first_on: date, last_on: date, now: datetime
) -> bytes:
    raise NotImplementedError
