"""What a shipped process reports, state after state, is what the national portal may be told."""

from __future__ import annotations

import random

import pytest

from motcua.dossiers.rules import NATIONAL_TRANSITIONS, derive_national_state, is_national_transition
from motcua.process import public as p
from motcua.process.tests.test_designed_packages import (
    NOW,
    PROCESSES,
    choose_event,
    decide_for,
    make_form,
    read_process,
)

WALKS = 40


@pytest.mark.slow
def test_every_walk_of_every_shipped_process_is_reported_lawfully() -> None:
    told: dict[tuple[int, int], str] = {}
    for slug in PROCESSES:
        definition, decide = read_process(slug), decide_for(slug)
        for seed in range(WALKS):
            chance = random.Random(seed)
            step = p.start(
                definition, {"channel": "online", "result_channel": "online", "form": make_form(chance)},
                now=NOW, decide=decide,
            )  # fmt: skip
            before, stage = derive_national_state("submitted", None), "submitted"
            for _ in range(60):
                for command in step.commands:
                    if isinstance(command, p.EnterStage):
                        stage = command.stage
                        after = derive_national_state(stage, None)
                        told.setdefault((int(before), int(after)), slug)
                        before = after
                if step.state["ended"]:
                    after = derive_national_state(stage, step.state["outcome"])
                    told.setdefault((int(before), int(after)), slug)
                    break
                event = choose_event(definition, step.state, chance)
                step = p.advance(definition, step.state, event, now=NOW, decide=decide)
    unlawful = {pair: slug for pair, slug in told.items() if pair[0] != pair[1] and pair not in NATIONAL_TRANSITIONS}
    assert unlawful == {}
    assert {(1, 2), (1, 3), (1, 5), (1, 7), (2, 4), (4, 9), (5, 8), (9, 10)} <= told.keys()


def test_the_table_is_the_one_that_was_agreed() -> None:
    """Written out anew, a line a state: what may follow it."""
    follow = {1: "234578", 2: "45789", 3: "", 4: "56789", 5: "123478", 6: "478", 7: "", 8: "", 9: "4X", 10: ""}
    assert {(before, after) for before, after in NATIONAL_TRANSITIONS} == {
        (before, 10 if sign == "X" else int(sign)) for before, signs in follow.items() for sign in signs
    }
    new = derive_national_state("submitted", None)
    assert is_national_transition(new, new)
