"""Running cases move by a written rule: planned, refused with reasons, done once, and logged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from motcua.audit.public import SYSTEM
from motcua.cases.models import Case, Timer
from motcua.cases.public import (
    CaseInfo,
    MigrationRule,
    MigrationRuleUnreadable,
    ProcessVersionUnknown,
    deploy_process,
    get_case,
    list_tasks,
    list_timeline,
    migrate_cases,
    open_case,
    plan_migration,
    read_migration_rule,
)
from motcua.cases.tests.factories import MONDAY, make_command, make_office
from motcua.process.tests import drawings as d

OLD = (d.start(), d.user("a", outcomes="ok|no"), d.end(), d.chain("start", "a", "end"))
NEW = (
    d.start(), d.user("check", role="specialist", outcomes="ok|no|ask", share_minutes="240"),
    d.boundary("late", "check", d.timer("P2D"), interrupting=False), d.user("b"), d.end("x"), d.end(),
    d.chain("start", "check", "b", "end"), d.chain("late", "x"),
)  # fmt: skip
RULE = MigrationRule(process="moving", from_version=1, to_version=2, element_map={"a": "check"})


def deploy(*parts: str) -> int:
    return deploy_process("moving", xml=d.drawing(*parts, process_id="moving"), now=MONDAY).id


def prepare(count: int = 2, **values: Any) -> list[CaseInfo]:
    version, agency = deploy(*OLD), make_office().agency.id
    deploy(*NEW)
    commands = [make_command(agency, process_version_id=version, **values) for _ in range(count)]
    return [open_case(command, actor=SYSTEM, now=MONDAY) for command in commands]


@pytest.mark.django_db
def test_the_plan_writes_nothing_and_the_move_is_made_once() -> None:
    cases = prepare()
    plan = plan_migration(RULE, now=MONDAY)
    assert [move.case_id for move in plan.moves] == [case.id for case in cases]
    assert get_case(cases[0].id).revision == cases[0].revision
    done = migrate_cases(RULE, actor=SYSTEM, now=MONDAY)
    assert len(done.moves) == 2
    (task,) = list_tasks(cases[0].id, only_open=True)
    assert (task.element_id, task.role, task.outcomes, task.share_minutes) == (
        "check", "specialist", ("ok", "no", "ask"), 240,
    )  # fmt: skip
    assert Timer.objects.get(case_id=cases[0].id).element_id == "late"
    entry = list_timeline(cases[0].id, audience="office")[-1]
    assert (entry.kind, entry.data) == ("migrated", {"from_version": 1, "to_version": 2})
    assert migrate_cases(RULE, actor=SYSTEM, now=MONDAY).moves == ()
    assert Timer.objects.filter(case_id=cases[0].id).count() == 1


@pytest.mark.django_db
def test_what_has_no_target_stays_with_its_reason() -> None:
    (case,) = prepare(1)
    rule = MigrationRule(process="moving", from_version=1, to_version=2)
    done = migrate_cases(rule, actor=SYSTEM, now=MONDAY)
    assert done.moves == ()
    assert "“a”" in done.refused[0].reason
    assert get_case(case.id).process_version_id == case.process_version_id


@pytest.mark.django_db
def test_a_condition_chooses_the_cases() -> None:
    prepare(1, channel="online")
    prepare(1, channel="counter")
    chosen = MigrationRule(
        process="moving", from_version=1, to_version=2, element_map={"a": "check"},
        condition='case.channel = "counter" and stage = "submitted"',
    )  # fmt: skip
    plan = plan_migration(chosen, now=MONDAY)
    assert (len(plan.moves), plan.left_out) == (1, 1)


@pytest.mark.django_db
def test_only_a_migration_changes_the_version_of_a_case() -> None:
    (case,) = prepare(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.id).update(process_version_id=case.process_version_id + 1)


@pytest.mark.django_db
def test_the_command_is_dry_by_default(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (case,) = prepare(1)
    rule = tmp_path / "rule.toml"
    rule.write_text('process = "moving"\nfrom_version = 1\nto_version = 2\n[elements]\na = "check"\n')
    call_command("migrate_cases", str(rule))
    assert f"Sẽ chuyển  {case.code}" in capsys.readouterr().out
    assert get_case(case.id).process_version_id == case.process_version_id
    call_command("migrate_cases", str(rule), "--apply")
    assert f"Đã chuyển  {case.code}" in capsys.readouterr().out
    assert get_case(case.id).process_version_id != case.process_version_id


@pytest.mark.parametrize(
    "text",
    [
        b"", b"\xff", b"process = 1", b'process = "x"\nfrom_version = 1\nto_version = 1',
        b'process = "x"\nfrom_version = 0\nto_version = 1', b'process = "x"\nfrom_version = true\nto_version = 2',
        b'process = "x"\nfrom_version = 1\nto_version = 2\nmore = 1',
        b'process = "x"\nfrom_version = 1\nto_version = 2\n[elements]\na = 1',
    ],
)  # fmt: skip
def test_a_rule_that_is_none_is_refused(text: bytes) -> None:
    with pytest.raises(MigrationRuleUnreadable):
        read_migration_rule(text)


@pytest.mark.django_db
def test_a_rule_for_unknown_versions_or_with_a_broken_condition_is_refused() -> None:
    with pytest.raises(ProcessVersionUnknown):
        plan_migration(RULE, now=MONDAY)
    with pytest.raises(MigrationRuleUnreadable):
        plan_migration(MigrationRule(process="moving", from_version=1, to_version=2, condition="1 +"), now=MONDAY)
