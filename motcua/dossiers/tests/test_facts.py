"""Once-only in forms: shown with its source, disputed, never overwritten; a register that is down loses no filing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from motcua.audit.public import Actor, list_reads_of
from motcua.cases.public import get_case, list_tasks, list_timeline
from motcua.dossiers.actions.corrections import dispute_fact, settle_correction
from motcua.dossiers.actions.decisions import Hand, accept_dossier, appraise_dossier
from motcua.dossiers.actions.fact_fetching import fetch_awaited_facts
from motcua.dossiers.models import Correction, Dossier, DossierFact, Draft
from motcua.dossiers.public import DraftInfo, Filed, NotAllowedNow, file_draft, list_corrections_of
from motcua.dossiers.queries.drafts import get_live_draft
from motcua.dossiers.queries.papers import build_result_data
from motcua.dossiers.tests.factories import ANSWERS, City, add_clean_file, open_task
from motcua.exchange.public import ensure_fact_grants, set_register_open
from motcua.identity.public import PartyRef, Principal, get_party
from motcua.identity.tests.factories import make_official, make_principal, make_resident, sign_in
from motcua.kernel import clock
from motcua.outbox.public import drain
from motcua.registers.public import RecordInfo, assign_owner, get_record, list_history, write_record
from motcua.registers.tests.factories import describe

pytestmark = pytest.mark.slow
ASKER = Actor(kind="system", id="a", name="A")
OWNER = Actor(kind="system", id="o", name="O")
SHOWN, RIGHT = "1990-05-17", "1991-05-17"


@pytest.fixture
def record(city: City) -> RecordInfo:
    """The resident as the register of people has her; forms may ask; the city's own office answers for the register."""
    describe()
    now = clock.now() - timedelta(days=30)
    assign_owner("people", agency_id=city.agency.id, actor=OWNER, now=now)
    ensure_fact_grants(asker=ASKER, owner=OWNER, now=now)
    data = {
        "personal_id": city.resident.personal_id, "full_name": "Nguyễn Thị Thử", "birth_on": SHOWN,
        "area_code": "26743",
    }  # fmt: skip
    return write_record("people", data, valid_from=now, source="Công an Thành phố", now=now)


def start(client: Client, city: City) -> DraftInfo:
    """Begin a draft as the browser does and choose oneself."""
    client.post(reverse("dossiers:start", args=[city.procedure.code]))
    draft = Draft.objects.latest("id")
    uuid = get_party(PartyRef("person", city.resident.id)).uuid
    sent = client.post(
        reverse("dossiers:applicant", args=[draft.uuid]), {"party": str(uuid), "result_channel": "online"}
    )
    assert sent.status_code == 302
    return get_live_draft(draft.uuid, now=clock.now())


def complete(draft: DraftInfo, **more: Any) -> DraftInfo:
    """Answer everything that the register did not."""
    row = Draft.objects.get(uuid=draft.uuid)
    row.data = {**ANSWERS, **row.data, **more}
    row.save(update_fields=["data"])
    add_clean_file(draft, "to_khai")
    return get_live_draft(draft.uuid, now=clock.now())


def file_it(city: City, draft: DraftInfo) -> Filed:
    principal = make_principal(city.resident.user_id)
    filed = file_draft(
        complete(draft), submitter_id=principal.user_id, submitter_name=principal.full_name,
        submitter_person_id=principal.person_id, actor=principal.to_actor(), now=clock.now(),
    )  # fmt: skip
    drain(now=clock.now())
    return filed


def dispute(client: Client, draft: DraftInfo, **posted: str) -> Any:
    year, month, day = posted.pop("value", RIGHT).split("-")
    sent = {"birth_on-day": day, "birth_on-month": month, "birth_on-year": year, "reason": "Theo giấy khai sinh"}
    return client.post(reverse("dossiers:dispute", args=[draft.uuid, "birth_on"]), sent | posted)


def hand(city: City, filed_case: int, screen: str, role: str = "specialist") -> Hand:
    task = open_task(filed_case, screen)
    principal: Principal = make_principal(city.official(role).user_id)
    return Hand(
        task=task, revision=task.revision, user_id=principal.user_id, name=principal.full_name,
        actor=principal.to_actor(),
    )  # fmt: skip


def shown_of(filed: Filed) -> dict[str, tuple[Any, ...]]:
    rows = DossierFact.objects.filter(dossier__case_id=filed.case_id)
    return {row.field_key: (row.shown_value, row.sha256, row.source, row.as_of, row.known_at) for row in rows}


