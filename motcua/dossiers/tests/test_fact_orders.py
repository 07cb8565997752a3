"""Whatever the order of disputes, answers, decisions and changes of the register: what was shown stays, all is said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from motcua.cases.public import list_tasks
from motcua.dossiers.actions.corrections import dispute_fact, settle_correction
from motcua.dossiers.actions.decisions import accept_dossier, appraise_dossier
from motcua.dossiers.actions.fact_fetching import fetch_awaited_facts
from motcua.dossiers.models import Correction, DossierFact
from motcua.dossiers.public import Filed, NotAllowedNow, list_corrections_of
from motcua.dossiers.tests.factories import City
from motcua.dossiers.tests.test_facts import OWNER, RIGHT, file_it, hand, record, shown_of, start
from motcua.exchange.public import set_register_open
from motcua.identity.public import PartyRef
from motcua.kernel import clock
from motcua.registers.public import RecordInfo, get_record, list_history, write_record

__all__ = ["record"]  # a fixture
pytestmark = pytest.mark.slow
EVENTS = ("dispute", "correct", "refuse", "move", "close", "open", "fetch", "receive", "decide")
ORDERS = st.lists(st.sampled_from(EVENTS), min_size=2, max_size=8)


class _Undone(Exception):
    """Takes back everything that one order of events did."""


class _World:
    """One filed dossier, and what may happen to the fact that it showed."""

    def __init__(self, city: City, record: RecordInfo, filed: Filed) -> None:
        self.city, self.record, self.filed = city, record, filed
        self.before = shown_of(filed)
        self.truth: list[Any] = [record.data["birth_on"]]  # what the register said, in the order in which it learnt it
        self.is_decided = False

    def now(self, turn: int) -> datetime:
        return clock.now() + timedelta(minutes=turn)

    def happen(self, event: str, turn: int) -> None:
        getattr(self, event)(self.now(turn))

    def dispute(self, now: datetime) -> None:
        dispute_fact(
            record_uuid=self.record.uuid, field="birth_on", claimed_value=RIGHT, reason="Sai", actor=OWNER,
            person=PartyRef("person", self.city.resident.id), dossier_no=self.filed.dossier_no, now=now,
        )  # fmt: skip

    def _settle(self, outcome: str, now: datetime) -> None:
        asked = Correction.objects.filter(decision="").order_by("id").last()
        if asked is None:
            return
        settle_correction(
            hand(self.city, asked.case_id, "dossiers.correct"), outcome=outcome, value=RIGHT, note="Đã đối chiếu",
            now=now,
        )  # fmt: skip
        if outcome == "accept" and self.truth[-1] != RIGHT:
            self.truth.append(RIGHT)

    def correct(self, now: datetime) -> None:
        self._settle("accept", now)

    def refuse(self, now: datetime) -> None:
        self._settle("refuse", now)

    def move(self, now: datetime) -> None:
        value = f"19{60 + len(self.truth)}-01-01"
        write_record("people", {**self.record.data, "birth_on": value}, valid_from=now, source="x", now=now)
        self.truth.append(value)

    def close(self, now: datetime) -> None:
        set_register_open("people", is_open=False, reason="Bảo trì", actor=OWNER, now=now)

    def open(self, now: datetime) -> None:
        set_register_open("people", is_open=True, reason="Xong", actor=OWNER, now=now)

    def fetch(self, now: datetime) -> None:
        fetch_awaited_facts(now=now)

    def receive(self, now: datetime) -> None:
        if any(task.screen == "dossiers.receive" and task.is_open for task in list_tasks(self.filed.case_id)):
            accept_dossier(hand(self.city, self.filed.case_id, "dossiers.receive", "counter"), note="", now=now)

    def decide(self, now: datetime) -> None:
        """The decision goes through exactly when nothing is open."""
        if self.is_decided or not any(
            task.screen == "dossiers.appraise" and task.is_open for task in list_tasks(self.filed.case_id)
        ):
            return
        pending = DossierFact.objects.filter(
            dossier__case_id=self.filed.case_id, state__in=("disputed", "awaited"), settled_state=""
        )
        if pending.exists():
            with pytest.raises(NotAllowedNow), transaction.atomic():
                self._approve(now)
        else:
            self._approve(now)
            self.is_decided = True

    def _approve(self, now: datetime) -> None:
        who = hand(self.city, self.filed.case_id, "dossiers.appraise")
        appraise_dossier(who, outcome="approve", note="", result_fields={}, now=now)

    def check(self, now: datetime) -> None:
        assert shown_of(self.filed) == self.before
        assert get_record(self.record.uuid, at=now).data["birth_on"] == self.truth[-1]
        assert {part.data["birth_on"] for part in list_history(self.record.uuid)} == set(self.truth)
        open_ones = Correction.objects.filter(decision="").count()
        waiting = DossierFact.objects.filter(state="disputed", settled_state="").exclude(correction=None)
        assert open_ones <= 1 and waiting.count() <= open_ones
        for row in DossierFact.objects.exclude(settled_state="").exclude(correction=None):
            assert row.correction is not None
            settled = {"accepted": "corrected", "refused": "upheld"}[row.correction.decision]
            assert row.settled_state == settled
        told = list_corrections_of(PartyRef("person", self.city.resident.id))
        assert {each.decision for each in told} <= {"", "accepted", "refused"}


@settings(
    max_examples=6, deadline=None, phases=(Phase.generate,), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=ORDERS)
def test_in_every_order_the_dossier_keeps_what_was_shown(
    city: City, record: RecordInfo, resident_client: Client, filed: Filed, order: list[str]
) -> None:
    with pytest.raises(_Undone), transaction.atomic():
        world = _World(city, record, filed)
        for turn, event in enumerate(order, start=1):
            world.happen(event, turn)
            world.check(world.now(turn))
        world.open(world.now(len(order) + 1))
        for turn, event in enumerate(("correct", "fetch", "receive", "decide"), start=len(order) + 100):
            world.happen(event, turn)  # whatever came before, the dossier can be decided in the end
        assert world.is_decided
        raise _Undone


@pytest.fixture(params=["open", "down"])
def filed(request: pytest.FixtureRequest, city: City, record: RecordInfo, resident_client: Client) -> Filed:
    """Filed while the register answered, or while it was down."""
    if request.param == "down":
        set_register_open("people", is_open=False, reason="Bảo trì", actor=OWNER, now=clock.now())
    return file_it(city, start(resident_client, city))
