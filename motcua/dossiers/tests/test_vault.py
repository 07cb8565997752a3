"""Results and receipts come into the vault by themselves, and are used again in later dossiers by choice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from motcua.documents.public import KeyKeeperAway, complete_signatures, read_file, verify_pdf
from motcua.dossiers.actions.depositing import deposit_receipt, deposit_result
from motcua.dossiers.actions.reusing import use_vault_paper
from motcua.dossiers.models import Draft, DraftFile, DraftResult, Paper, Result, ReusedPaper
from motcua.dossiers.public import NotAllowedNow, file_draft
from motcua.dossiers.queries.drafts import get_live_draft
from motcua.dossiers.tests.factories import City, act, file_dossier, make_city, make_draft, open_task
from motcua.identity.tests.factories import make_principal, make_resident, sign_in
from motcua.kernel import clock
from motcua.outbox.public import drain, publish
from motcua.payments.public import ChargeLine, MoneyReceived, Payer, list_receipts, raise_charge, sign_waiting_receipts
from motcua.payments.tests.factories import make_charge
from motcua.vault.public import ask_paper_deletion, execute_due, find_papers, read_paper
from motcua.vault.tests.factories import READING, put_paper

pytestmark = pytest.mark.django_db
FIELD = "to_khai"


@pytest.fixture
def city(db: None) -> City:
    return make_city()


def client_of(city: City, role: str) -> Client:
    client = Client()
    sign_in(client, city.official(role).user_id, stepped_up=True)
    return client


def settle(city: City) -> Result:
    """Walk a dossier to its signed result through the officials' pages."""
    filed = file_dossier(city)
    act(client_of(city, "counter"), open_task(filed.case_id, "dossiers.receive"), "accept")
    act(client_of(city, "specialist"), open_task(filed.case_id, "dossiers.appraise"), "approve", note="Đủ")
    drain(now=clock.now())
    draft = DraftResult.objects.get(dossier__case_id=filed.case_id)
    act(client_of(city, "leader"), open_task(filed.case_id, "dossiers.sign"), "sign", sha256=draft.sha256)
    drain(now=clock.now())
    return Result.objects.get(dossier__case_id=filed.case_id)


@pytest.mark.slow
def test_a_result_comes_into_the_vault_once_and_stays_away_when_deleted(city: City) -> None:
    result = settle(city)
    now, owner = clock.now(), city.resident.ref
    paper = find_papers(owner, now=now)[0]
    assert (paper.kind, paper.origin_ref) == (f"result:{city.procedure.code}", result.dossier.dossier_no)
    assert read_paper(paper.uuid, reading=READING, now=now) == read_file(result.file_id)
    deposit_result(result.dossier.case_id, now=now)  # the event again
    assert len(find_papers(owner, now=now)) == 1
    ask_paper_deletion(paper.uuid, actor=READING.actor, now=now.replace(year=now.year - 1))
    execute_due(now=now)
    deposit_result(result.dossier.case_id, now=now)
    assert find_papers(owner, now=now) == ()
    deposit_result(10**9, now=now)  # no such case: nothing to put away


@pytest.mark.slow
def test_a_receipt_over_money_comes_into_the_payers_vault(city: City) -> None:
    person, now = make_resident(), clock.now()
    charge = raise_charge(
        uuid4(), case_code="H29-260302-0001", agency_code=city.agency.code, now=now,
        payer=Payer(name=person.full_name, party_kind="person", party_id=person.id),
        lines=[ChargeLine(label="Lệ phí", amount_vnd=8_000, legal_ref="Thử")],
    )  # fmt: skip
    publish(
        MoneyReceived(charge_uuid=charge.uuid, case_uuid=charge.case_uuid, entry_reference="thu-1", amount_vnd=8_000),
        now=now,
    )
    drain(now=now)
    receipt = list_receipts([charge.uuid])[0]
    deposit_receipt(receipt.lookup_code, charge_uuid=charge.uuid, now=now)
    papers = find_papers(person.ref, now=now)
    assert [(paper.kind, receipt.printed_no in paper.title) for paper in papers] == [("receipt", True)]
    nobody = make_charge(5_000, agency_code=city.agency.code)
    assert list_receipts([nobody.uuid]) == ()


