"""Running cases move to another version of their process: by a written rule, planned first, each in its transaction."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from motcua.audit.public import Actor, record_decision
from motcua.cases import rules
from motcua.cases.actions.batch import Batch
from motcua.cases.actions.steps import check_countable, lock_case
from motcua.cases.models import OPEN_TASK, Case, ServiceCall, Task, Timer
from motcua.cases.queries.migrating import compute_move, find_versions, is_meant, plan_migration
from motcua.cases.queries.processes import get_compiled
from motcua.cases.types import CaseMigrated, MigrationPlan, MigrationRule, PlannedMove
from motcua.process import public as process

log = logging.getLogger(__name__)


def migrate_cases(rule: MigrationRule, *, actor: Actor, now: datetime) -> MigrationPlan:
    """Move every running case that the rule is about; what cannot move stays, with the reason. Twice changes nothing.

    Raises: MigrationRuleUnreadable, ProcessVersionUnknown.
    """
    plan = plan_migration(rule, now=now)
    moved, refused = [], list(plan.refused)
    for planned in plan.moves:
        try:
            if move_case(planned.case_id, rule, actor=actor, now=now):
                moved.append(planned)
        except process.ProcessStepError as error:
            log.warning("case.migrate.refused", extra={"case_id": planned.case_id, "code": error.code})
            refused.append(PlannedMove(case_id=planned.case_id, case_code=planned.case_code, reason=str(error.message)))
    return MigrationPlan(rule=rule, moves=tuple(moved), refused=tuple(refused), left_out=plan.left_out)


def move_case(case_id: int, rule: MigrationRule, *, actor: Actor, now: datetime) -> bool:
    """Move one case, if it still stands where the rule says; false when it does not. Raises: MigrationRefused."""
    old, new = find_versions(rule)
    with transaction.atomic():
        case = lock_case(case_id)
        if case.process_version_id != old.id or not is_meant(case, rule):
            return False
        step = compute_move(case, rule, old_id=old.id, new_id=new.id, now=now)
        check_countable(step)
        batch = Batch(case=case, now=now, actor=actor)
        _change_version(case, new.id)
        batch.take(step)
        versions = {"from_version": rule.from_version, "to_version": rule.to_version}
        batch.say("migrated", audience="office", data=versions)
        batch.announce(CaseMigrated, **versions)
        batch.update()
        _rename_rows(case, rule)
        record_decision(
            actor,
            subject=f"case:{case.uuid}",
            action="migrate_case",
            details={"process": rule.process, **{key: str(value) for key, value in versions.items()}},
            now=now,
        )
    return True


def _change_version(case: Case, process_version_id: int) -> None:
    """Change the frozen version: the trigger lets it pass only where this very case is named as migrating."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('motcua.migrating_case', %s, true)", [str(case.pk)])
        Case.objects.filter(pk=case.pk).update(process_version_id=process_version_id)
        cursor.execute("SELECT set_config('motcua.migrating_case', '', true)")
    case.process_version_id = process_version_id


def _rename_rows(case: Case, rule: MigrationRule) -> None:
    """Let the open work say what the new version says: the step's name, role, screen and choices."""
    compiled_elements = _elements_of(case)
    for task in Task.objects.filter(OPEN_TASK, case=case):
        element = compiled_elements.get(task.token)
        if element is not None:
            Task.objects.filter(pk=task.pk).update(**_task_values(case, element))
    for model in (Timer, ServiceCall):
        for old, new in rule.element_map.items():
            model.objects.filter(case=case, element_id=old).exclude(element_id=new).update(element_id=new)


def _elements_of(case: Case) -> dict[str, process.Element]:
    compiled = get_compiled(case.process_version_id)
    waiting = process.open_elements(compiled.definition, case.state, library=compiled.library)
    return {
        one.token: compiled.definition.get_element(one.element_id)
        for one in waiting
        if not one.process and one.kind == "user"
    }


def _task_values(case: Case, element: process.Element) -> dict[str, Any]:
    share = element.share_minutes
    if share is None and element.share_workdays is not None:
        share = element.share_workdays * rules.WORK_MINUTES_A_DAY
    return {
        "element_id": element.id,
        "name": element.name,
        "role": element.role,
        "agency_id": rules.place_task(
            element.role, agency_id=case.agency_id, reception_agency_id=case.reception_agency_id
        ),
        "screen": element.screen,
        "outcomes": list(element.outcomes),
        "properties": dict(element.properties),
        "share_minutes": share,
    }
