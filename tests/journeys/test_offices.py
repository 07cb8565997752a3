"""The screens of the offices in a real browser: usable by everybody, narrow and wide, each by the role it is for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from motcua.kernel.clock import local_date, now
from motcua.project.demo_city.build import OPERATOR
from motcua.project.demo_city.registers import OWNERS
from tests.journeys.conftest import City
from tests.journeys.steps import find_staff, sign_in_as

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]
PEOPLE = "/so-du-lieu/people/"
COUNT = 40  # rows of the file that is loaded; one more is bad
WAITS = f"H29.901-261122-9{COUNT:03d}"


@pytest.fixture(scope="module")
def prepared(city: City) -> str:
    """Return the personal id of somebody in a loaded file; a record and a pair of records wait beside it."""
    return str(city.prepare("stewards", COUNT)["person"])


@pytest.fixture
def steward(city: City, new_page: OpenPage) -> Page:
    """Return the page of the official who looks after the register of people."""
    page = new_page()
    sign_in_as(page, find_staff(city, "data_steward", agency=OWNERS["people"]))
    return page


@pytest.fixture
def operator(city: City, new_page: OpenPage) -> Page:
    page = new_page()
    sign_in_as(page, str(city.query(f"SELECT full_name FROM identity_user WHERE username = '{OPERATOR}'")[0][0]))
    return page


def look(page: Page, check: Check, address: str, words: str) -> None:
    """Open a screen, see that it says what it is for, and check it."""
    page.goto(address)
    expect(page.locator("main")).to_contain_text(words)
    check(page)


def follow(page: Page, check: Check, name: str | re.Pattern[str], words: str) -> None:
    """Open the first link of that name in the page's own part, by the keyboard."""
    page.locator("main").get_by_role("link", name=name).first.press("Enter")
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text(words)
    check(page)


def test_a_record_is_looked_up_with_a_reason(steward: Page, prepared: str, check_page: Check) -> None:
    look(steward, check_page, "/so-du-lieu/", "Sổ dữ liệu cơ quan bạn quản lý")
    look(steward, check_page, PEOPLE, "Tra cứu bản ghi")
    steward.get_by_label("Số cần tìm").fill(prepared)
    steward.get_by_role("button", name="Tra cứu").press("Enter")
    expect(steward.locator("main")).to_contain_text("ghi lý do xem")
    steward.get_by_label("Số cần tìm").fill(prepared)
    steward.get_by_label("Lý do xem").fill("Đối chiếu đơn")
    steward.get_by_role("button", name="Tra cứu").press("Enter")
    expect(steward.locator("main")).to_contain_text("Mọi lần ghi, mới nhất trước")
    expect(steward.locator("main")).to_contain_text("Lê Văn Nạp Thử 0")
    check_page(steward)
    assert prepared not in steward.url
    steward.get_by_label("Đúng vào ngày").fill((local_date(now()) - timedelta(days=4000)).isoformat())
    steward.get_by_role("button", name="Xem", exact=True).click()
    expect(steward.locator("main")).to_contain_text("Vào ngày ấy sổ không nói gì")
    check_page(steward)


def test_quality_and_loads_say_what_is_wrong(steward: Page, prepared: str, check_page: Check) -> None:
    look(steward, check_page, f"{PEOPLE}chat-luong/", "Số liệu đo ngày")
    look(steward, check_page, f"{PEOPLE}lan-nap/", "không nhận 1")
    follow(steward, check_page, "dan-cu.csv", "dòng")


def test_a_record_that_waits_is_completed(steward: Page, prepared: str, check_page: Check) -> None:
    look(steward, check_page, f"{PEOPLE}cho-ghi/", WAITS)
    follow(steward, check_page, f"Hồ sơ {WAITS}", "Không cần ghi?")
    steward.get_by_role("button", name="Ghi vào sổ").press("Enter")
    expect(steward.locator(".govuk-error-summary")).to_be_visible()
    check_page(steward)
    steward.get_by_role("button", name="Bỏ qua bản ghi này").press("Enter")
    expect(steward.locator(".govuk-error-summary")).to_be_visible()
    steward.get_by_label("Lý do không ghi").fill("Người này đã có trong sổ.")
    steward.get_by_role("button", name="Bỏ qua bản ghi này").press("Enter")
    expect(steward.locator("main")).to_contain_text(f"Đã xong bản ghi của hồ sơ {WAITS}")