@pytest.mark.slow
def test_a_receipt_of_zero_comes_into_the_payers_vault_in_a_quiet_minute(city: City) -> None:
    person, now = make_resident(), clock.now()
    charge = raise_charge(
        uuid4(), case_code="H29-260302-0002", agency_code=city.agency.code, now=now,
        payer=Payer(name=person.full_name, party_kind="person", party_id=person.id),
        lines=[ChargeLine(label="Lệ phí", amount_vnd=8_000, legal_ref="Thử", waived_vnd=8_000)],
    )  # fmt: skip
    drain(now=now)
    (receipt,) = list_receipts([charge.uuid])
    assert receipt.amount_vnd == 0 and find_papers(person.ref, now=now) == ()
    assert sign_waiting_receipts(now=now) == 1
    drain(now=now)
    assert [(paper.kind, paper.origin_ref) for paper in find_papers(person.ref, now=now)] == [
        ("receipt", f"receipt:{receipt.lookup_code}")
    ]


def use(city: City, draft: Any, paper: Any, *, field_key: str = FIELD) -> None:
    use_vault_paper(
        draft.uuid, field_key=field_key, paper_uuid=paper.uuid, reading=READING, owner_user_id=draft.owner_id,
        now=clock.now(),
    )  # fmt: skip


@pytest.mark.slow
def test_a_paper_of_the_vault_stands_in_a_dossier_on_its_own(city: City) -> None:
    now = clock.now()
    paper = put_paper(city.resident.ref, now=now)
    draft = make_draft(city)
    DraftFile.objects.filter(draft__uuid=draft.uuid).delete()
    use(city, draft, paper)
    use(city, draft, paper)  # pressed twice
    live = get_live_draft(draft.uuid, now=clock.now())
    assert [file.filename for file in live.get_files(FIELD)] == [paper.filename]
    principal = make_principal(city.resident.user_id)
    filed = file_draft(
        live, submitter_id=principal.user_id, submitter_name=principal.full_name,
        submitter_person_id=principal.person_id, actor=principal.to_actor(), now=clock.now(),
    )  # fmt: skip
    kept = Paper.objects.get(dossier__case_id=filed.case_id)
    frozen = ReusedPaper.objects.get(file_id=kept.file_id)
    assert (frozen.vault_paper_uuid, frozen.sha256, frozen.title) == (paper.uuid, paper.sha256, paper.title)
    ask_paper_deletion(paper.uuid, actor=READING.actor, now=now.replace(year=now.year - 1))
    execute_due(now=clock.now())
    assert find_papers(city.resident.ref, now=clock.now()) == ()
    assert read_file(kept.file_id)  # the dossier is whole without the vault


@pytest.mark.slow
def test_what_does_not_fit_is_refused_with_advice(city: City) -> None:
    from datetime import date

    draft = make_draft(city)
    ended = put_paper(city.resident.ref, issued_on=date(2020, 1, 1), valid_to=date(2020, 2, 1))
    sheet = put_paper(city.resident.ref, media_type="text/html")
    good = put_paper(city.resident.ref)
    for paper, field_key in ((ended, FIELD), (sheet, FIELD), (good, "full_name")):
        with pytest.raises(NotAllowedNow):
            use(city, draft, paper, field_key=field_key)


@pytest.mark.slow
def test_the_question_offers_the_vault_and_takes_the_chosen_paper(city: City) -> None:
    paper = put_paper(city.resident.ref, title="Bằng lái xe của tôi")
    foreign = put_paper(make_resident().ref, title="Giấy của người khác")
    draft = make_draft(city)
    client = Client()
    sign_in(client, city.resident.user_id)
    page_key = next(page.key for page in _form(draft).pages if any(f.key == FIELD for f in page.fields))
    address = reverse("dossiers:page", args=[draft.uuid, page_key])
    assert f'name="from_vault" value="{FIELD}"' in client.get(address).content.decode()
    answer = client.post(address, {"from_vault": FIELD, "revision": str(draft.revision)})
    chooser = reverse("dossiers:choose_paper", args=[draft.uuid, page_key])
    assert answer["Location"] == f"{chooser}?muc={FIELD}"
    page = client.get(answer["Location"]).content.decode()
    assert "Bằng lái xe của tôi" in page and "Giấy của người khác" not in page
    for chosen in ("", str(foreign.uuid)):
        assert client.post(chooser, {"muc": FIELD, "paper": chosen}).status_code == 422
    answer = client.post(chooser, {"muc": FIELD, "paper": str(paper.uuid)})
    assert answer["Location"] == f"{address}#{FIELD}"
    assert ReusedPaper.objects.get().vault_paper_uuid == paper.uuid
    assert client.get(chooser, {"muc": "full_name"}).status_code == 404
    assert client.get(reverse("dossiers:choose_paper", args=[draft.uuid, "khong-co"])).status_code == 404


