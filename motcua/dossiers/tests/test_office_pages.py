"""Officials receive, ask once, appraise, sign and deliver; the second hand is told, and nothing is lost."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from motcua.cases.public import get_case
from motcua.documents.public import read_file
from motcua.dossiers.models import DraftResult, Result, Slip, SupplementRequest
from motcua.dossiers.public import get_folder, verify_file, verify_result
from motcua.dossiers.rules import derive_national_state
from motcua.dossiers.tests.factories import City, act, file_dossier, open_task, upload
from motcua.identity.tests.factories import make_official, sign_in
from motcua.kernel import clock
from motcua.outbox.public import drain
from motcua.ui.tests.html import words

pytestmark = pytest.mark.django_db


def client_of(city: City, role: str, *, stepped_up: bool = False) -> Client:
    """Return a browser of the official."""
    client = Client()
    sign_in(client, city.official(role).user_id, stepped_up=stepped_up)
    return client


def state_of(case_id: int) -> int:
    """Return the national state."""
    case = get_case(case_id)
    return int(derive_national_state(case.stage, case.outcome))


@pytest.mark.slow
def test_from_filing_to_a_result_that_anyone_can_verify(city: City, resident_client: Client) -> None:
    filed = file_dossier(city)
    assert state_of(filed.case_id) == 1
    task = open_task(filed.case_id, "dossiers.receive")
    counter = client_of(city, "counter")
    page = counter.get(reverse("dossiers:task", args=[task.uuid])).content.decode()
    assert "Trả lời người nộp trong 8 giờ làm việc" in page
    assert "Đã quá lúc này" not in page
    response = act(counter, task, "accept")
    assert response.status_code == 302
    assert counter.get(response["Location"]).status_code == 200

    task = open_task(filed.case_id, "dossiers.appraise")
    specialist = client_of(city, "specialist")
    assert specialist.get(reverse("dossiers:task", args=[task.uuid])).status_code == 200
    assert act(specialist, task, "approve", note="Đủ điều kiện").status_code == 302
    drain(now=clock.now())

    task = open_task(filed.case_id, "dossiers.sign")
    draft = DraftResult.objects.get()
    leader = client_of(city, "leader")
    page = leader.get(reverse("dossiers:task", args=[task.uuid])).content.decode()
    assert draft.sha256 in page
    refused = act(leader, task, "sign", sha256=draft.sha256)
    assert refused["Location"].startswith(reverse("identity:step_up"))
    leader = client_of(city, "leader", stepped_up=True)
    assert act(leader, task, "sign", sha256=draft.sha256).status_code == 302
    drain(now=clock.now())

    result = Result.objects.get()
    assert state_of(filed.case_id) == 10
    found = verify_result(result.verification_code.lower())
    assert found is not None
    assert found.result_no == result.no
    pdf = read_file(result.file_id)
    assert verify_file(pdf).status == "genuine"
    changed = bytearray(pdf)
    changed[len(pdf) // 3] ^= 1
    assert verify_file(bytes(changed)).status != "genuine"
    response = resident_client.get(reverse("dossiers:result_pdf", args=[filed.dossier_no]))
    assert response.content == pdf
    page = resident_client.get(reverse("dossiers:detail", args=[filed.dossier_no])).content.decode()
    assert result.verification_code in page


@pytest.mark.slow
def test_the_leader_may_return_it_and_the_next_draft_is_another(city: City) -> None:
    filed = file_dossier(city)
    act(client_of(city, "counter"), open_task(filed.case_id, "dossiers.receive"), "accept")
    specialist, leader = client_of(city, "specialist"), client_of(city, "leader", stepped_up=True)
    act(specialist, open_task(filed.case_id, "dossiers.appraise"), "approve")
    drain(now=clock.now())
    first = DraftResult.objects.get()
    task = open_task(filed.case_id, "dossiers.sign")
    assert act(leader, task, "return", note="").status_code == 409
    assert act(leader, task, "return", note="Sửa lại tên").status_code == 302
    act(specialist, open_task(filed.case_id, "dossiers.appraise"), "reject", note="Thiếu căn cứ")
    drain(now=clock.now())
    newest = DraftResult.objects.first()
    assert newest is not None
    assert newest.id != first.id
    assert newest.decision == "rejected"
    task = open_task(filed.case_id, "dossiers.sign")
    response = act(leader, task, "sign", sha256=first.sha256)
    assert response.status_code == 409
    assert "đã thay đổi" in response.content.decode()
    assert act(leader, task, "sign", sha256=newest.sha256).status_code == 302
    drain(now=clock.now())
    assert Result.objects.get().decision == "rejected"


@pytest.mark.slow
def test_the_one_supplement_names_fields_and_papers_and_only_these_can_change(
    city: City, resident_client: Client
) -> None:
    filed = file_dossier(city)
    counter = client_of(city, "counter")
    task = open_task(filed.case_id, "dossiers.receive")
    nothing = act(counter, task, "supplement", reason="Thiếu")
    assert nothing.status_code == 409
    assert "Thiếu" in nothing.content.decode()
    response = act(counter, task, "supplement", reason="Tờ khai mờ", fields=["request_content"], papers=["to_khai"])
    assert response.status_code == 302
    assert state_of(filed.case_id) == 5
    assert get_case(filed.case_id).clock_state == "paused"
    address = reverse("dossiers:supplement", args=[filed.dossier_no])
    page = resident_client.get(address).content.decode()
    assert "Tờ khai mờ" in page
    assert 'name="request_content"' in page
    assert 'name="full_name"' not in page
    data = {"revision": 1, "request_content": "Nội dung mới", "full_name": "Kẻ Gian", "action": "send"}
    missing = resident_client.post(address, data)
    assert missing.status_code == 422
    assert 'id="to_khai-error"' in missing.content.decode()  # said beside the paper, which is not optional now
    assert "Còn thiếu giấy tờ" in words(missing) and "Tờ khai có chữ ký (không bắt buộc)" not in words(missing)
    response = resident_client.post(address, data | {"revision": 2, "to_khai": upload("moi.png")})
    assert response.status_code == 302
    folder = get_folder(filed.case_id)
    assert folder.dossier.form_data["request_content"] == "Nội dung mới"
    assert folder.dossier.form_data["full_name"] == "Nguyễn Thị Thử"
    assert [paper.is_replaced for paper in folder.papers] == [True, False]
    assert state_of(filed.case_id) == 1
    assert get_case(filed.case_id).clock_state == "running"
    task = open_task(filed.case_id, "dossiers.receive")
    again = act(counter, task, "supplement", reason="Nữa", fields=["full_name"])
    assert again.status_code == 409
    assert "một lần" in again.content.decode()
    assert SupplementRequest.objects.count() == 1
    assert resident_client.get(address).status_code == 409


@pytest.mark.slow
def test_refusal_issues_slip_three_with_its_reason(city: City, resident_client: Client) -> None:
    filed = file_dossier(city)
    counter = client_of(city, "counter")
    task = open_task(filed.case_id, "dossiers.receive")
    assert act(counter, task, "refuse", reason=" ").status_code == 409
    assert act(counter, task, "refuse", reason="Không thuộc thẩm quyền").status_code == 302
    assert state_of(filed.case_id) == 3
    assert Slip.objects.get(kind=3).data["reason"] == "Không thuộc thẩm quyền"


@pytest.mark.slow
def test_two_officials_on_one_task_the_second_is_told_and_keeps_his_words(city: City) -> None:
    filed = file_dossier(city)
    task = open_task(filed.case_id, "dossiers.receive")
    act(client_of(city, "counter"), task, "accept")
    other = make_official("counter", agency_id=city.agency.id, full_name="Người Đến Sau")
    client = Client()
    sign_in(client, other.user_id)
    response = act(client, task, "refuse", reason="Lý do dài đã gõ công phu")
    page = response.content.decode()
    assert response.status_code == 409
    assert city.counter.full_name in page
    assert "Lý do dài đã gõ công phu" in page
    assert not Slip.objects.filter(kind=3).exists()


@pytest.mark.slow
def test_officials_of_another_office_and_residents_see_no_task(city: City, resident_client: Client) -> None:
    filed = file_dossier(city)
    task = open_task(filed.case_id, "dossiers.receive")
    address = reverse("dossiers:task", args=[task.uuid])
    assert client_of(city, "leader").get(address).status_code == 404
    assert resident_client.get(address).status_code == 403
    assert Client().get(address).status_code == 302
