"""Consent where consent is the ground: the purposes (data), and where a person stands on each."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from motcua.identity.models import Consent
from motcua.identity.types import ConsentAct, ConsentPurpose, ConsentRecord, ConsentState
from motcua.kernel.clock import local_date

_FILE = Path(__file__).resolve().parents[1] / "data" / "consent_purposes.toml"
_SHOWN = ("code", "version", "title", "text", "controller", "data", "kept", "legal_ground")


def has_consent(person_id: int, *, purpose: str, at: datetime) -> bool:
    """Say whether the person agreed, at that moment, to what the purpose says then. Silence is no consent.

    Source: Law 91/2025/QH15, Art. 9; in force 2026-01-01.
    """
    wanted = find_purpose(purpose, on=local_date(at))
    if wanted is None:
        return False
    rows = Consent.objects.filter(person_id=person_id, purpose=purpose, at__lte=at).order_by("-at", "-number")
    last = rows.values_list("act", "version").first()
    return last == (ConsentAct.GIVEN, wanted.version)


def list_consents(person_id: int, *, at: datetime) -> tuple[ConsentState, ...]:
    """Return every purpose in force with what the person did about it, the newest act first: one query."""
    rows = Consent.objects.filter(person_id=person_id, at__lte=at).select_related("by_user").order_by("-at", "-number")
    acts: dict[str, list[ConsentRecord]] = {}
    for row in rows:
        acts.setdefault(row.purpose, []).append(_to_record(row))
    return tuple(_to_state(purpose, acts.get(purpose.code, ())) for purpose in list_purposes(on=local_date(at)))


def list_purposes(*, on: date) -> tuple[ConsentPurpose, ...]:
    """Return the purposes in force on the day, each in its newest version, in the order of the file."""
    newest: dict[str, ConsentPurpose] = {}
    for each in read_purposes():
        if each.valid_from <= on and (each.code not in newest or newest[each.code].version < each.version):
            newest[each.code] = each
    return tuple(newest.values())


def find_purpose(code: str, *, on: date) -> ConsentPurpose | None:
    """Return the purpose as it stands on the day, or None."""
    return next((each for each in list_purposes(on=on) if each.code == code), None)


@cache
def read_purposes() -> tuple[ConsentPurpose, ...]:
    """Return every version of every purpose that ships with the product."""
    return tuple(_to_purpose(row) for row in tomllib.loads(_FILE.read_text("utf-8"))["purposes"])


def _to_purpose(row: Mapping[str, Any]) -> ConsentPurpose:
    shown = "\n".join(str(row[name]) for name in _SHOWN)
    return ConsentPurpose(**row, sha256=hashlib.sha256(shown.encode()).hexdigest())


def _to_record(row: Consent) -> ConsentRecord:
    return ConsentRecord(
        uuid=row.uuid,
        purpose=row.purpose,
        version=row.version,
        act=row.act,
        at=row.at,
        by_name=row.by_user.full_name,
        text_sha256=row.text_sha256,
    )


def _to_state(purpose: ConsentPurpose, history: Sequence[ConsentRecord]) -> ConsentState:
    stands = bool(history) and history[0].act == ConsentAct.GIVEN
    is_current = stands and history[0].version == purpose.version
    return ConsentState(
        purpose=purpose, is_given=is_current, is_outdated=stands and not is_current, history=tuple(history)
    )
