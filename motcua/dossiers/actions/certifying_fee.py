"""The fee of a certified copy: raised once when it is certified, taken at the till under the number of the copy."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from motcua.identity.public import PartyRef, get_party
from motcua.kernel.clock import local_date
from motcua.payments.public import ChargeInfo, ChargeLine, Payer, raise_charge
from motcua.places.public import get_agency
from motcua.vault.public import find_certified_by_code

_LEGAL = "Thông tư 226/2016/TT-BTC, Điều 4"


def raise_copy_fee(copy_uuid: UUID, *, verification_code: str, now: datetime) -> ChargeInfo | None:
    """Write what a certified copy costs; asked again it returns the first.

    Source: Circular 226/2016/TT-BTC, Art. 4 (as told by national record 2.000815); in force 2017-01-01.
    """
    copy = find_certified_by_code(verification_code)
    if copy is None or copy.uuid != copy_uuid or copy.certified_at is None:
        return None
    party, agency = get_party(PartyRef(copy.owner_kind, copy.owner_id)), get_agency(copy.agency_id)
    return raise_charge(
        copy.uuid,
        case_code=f"{agency.code}-BS{local_date(copy.certified_at).year}-{copy.no:04d}",
        agency_code=agency.code,
        payer=Payer(
            name=copy.requester_name, code=party.identifier, party_kind=copy.owner_kind, party_id=copy.owner_id
        ),
        lines=[
            ChargeLine(label=f"Phí chứng thực bản sao, {copy.pages} trang", amount_vnd=copy.fee_vnd, legal_ref=_LEGAL)
        ],
        purpose="certified_copy",
        now=now,
    )
