"""An operator sees what is missing, mends it on the spot, and nobody else gets in."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from motcua.documents.public import KeyKeeperAway, find_signing_key, make_official_code
from motcua.dossiers.tests.factories import City, make_city
from motcua.identity.tests.factories import make_official, make_resident, sign_in
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.operations.queries import find_readiness
from motcua.operations.rules import JOBS
from motcua.outbox.tests.factories import make_dead_letter
from motcua.places.public import find_agency_by_code, list_agencies, list_former_names, list_wards
from motcua.places.tests.factories import make_agency
from motcua.ui.tests.html import words

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PAGES = ("home", "readiness", "offices", "dead_letters", "incidents")
NEW = {
    "code": "H29.777",
    "name": "Trung tâm phục vụ hành chính công Thành phố",
    "kind": "service_centre",
    "level": "city",
    "area_code": "79",
    "valid_from": "2026-01-05",
}


class AwayKeyStore:
    """A keeper of keys that does not answer and does not say where it is."""

    def find_key(self, code: str) -> None:
        raise KeyKeeperAway("away")


@pytest.fixture
def city(db: None) -> City:
    return make_city()


@pytest.fixture
def operator(city: City) -> Client:
    client = Client()
    sign_in(client, make_official("operator", agency_id=city.agency.id).user_id)
    return client


@pytest.mark.parametrize("name", PAGES)
def test_operators_only(city: City, operator: Client, client: Client, name: str) -> None:
    address = reverse(f"operations:{name}")
    assert operator.get(address).status_code == 200
    assert client.get(address).status_code == 302
    for user_id in (city.leader.user_id, make_resident().user_id):
        other = Client()
        sign_in(other, user_id)
        assert other.get(address).status_code == 403
        assert other.post(reverse("operations:offices"), NEW).status_code == 403


def test_readiness_says_what_is_missing_and_the_named_remedy_mends_it(city: City, operator: Client) -> None:
    today = local_date(clock.now())
    before = find_readiness(on=today)
    assert [item.wards_missing for item in before.unready] == [167]  # one ward of 168 has its office
    page = words(operator.get(reverse("operations:readiness")))
    assert "167 trên 168 phường, xã chưa có cơ quan tiếp nhận." in page
    assert "Trung tâm phục vụ hành chính công" in page
    with pytest.raises(SystemExit):
        call_command("check_readiness", stdout=StringIO())

    response = operator.post(reverse("operations:offices"), NEW, follow=True)
    assert "Đã mở cơ quan" in words(response)
    assert find_readiness(on=today).unready == ()
    out = StringIO()
    call_command("check_readiness", stdout=out)
    assert "0 thủ tục còn thiếu nơi tiếp nhận" in out.getvalue()


def test_readiness_asks_no_more_for_more_wards(city: City) -> None:
    today = local_date(clock.now())
    with CaptureQueriesContext(connection) as few:
        find_readiness(on=today)
    for ward in list_wards(on=today)[:5]:
        make_agency(area_code=ward.code, kind="people_committee", name=f"Ủy ban nhân dân {ward.name}")
    with CaptureQueriesContext(connection) as more:
        find_readiness(on=today)
    assert len(more) <= len(few) + 4  # one more distinct set of offices at most


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"code": "sai mã"}, "Mã định danh cơ quan không đúng"),
        ({"code": ""}, "Hãy nhập mã định danh"),
        ({"area_code": "99999"}, "Không có đơn vị hành chính"),
        ({"kind": "khác"}, "khác"),
        ({"valid_from": "hôm nay"}, "Ngày không đúng"),
    ],
)
def test_a_wrong_office_is_refused_beside_the_field(operator: Client, changed: dict[str, str], sentence: str) -> None:
    response = operator.post(reverse("operations:offices"), NEW | changed)
    assert response.status_code == 422
    assert sentence in words(response)
    assert find_agency_by_code("H29.777") is None


def test_an_office_is_renamed_and_closed_with_its_days(operator: Client, city: City) -> None:
    old = make_agency(code="H29.555", name="Tên cũ")
    address = reverse("operations:office", args=[old.uuid])
    today = local_date(clock.now())
    operator.post(address, {"action": "rename", "name": "Tên mới", "on": today.isoformat()})
    assert [(name.name, name.until) for name in list_former_names(old.id)] == [("Tên cũ", today)]
    assert "Tên cũ" in words(operator.get(address))
    twice = operator.post(address, {"action": "rename", "name": "Tên khác", "on": today.isoformat()})
    assert twice.status_code == 422
    operator.post(address, {"action": "close", "on": today.isoformat(), "successor_id": city.agency.id})
    closed = find_agency_by_code("H29.555")
    assert closed is not None
    assert (closed.name, closed.valid_to, closed.successor_id) == ("Tên mới", today, city.agency.id)
    assert closed.id not in {agency.id for agency in list_agencies(on=today)}
    assert operator.post(address, {"action": "close", "on": today.isoformat()}).status_code == 422


def test_a_dead_letter_is_shown_and_runs_again(operator: Client) -> None:
    row = make_dead_letter(error="Máy in hỏng")
    assert "Máy in hỏng" in words(operator.get(reverse("operations:dead_letters")))
    address = reverse("operations:retry", args=[row.pk])
    assert operator.get(address).status_code == 405
    operator.post(address)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("pending", 0)
    assert operator.post(address).status_code == 404


def test_commands_open_the_first_office_and_say_so(db: None) -> None:
    with pytest.raises(CommandError, match="motcua create_agency"):
        call_command("create_official", "an", name="An", role="operator", agency="H29")
    call_command(
        "create_agency", "H29", name=NEW["name"], kind="service_centre", level="city", area="79", stdout=StringIO()
    )
    out = StringIO()
    call_command("create_official", "an", name="Nguyễn An", role="operator", agency="H29", stdout=out)
    assert "Tên đăng nhập: an" in out.getvalue()
    with pytest.raises(CommandError, match="Trung tâm phục vụ"):
        call_command("create_official", "binh", name="Bình", role="operator", agency="H99")
    with pytest.raises(CommandError, match="đã được dùng"):
        call_command("create_agency", "H29", name="Khác", kind="other", level="city", area="79")


def test_periods_hold_tomorrow_too(operator: Client) -> None:
    office = make_agency(code="H29.556", name="Tên cũ")
    tomorrow = local_date(clock.now()) + timedelta(days=1)
    operator.post(reverse("operations:office", args=[office.uuid]), {"action": "close", "on": tomorrow.isoformat()})
    assert office.id in {agency.id for agency in list_agencies(on=tomorrow - timedelta(days=1))}
    assert office.id not in {agency.id for agency in list_agencies(on=tomorrow)}


def test_every_job_of_the_clockwork_is_said_in_words() -> None:
    """A job that is added without words would show the operator the name of a function."""
    package = Path(__file__).resolve().parents[2]
    sources = [path.read_text("utf-8") for path in package.glob("*/tasks*.py")]
    jobs = {name for text in sources for name in re.findall(r'register_periodic\(\s*"([a-z_.]+)"', text)}
    assert len(jobs) > 15
    assert jobs <= set(JOBS)


def test_keys_are_seen_issued_and_revoked_after_the_second_factor(
    city: City, operator: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    keys = reverse("operations:office_keys", args=[city.agency.uuid])
    change = reverse("operations:change_key", args=[city.agency.uuid])
    code = make_official_code(city.agency.code, city.leader.user_id)
    assert city.leader.full_name in words(operator.get(keys)) and "Chưa có khóa" in words(operator.get(keys))
    assert operator.post(change, {"code": code, "action": "issue"}).status_code == 303
    assert find_signing_key(code) is None  # the second factor was not shown
    proved = Client()
    sign_in(proved, make_official("operator", agency_id=city.agency.id).user_id, stepped_up=True)
    assert proved.post(change, {"code": code, "action": "issue"}).status_code == 302
    assert "Đang dùng được" in words(proved.get(keys))
    assert proved.get(change).status_code == 302  # back from the second factor
    asked = proved.get(reverse("operations:revoke_key", args=[city.agency.uuid, code]))
    assert "Lý do thu hồi" in words(asked)
    assert proved.post(change, {"code": code, "action": "revoke"}).status_code == 422
    assert (
        proved.post(change, {"code": code, "action": "revoke", "reason": "Mất thẻ", "sure": "true"}).status_code == 302
    )
    assert "Đã thu hồi" in words(proved.get(keys))
    assert proved.post(change, {"code": "H29.khac", "action": "issue"}).status_code == 404
    leader = Client()
    sign_in(leader, city.leader.user_id, stepped_up=True)
    assert [leader.get(keys).status_code, leader.post(change, {"code": code}).status_code] == [403, 403]
    mine = reverse("operations:my_keys")
    assert "Đã thu hồi: không ký được nữa" in words(leader.get(mine)) and code in words(leader.get(mine))
    assert proved.post(change, {"code": code, "action": "issue"}).status_code == 302
    assert "Đang dùng được" in words(leader.get(mine)) and "Trong tệp trên máy chủ" in words(leader.get(mine))
    assert [proved.get(mine).status_code, Client().get(mine).status_code] == [403, 302]
    settings.MOTCUA_KEY_STORE = f"{__name__}.AwayKeyStore"
    away = words(leader.get(mine))
    assert "chưa trả lời" in away and "Ở nơi giữ khóa do đơn vị vận hành chọn" in away
    settings.MOTCUA_KEY_STORE = "software"
    settings.DEMO_MODE = False
    refused = proved.post(change, {"code": code, "action": "issue"})
    assert refused.status_code == 409 and "tổ chức chứng thực" in words(refused)