def test_two_records_are_seen_side_by_side(steward: Page, prepared: str, check_page: Check) -> None:
    look(steward, check_page, "/doi-soat-nguoi/", "Máy chưa đủ chắc")
    follow(steward, check_page, re.compile("^Cặp 1"), "Máy so được gì")
    steward.get_by_role("button", name="Chưa rõ").press("Enter")
    steward.wait_for_load_state()
    look(steward, check_page, "/doi-soat-nguoi/?loai=linked", "Trọng số")
    follow(steward, check_page, re.compile("^Cặp 1"), "Tách hai bản ghi")
    steward.get_by_role("button", name="Tách", exact=True).press("Enter")
    expect(steward.get_by_role("alert")).to_contain_text("hãy ghi lý do tách")
    check_page(steward)
    follow(steward, check_page, re.compile("cả người này"), "Phạm Thị Hai Sổ")


def test_the_exchange_is_run_from_its_screens(operator: Page, check_page: Check) -> None:
    look(operator, check_page, "/trao-doi/", "Nhật ký thông điệp")
    look(operator, check_page, "/trao-doi/thanh-vien/", "Thêm hoặc sửa một hệ thống")
    operator.get_by_role("button", name="Ghi thành viên").press("Enter")
    expect(operator.locator(".govuk-error-summary")).to_be_visible()
    check_page(operator)
    operator.goto("/trao-doi/thanh-vien/")
    operator.locator(".mc-card__link").first.click()
    expect(operator.locator("main")).to_contain_text("Thêm khóa")
    check_page(operator)
    follow(operator, check_page, "Mở dịch vụ mới", "Mở dịch vụ của")
    operator.get_by_role("button", name="Mở dịch vụ").press("Enter")
    expect(operator.locator(".govuk-error-summary")).to_be_visible()
    check_page(operator)
    look(operator, check_page, "/trao-doi/nhat-ky/", "Nhật ký gọi")


def test_a_right_is_asked_for_and_waits_for_another(operator: Page, steward: Page, check_page: Check) -> None:
    look(operator, check_page, "/trao-doi/dich-vu/", "Dịch vụ dữ liệu")
    operator.locator("main").get_by_role("link", name=re.compile("dân cư", re.IGNORECASE)).first.click()
    expect(operator.locator("main")).to_contain_text("Cách gọi")
    check_page(operator)
    follow(operator, check_page, "Đề nghị cấp quyền", "không được tự duyệt")
    operator.get_by_role("button", name="Gửi đề nghị").press("Enter")
    expect(operator.locator(".govuk-error-summary")).to_be_visible()
    check_page(operator)
    operator.get_by_label("Hệ thống gọi").select_option(index=1)
    operator.get_by_label("Mục đích", exact=True).fill("Đối chiếu thử trên màn hình")
    operator.get_by_label("Căn cứ pháp luật").fill("Nghị định thử, Điều 5")
    operator.get_by_label("Trường dữ liệu cần đọc").fill("full_name")
    operator.get_by_role("button", name="Gửi đề nghị").press("Enter")
    expect(operator.locator("main")).to_contain_text("người khác của chủ dữ liệu phải duyệt")
    check_page(operator)
    look(operator, check_page, "/trao-doi/quyen/?tinh-trang=waiting", "Đối chiếu thử trên màn hình")
    look(steward, check_page, "/trao-doi/quyen/", "Hệ thống một cửa")  # on the registers that its agency answers for


def test_money_and_papers_have_their_reports(city: City, new_page: OpenPage, check_page: Check) -> None:
    counter = new_page()
    sign_in_as(counter, find_staff(city, "counter"))
    look(counter, check_page, "/bien-lai-quan-ly/", "Sổ biên lai")
    look(counter, check_page, "/thu-tuc-duoc-mien/", "thủ tục")
    look(counter, check_page, "/lien-thong/chuyen-tiep/", "Chuyển tiếp hồ sơ")
    counter.get_by_role("button", name="Chuyển đi").press("Enter")
    expect(counter.locator(".govuk-error-summary")).to_be_visible()
    check_page(counter)
    leader = new_page()
    sign_in_as(leader, find_staff(city, "leader"))
    look(leader, check_page, "/mot-cua/con-hoi-gi/", "Đăng ký khai sinh")
    look(leader, check_page, "/lien-thong/", "Thông điệp chờ gửi")
