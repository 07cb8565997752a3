"""A rule of migration that leaves a waiting place without a target is found; what is called covered does move."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from motcua.designer.rules import check_migrations
from motcua.designer.tests import samples as s
from motcua.process import public as p
from motcua.process.engine import open_elements
from motcua.process.migration import migrate_state
from motcua.process.tests import drawings as d

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
RENAMED = s.process().replace(b'"appraise"', b'"appraisal"')


def codes(new: bytes, rule: str) -> set[str]:
    files = s.package(process=new) | {"migrations/2.toml": rule.encode()}
    return {finding.code for finding in check_migrations(s.package(), files)}


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("", {"migration_uncovered"}),
        ('[elements]\nappraise = "appraisal"', set()),
        ('[elements]\nappraise = "approved"', {"migration_other_kind"}),
        ('[elements]\nappraise = "nowhere"', {"migration_uncovered", "migration_target_unknown"}),
        ('[elements]\nappraise = "appraisal"\nghost = "sign"', {"migration_source_unknown"}),
        ('condition = "1 +"\n[elements]\nappraise = "appraisal"', {"migration_condition"}),
        ("= 1", {"migration_unreadable"}),
        ("elements = 3", {"migration_unreadable"}),
    ],
)
def test_what_a_rule_leaves_out_is_found(rule: str, found: set[str]) -> None:
    assert codes(RENAMED, rule) == found


def test_a_drawing_that_cannot_be_read_leaves_the_rule_unchecked() -> None:
    assert codes(b"<x", "") == {"migration_unchecked"}


def test_joins_come_along_with_their_flows() -> None:
    drawn = s.draw_diagram(d.fork_join().decode()).encode()
    other = s.draw_diagram(d.fork_join().decode().replace('id="b__join"', 'id="from_b"')).encode()
    files = s.package(process=other) | {"migrations/2.toml": b""}
    found = check_migrations(s.package(process=drawn), files)
    assert [(each.code, each.element_id) for each in found] == [("migration_join", "join")]


def test_a_case_moves_wherever_the_rule_is_called_complete() -> None:
    old, new = p.parse_process(s.process()), p.parse_process(RENAMED)
    step = p.start(old, {}, now=NOW)
    for outcome in ("accept", "approve", "return"):
        moved = migrate_state(old, new, step.state, {"appraise": "appraisal"}, now=NOW)
        assert {each.kind for each in open_elements(new, moved.state)} == {"user"}
        token = next(iter(step.state["tokens"]))
        step = p.advance(old, step.state, p.TaskCompleted(token, {"outcome": outcome}), now=NOW)
