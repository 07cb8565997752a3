"""The pages of the office and the operator, and the door for packages: who sees what, paged, searched, never dearer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from motcua.cases.public import get_case
from motcua.dossiers.tests.factories import City, captured_queries, file_dossier
from motcua.identity.tests.factories import make_official, sign_in
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.national.models import Intake, Onward, StatusMessage
from motcua.national.tasks import send_statuses
from motcua.national.tests.factories import make_package, running_portal, sign_package
from motcua.national.views.receiving import SIGNATURE_HEADER
from motcua.outbox.public import drain
from motcua.places.tests.factories import make_agency

pytestmark = pytest.mark.django_db
PAGES = {
    "national:status": {"operator", "leader", "city_leader"},
    "national:differences": {"operator", "leader", "city_leader"},
    "national:queue": {"operator", "counter", "leader"},
    "national:onward": {"counter", "leader"},
}
ROLES = ("counter", "specialist", "leader", "operator", "city_leader")


def client_of(role: str, agency_id: int) -> Client:
    client = Client()
    sign_in(client, make_official(role, agency_id=agency_id).user_id)
    return client


def post_package(package: Any, *, header: str | None = None) -> Any:
    content, signature = sign_package(package, now=clock.now())
    headers = {SIGNATURE_HEADER: signature if header is None else header}
    return Client().post(reverse("national:receive"), content, content_type="application/json", headers=headers)


def make_waiting(city: City) -> Intake:
    """Lay a package with an unknown field before the office."""
    package = make_package(now=clock.now(), answers={"la": "x"})
    assert post_package(package).status_code == 200
    drain(now=clock.now())
    return Intake.objects.get(national_code=package.national_code)


@pytest.mark.slow
def test_each_page_is_for_its_roles(city: City) -> None:
    resident = Client()
    sign_in(resident, city.resident.user_id)
    clients = {role: client_of(role, city.agency.id) for role in ROLES}
    for name, roles in PAGES.items():
        assert Client().get(reverse(name)).status_code == 302
        assert resident.get(reverse(name)).status_code == 403
        for role, client in clients.items():
            assert client.get(reverse(name)).status_code == (200 if role in roles else 403), (name, role)
    for role, client in clients.items():
        answer = client.post(reverse("national:resend"), {"ma": "H29.0"})
        assert answer.status_code == (302 if role == "operator" else 403)


@pytest.mark.slow
def test_a_package_comes_by_the_door_once(city: City) -> None:
    package = make_package(now=clock.now())
    first = post_package(package)
    assert first.status_code == 200 and first.json()["Ma"] == "00"
    drain(now=clock.now())
    assert post_package(package).json() == {
        "Ma": "01", "ThongBao": "Đã tiếp nhận vào hệ thống.", "MaHoSoQuocGia": package.national_code,
    }  # fmt: skip
    assert post_package(package, header="x.y.z").status_code == 401
    assert Client().get(reverse("national:receive")).status_code == 405
    huge = Client().post(reverse("national:receive"), b"", content_type="application/json", CONTENT_LENGTH="99999999")
    assert huge.status_code == 413
    assert Intake.objects.count() == 1


@pytest.mark.slow
def test_only_the_office_concerned_sees_a_package(city: City) -> None:
    row = make_waiting(city)
    elsewhere = make_agency()
    paths = [reverse(f"national:{name}", args=[row.uuid]) for name in ("intake", "original")]
    posts = [reverse(f"national:{name}", args=[row.uuid]) for name in ("decide", "give_back")]
    for role, agency_id, expected in (
        ("counter", city.agency.id, 200), ("leader", city.agency.id, 200), ("operator", elsewhere.id, 200),
        ("counter", elsewhere.id, 404), ("specialist", city.agency.id, 403),
    ):  # fmt: skip
        client = client_of(role, agency_id)
        assert [client.get(path).status_code for path in paths] == [expected] * 2, role
        if expected != 200:
            assert [client.post(path, {"do": "retry"}).status_code for path in posts] == [expected] * 2
        shown = client.get(reverse("national:queue"))
        if shown.status_code == 200:
            assert (row.national_code in shown.content.decode()) == (expected == 200)
    missing = reverse("national:intake", args=[uuid4()])
    assert client_of("operator", city.agency.id).get(missing).status_code == 404


@pytest.mark.slow
def test_a_person_decides_on_the_page(city: City) -> None:
    row, client = make_waiting(city), client_of("counter", city.agency.id)
    page = reverse("national:intake", args=[row.uuid])
    shown = client.get(page).content.decode()
    assert "Vì sao cần người xem" in shown and "“la”" in shown
    assert client.get(reverse("national:original", args=[row.uuid])).json()["MaHoSoQuocGia"] == row.national_code
    stale = client.post(reverse("national:decide", args=[row.uuid]), {"do": "set_aside", "ten": "la", "revision": "0"},
                        follow=True)  # fmt: skip
    assert "Người khác vừa thay đổi" in stale.content.decode()
    done = client.post(
        reverse("national:decide", args=[row.uuid]), {"do": "set_aside", "ten": "la", "revision": row.revision},
        follow=True,
    )  # fmt: skip
    assert "vẫn còn lý do" in done.content.decode()
    row.refresh_from_db()
    back = reverse("national:give_back", args=[row.uuid])
    empty = client.post(back, {"revision": row.revision, "ly-do": " "})
    assert empty.status_code == 422 and "Hãy ghi rõ lý do" in empty.content.decode()
    client.post(back, {"revision": row.revision, "ly-do": "Nộp thiếu tờ khai"})
    row.refresh_from_db()
    assert row.state == "refused"
    assert "Nộp thiếu tờ khai" in client.get(page).content.decode()


@pytest.mark.slow
def test_the_queue_is_searched_and_paged_at_one_price(city: City) -> None:
    client = client_of("counter", city.agency.id)
    first = make_waiting(city)
    queue = reverse("national:queue")
    with captured_queries() as few:
        assert first.national_code in client.get(queue).content.decode()
    for _number in range(24):
        make_waiting(city)
    with captured_queries() as many:
        shown = client.get(queue).content.decode()
    assert len(many) <= len(few) + 1 and 'rel="next"' in shown and first.national_code not in shown
    assert first.national_code in client.get(queue, {"trang": "2"}).content.decode()
    assert first.national_code in client.get(queue, {"q": first.national_code.lower()}).content.decode()
    assert "Không có gói hồ sơ nào" in client.get(queue, {"q": "khong co"}).content.decode()
    assert "Không có gói hồ sơ nào" in client.get(queue, {"trang-thai": "taken"}).content.decode()


@pytest.mark.slow
def test_messages_are_searched_by_both_codes_and_sent_again(city: City, settings: Any) -> None:
    package = make_package(now=clock.now())
    post_package(package)
    case_id = file_dossier(city).case_id
    drain(now=clock.now())
    drain(now=clock.now())
    ours, operator = get_case(case_id).code, client_of("operator", city.agency.id)
    status = reverse("national:status")
    assert package.national_code in operator.get(status, {"q": package.national_code}).content.decode()
    shown = operator.get(status, {"q": ours, "loc": "waiting"}).content.decode()
    assert ours in shown and package.national_code not in shown and "Chưa kết nối" in shown
    assert "Không có thông điệp" in operator.get(status, {"loc": "refused"}).content.decode()
    with running_portal(settings):
        send_statuses(now=clock.now() + timedelta(minutes=1))
    today = local_date(clock.now()).isoformat()
    operator.post(reverse("national:resend"), {"ma": ours, "ngay": today})
    assert StatusMessage.objects.filter(case_id=case_id, position=None, outcome="waiting").count() == 1


@pytest.mark.slow
def test_a_day_is_compared_on_the_page(city: City, settings: Any) -> None:
    code = get_case(file_dossier(city).case_id).code
    drain(now=clock.now())
    operator, page = client_of("operator", city.agency.id), reverse("national:differences")
    today = local_date(clock.now()).isoformat()
    assert operator.post(page, {"ngay": today}).status_code == 503
    assert "Chưa so sánh" in operator.get(page, {"ngay": "hôm nọ"}).content.decode()
    with running_portal(settings):
        shown = operator.post(page, {"ngay": today}).content.decode()
        assert code in shown and "Chưa gửi được" in shown and "0 chưa giải thích" in shown
        send_statuses(now=clock.now() + timedelta(minutes=1))
        assert "Hai bên nói như nhau" in operator.post(page, {"ngay": today}).content.decode()
    assert "Hai bên nói như nhau" in operator.get(page, {"ngay": today}).content.decode()


@pytest.mark.slow
def test_a_dossier_is_sent_on_by_its_own_office_only(city: City) -> None:
    case = get_case(file_dossier(city).case_id)
    page, client = reverse("national:onward"), client_of("counter", city.agency.id)
    form = {"ma": case.code, "noi": "H01", "loai": "dossier"}
    assert client_of("counter", make_agency().id).post(page, form).status_code == 422
    for wrong in ({"ma": "H29.0"}, {"noi": "đâu đó"}, {"loai": "result"}, {"loai": "x"}, {"ma": ""}):
        assert client.post(page, form | wrong).status_code == 422
    assert not Onward.objects.exists()
    for _press in range(2):
        assert client.post(page, form).status_code == 302
    assert Onward.objects.get().target == "H01"
