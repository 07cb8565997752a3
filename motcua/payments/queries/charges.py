"""Charges and how they stand, read from the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Q, Sum, When

from motcua.payments.models import Charge, Entry
from motcua.payments.rules.ledger import MOVES
from motcua.payments.types import AccountKind, ChargeInfo, ChargeLine, ChargeNotFound, EntryKind, Payer

PAYER_DEBIT = sorted(kind for kind, (debit, _) in MOVES.items() if debit == AccountKind.PAYER)
PAYER_CREDIT = sorted(kind for kind, (_, credit) in MOVES.items() if credit == AccountKind.PAYER)


def find_charge_row(case_uuid: UUID, *, purpose: str) -> Charge | None:
    return Charge.objects.filter(case_uuid=case_uuid, purpose=purpose).first()


def get_charge(charge_uuid: UUID) -> ChargeInfo:
    """Return a charge and how it stands. Raises: ChargeNotFound."""
    charge = Charge.objects.filter(uuid=charge_uuid).first()
    if charge is None:
        raise ChargeNotFound()
    return to_charge_info(charge)


def list_charges_of_cases(case_uuids: Collection[UUID]) -> tuple[ChargeInfo, ...]:
    """Return the charges of these cases, oldest first: two queries, however many cases."""
    return to_charge_infos(Charge.objects.filter(case_uuid__in=list(case_uuids)).order_by("pk"))


def to_charge_infos(rows: Iterable[Charge]) -> tuple[ChargeInfo, ...]:
    charges = list(rows)
    stands = _read_stands([charge.pk for charge in charges])
    return tuple(_to_info(charge, *stands.get(charge.pk, (0, 0))) for charge in charges)


def to_charge_info(charge: Charge) -> ChargeInfo:
    return to_charge_infos([charge])[0]


def _read_stands(charge_ids: Sequence[int]) -> Mapping[int, tuple[int, int]]:
    """Return (still to pay, waived) of each charge, in one query; what was proved later counts too."""
    entries = Entry.objects.filter(charge__in=charge_ids, kind__in=PAYER_DEBIT + PAYER_CREDIT)
    sums = entries.values("charge_id").annotate(
        total=Sum(Case(When(Q(kind__in=PAYER_DEBIT), then=F("amount_vnd")), default=-F("amount_vnd"))),
        waived=Sum(Case(When(Q(kind=EntryKind.WAIVED), then=F("amount_vnd")), default=0)),
    )
    rows = sums.values_list("charge_id", "total", "waived")
    return {pk: (int(total or 0), int(waived or 0)) for pk, total, waived in rows}


def read_open_vnd(charge_ids: Sequence[int], *, kinds: Collection[EntryKind] = ()) -> Mapping[int, int]:
    """Return what is still to pay of each charge (negative: overpaid), of all entries or of some kinds only."""
    entries = Entry.objects.filter(charge__in=charge_ids, kind__in=sorted(kinds) or PAYER_DEBIT + PAYER_CREDIT)
    signed = Case(When(Q(kind__in=PAYER_DEBIT), then=F("amount_vnd")), default=-F("amount_vnd"))
    sums = dict(entries.values("charge_id").annotate(total=Sum(signed)).values_list("charge_id", "total"))
    return {pk: int(sums.get(pk) or 0) for pk in charge_ids}


def dump_line(line: ChargeLine) -> dict[str, Any]:
    """Return a line as it is stored."""
    return {name: getattr(line, name) for name in ChargeLine.__dataclass_fields__}


def _to_info(charge: Charge, open_vnd: int, waived_vnd: int) -> ChargeInfo:
    return ChargeInfo(
        id=charge.pk,
        uuid=charge.uuid,
        case_uuid=charge.case_uuid,
        case_code=charge.case_code,
        agency_code=charge.agency_code,
        payer=Payer(
            name=charge.payer_name, code=charge.payer_code, party_kind=charge.payer_kind, party_id=charge.payer_id
        ),
        lines=tuple(ChargeLine(**line) for line in charge.lines),
        gross_vnd=charge.gross_vnd,
        waived_vnd=waived_vnd,
        open_vnd=open_vnd,
        raised_at=charge.raised_at,
    )
