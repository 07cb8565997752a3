"""Each read path asks the same policy: strangers find nothing, and each look of an official is recorded."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from motcua.audit.public import list_reads_of
from motcua.cases.public import get_case
from motcua.dossiers.models import Paper
from motcua.dossiers.public import list_dossiers_of
from motcua.dossiers.tests.factories import City, captured_queries, file_dossier, open_task
from motcua.identity.tests.factories import make_principal, make_resident, sign_in
from motcua.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_the_applicant_opens_the_own_papers_and_a_result_once_there_is_one(city: City, resident_client: Client) -> None:
    filed = file_dossier(city)
    no, paper = filed.dossier_no, Paper.objects.get()
    assert resident_client.get(reverse("dossiers:paper_file", args=[no, paper.uuid])).status_code == 200
    assert resident_client.get(reverse("dossiers:result_pdf", args=[no])).status_code == 409
    assert resident_client.get(reverse("dossiers:detail", args=["linh-tinh"])).status_code == 404


@pytest.mark.slow
def test_each_look_of_an_official_is_recorded_for_the_person_to_see(city: City) -> None:
    filed = file_dossier(city)
    case = get_case(filed.case_id)
    counter = Client()
    sign_in(counter, city.counter.user_id)
    paper = Paper.objects.get()
    counter.get(reverse("dossiers:task", args=[open_task(filed.case_id, "dossiers.receive").uuid]))
    counter.get(reverse("dossiers:case", args=[case.uuid]))
    assert counter.get(reverse("dossiers:office_paper", args=[case.uuid, paper.uuid])).status_code == 200
    reads = list_reads_of(f"dossier:{filed.dossier_uuid}", page=1)
    assert len(reads.items) == 3
    assert {read.actor.name for read in reads.items} == {city.counter.full_name}
    assert all(read.legal_ground for read in reads.items)


@pytest.mark.slow
def test_my_list_costs_the_same_whatever_its_length(city: City) -> None:
    principal = make_principal(city.resident.user_id)
    counts = []
    for _ in range(2):
        for _ in range(3):
            file_dossier(city)
        with captured_queries() as queries:
            page = list_dossiers_of(principal, page=1, now=clock.now())
        counts.append(len(queries))
    assert len(page.items) == 6
    assert counts[0] == counts[1] <= 9


def test_my_list_shows_nobody_elses(city: City) -> None:
    file_dossier(city)
    other = make_principal(make_resident().user_id)
    assert list_dossiers_of(other, page=1, now=clock.now()).items == ()


@pytest.mark.slow
def test_pages_cost_a_fixed_number_of_queries(city: City, resident_client: Client) -> None:
    filed = file_dossier(city)
    case = get_case(filed.case_id)
    counter = Client()
    sign_in(counter, city.counter.user_id)
    with captured_queries() as queries:
        resident_client.get(reverse("dossiers:detail", args=[filed.dossier_no]))
    assert len(queries) <= 30
    with captured_queries() as queries:
        counter.get(reverse("dossiers:case", args=[case.uuid]))
    assert len(queries) <= 35
