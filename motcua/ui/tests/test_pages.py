"""The frames and components: sound HTML, escaped text, nothing inline, a sentence for every failure."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client
from jinja2 import UndefinedError

from motcua.ui.homes import find_home
from motcua.ui.jinja import build_environment
from motcua.ui.tests.gallery import NASTY
from motcua.ui.tests.html import read

pytestmark = pytest.mark.urls("motcua.ui.tests.gallery")  # and no database: frames of a stranger never ask it

SOUND = ["/", "/panel/", "/panel/?as=resident", "/form/", "/staff/", "/staff/?as=official"]
FAILURES = [
    ("/refuse/domain/", 409, "Hồ sơ này đã đóng."),
    ("/refuse/403/", 403, "hãy đăng xuất rồi đăng nhập bằng đúng tài khoản"),
    ("/refuse/413/", 413, "Nội dung gửi lên quá lớn"),
    ("/refuse/429/", 429, "Hãy đợi khoảng 3 phút"),
    ("/refuse/500/", 500, "Lỗi này do hệ thống, không phải do bạn"),
    ("/only-post/", 405, "Hãy quay lại trang trước và bấm nút trong trang đó"),
    ("/khong-co/", 404, "Đường dẫn cũng có thể đã cũ hoặc đã hết hạn"),
]


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("address", SOUND)
def test_page_is_sound(browser: Client, address: str) -> None:
    response = browser.get(address)
    assert response.status_code == 200
    read(response)


@pytest.mark.parametrize("address", SOUND)
def test_help_line_stands_on_every_page(browser: Client, address: str) -> None:
    assert {"class": "mc-help__phone", "href": "tel:1022"} in read(browser.get(address)).all("a") or "staff" in address
    assert "tel:1022" in browser.get(address).content.decode()


@pytest.mark.parametrize("address", ["/", "/form/", "/refuse/domain/"])
def test_what_people_type_is_escaped(browser: Client, address: str) -> None:
    content = browser.get(address).content.decode()
    assert NASTY not in content
    assert "&lt;script&gt;alert" in content


@pytest.mark.parametrize(("address", "status", "sentence"), FAILURES)
def test_failure_is_a_page_that_says_what_to_do(browser: Client, address: str, status: int, sentence: str) -> None:
    response = browser.get(address)
    assert response.status_code == status
    page = read(response)
    assert sentence in "".join(page.text)
    assert "1022" in "".join(page.text)


def test_waiting_time_is_in_the_header(browser: Client) -> None:
    assert browser.get("/refuse/429/").headers["Retry-After"] == "150"


def test_script_gets_the_sentence_as_json(browser: Client) -> None:
    response = browser.get("/refuse/domain/", headers={"accept": "application/json"})
    assert response.status_code == 409
    assert response.json() == {"code": "demo.refused", "message": f"Hồ sơ này đã đóng. {NASTY}"}


def test_form_without_its_token_is_told_to_reload() -> None:
    browser = Client(enforce_csrf_checks=True)
    page = browser.post("/post/")
    assert page.status_code == 403
    assert "tải lại trang rồi gửi lần nữa" in page.content.decode()
    read(page)
    assert browser.post("/post/", headers={"accept": "application/json"}).json()["code"] == "csrf"


def test_every_answer_carries_the_policy(browser: Client) -> None:
    for address in ("/", "/refuse/500/", "/khong-co/"):
        policy = browser.get(address).headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "form-action 'self'" in policy


def test_frame_names_the_person_and_offers_the_way_out(browser: Client) -> None:
    official = "".join(read(browser.get("/staff/?as=official")).text)
    assert "Lê Văn Hậu" in official
    assert "Đăng xuất" in official
    assert "Tiếp nhận tại quầy" in official
    assert "Tổng quan" not in official  # a door that would not open
    stranger = "".join(read(browser.get("/panel/")).text)
    assert "Đăng nhập" in stranger
    assert "Đăng xuất" not in stranger


def test_person_chooses_the_language(browser: Client) -> None:
    assert read(browser.get("/panel/", headers={"accept-language": "vi"})).all("html")[0]["lang"] == "vi"
    response = browser.post("/i18n/setlang/", {"language": "en", "next": "/panel/?as=resident"})
    assert response.status_code == 302
    assert response.headers["Location"] == "/panel/?as=resident"
    page = read(browser.get("/panel/"))
    assert page.all("html")[0]["lang"] == "en"
    assert "Tiếng Việt" in page.text


def test_summary_points_at_the_fields_in_error(browser: Client) -> None:
    page = read(browser.get("/form/"))
    links = [item["href"] for item in page.all("a") if item.get("href", "").startswith("#")]
    assert links == ["#main", "#ten", "#ngay", "#giay"]
    wrong = {item["id"] for item in page.all("input") if item.get("aria-invalid") == "true"}
    assert wrong == {"ten", "ngay", "ngay-month", "ngay-year", "giay"}


@pytest.mark.parametrize("address", ["/panel/?q=a%00b", "/refuse/a%00b/"])
def test_sign_that_nobody_types_is_refused(browser: Client, address: str) -> None:
    response = browser.get(address)
    assert response.status_code == 400
    read(response)
    assert browser.post("/post/", {"q": "a\x00b"}).status_code == 400
    assert browser.post("/post/", {"q": "ab"}).status_code == 200


def test_unknown_name_in_a_template_fails() -> None:
    with pytest.raises(UndefinedError):
        build_environment(autoescape=True).from_string("{{ nobody_gave_this }}").render()


@pytest.mark.parametrize(
    ("kind", "roles", "home"),
    [
        ("", (), "/portal/home/"),
        ("resident", (), "/portal/my_page/"),
        ("official", (), "/cases/inbox/"),
        ("official", ("city_leader",), "/cases/overview/"),
        ("official", ("city_leader", "counter"), "/cases/inbox/"),
        ("official", ("operator",), "/cases/inbox/"),  # the operators' page is not mounted here
    ],
)
def test_day_begins_where_the_first_role_says(kind: str, roles: tuple[str, ...], home: str) -> None:
    principal = SimpleNamespace(kind=kind, has_role=roles.__contains__) if kind else None
    assert find_home(principal) == home
