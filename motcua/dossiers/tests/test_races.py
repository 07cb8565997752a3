"""Two hands at the same moment, in real transactions: one dossier, one decision, one number each."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from motcua.cases.public import StaleTask
from motcua.dossiers.actions.numbers import next_result_no
from motcua.dossiers.models import Dossier
from motcua.dossiers.public import DraftInfo, Filed, Hand, accept_dossier, file_draft, refuse_dossier
from motcua.dossiers.tests.factories import file_dossier, make_city, make_draft, open_task
from motcua.identity.tests.factories import make_principal
from motcua.kernel import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls at the same moment, each with a connection of its own; return answers and failures."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait(timeout=20)
        try:
            return call()
        except Exception as error:  # noqa: BLE001  what was raised is the answer that the test looks at
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_four_presses_at_once_file_once() -> None:
    city = make_city()
    draft = make_draft(city)
    principal = make_principal(city.resident.user_id)

    def press(given: DraftInfo = draft) -> Filed:
        return file_draft(
            given,
            submitter_id=principal.user_id,
            submitter_name=principal.full_name,
            submitter_person_id=principal.person_id,
            actor=principal.to_actor(),
            now=clock.now(),
        )

    answers = together(press, press, press, press)
    assert Dossier.objects.count() == 1
    assert {answer.dossier_no for answer in answers} == {Dossier.objects.get().dossier_no}
    assert sorted(answer.is_repeat for answer in answers) == [False, True, True, True]


def test_two_officials_decide_at_once_and_one_is_told() -> None:
    city = make_city()
    filed = file_dossier(city)
    task = open_task(filed.case_id, "dossiers.receive")
    principal = make_principal(city.counter.user_id)
    hand = Hand(
        task=task,
        revision=task.revision,
        user_id=principal.user_id,
        name=principal.full_name,
        actor=principal.to_actor(),
    )
    answers = together(
        lambda: accept_dossier(hand, note="", now=clock.now()),
        lambda: refuse_dossier(hand, reason="Không thuộc thẩm quyền", now=clock.now()),
    )
    assert sum(isinstance(answer, StaleTask) for answer in answers) == 1


def test_numbers_never_repeat() -> None:
    answers = together(*(lambda: next_result_no("H29.1", now=clock.now()) for _ in range(6)))
    assert sorted(answers) == [1, 2, 3, 4, 5, 6]
