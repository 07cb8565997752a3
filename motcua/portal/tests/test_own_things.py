"""What a resident sees of their own dossiers, and what anybody sees of them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motcua.documents.public import read_file
from motcua.dossiers.public import ResultInfo, get_folder
from motcua.dossiers.tests.factories import City, act, file_dossier, make_city, make_draft, open_task
from motcua.identity.tests.factories import make_resident, sign_in
from motcua.kernel import clock
from motcua.outbox.public import drain
from motcua.ui.tests.html import read, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db: None) -> City:
    return make_city()


@pytest.fixture
def resident(city: City) -> Client:
    client = Client()
    sign_in(client, city.resident.user_id)
    return client


def issue_result(city: City) -> ResultInfo:
    """File a dossier and let the office grant it."""
    filed = file_dossier(city)
    for role, screen, outcome in (
        ("counter", "dossiers.receive", "accept"),
        ("specialist", "dossiers.appraise", "approve"),
    ):
        client = Client()
        sign_in(client, city.official(role).user_id)
        act(client, open_task(filed.case_id, screen), outcome, note="Đủ điều kiện")
        drain(now=clock.now())
    leader = Client()
    sign_in(leader, city.leader.user_id, stepped_up=True)
    shown = get_folder(filed.case_id).draft_result
    assert shown is not None
    act(leader, open_task(filed.case_id, "dossiers.sign"), "sign", sha256=shown.sha256)
    drain(now=clock.now())
    result = get_folder(filed.case_id).result
    assert result is not None
    return result


@pytest.mark.slow
def test_my_page_shows_drafts_and_dossiers_with_state_and_due_time(city: City, resident: Client) -> None:
    draft = make_draft(city)
    filed = file_dossier(city)
    response = resident.get("/cua-toi/")
    shown = words(response)
    assert "Đang làm dở" in shown
    assert filed.dossier_no in shown
    assert "Mới đăng ký" in shown
    assert "Hẹn trả:" in shown
    links = {item.get("href") for item in read(response).all("a")}
    assert {reverse("dossiers:draft", args=[draft.uuid]), reverse("dossiers:detail", args=[filed.dossier_no])} <= links


@pytest.mark.slow
def test_my_page_shows_nothing_of_others(city: City) -> None:
    filed = file_dossier(city)
    stranger = Client()
    sign_in(stranger, make_resident("Lê Thị Khác").user_id)
    assert filed.dossier_no not in words(stranger.get("/cua-toi/"))


@pytest.mark.slow
def test_my_page_is_refused_to_officials(city: City) -> None:
    client = Client()
    sign_in(client, city.counter.user_id)
    response = client.get("/cua-toi/")
    assert response.status_code == 403
    assert "Trang này dành cho người dân" in words(response)


@pytest.mark.slow
def test_my_page_costs_the_same_whatever_its_length(city: City, resident: Client) -> None:
    counts = []
    for _round in range(2):
        file_dossier(city)
        make_draft(city)
        with CaptureQueriesContext(connection) as queries:
            assert resident.get("/cua-toi/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 20


@pytest.mark.slow
def test_anybody_tracks_by_code_and_learns_only_the_state(city: City, client: Client) -> None:
    filed = file_dossier(city)
    for typed in (filed.dossier_no, filed.dossier_no.lower(), f" {filed.dossier_no} "):
        response = client.get("/tra-cuu/", {"ma": typed})
        assert response.status_code == 200
        shown = words(response)
        assert "Mới đăng ký" in shown
        assert city.resident.full_name not in shown
        assert city.procedure.name not in shown


@pytest.mark.slow
def test_result_is_verified_by_code_and_by_file(city: City, client: Client) -> None:
    result = issue_result(city)
    response = client.get(f"/xac-minh/{result.verification_code}/")
    shown = words(response)
    assert result.no in shown
    assert city.agency.name in shown
    assert city.resident.full_name not in shown
    pdf = read_file(result.file_id)
    genuine = client.post("/xac-minh/", {"tep": SimpleUploadedFile("ket-qua.pdf", pdf)})
    assert "Giấy tờ thật, còn nguyên" in words(genuine)
    changed = bytearray(pdf)
    changed[len(pdf) // 3] ^= 1
    refused = client.post("/xac-minh/", {"tep": SimpleUploadedFile("ket-qua.pdf", bytes(changed))})
    assert "Giấy tờ thật" not in words(refused)
    assert "Đừng dùng tệp này" in words(refused)
