"""What every action on a filed dossier begins with."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from motcua.cases.public import CaseInfo, get_case
from motcua.dossiers.models import Dossier
from motcua.dossiers.rules import derive_national_state
from motcua.dossiers.types import DossierNotFound, NationalState, NotAllowedNow, Verdict


def lock_dossier(*, case_id: int | None = None, dossier_uuid: UUID | None = None) -> tuple[Dossier, CaseInfo]:
    """Lock the dossier's row (always before its case) and return both. Raises: DossierNotFound."""
    wanted = Q(case_id=case_id) if case_id is not None else Q(uuid=dossier_uuid)
    dossier = Dossier.objects.select_for_update(of=("self",)).filter(wanted).first()
    if dossier is None:
        raise DossierNotFound
    return dossier, get_case(dossier.case_id)


def read_state(case: CaseInfo) -> NationalState:
    """Return the national state, derived from the case and never stored."""
    return derive_national_state(case.stage, case.outcome)


def require(verdict: Verdict) -> None:
    """Raise NotAllowedNow with the rule's own code and sentence when the rule says no."""
    if not verdict.allowed:
        raise NotAllowedNow(verdict.code, verdict.message)
