"""The pages: what they show, to whom, with how many queries."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motcua.audit.public import SYSTEM
from motcua.cases.public import claim_task, extend_deadline, get_task
from motcua.cases.tests.factories import Office, act_as, make_case, make_office, open_task
from motcua.identity.public import OfficialInfo
from motcua.identity.tests.factories import make_official, make_resident, sign_in
from motcua.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make_office()


def open_as(official: OfficialInfo) -> Client:
    client = Client()
    sign_in(client, official.user_id)
    return client


def body(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content
    return response.content.decode()


@pytest.mark.slow
def test_the_inbox_page(office: Office) -> None:
    now = clock.now()
    late = make_case(office.agency.id, now=now - timedelta(days=60), term_amount=3)
    fresh = make_case(office.agency.id, now=now - timedelta(minutes=5), term_amount=30)
    page = body(open_as(office.counter), reverse("cases:inbox"))
    assert page.index(late.code) < page.index(fresh.code)
    assert "Quá hạn" in page and "Trong hạn" in page and "2 việc đang chờ" in page
    assert page.count("<h1") == 1
    assert "Không có việc nào" in body(open_as(office.leader), reverse("cases:inbox"))


@pytest.mark.slow
def test_filters_and_odd_addresses(office: Office) -> None:
    make_case(office.agency.id)
    client = open_as(office.counter)
    empty = ["?nguoi=cua-toi", "?q=kết+hôn", "?trang=7"]
    full = ["?nguoi=chua-nhan", "?q=khai+sinh", "?nguoi=xyz&trang=abc&co-quan=H29.999", "?trang=99999999999"]
    for query in empty:
        assert "Không có việc nào" in body(client, reverse("cases:inbox") + query)
    for query in full[:3]:
        assert "Không có việc nào" not in body(client, reverse("cases:inbox") + query)
    for query in full:
        assert client.get(reverse("cases:inbox") + query).status_code == 200


@pytest.mark.slow
def test_the_inbox_page_takes_few_queries_at_any_size(office: Office) -> None:
    client = open_as(office.counter)
    counts = []
    for size in (1, 25):
        for _number in range(size):
            make_case(office.agency.id)
        with CaptureQueriesContext(connection) as queries:
            body(client, reverse("cases:inbox"))
        counts.append(len(queries))
    assert max(counts) <= 12, counts


@pytest.mark.slow
@pytest.mark.parametrize("name", ["inbox", "overview", "late_cases", "late_cases_csv"])
def test_pages_are_for_their_roles(office: Office, name: str) -> None:
    address = reverse(f"cases:{name}")
    assert Client().get(address).status_code == 302
    resident = Client()
    sign_in(resident, make_resident().user_id)
    assert resident.get(address).status_code == 403
    for role in ("counter", "specialist", "leader"):
        expected = 200 if name == "inbox" or role == "leader" else 403
        assert open_as(office.official(role)).get(address).status_code == expected


@pytest.mark.slow
def test_claiming_and_releasing_from_the_screen(office: Office) -> None:
    task = open_task(make_case(office.agency.id, kind="a-kind-without-pages").id)
    client = open_as(office.counter)
    answer = client.post(
        reverse("cases:claim", args=[task.uuid]), {"revision": 0, "next": "https://ngoai.example/"}, follow=False
    )
    assert (answer.status_code, answer["Location"]) == (302, reverse("cases:inbox"))
    assert get_task(task.uuid).assignee_id == office.counter.user_id
    assert client.get(reverse("cases:claim", args=[task.uuid])).status_code == 405
    answer = client.post(reverse("cases:release", args=[task.uuid]), {"revision": 1, "next": "/viec/?nguoi=tat-ca"})
    assert answer["Location"] == "/viec/?nguoi=tat-ca"
    assert get_task(task.uuid).assignee_id is None
    assert open_as(office.leader).post(reverse("cases:claim", args=[task.uuid])).status_code == 404


@pytest.mark.slow
def test_claiming_what_another_holds_tells_who(office: Office) -> None:
    task = open_task(make_case(office.agency.id).id)
    other = make_official("counter", agency_id=office.agency.id, full_name="Lê Thị Sau")
    claim_task(task.uuid, user_id=other.user_id, revision=0, actor=act_as(other), now=clock.now())
    answer = open_as(office.counter).post(reverse("cases:claim", args=[task.uuid]), {"revision": 0})
    assert answer.status_code == 409 and "Lê Thị Sau" in answer.content.decode()


@pytest.mark.slow
def test_the_deadline_is_explained_day_by_day(office: Office) -> None:
    now = clock.now()
    case = make_case(office.agency.id, now=now - timedelta(days=1), term_amount=20)
    extend_deadline(case.id, new_due_at=now + timedelta(days=90), reason="Mất điện", actor=SYSTEM, now=now)
    address = reverse("cases:deadline", args=[case.uuid])
    page = body(open_as(office.specialist), address)
    assert case.code in page and "20 ngày làm việc" in page and "Mất điện" in page and "Xin lỗi và hẹn lại" in page
    assert open_as(make_office().specialist).get(address).status_code == 404
    assert open_as(office.specialist).get(reverse("cases:deadline", args=[uuid4()])).status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("group", ["co-quan", "thu-tuc", "buoc", "lạ"])
def test_the_overview_page(office: Office, group: str) -> None:
    late = make_case(office.agency.id, now=clock.now() - timedelta(days=60), term_amount=3)
    client = open_as(office.leader)
    with CaptureQueriesContext(connection) as queries:
        page = body(client, f"{reverse('cases:overview')}?theo={group}")
    assert len(queries) <= 12
    assert late.code in page and "Chưa xin lỗi" in page and "<svg" in page
    assert late.code not in body(open_as(make_office().leader), reverse("cases:overview"))


@pytest.mark.slow
def test_the_late_list_and_its_export_are_one(office: Office) -> None:
    title = "=HYPERLINK(1)"
    late = make_case(
        office.agency.id, now=clock.now() - timedelta(days=60), term_amount=3, subject_code="+1", subject_title=title
    )
    client = open_as(office.leader)
    assert late.code in body(client, reverse("cases:late_cases"))
    response = client.get(reverse("cases:late_cases_csv"))
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # what the client hands back is wider than its type
    head, row = csv.reader(io.StringIO(text))
    assert head[0] == "Mã hồ sơ" and row[:3] == [late.code, "'+1", f"'{title}"]
    assert late.applicant_name not in text
    foreign = open_as(make_office().leader).get(reverse("cases:late_cases_csv"))
    assert late.code not in b"".join(foreign.streaming_content).decode()  # type: ignore[attr-defined]  # what the client hands back is wider than its type


@pytest.mark.slow
def test_a_city_leader_reads_all_but_opens_none(office: Office) -> None:
    late = make_case(office.agency.id, now=clock.now() - timedelta(days=60), term_amount=3)
    city = open_as(make_official("city_leader", agency_id=make_office().agency.id))
    page = body(city, reverse("cases:overview"))
    assert late.code in page and late.applicant_name not in page and "mọi cơ quan" in page
    assert city.get(reverse("cases:deadline", args=[late.uuid])).status_code == 404
