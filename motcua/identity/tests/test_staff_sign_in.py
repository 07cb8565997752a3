from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from motcua.audit.public import SYSTEM
from motcua.identity.actions.second_factor import find_demo_code, reset_second_factor, verify_totp
from motcua.identity.public import disable_account
from motcua.identity.tests.factories import make_official, make_resident, sign_in
from motcua.identity.types import OfficialInfo
from motcua.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.urls("motcua.identity.tests.urls")]
DOOR, CODE, ENROL = "/dang-nhap/can-bo/", "/dang-nhap/can-bo/ma-xac-thuc/", "/dang-nhap/can-bo/cai-dat-ma/"
PASSWORD = "mười hai con giáp"
MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def fresh_counters(db: None) -> None:
    cache.clear()


@pytest.fixture
def leader(agency_id: int) -> OfficialInfo:
    return make_official("leader", agency_id=agency_id, password=PASSWORD)


def give_password(client: Client, official: OfficialInfo, password: str = PASSWORD, **more: str):  # type: ignore[no-untyped-def]  # pytest's own fixture or a test's helper: its type says nothing more here
    return client.post(DOOR, {"login": official.username, "password": password, **more})


def current_code(official: OfficialInfo) -> str:
    code = find_demo_code(official.user_id, now=clock.now())
    assert code is not None
    return code


