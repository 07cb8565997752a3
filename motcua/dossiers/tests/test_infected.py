"""A file found out late: nobody opens it, and everybody whom it concerns reads what to do."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from motcua.cases.public import list_timeline
from motcua.documents.public import scan_file
from motcua.documents.tests.factories import INFECTED, make_bare_pdf
from motcua.dossiers.actions.infected import note_infected
from motcua.dossiers.models import Paper
from motcua.dossiers.public import add_draft_file, file_draft
from motcua.dossiers.queries.drafts import get_live_draft
from motcua.dossiers.tests.factories import City, get_dossier, make_city, make_draft, open_task
from motcua.identity.tests.factories import make_principal, sign_in
from motcua.kernel import clock
from motcua.outbox.public import drain
from motcua.ui.tests.html import words

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NAME = "giay-to.pdf"


@pytest.fixture
def city(db: None) -> City:
    return make_city()


def add_bad_file(city: City) -> tuple[int, str]:
    """Lay a file with malware beside a field of a new draft; nobody has looked at it yet."""
    draft, principal = make_draft(city), make_principal(city.resident.user_id or 0)
    file = add_draft_file(
        draft.uuid,
        field_key="to_khai",
        source=BytesIO(make_bare_pdf("<< >>\n%" + INFECTED.decode() + uuid4().hex)),
        filename=NAME,
        actor=principal.to_actor(),
        owner_user_id=principal.user_id,
        now=clock.now(),
    )
    return file.id, str(draft.uuid)


def test_a_draft_says_which_file_and_what_to_do(city: City) -> None:
    file_id, draft_uuid = add_bad_file(city)
    assert scan_file(file_id, now=clock.now()).scan_state == "infected"
    client = Client()
    sign_in(client, city.resident.user_id)
    text = words(client.get(reverse("dossiers:draft", args=[draft_uuid])))
    assert f"Tệp “{NAME}” có mã độc nên đã bị khóa" in text
    assert "tải bản sạch" in text


def test_a_dossier_tells_its_owner_and_the_office(city: City) -> None:
    file_id, draft_uuid = add_bad_file(city)
    principal = make_principal(city.resident.user_id or 0)
    filed = file_draft(
        get_live_draft(UUID(draft_uuid), now=clock.now()),
        submitter_id=principal.user_id,
        submitter_name=principal.full_name,
        submitter_person_id=principal.person_id,
        actor=principal.to_actor(),
        now=clock.now(),
    )
    scan_file(file_id, now=clock.now())
    drain(now=clock.now())
    bad = Paper.objects.get(dossier__case_id=filed.case_id, file_id=file_id)
    note_infected(bad.file.uuid, filename=NAME, now=clock.now())  # delivered twice
    notes = [entry for entry in list_timeline(filed.case_id, audience="applicant") if "mã độc" in entry.text]
    assert [NAME in entry.text for entry in notes] == [True]

    resident, official = Client(), Client()
    sign_in(resident, city.resident.user_id)
    sign_in(official, city.counter.user_id)
    own = resident.get(reverse("dossiers:detail", args=[get_dossier(filed).dossier_no]))
    task = official.get(reverse("dossiers:task", args=[open_task(filed.case_id, "dossiers.receive").uuid]))
    assert "chuẩn bị bản sạch" in words(own)
    assert "nêu đúng nó trong yêu cầu bổ sung" in words(task)