def test_the_form_shows_facts_with_source_read_only(city: City, record: RecordInfo, resident_client: Client) -> None:
    draft = start(resident_client, city)
    assert draft.facts["birth_on"]["state"] == draft.facts["full_name"]["state"] == "held"
    assert draft.facts["area"]["state"] == "suggested"
    html = resident_client.get(reverse("dossiers:page", args=[draft.uuid, "nguoi-nop"])).content.decode()
    assert html.count("Theo Sổ dân cư, cập nhật ngày") == 3
    assert 'name="full_name"' not in html and 'name="dispute" value="birth_on"' in html
    (noted,) = list_reads_of(f"record:{record.uuid}").items
    assert noted.purpose == "Giải quyết thủ tục hành chính" and "personal_id" not in noted.what


@pytest.mark.parametrize("level", [0, 1])
def test_below_level_two_registers_say_nothing(city: City, record: RecordInfo, level: int) -> None:
    client = Client()
    sign_in(client, city.resident.user_id, level=level)
    assert start(client, city).facts == {}
    assert not list_reads_of(f"record:{record.uuid}").items


def test_an_anonymous_start_gets_nothing(city: City, record: RecordInfo) -> None:
    client = Client()
    client.post(reverse("dossiers:start", args=[city.procedure.code]))
    draft = Draft.objects.latest("id")
    client.post(reverse("dossiers:page", args=[draft.uuid, "nguoi-nop"]), {"full_name": "Nguyễn Thị Thử"})
    assert Draft.objects.get(pk=draft.pk).facts == {}
    assert not list_reads_of(f"record:{record.uuid}").items


def test_a_value_changed_by_hand_is_refused(city: City, record: RecordInfo, resident_client: Client) -> None:
    draft = start(resident_client, city)
    page = reverse("dossiers:page", args=[draft.uuid, "nguoi-nop"])
    posted = {"full_name": "Kẻ Mạo Danh", "area": "26743", "revision": str(draft.revision), "action": "continue"}
    answer = resident_client.post(page, posted)
    assert answer.status_code == 422 and "Không đúng?" in answer.content.decode()
    moved = {"birth_on-day": "1", "birth_on-month": "1", "birth_on-year": "2001", "area": "26743", "editor": "x"}
    assert resident_client.post(page, moved).status_code == 422
    resident_client.post(reverse("dossiers:autosave", args=[draft.uuid, "nguoi-nop"]), moved)
    kept = get_live_draft(draft.uuid, now=clock.now())
    assert (kept.data["full_name"], kept.data["birth_on"]) == ("Nguyễn Thị Thử", SHOWN)


def test_disputed_filed_corrected_decided(city: City, record: RecordInfo, resident_client: Client) -> None:
    draft = start(resident_client, city)
    assert dispute(resident_client, draft, reason="").status_code == 422
    assert dispute(resident_client, draft).status_code == 302
    filed = file_it(city, draft)
    before = shown_of(filed)
    assert Dossier.objects.get(case_id=filed.case_id).form_data["birth_on"] == SHOWN  # disputed, not overwritten
    correction = Correction.objects.get()
    assert get_case(correction.case_id).agency_id == city.agency.id
    accept_dossier(hand(city, filed.case_id, "dossiers.receive", "counter"), note="", now=clock.now())
    with pytest.raises(NotAllowedNow, match="đính chính"):
        decide(city, filed)
    owner = hand(city, correction.case_id, "dossiers.correct")
    settle_correction(owner, outcome="accept", value=RIGHT, note="", now=clock.now())
    assert get_record(record.uuid, at=clock.now()).data["birth_on"] == RIGHT
    assert [part.data["birth_on"] for part in list_history(record.uuid)] == [SHOWN, RIGHT]
    assert shown_of(filed) == before
    dossier = Dossier.objects.get(case_id=filed.case_id)
    data = build_result_data(dossier, decision="approved", note="", result_fields={}, now=clock.now())
    assert data["form"]["birth_on"] == RIGHT
    said = [item.text for item in list_timeline(filed.case_id, audience="applicant")]
    assert any("17/05/1991" in text for text in said)
    decide(city, filed)


def decide(city: City, filed: Filed) -> None:
    appraise_dossier(
        hand(city, filed.case_id, "dossiers.appraise"), outcome="approve", note="", result_fields={}, now=clock.now()
    )


def test_an_owner_who_refuses_says_why(city: City, record: RecordInfo, resident_client: Client) -> None:
    draft = start(resident_client, city)
    dispute(resident_client, draft)
    filed = file_it(city, draft)
    correction = Correction.objects.get()
    owner = hand(city, correction.case_id, "dossiers.correct")
    with pytest.raises(NotAllowedNow):
        settle_correction(owner, outcome="refuse", value=None, note=" ", now=clock.now())
    settle_correction(owner, outcome="refuse", value=None, note="Giấy gốc ghi 1990.", now=clock.now())
    fact = DossierFact.objects.get(dossier__case_id=filed.case_id, field_key="birth_on")
    assert (fact.settled_state, fact.settled_value) == ("upheld", SHOWN)
    assert get_record(record.uuid, at=clock.now()).data["birth_on"] == SHOWN
    (mine,) = list_corrections_of(PartyRef("person", city.resident.id))
    assert (mine.decision, mine.note) == ("refused", "Giấy gốc ghi 1990.")
    page = resident_client.get(reverse("dossiers:correction_detail", args=[mine.code])).content.decode()
    assert "Giấy gốc ghi 1990." in page


