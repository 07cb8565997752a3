"""What the city has is not asked for again; what a national database holds is shown, disputed, waited for as theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from motcua.cases.public import list_timeline
from motcua.dossiers.actions.decisions import accept_dossier
from motcua.dossiers.actions.fact_fetching import fetch_awaited_facts
from motcua.dossiers.models import Correction, Dossier, DossierFact, SparedPaper, SupplementRequest
from motcua.dossiers.public import NotAllowedNow, dispute_fact
from motcua.dossiers.queries.form_pages import list_paper_fields
from motcua.dossiers.tests.factories import City, act, open_task
from motcua.dossiers.tests.test_facts import ASKER, OWNER, decide, dispute, file_it, hand, record, start
from motcua.exchange.public import Door, ensure_fact_grants
from motcua.exchange.tests.factories import forget_failures, running
from motcua.identity.public import PartyRef
from motcua.identity.tests.factories import sign_in
from motcua.kernel import clock
from motcua.registers.public import RecordInfo, get_record, write_record
from motcua.registers.tests.factories import describe

__all__ = ["record"]  # a fixture
pytestmark = pytest.mark.slow
POPULATION = "CSDL quốc gia về dân cư"


@pytest.fixture
def national(city: City, settings: Any) -> Iterator[Door]:
    """Our register has nobody; the national database knows the resident."""
    describe()
    ensure_fact_grants(asker=ASKER, owner=OWNER, now=clock.now() - timedelta(days=30))
    person = city.resident
    assert person.birth_on is not None
    known = {"personal_id": person.personal_id, "full_name": person.full_name, "sex": person.sex,
             "birth_on": person.birth_on.isoformat()}  # fmt: skip
    with running(settings, records={"population": [known]}) as door:
        settings.MOTCUA_NATIONAL_TIMEOUT = 2.0
        yield door


def client_of(city: City, role: str) -> Client:
    client = Client()
    sign_in(client, city.official(role).user_id)
    return client


def test_a_national_answer_is_shown_as_theirs_and_its_correction_is_taken_there(
    city: City, national: Door, resident_client: Client
) -> None:
    draft = start(resident_client, city)
    assert draft.facts["birth_on"]["held_by"] == POPULATION
    html = resident_client.get(reverse("dossiers:page", args=[draft.uuid, "nguoi-nop"])).content.decode()
    assert f"Theo {POPULATION}, hỏi lúc" in html and 'name="full_name"' not in html
    assert dispute(resident_client, draft, value="1991-05-17").status_code == 302
    filed = file_it(city, draft)
    fact = DossierFact.objects.get(dossier__case_id=filed.case_id, field_key="birth_on")
    assert (fact.held_by, fact.state) == (POPULATION, "disputed") and fact.correction is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        DossierFact.objects.filter(pk=fact.pk).update(held_by="ai khác")
    accept_dossier(hand(city, filed.case_id, "dossiers.receive", "counter"), note="", now=clock.now())
    with pytest.raises(NotAllowedNow):
        decide(city, filed)
    task = open_task(fact.correction.case_id, "dossiers.correct")
    owner = client_of(city, "specialist")
    page = owner.get(reverse("dossiers:correction_task", args=[task.uuid])).content.decode()
    assert f"do {POPULATION} giữ" in page
    accept = reverse("dossiers:correction_act", args=[task.uuid, "accept"])
    assert owner.post(accept, {"revision": task.revision, "value": "17/05/1991"}).status_code == 302
    settled = DossierFact.objects.get(pk=fact.pk)
    assert (settled.settled_state, settled.settled_value) == ("corrected", "1991-05-17")
    assert settled.settled_source.startswith(POPULATION)
    decide(city, filed)


def test_a_silent_national_database_loses_no_filing(city: City, national: Door, resident_client: Client) -> None:
    national.faults = frozenset({"down"})
    draft = start(resident_client, city)
    assert draft.facts["birth_on"]["state"] == "awaited"
    html = resident_client.get(reverse("dossiers:page", args=[draft.uuid, "nguoi-nop"])).content.decode()
    assert f"{POPULATION} chưa trả lời" in html
    filed = file_it(city, draft)
    accept_dossier(hand(city, filed.case_id, "dossiers.receive", "counter"), note="", now=clock.now())
    with pytest.raises(NotAllowedNow, match="trả lời"):
        decide(city, filed)
    national.faults = frozenset()
    forget_failures()
    assert fetch_awaited_facts(now=clock.now() + timedelta(hours=1)) >= 1
    fact = DossierFact.objects.get(dossier__case_id=filed.case_id, field_key="birth_on")
    assert (fact.settled_state, fact.settled_source) == ("found", POPULATION)
    said = [item.text for item in list_timeline(filed.case_id, audience="office")]
    assert any(POPULATION in text for text in said), said
    decide(city, filed)


def test_what_the_city_has_is_not_asked_for_again(city: City, record: RecordInfo, resident_client: Client) -> None:
    filed = file_it(city, start(resident_client, city))
    dossier = Dossier.objects.get(case_id=filed.case_id)
    task, counter = open_task(filed.case_id, "dossiers.receive"), client_of(city, "counter")
    shown = counter.get(reverse("dossiers:task", args=[task.uuid])).content.decode()
    assert 'value="birth_on"' not in shown and 'value="full_name"' not in shown and 'value="to_khai"' in shown
    assert (
        "cơ quan nhà nước đã có" in shown
        and "Ngày sinh (theo Sổ dân cư)" in shown
        and 'value="request_content"' in shown
    )
    posted = act(counter, task, "supplement", reason="Thiếu", fields=["birth_on", "request_content"])
    assert posted.status_code == 409 and "đã có" in posted.content.decode()
    code = next(paper.code for paper in city.procedure.papers if paper.code)
    field = next(key for key, paper, _ in list_paper_fields(dossier.procedure_version_id, papers=()) if paper == code)
    proof = {"record_uuid": str(record.uuid), "source": "Công an Thành phố"}
    SparedPaper.objects.create(
        dossier=dossier, code=code, name="Giấy", by="register", says="Sổ dân cư ghi", reference=proof,
        solved_at=clock.now(),
    )  # fmt: skip
    shown = counter.get(reverse("dossiers:task", args=[task.uuid])).content.decode()
    assert f'value="{field}"' not in shown and "Sổ dân cư ghi" in shown
    assert act(counter, task, "supplement", reason="Thiếu", papers=[field]).status_code == 409
    assert not SupplementRequest.objects.exists()
    DossierFact.objects.filter(dossier=dossier, field_key="birth_on").update(
        settled_state="none", settled_at=clock.now()
    )
    assert act(counter, task, "supplement", reason="Thiếu", fields=["birth_on"]).status_code == 302


def test_an_owner_chooses_among_words(city: City, record: RecordInfo) -> None:
    uuid = write_record(
        "people", {**record.data, "sex": "female", "marital_status": "single"}, valid_from=clock.now(), source="x",
        now=clock.now(),
    ).uuid  # fmt: skip
    code = dispute_fact(
        record_uuid=uuid, field="marital_status", claimed_value="married", reason="Đã cưới",
        person=PartyRef("person", city.resident.id), actor=OWNER, now=clock.now(),
    )  # fmt: skip
    correction = Correction.objects.get(case__code=code)
    task, owner = open_task(correction.case_id, "dossiers.correct"), client_of(city, "specialist")
    page = owner.get(reverse("dossiers:correction_task", args=[task.uuid])).content.decode()
    assert '<option value="married" selected>Đã kết hôn</option>' in page and '<option value="widowed"' in page
    assert "Chưa kết hôn" in page and ">single<" not in page and ">married<" not in page
    accept = reverse("dossiers:correction_act", args=[task.uuid, "accept"])
    wrong = owner.post(accept, {"revision": task.revision, "value": "happy"})
    assert wrong.status_code in (409, 422) and get_record(uuid, at=clock.now()).data["marital_status"] == "single"
    assert owner.post(accept, {"revision": task.revision, "value": "married"}).status_code == 302
    assert get_record(uuid, at=clock.now()).data["marital_status"] == "married"
    told = [item.text for item in list_timeline(correction.case_id, audience="applicant")]
    assert any("Đã kết hôn" in text for text in told)