@pytest.mark.slow
def test_who_may_not_open_the_draft_is_not_shown_its_owners_papers(city: City) -> None:
    put_paper(city.resident.ref, title="Bằng lái xe của tôi")
    draft = make_draft(city)
    page_key = _form(draft).pages[0].key
    address = reverse("dossiers:choose_paper", args=[draft.uuid, page_key]) + f"?muc={FIELD}"
    assert Client().get(address).status_code == 302
    stranger = Client()
    sign_in(stranger, make_resident().user_id)
    assert stranger.get(address).status_code == 404


@pytest.mark.slow
def test_the_vault_of_an_applicant_whom_one_no_longer_represents_stays_shut(city: City) -> None:
    other = make_resident("Người Khác")
    put_paper(other.ref, title="Giấy của người khác")
    draft = make_draft(city)
    Draft.objects.filter(uuid=draft.uuid).update(applicant_id=other.id)
    client = Client()
    sign_in(client, city.resident.user_id)
    page_key = next(page.key for page in _form(draft).pages if any(f.key == FIELD for f in page.fields))
    page = client.get(reverse("dossiers:choose_paper", args=[draft.uuid, page_key]), {"muc": FIELD})
    assert page.status_code == 200 and "Giấy của người khác" not in page.content.decode()


def _form(draft: Any) -> Any:
    from motcua.procedures.public import get_form

    return get_form(replace(draft).procedure_version_id)


@pytest.mark.slow
def test_archive_time_stamps_reach_the_copy_in_the_vault(city: City, settings: Settings) -> None:
    settings.MOTCUA_TSA_URL = "http://127.0.0.1:9/tsa"  # away while the result is signed
    result = settle(city)
    settings.MOTCUA_TSA_URL = ""
    now, owner = clock.now(), city.resident.ref

    def copy() -> bytes:
        paper = next(each for each in find_papers(owner, now=now) if each.origin_ref == result.dossier.dossier_no)
        return read_paper(paper.uuid, reading=READING, now=now)

    before = copy()
    later = now + timedelta(minutes=5)
    assert complete_signatures(now=later).completed >= 1
    drain(now=later)
    after = copy()
    assert after == read_file(result.file_id) and after.startswith(before) and len(after) > len(before)
    drain(now=later)
    assert copy() == after


class AwayStore:
    """The device that keeps the keys was pulled out."""

    def __getattr__(self, name: str) -> Any:
        raise KeyKeeperAway(name)


@pytest.mark.slow
def test_keys_that_are_away_hold_the_result_back_and_it_is_issued_once_when_they_are_back(
    city: City, settings: Settings
) -> None:
    filed = file_dossier(city)
    act(client_of(city, "counter"), open_task(filed.case_id, "dossiers.receive"), "accept")
    act(client_of(city, "specialist"), open_task(filed.case_id, "dossiers.appraise"), "approve", note="Đủ")
    drain(now=clock.now())
    draft = DraftResult.objects.get(dossier__case_id=filed.case_id)
    settings.MOTCUA_KEY_STORE = f"{__name__}.AwayStore"
    act(client_of(city, "leader"), open_task(filed.case_id, "dossiers.sign"), "sign", sha256=draft.sha256)
    drain(now=clock.now())
    assert not Result.objects.filter(dossier__case_id=filed.case_id).exists()
    settings.MOTCUA_KEY_STORE = "software"
    later = clock.now() + timedelta(hours=2)
    drain(now=later)
    drain(now=later)
    result = Result.objects.get(dossier__case_id=filed.case_id)
    assert verify_pdf(read_file(result.file_id), now=later).status == "valid"
    assert len([paper for paper in find_papers(city.resident.ref, now=later) if paper.origin == "result"]) == 1
