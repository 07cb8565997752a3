"""The designer tries processes by the clock that real cases have: its pure copy of the rule says the same."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from motcua.cases.rules import plan_clock
from motcua.cases.types import CLOCK_RULES, STAGES
from motcua.designer.rules.golden_clock import Clock
from motcua.kernel.clock import HCM
from motcua.kernel.workdays import load_city_calendar

START = datetime(2026, 3, 2, 9, tzinfo=HCM)
STATE_AFTER = {"pause": "paused", "resume": "running", "restart": "running", "stop": "stopped"}


@given(st.lists(st.sampled_from(sorted(STAGES)), max_size=10), st.sampled_from(sorted(CLOCK_RULES)))
def test_a_tried_process_counts_as_a_real_case_does(stages: list[str], rule: str) -> None:
    tried = Clock({"amount": 5, "unit": "workday", "clock_rule": rule}, load_city_calendar(), START)
    state, before, moves = "running", "submitted", []
    for number, stage in enumerate(stages, start=1):
        tried.enter(stage, START + timedelta(hours=number))
        for kind in plan_clock(clock_state=state, clock_rule=rule, stage_from=before, stage_to=stage):
            moves.append((kind, START + timedelta(hours=number)))
            state = STATE_AFTER[kind]
        before = stage
    assert [(entry.kind, entry.at) for entry in tried.entries[1:]] == moves
    assert tried.state == state
