"""The one policy: who sees which case, and as what. Lists ask for scopes, single reads ask `read_audience`."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from motcua.cases import rules
from motcua.cases.models import OPEN_TASK, Case, Participation, Task
from motcua.cases.types import Audience, CaseInfo, TaskInfo
from motcua.identity.public import Grant, PartyRef, Principal, can_represent, list_officials
from motcua.kernel.clock import local_date


def read_audience(principal: Principal, case: CaseInfo, *, now: datetime) -> Audience | None:
    """Say on which side of the counter this reader stands in this case: office, applicant, or nowhere (None)."""
    if rules.can_see_office_side(principal.grants, agency_ids=(case.agency_id, case.reception_agency_id)):
        return "office"
    if _stands_outside(principal, case, now=now):
        return "applicant"
    return None


def can_view_case(principal: Principal, case: CaseInfo, *, now: datetime) -> bool:
    """True when this reader may open the case at all."""
    return read_audience(principal, case, now=now) is not None


def list_grants_at(agency_id: int, *, user_id: int, now: datetime) -> tuple[Grant, ...]:
    """Return the roles this account holds today at one agency, in one query; writes ask here, not the session."""
    officials = list_officials(agency_id, on=local_date(now))
    return next((official.grants for official in officials if official.user_id == user_id), ())


def can_work_task(principal: Principal, task: TaskInfo) -> bool:
    """True when this official holds the task's role at the task's agency today."""
    return rules.can_work(principal.grants, role=task.role, agency_id=task.agency_id)


def can_extend_deadline(principal: Principal, case: CaseInfo) -> bool:
    """True for a leader of the deciding agency: the apology is signed by its head."""
    return rules.can_work(principal.grants, role="leader", agency_id=case.agency_id)


def filter_tasks_in_scope(scope: tuple[tuple[int, str], ...], *, agency_id: int | None) -> list[QuerySet[Task]]:
    """Return one queryset of open tasks for each (agency, role) held: each runs down one index."""
    return [
        Task.objects.filter(OPEN_TASK, agency_id=agency, role=role)
        for agency, role in scope
        if agency_id is None or agency == agency_id
    ]


def filter_cases_of_leader(principal: Principal, *, agency_id: int | None) -> QuerySet[Case]:
    """Return the cases whose figures this leader may see: own agencies, or the whole city for a city leader."""
    scope = rules.overview_scope(principal.grants)
    cases = Case.objects.all() if scope == "city" else Case.objects.filter(agency_id__in=sorted(scope))
    return cases if agency_id is None else cases.filter(agency_id=agency_id)


def _stands_outside(principal: Principal, case: CaseInfo, *, now: datetime) -> bool:
    """True for the applicant, for whoever may represent the applicant today, and for a named delegate.

    Having once typed the form is not enough: a delegation that ended also ends the view.
    """
    if case.applicant_id is not None:
        if case.applicant_kind == "person" and case.applicant_id == principal.person_id:
            return True
        applicant = PartyRef(kind=case.applicant_kind, id=case.applicant_id)
        if can_represent(principal, applicant, on=local_date(now)):
            return True
        roles = ["delegate"]
    else:
        roles = ["delegate", "submitter"]
    mine = Q(party_kind="user", party_id=principal.user_id)
    if principal.person_id is not None:
        mine |= Q(party_kind="person", party_id=principal.person_id)
    return Participation.objects.filter(mine, case_id=case.id, role__in=roles).exists()