def enrol(client: Client, official: OfficialInfo) -> list[str]:
    """Sign in for the first time; return the recovery codes."""
    assert give_password(client, official).headers["Location"] == ENROL
    secret = re.search(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", client.get(ENROL).content.decode())
    assert secret is not None
    assert client.post(ENROL, {"code": totp(secret[0].replace(" ", ""))}).headers["Location"] == ENROL
    codes = re.findall(r"<code>(\d{8})</code>", client.get(ENROL).content.decode())
    assert client.post(ENROL).status_code == 302
    return codes


def totp(secret: str, *, shift: int = 0) -> str:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return str(format_hotp_value(hotp_value(secret, int(clock.now().timestamp()) // 30 + shift)))


@pytest.mark.slow
def test_first_sign_in_enrols_the_telephone_and_shows_recovery_codes_once(client: Client, leader: OfficialInfo) -> None:
    codes = enrol(client, leader)
    assert len(codes) == 10
    assert client.get("/ban-lam-viec/").status_code == 200
    assert client.get("/ky/").content == b"signed "  # the second factor has just been shown
    assert client.get(ENROL).headers["Location"] == "/dang-nhap/xong/"


def test_a_password_alone_opens_nothing(client: Client, leader: OfficialInfo) -> None:
    give_password(client, leader)
    assert client.get("/ban-lam-viec/").status_code == 302
    assert "_auth_user_id" not in client.session
    assert client.post(ENROL, {"code": "000000"}).status_code == 422
    assert client.get("/ban-lam-viec/").status_code == 302


@pytest.mark.slow
def test_later_sign_ins_ask_for_the_code_and_keep_next(leader: OfficialInfo) -> None:
    with time_machine.travel(MORNING, tick=False) as clock_face:
        enrol(Client(), leader)
        clock_face.shift(timedelta(minutes=2))
        client = Client()
        assert give_password(client, leader, next="/ban-lam-viec/").headers["Location"] == CODE
        assert client.post(CODE, {"code": "123"}).status_code == 422
        response = client.post(CODE, {"code": current_code(leader)})
        assert response.headers["Location"] == "/ban-lam-viec/"
        assert client.get("/ban-lam-viec/").status_code == 200


@pytest.mark.slow
def test_next_outside_this_host_is_dropped(leader: OfficialInfo) -> None:
    with time_machine.travel(MORNING, tick=False) as clock_face:
        enrol(Client(), leader)
        clock_face.shift(timedelta(minutes=2))
        client = Client()
        give_password(client, leader, next="//evil.example/")
        assert client.post(CODE, {"code": current_code(leader)}).headers["Location"] == "/dang-nhap/xong/"


@pytest.mark.slow
def test_a_code_is_accepted_once(leader: OfficialInfo) -> None:
    with time_machine.travel(MORNING, tick=False) as clock_face:
        enrol(Client(), leader)
        clock_face.shift(timedelta(minutes=2))
        code = current_code(leader)
        first, second = Client(), Client()
        give_password(first, leader)
        give_password(second, leader)
        assert first.post(CODE, {"code": code}).status_code == 302
        for _ in range(3):  # allauth alone would forget the used code while it still counts
            answer = second.post(CODE, {"code": code})
            assert (answer.status_code, "đã dùng rồi" in answer.content.decode()) == (422, True)
            clock_face.shift(timedelta(seconds=29))


@pytest.mark.slow
def test_a_recovery_code_works_once_and_never_for_signing(leader: OfficialInfo) -> None:
    codes = enrol(Client(), leader)
    for code, status in ((codes[0], 302), (codes[0], 422), (codes[1], 302)):
        client = Client()
        give_password(client, leader)
        assert client.post(CODE, {"code": code}).status_code == status
    assert client.post("/dang-nhap/xac-nhan/", {"code": codes[2]}).status_code == 422


@pytest.mark.parametrize("password", ["sai mật khẩu rồi", "", "x" * 5000])
def test_a_wrong_password_is_one_sentence_for_all(client: Client, leader: OfficialInfo, password: str) -> None:
    assert give_password(client, leader, password).status_code == 422
    assert client.post(DOOR, {"login": "không-ai", "password": password}).status_code == 422


def test_unknown_name_and_wrong_password_look_alike(client: Client, leader: OfficialInfo) -> None:
    wrong = give_password(client, leader, "sai mật khẩu rồi").content.decode()
    unknown = client.post(DOOR, {"login": leader.username + "x", "password": "sai mật khẩu rồi"}).content.decode()
    strip = re.compile(r'value="[^"]*"')
    assert strip.sub("", wrong) == strip.sub("", unknown)


@pytest.mark.slow
def test_five_wrong_passwords_close_the_account_for_a_while(leader: OfficialInfo) -> None:
    with time_machine.travel(MORNING, tick=False) as clock_face:
        for _ in range(5):
            assert give_password(Client(), leader, "sai mật khẩu rồi").status_code == 422
        assert give_password(Client(), leader).status_code == 422
        clock_face.shift(timedelta(minutes=6))
        assert give_password(Client(), leader).status_code == 302


@pytest.mark.slow
def test_five_wrong_codes_close_the_second_factor_for_a_while(leader: OfficialInfo) -> None:
    with time_machine.travel(MORNING, tick=False) as clock_face:
        enrol(Client(), leader)
        clock_face.shift(timedelta(minutes=2))
        client = Client()
        give_password(client, leader)
        for _ in range(5):
            assert client.post(CODE, {"code": "000000"}).status_code == 422
        assert "quá nhiều lần" in client.post(CODE, {"code": current_code(leader)}).content.decode()


@pytest.mark.slow
def test_the_door_itself_is_rate_limited(client: Client) -> None:
    statuses = [client.post(DOOR, {"login": "", "password": ""}).status_code for _ in range(31)]
    assert statuses == [422] * 30 + [429]


def test_a_locked_account_is_told_where_to_ask(client: Client, leader: OfficialInfo) -> None:
    disable_account(leader.user_id, actor=SYSTEM, now=clock.now())
    assert give_password(client, leader).headers["Location"] == "/dang-nhap/da-khoa/"


def test_residents_have_no_password(client: Client) -> None:
    person = make_resident()
    from motcua.identity.models import User

    user = User.objects.get(pk=person.user_id or 0)
    assert not user.has_usable_password()
    assert client.post(DOOR, {"login": user.username, "password": ""}).status_code == 422


def test_forms_need_their_token(leader: OfficialInfo) -> None:
    client = Client(enforce_csrf_checks=True)
    for address in (DOOR, CODE, ENROL, "/dang-nhap/demo/", "/tai-khoan/oidc/vneid/login/"):
        assert client.post(address, {"login": leader.username, "password": PASSWORD}).status_code == 403


@pytest.mark.slow
def test_an_enrolment_left_in_the_browser_is_no_other_accounts(agency_id: int, leader: OfficialInfo) -> None:
    """Two officials at one computer: the second never gets the first one's secret or recovery codes."""
    client, colleague = Client(), make_official("counter", agency_id=agency_id, password=PASSWORD)
    secret_shown = re.compile(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}")
    give_password(client, leader)
    first = secret_shown.search(client.get(ENROL).content.decode())
    give_password(client, colleague)
    second = secret_shown.search(client.get(ENROL).content.decode())
    assert first is not None
    assert second is not None
    assert first[0] != second[0]
    client.post(ENROL, {"code": totp(second[0].replace(" ", ""))})
    assert "<code>" in client.get(ENROL).content.decode()
    give_password(client, leader)
    assert "<code>" not in client.get(ENROL).content.decode()


@pytest.mark.slow
def test_secrets_lie_enciphered_in_the_database(client: Client, leader: OfficialInfo) -> None:
    enrol(client, leader)
    kept = Authenticator.objects.get(user_id=leader.user_id, type="totp").data["secret"]
    assert kept.startswith("gAAAA")


@pytest.mark.slow
def test_a_lost_telephone_is_replaced(client: Client, leader: OfficialInfo) -> None:
    enrol(client, leader)
    reset_second_factor(leader.user_id, actor=SYSTEM, now=clock.now())
    assert not verify_totp(leader.user_id, code="000000", now=clock.now())
    assert give_password(Client(), leader).headers["Location"] == ENROL


def test_signing_asks_for_the_code_again_and_gives_the_decision_back(client: Client, leader: OfficialInfo) -> None:
    with time_machine.travel(MORNING, tick=False) as clock_face:
        sign_in(client, leader.user_id)
        response = client.post("/ky/", {"decision": "approve"})
        assert (response.status_code, response.headers["Location"]) == (303, "/dang-nhap/xac-nhan/?next=%2Fky%2F")
        page = client.get(response.headers["Location"]).content.decode()
        code = current_code(leader)
        assert code in page  # demonstration: the page plays the telephone
        answer = client.post("/dang-nhap/xac-nhan/", {"code": code, "next": "/ky/"})
        assert answer.headers["Location"] == "/ky/"
        assert client.get("/ky/").content == b"signed approve"
        clock_face.shift(timedelta(seconds=301))
        assert client.get("/ky/").status_code == 302


@pytest.mark.slow
def test_no_help_outside_the_demonstration(client: Client, leader: OfficialInfo, settings) -> None:  # type: ignore[no-untyped-def]  # pytest's own fixture or a test's helper: its type says nothing more here
    sign_in(client, leader.user_id)
    code = current_code(leader)
    settings.DEMO_MODE = False
    assert code not in client.get("/dang-nhap/xac-nhan/").content.decode()
    assert client.get("/dang-nhap/demo/").status_code == 404
    assert client.post("/dang-nhap/demo/", {"official": leader.user_uuid}).status_code == 404


def test_step_up_returns_only_to_this_host(client: Client, leader: OfficialInfo) -> None:
    sign_in(client, leader.user_id)
    answer = client.post("/dang-nhap/xac-nhan/", {"code": current_code(leader), "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/"


@pytest.mark.slow
def test_new_recovery_codes_need_a_fresh_second_factor(client: Client, leader: OfficialInfo) -> None:
    codes = enrol(client, leader)
    renewed = client.post("/dang-nhap/can-bo/ma-du-phong/").content.decode()
    assert codes[0] not in renewed
    sign_in(client, leader.user_id)
    assert client.get("/dang-nhap/can-bo/ma-du-phong/").status_code == 302
