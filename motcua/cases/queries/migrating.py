"""What a written rule would do to the running cases of a process: the dry run."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from motcua.cases.models import Case
from motcua.cases.queries.processes import find_process_version, get_compiled
from motcua.cases.types import (
    MigrationPlan,
    MigrationRule,
    MigrationRuleUnreadable,
    PlannedMove,
    ProcessVersionInfo,
    ProcessVersionUnknown,
)
from motcua.kernel.clock import local_date
from motcua.kernel.messages import N_
from motcua.process.migration import migrate_state
from motcua.process.public import FeelError, ProcessStepError, Step, compile_expression

_CHUNK = 500


def find_versions(rule: MigrationRule) -> tuple[ProcessVersionInfo, ProcessVersionInfo]:
    """Return the versions that a rule names. Raises: ProcessVersionUnknown."""
    old = find_process_version(rule.process, version=rule.from_version)
    new = find_process_version(rule.process, version=rule.to_version)
    if old is None or new is None or old.id == new.id:
        raise ProcessVersionUnknown
    return old, new


def plan_migration(rule: MigrationRule, *, now: datetime) -> MigrationPlan:
    """Say which running cases the rule moves, which cannot move and why, and how many it leaves out; writes nothing.

    Raises: MigrationRuleUnreadable, ProcessVersionUnknown.
    """
    check_condition(rule)
    old, new = find_versions(rule)
    moves, refused, left_out = [], [], 0
    for case in Case.objects.filter(process_version=old.id, closed_at=None).order_by("id").iterator(_CHUNK):
        if not is_meant(case, rule):
            left_out += 1
            continue
        try:
            compute_move(case, rule, old_id=old.id, new_id=new.id, now=now)
        except ProcessStepError as error:
            refused.append(PlannedMove(case_id=case.pk, case_code=case.code, reason=str(error.message)))
        else:
            moves.append(PlannedMove(case_id=case.pk, case_code=case.code))
    return MigrationPlan(rule=rule, moves=tuple(moves), refused=tuple(refused), left_out=left_out)


def check_condition(rule: MigrationRule) -> None:
    """Raise MigrationRuleUnreadable when the condition is not an expression."""
    try:
        if rule.condition:
            compile_expression(rule.condition)
    except FeelError as error:
        raise MigrationRuleUnreadable(
            "migration_rule_unreadable", N_("Điều kiện của quy tắc chuyển chưa đúng: %(why)s", why=error.reason_vi)
        ) from error


def is_meant(case: Case, rule: MigrationRule) -> bool:
    """Tell whether the rule's condition holds for a case."""
    if case.closed_at is not None:
        return False
    if not rule.condition:
        return True
    facts: dict[str, Any] = {
        **case.state["vars"],
        "stage": case.stage,
        "case": {"code": case.code, "channel": case.channel, "opened_on": local_date(case.opened_at)},
    }
    return compile_expression(rule.condition).is_true(facts)


def compute_move(case: Case, rule: MigrationRule, *, old_id: int, new_id: int, now: datetime) -> Step:
    """Return the case's state on the new version. Raises: MigrationRefused."""
    old, new = get_compiled(old_id), get_compiled(new_id)
    library = {**new.library, **old.library}  # a called process that runs already stays as it began
    return migrate_state(old.definition, new.definition, case.state, rule.element_map, now=now, library=library)
