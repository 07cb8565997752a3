"""The national side in a real browser: what waits for a person, how the sides stand, narrow and wide, by keyboard."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from motcua.project.demo_city.build import OPERATOR
from tests.journeys.conftest import City
from tests.journeys.steps import sign_in_as

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]


def find_operator(city: City) -> str:
    return str(city.query(f"SELECT full_name FROM identity_user WHERE username = '{OPERATOR}'")[0][0])


def test_a_package_that_nobody_understood_is_decided_by_a_person(
    city: City, new_page: OpenPage, check_page: Check
) -> None:
    page = new_page(script=False)
    sign_in_as(page, find_operator(city))
    page.goto("/lien-thong/ho-so/")
    expect(page.locator("main")).to_contain_text("mà biểu mẫu của thủ tục không có")
    code = str(city.query(
        "SELECT national_code FROM national_intake WHERE reasons::text LIKE '%MaTheThanhVien%'"
    )[0][0])  # fmt: skip
    page.get_by_role("link", name=code).press("Enter")
    expect(page.locator("main")).to_contain_text("Vì sao cần người xem")
    page.get_by_role("button", name="Để lại mục này trong gói gốc và thử lại").first.press("Enter")
    expect(page.locator("main")).to_contain_text("Đã tiếp nhận vào hệ thống")
    page.goto(f"/tra-cuu/?ma={code}")
    expect(page.locator("main")).to_contain_text("Mới đăng ký")


def test_the_pages_of_the_national_side_are_usable_by_everybody(
    city: City, new_page: OpenPage, check_page: Check
) -> None:
    page = new_page()
    sign_in_as(page, find_operator(city))
    for address in ("/lien-thong/", "/lien-thong/chenh-lech/", "/lien-thong/ho-so/?trang-thai="):
        page.goto(address)
        check_page(page)
    page.locator(".mc-card a").first.click()
    check_page(page)
    page.goto("/lien-thong/chenh-lech/")
    page.get_by_role("button", name="Hỏi bên kia và so lại").press("Enter")
    expect(page.locator("main")).to_contain_text("Chưa kết nối")
    check_page(page)
