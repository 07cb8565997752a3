"""Withdrawing, stopping, apologising, filing at the counter, the slips and the register book."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from motcua.cases.public import fire_due_timers, get_case
from motcua.dossiers.models import Dossier, Draft, DraftResult, Slip
from motcua.dossiers.public import NotAllowedNow, apologise, get_folder, track_by_code, withdraw_dossier
from motcua.dossiers.queries.register import list_register
from motcua.dossiers.rules import derive_national_state
from motcua.dossiers.tests.factories import CODE, City, act, at, captured_queries, file_dossier, make_draft, open_task
from motcua.identity.tests.factories import make_official, make_organisation, make_principal, make_resident, sign_in
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.kernel.codes import CodeRefused
from motcua.kernel.workdays import Budget
from motcua.outbox.public import drain
from motcua.places.public import get_calendar

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
def test_withdrawing_asks_for_a_reason_and_issues_the_notice_of_stopping(city: City, resident_client: Client) -> None:
    filed = file_dossier(city)
    address = reverse("dossiers:withdraw", args=[filed.dossier_no])
    assert resident_client.get(address).status_code == 200
    assert resident_client.post(address, {"reason": " "}).status_code == 409
    assert state_of(filed.case_id) == 1
    assert resident_client.post(address, {"reason": "Tôi đổi ý"}).status_code == 302
    assert state_of(filed.case_id) == 7
    assert Slip.objects.get(kind=5).data["reason"] == "Tôi đổi ý"
    assert resident_client.post(address, {"reason": "Lần nữa"}).status_code == 409
    page = resident_client.get(reverse("dossiers:detail", args=[filed.dossier_no])).content.decode()
    assert "Thông báo dừng giải quyết hồ sơ" in page


@pytest.mark.slow
def test_nobody_withdraws_after_the_decision(city: City) -> None:
    filed = file_dossier(city)
    act(client_of(city, "counter"), open_task(filed.case_id, "dossiers.receive"), "accept")
    act(client_of(city, "specialist"), open_task(filed.case_id, "dossiers.appraise"), "approve")
    drain(now=clock.now())
    draft = DraftResult.objects.get()
    leader = client_of(city, "leader", stepped_up=True)
    act(leader, open_task(filed.case_id, "dossiers.sign"), "sign", sha256=draft.sha256)
    actor = make_principal(city.resident.user_id).to_actor()
    with pytest.raises(NotAllowedNow) as refused:
        withdraw_dossier(filed.dossier_uuid, reason="Muộn", actor=actor, now=clock.now())
    assert refused.value.code == "withdraw_after_decision"


@pytest.mark.slow
def test_a_dossier_nobody_completes_is_stopped_with_its_notice(city: City) -> None:
    with time_machine.travel(at("2026-03-02 09:00"), tick=True):
        filed = file_dossier(city)
        counter = client_of(city, "counter")
        task = open_task(filed.case_id, "dossiers.receive")
        act(counter, task, "supplement", reason="Thiếu chữ ký", papers=["to_khai"])
        drain(now=clock.now())
        supplement = get_folder(filed.case_id).supplement
    assert supplement is not None
    assert local_date(supplement.due_at) == at("2026-03-23 09:00").date()
    late = supplement.due_at + timedelta(minutes=1)
    fire_due_timers(now=late)
    drain(now=late)
    assert state_of(filed.case_id) == 8
    assert Slip.objects.get(kind=5).data["by"] == "timeout"
    drain(now=late)
    assert Slip.objects.filter(kind=5).count() == 1


@pytest.mark.slow
def test_the_counter_takes_in_a_wish_to_stop_handed_in_on_paper(city: City) -> None:
    filed = file_dossier(city)
    case = get_case(filed.case_id)
    address = reverse("dossiers:stop", args=[case.uuid])
    assert client_of(city, "specialist").get(address).status_code == 403
    counter = client_of(city, "counter")
    assert counter.get(address).status_code == 200
    assert counter.post(address, {"reason": "Đơn xin rút ngày 02/03"}).status_code == 302
    assert Slip.objects.get(kind=5).issued_by_name == city.counter.full_name


@pytest.mark.slow
def test_the_leader_apologises_once_before_the_due_time(city: City, resident_client: Client) -> None:
    filed = file_dossier(city)
    case = get_case(filed.case_id)
    address = reverse("dossiers:apology", args=[case.uuid])
    assert client_of(city, "counter").get(address).status_code == 403
    response = client_of(city, "leader").get(address)
    assert response["Location"].startswith(reverse("identity:step_up"))
    leader = client_of(city, "leader", stepped_up=True)
    assert leader.get(address).status_code == 200
    assert case.due_at is not None
    new = get_calendar(case.calendar_code).add(case.due_at, Budget(12, "workday"))
    data = {"new_on": f"{local_date(new):%d/%m/%Y}", "new_time": "16:30", "reason": "Chờ xác minh"}
    assert leader.post(address, data | {"new_on": "32/13/2026"}).status_code == 422
    assert leader.post(address, data | {"reason": ""}).status_code == 422
    assert leader.post(address, data | {"new_on": f"{local_date(clock.now()):%d/%m/%Y}"}).status_code == 422
    assert leader.post(address, data).status_code == 302
    moved = get_case(filed.case_id).due_at
    assert moved is not None
    assert local_date(moved) == local_date(new)
    assert leader.post(address, data).status_code == 422
    assert Slip.objects.filter(kind=4).count() == 1
    page = resident_client.get(reverse("dossiers:detail", args=[filed.dossier_no])).content.decode()
    assert "Chờ xác minh" in page


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-03-28 16:30", "2026-03-30 17:00"),  # a Saturday
        ("2026-03-27 17:01", "2026-03-30 17:00"),
        ("2026-03-27 12:15", "2026-03-27 17:00"),
        ("2026-04-26 09:00", "2026-04-28 17:00"),  # Giỗ Tổ on a Sunday, its Monday off too
        ("2026-03-27 16:30", "2026-03-27 16:30"),
    ],
)
def test_nobody_is_told_to_come_to_a_closed_office(city: City, asked: str, due: str) -> None:
    filed = file_dossier(city, now=at("2026-03-02 09:00"))
    leader = make_principal(city.leader.user_id)
    apologise(
        filed.dossier_uuid,
        new_due_at=at(asked),
        reason="Chờ xác minh",
        leader_id=leader.user_id,
        actor=leader.to_actor(),
        now=at("2026-03-03 09:00"),
    )
    assert get_case(filed.case_id).due_at == at(due)
    slip = Slip.objects.get(kind=4)
    assert datetime.fromisoformat(slip.data["new_due_at"]) == at(due)


def test_an_apology_after_the_due_time_is_refused(city: City) -> None:
    filed = file_dossier(city, now=at("2026-03-02 09:00"))
    leader = make_principal(city.leader.user_id)
    assert filed.due_at is not None
    with pytest.raises(NotAllowedNow) as refused:
        apologise(
            filed.dossier_uuid,
            new_due_at=filed.due_at + timedelta(days=9),
            reason="Muộn",
            leader_id=leader.user_id,
            actor=leader.to_actor(),
            now=filed.due_at,
        )
    assert refused.value.code == "reappoint_too_late"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("filed_at", "due"),
    [
        ("2026-02-13 16:59", "2026-02-25"),  # the last minutes before Tết
        ("2026-02-13 23:59", "2026-02-26"),  # one minute before midnight: the clock starts on the first day after Tết
        ("2026-02-18 10:00", "2026-02-26"),  # in the middle of Tết
        ("2026-08-21 08:00", "2026-08-25"),  # Saturday 22 August was worked in exchange for 31 August
    ],
)
def test_the_due_time_respects_tet_and_swapped_days(city: City, filed_at: str, due: str) -> None:
    filed = file_dossier(city, now=at(filed_at))
    assert filed.due_at is not None
    assert local_date(filed.due_at).isoformat() == due, filed.due_at
    assert filed.dossier_no.split("-")[1] == f"{at(filed_at).astimezone(clock.HCM):%y%m%d}"


@pytest.mark.slow
def test_the_counter_files_for_a_person_the_city_does_not_know_yet(city: City) -> None:
    counter = client_of(city, "counter")
    address = reverse("dossiers:counter_file")
    data = {
        "ma": CODE, "channel": "direct", "agency": str(city.agency.id), "kind": "person",
        "identifier": "079190012345", "full_name": "", "birth_on": "17/05/1990", "phone": "0912345678",
        "address": "3 Lê Lợi", "area_code": "26743",
    }  # fmt: skip
    assert counter.get(address).status_code == 200
    assert counter.post(address, {}).status_code == 422
    assert counter.post(address, data | {"identifier": "123"}).status_code == 422
    unknown = counter.post(address, data)
    assert unknown.status_code == 422
    assert "Chưa có ai mang số này" in unknown.content.decode()
    response = counter.post(address, data | {"full_name": "Bà Năm Chợ"})
    assert response.status_code == 302
    html = counter.get(response["Location"]).content.decode()
    assert "Bà Năm Chợ" in html
    again = counter.post(address, data)
    assert again.status_code == 302  # now the city knows her


@pytest.mark.slow
@pytest.mark.parametrize("channel", ["direct", "post"])
def test_a_dossier_filed_at_the_counter_is_like_any_other(city: City, channel: str) -> None:
    draft = make_draft(city, owner_id=city.counter.user_id, channel=channel, reception_agency_id=city.agency.id)
    counter = client_of(city, "counter")
    assert counter.get(reverse("dossiers:review", args=[draft.uuid])).status_code == 200
    data = {"declaration": "true", "client_key": str(draft.client_key)}
    response = counter.post(reverse("dossiers:submit", args=[draft.uuid]), data)
    dossier = Dossier.objects.get()
    assert response["Location"] == reverse("dossiers:counter_filed", args=[dossier.dossier_no])
    assert counter.get(response["Location"]).status_code == 200
    assert dossier.channel == channel
    assert dossier.fee_vnd == 8000
    assert get_case(dossier.case_id).channel == channel
    case = get_case(dossier.case_id)
    act(counter, open_task(case.id, "dossiers.receive"), "accept")
    act(client_of(city, "specialist"), open_task(case.id, "dossiers.appraise"), "approve")
    drain(now=clock.now())
    leader = client_of(city, "leader", stepped_up=True)
    act(leader, open_task(case.id, "dossiers.sign"), "sign", sha256=DraftResult.objects.get().sha256)
    drain(now=clock.now())
    assert state_of(case.id) == 9
    task = open_task(case.id, "dossiers.deliver")
    assert counter.get(reverse("dossiers:task", args=[task.uuid])).status_code == 200
    assert act(counter, task, "deliver", delivered_to="").status_code == 409
    assert act(counter, task, "deliver", delivered_to="Nguyễn Thị Thử").status_code == 302
    assert state_of(case.id) == 10


@pytest.mark.slow
def test_a_counter_of_another_office_cannot_file_the_draft(city: City) -> None:
    other = make_official("specialist", agency_id=city.agency.id)
    draft = make_draft(city, owner_id=other.user_id, channel="direct", reception_agency_id=city.agency.id)
    client = Client()
    sign_in(client, other.user_id)
    assert client.get(reverse("dossiers:review", args=[draft.uuid])).status_code == 404


@pytest.mark.slow
def test_every_slip_is_drawn_once_and_kept(city: City, resident_client: Client) -> None:
    filed = file_dossier(city)
    case = get_case(filed.case_id)
    counter = client_of(city, "counter")
    act(counter, open_task(filed.case_id, "dossiers.receive"), "supplement", reason="Thiếu", papers=["to_khai"])
    first = resident_client.get(reverse("dossiers:receipt_pdf", args=[filed.dossier_no]))
    assert first.content.startswith(b"%PDF")
    assert first.headers["Content-Type"] == "application/pdf"
    assert resident_client.get(reverse("dossiers:receipt_pdf", args=[filed.dossier_no])).content == first.content
    assert Slip.objects.get(kind=1).file_id is not None
    assert resident_client.get(reverse("dossiers:slip_pdf", args=[filed.dossier_no, 2])).content.startswith(b"%PDF")
    for kind in (3, 4, 5, 6, 9):
        assert resident_client.get(reverse("dossiers:slip_pdf", args=[filed.dossier_no, kind])).status_code == 404
    control = counter.get(reverse("dossiers:office_slip", args=[case.uuid, 6]))
    assert control.content.startswith(b"%PDF")


@pytest.mark.slow
def test_slips_three_four_and_five_can_be_drawn(city: City, resident_client: Client) -> None:
    refused, stopped, late = (file_dossier(city) for _ in range(3))
    counter, leader = client_of(city, "counter"), client_of(city, "leader", stepped_up=True)
    act(counter, open_task(refused.case_id, "dossiers.receive"), "refuse", reason="Không thuộc thẩm quyền")
    resident_client.post(reverse("dossiers:withdraw", args=[stopped.dossier_no]), {"reason": "Đổi ý"})
    case = get_case(late.case_id)
    assert case.due_at is not None
    new = local_date(case.due_at + timedelta(days=9))
    leader.post(
        reverse("dossiers:apology", args=[case.uuid]),
        {"new_on": f"{new:%d/%m/%Y}", "new_time": "17:00", "reason": "Chờ xác minh"},
    )
    for filed, kind in ((refused, 3), (stopped, 5), (late, 4)):
        response = resident_client.get(reverse("dossiers:slip_pdf", args=[filed.dossier_no, kind]))
        assert response.content.startswith(b"%PDF"), kind


@pytest.mark.slow
def test_the_register_book_pages_filters_and_prints_for_its_own_office_only(city: City) -> None:
    for _ in range(2):
        file_dossier(city)
    counter = client_of(city, "counter")
    page = counter.get(reverse("dossiers:register"))
    assert page.status_code == 200
    assert Dossier.objects.order_by("id").first().dossier_no in page.content.decode()  # type: ignore[union-attr]  # there is one: a missing row fails the test
    empty = counter.get(reverse("dossiers:register"), {"tu": "01/01/2025", "den": "02/01/2025"})
    assert "H29.26743" not in empty.content.decode()
    assert "Ngày chưa đúng" in counter.get(reverse("dossiers:register"), {"tu": "hôm qua"}).content.decode()
    assert counter.get(reverse("dossiers:register"), {"agency": "999999"}).status_code == 403
    assert counter.get(reverse("dossiers:register_pdf")).content.startswith(b"%PDF")
    resident = Client()
    sign_in(resident, city.resident.user_id)
    assert resident.get(reverse("dossiers:register")).status_code == 403


@pytest.mark.slow
def test_the_register_costs_the_same_whatever_its_length(city: City) -> None:
    today = local_date(clock.now())
    counts = []
    for _ in range(2):
        for _ in range(2):
            file_dossier(city)
        with captured_queries() as queries:
            page = list_register(agency_ids=[city.agency.id], first_on=today, last_on=today, page=1)
        counts.append(len(queries))
    assert [row.no for row in page.items] == [1, 2, 3, 4]
    assert counts[0] == counts[1] <= 8


def test_public_tracking_shows_the_code_and_the_state_and_nothing_else(city: City) -> None:
    filed = file_dossier(city)
    found = track_by_code(f" {filed.dossier_no.lower()} ")
    assert found is not None
    assert (found.code, found.state, found.state_label) == (filed.dossier_no, 1, "Mới đăng ký")
    assert set(found.__slots__) == {"code", "state", "state_label", "is_ended"}
    assert track_by_code("H29.99999-260302-0001") is None
    with pytest.raises(CodeRefused):
        track_by_code("linh tinh")


@pytest.mark.slow
def test_a_firm_files_through_its_representative(city: City) -> None:
    boss = make_resident("Chủ Tiệm", area_code="26743")
    firm = make_organisation(legal_representative_id=boss.id, area_code="26743")
    client = Client()
    sign_in(client, boss.user_id)
    client.post(reverse("dossiers:start", args=[CODE]))
    draft = Draft.objects.get()
    address = reverse("dossiers:applicant", args=[draft.uuid])
    assert "Chủ Tiệm" in client.get(address).content.decode()
    assert client.post(address, {"party": str(city.resident.uuid), "result_channel": "online"}).status_code == 422
    assert client.post(address, {"party": str(firm.uuid), "result_channel": "online"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.applicant_kind, draft.applicant_id) == ("organisation", firm.ref.id)
    assert draft.data["full_name"] == "Chủ Tiệm"
