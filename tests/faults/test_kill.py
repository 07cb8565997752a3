"""`kill -9` while dossiers are filed: what was acknowledged is there once, what was not is whole or not at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from queue import Empty, SimpleQueue
from urllib.parse import urlencode

import pytest

from tests.faults.conftest import MortalCity

CSRF = "k" * 32
HANDS = 4
DRAFTS = 60
ACKNOWLEDGED_BEFORE_THE_KILL = 12
Draft = dict[str, str]

# Each filed draft with its dossier and what must stand beside it.
# Of a dossier on which officials have worked since (another test of this city) only the first task is counted.
FILED = """
SELECT dr.uuid::text, d.dossier_no, dr.submitted_case_id = d.case_id, c.code = d.dossier_no,
    (SELECT count(*) FROM cases_task t WHERE t.case_id = c.id AND (t.screen = 'dossiers.receive' OR NOT EXISTS
        (SELECT 1 FROM cases_task done WHERE done.case_id = c.id AND done.completed_at IS NOT NULL))),
    (SELECT count(*) FROM dossiers_slip WHERE dossier_id = d.id),
    (SELECT count(*) FROM cases_timelineentry WHERE case_id = c.id),
    (SELECT count(*) FROM cases_clockline WHERE case_id = c.id AND at <= d.received_at),
    (SELECT count(*) FROM cases_participation WHERE case_id = c.id),
    (SELECT count(*) FROM dossiers_paper WHERE dossier_id = d.id)
        - (SELECT count(*) FROM dossiers_draftfile WHERE draft_id = dr.id),
    (SELECT count(*) FROM outbox_outboxevent
        WHERE event_type LIKE 'dossier.filed%' AND payload->>'dossier_no' = d.dossier_no)
FROM dossiers_dossier d JOIN cases_case c ON c.id = d.case_id JOIN dossiers_draft dr ON dr.client_key = d.client_key
"""
HALVES = {
    "a case without its dossier": "SELECT id FROM cases_case c WHERE NOT EXISTS "
    "(SELECT 1 FROM dossiers_dossier d WHERE d.case_id = c.id)",
    "a draft filed as nothing": "SELECT id FROM dossiers_draft dr WHERE submitted_case_id IS NOT NULL AND NOT EXISTS "
    "(SELECT 1 FROM dossiers_dossier d WHERE d.case_id = dr.submitted_case_id AND d.client_key = dr.client_key)",
    "one draft filed twice": "SELECT client_key FROM dossiers_dossier GROUP BY client_key HAVING count(*) > 1",
    "a number that was counted and lost": "SELECT agency_code, last_no FROM dossiers_numberseries n WHERE "
    "series = 'dossier' AND last_no <> (SELECT count(*) FROM dossiers_dossier "
    "WHERE dossier_no LIKE n.agency_code || '-%' AND to_char(received_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYYMMDD') "
    "= n.period)",
}


@dataclass(slots=True)
class Presses:
    """Who pressed the button and what came back: the dossier's code, or nothing."""

    city: MortalCity
    session: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    unanswered: list[Draft] = field(default_factory=list)

    def press(self, draft: Draft) -> str:
        """Submit one draft; return the acknowledged code. Raises: OSError, HTTPException when the line breaks."""
        http = self._send(draft)
        try:
            response = http.getresponse()
            text = response.read()
        finally:
            http.close()
        address = response.headers.get("Location", "")
        assert response.status == 302, (response.status, text[:2000])
        assert address.endswith("/da-nop/"), address
        return address.split("/")[2]

    def press_and_hang_up(self, draft: Draft) -> None:
        """Submit one draft and be gone before the answer comes."""
        self._send(draft).close()

    def _send(self, draft: Draft) -> HTTPConnection:
        http = HTTPConnection("localhost", self.city.port, timeout=30)
        body = {"declaration": "true", "client_key": draft["client_key"], "csrfmiddlewaretoken": CSRF}
        http.request(
            "POST",
            f"/ho-so/nhap/{draft['uuid']}/nop/",
            urlencode(body),
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": f"sessionid={self.session}; csrftoken={CSRF}",
            },
        )
        return http

    def press_all_until(self, kill: Callable[[], None], drafts: list[Draft]) -> None:
        """Let several hands press at once; strike in the middle of it."""
        waiting: SimpleQueue[Draft] = SimpleQueue()
        for draft in drafts:
            waiting.put(draft)
        hands = [threading.Thread(target=self._work, args=(waiting,)) for _hand in range(HANDS)]
        for hand in hands:
            hand.start()
        deadline = time.monotonic() + 120
        while len(self.acknowledged) < ACKNOWLEDGED_BEFORE_THE_KILL and time.monotonic() < deadline:
            time.sleep(0.005)
        kill()
        for hand in hands:
            hand.join(timeout=120)
            assert not hand.is_alive()

    def _work(self, waiting: SimpleQueue[Draft]) -> None:
        while True:
            try:
                draft = waiting.get_nowait()
            except Empty:
                return
            try:
                self.acknowledged[draft["uuid"]] = self.press(draft)
            except (OSError, HTTPException):
                self.unanswered.append(draft)


def read_filed(city: MortalCity) -> dict[str, str]:
    """Return draft -> code of every dossier, after asking that each is whole and that nothing lies about in halves."""
    filed = {}
    for draft, code, is_marked, has_code, tasks, slips, entries, lines, people, lost_papers, events in city.query(
        FILED
    ):
        assert is_marked and has_code, code
        assert (tasks, slips, lost_papers, events) == (1, 1, 0, 1), code
        assert entries >= 1 and lines == 1 and people >= 1, code
        filed[draft] = code
    for name, question in HALVES.items():
        assert city.query(question) == [], name
    return filed


@pytest.mark.parametrize("victim", ["everything", "web workers"])
def test_kill_in_the_middle_of_filing_loses_no_acknowledged_dossier(served_city: MortalCity, victim: str) -> None:
    made = served_city.prepare("drafts", DRAFTS)
    presses = Presses(served_city, made["session"])
    presses.press(made["drafts"][0])  # the first request warms the server up
    kill = served_city.kill_all if victim == "everything" else served_city.kill_web_workers
    presses.press_all_until(kill, made["drafts"][1:])
    assert presses.unanswered, "the blow came too late to interrupt anybody"
    served_city.ensure_running()
    served_city.wait_until_answering()

    filed = read_filed(served_city)
    for draft, code in presses.acknowledged.items():
        assert filed.get(draft) == code, f"acknowledged and lost: {code}"

    for draft in made["drafts"]:  # whoever got no answer presses again; so does whoever got one
        code = presses.press(draft)
        assert code == filed.get(draft["uuid"], code)
        assert code == presses.acknowledged.get(draft["uuid"], code)
        assert code == presses.press(draft)
    whole = read_filed(served_city)
    assert {draft["uuid"] for draft in made["drafts"]} <= set(whole)
    assert len(set(whole.values())) == len(whole)


def test_a_line_lost_before_the_answer_files_once(served_city: MortalCity) -> None:
    """The telephone leaves the network between the press and the answer: the next press gets the first answer."""
    made = served_city.prepare("drafts", 4)
    presses = Presses(served_city, made["session"])
    for draft in made["drafts"]:
        presses.press_and_hang_up(draft)
    codes = [presses.press(draft) for draft in made["drafts"]]
    assert codes == [presses.press(draft) for draft in made["drafts"]]
    filed = read_filed(served_city)
    assert codes == [filed[draft["uuid"]] for draft in made["drafts"]]