def test_a_correction_is_nobody_elses(city: City, record: RecordInfo, resident_client: Client) -> None:
    draft = start(resident_client, city)
    dispute(resident_client, draft)
    file_it(city, draft)
    correction = Correction.objects.select_related("case").get()
    stranger = Client()
    sign_in(stranger, make_resident().user_id)
    detail = reverse("dossiers:correction_detail", args=[correction.case.code])
    assert stranger.get(detail).status_code == 404
    assert correction.case.code not in stranger.get(reverse("dossiers:corrections")).content.decode()
    task = list_tasks(correction.case_id)[0]
    official = Client()
    sign_in(official, make_official().user_id)
    assert official.get(reverse("dossiers:correction_task", args=[task.uuid])).status_code in (403, 404)
    assert resident_client.get(reverse("dossiers:correction_task", args=[task.uuid])).status_code in (302, 403, 404)
    assert Client().get(detail).status_code == 302
    specialist = Client()
    sign_in(specialist, city.specialist.user_id)
    shown = specialist.get(reverse("dossiers:correction_task", args=[task.uuid])).content.decode()
    assert "Theo giấy khai sinh" in shown and "17/05/1991" in shown


def test_the_same_dispute_again_is_the_same_case(city: City, record: RecordInfo, resident_client: Client) -> None:
    def ask() -> str:
        return dispute_fact(
            record_uuid=record.uuid, field="birth_on", claimed_value=RIGHT, reason="Sai",
            person=PartyRef("person", city.resident.id), actor=OWNER, now=clock.now(),
        )  # fmt: skip

    assert ask() == ask()
    assert Correction.objects.count() == 1
    with pytest.raises(NotAllowedNow):
        dispute_fact(record_uuid=record.uuid, field="nope", claimed_value="x", reason="x", actor=OWNER,
                     person=PartyRef("person", city.resident.id), now=clock.now())  # fmt: skip


@pytest.mark.parametrize(("typed", "told"), [("", "Đã lấy"), ("1989-01-01", "khác với người nộp khai")])
def test_a_register_that_is_down_loses_no_filing(
    city: City, record: RecordInfo, resident_client: Client, typed: str, told: str
) -> None:
    set_register_open("people", is_open=False, reason="Bảo trì", actor=OWNER, now=clock.now())
    draft = start(resident_client, city)
    assert draft.facts["birth_on"]["state"] == "awaited"
    html = resident_client.get(reverse("dossiers:page", args=[draft.uuid, "nguoi-nop"])).content.decode()
    assert "đang tạm ngừng" in html and 'name="birth_on-day"' in html
    Draft.objects.filter(uuid=draft.uuid).update(data={**draft.data, "birth_on": typed or None})
    filed = file_it(city, get_live_draft(draft.uuid, now=clock.now()))
    accept_dossier(hand(city, filed.case_id, "dossiers.receive", "counter"), note="", now=clock.now())
    with pytest.raises(NotAllowedNow, match="trả lời"):
        decide(city, filed)
    assert fetch_awaited_facts(now=clock.now()) == 0  # still down: asked again later
    waiting = DossierFact.objects.get(dossier__case_id=filed.case_id, field_key="birth_on")
    assert waiting.tries == 1 and waiting.next_try_at is not None and waiting.next_try_at > clock.now()
    set_register_open("people", is_open=True, reason="Xong", actor=OWNER, now=clock.now())
    assert fetch_awaited_facts(now=clock.now() + timedelta(hours=1)) >= 1
    fact = DossierFact.objects.get(pk=waiting.pk)
    assert (fact.settled_state, fact.settled_value, fact.typed_value) == ("found", SHOWN, typed or None)
    said = [item.text for item in list_timeline(filed.case_id, audience="office")]
    assert any(told in text and "Ngày sinh" in text for text in said), said
    decide(city, filed)


def test_what_was_shown_stays_whatever_comes_after(city: City, record: RecordInfo, resident_client: Client) -> None:
    draft = start(resident_client, city)
    filed = file_it(city, draft)
    row = DossierFact.objects.filter(dossier__case_id=filed.case_id).first()
    assert row is not None
    for change in ({"shown_value": "x"}, {"sha256": "0" * 64}, {"source": "x"}, {"record_uuid": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DossierFact.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()
