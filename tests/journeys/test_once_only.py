"""Once-only in a real browser: five facts from three registers, one disputed, filed, corrected, decided."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.conftest import City
from tests.journeys.steps import (
    HANH,
    fill_form,
    find_staff,
    make_birth_answers,
    open_task,
    propose,
    sign_in_as,
    step_up,
    wait_for,
)

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]
RIGHT = "19/4 đường Hoa Sữa, khu phố 3"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "giay-chung-sinh.jpg"
    Image.new("RGB", (600, 800), "white").save(path)
    return path


def open_birth_form(page: Page) -> None:
    """Sign in, choose oneself as the applicant, open the first page."""
    sign_in_as(page, HANH.full_name)
    page.goto("/ho-so/bat-dau/1.001193/")
    page.get_by_role("button", name="Bắt đầu").click()
    page.get_by_label(re.compile("Cho tôi")).check()
    page.get_by_role("button", name="Tiếp tục").click()
    page.wait_for_url(re.compile("/trang/nguoi-khai/"))


def dispute_address(page: Page, check: Check | None = None, *, right: str = RIGHT) -> None:
    """Say that the register's address is wrong, and what is right."""
    page.get_by_role("button", name=re.compile("Không đúng.*Nơi thường trú")).click()
    page.wait_for_url(re.compile("/khong-dung/residence/"))
    if check:
        check(page)
    page.get_by_role("button", name="Báo sổ ghi sai").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    page.get_by_label("Nơi thường trú của bạn").fill(right)
    page.get_by_label("Vì sao giá trị trong sổ không đúng?").fill("Theo xác nhận cư trú cấp tháng trước.")
    page.get_by_role("button", name="Báo sổ ghi sai").click()
    page.wait_for_url(re.compile("/trang/nguoi-khai/"))


def file_it(page: Page, photo: Path, check: Check | None = None) -> str:
    answers = make_birth_answers(HANH, extra_copies=0)
    fill_form(page, answers | {"father_is_husband": "yes"}, check=check, files={"paper_chung_sinh": photo})
    page.wait_for_url(re.compile("/kiem-tra/"))
    if check:
        check(page)
    expect(page.locator("main")).to_contain_text("Theo Sổ dân cư, cập nhật ngày")
    page.get_by_label(re.compile("Tôi cam đoan")).check()
    page.get_by_role("button", name="Nộp hồ sơ").click()
    page.wait_for_url(re.compile("da-nop"))
    return page.locator("#dossier-no").inner_text()


def test_five_facts_one_disputed_filed_corrected_decided(
    city: City, new_page: OpenPage, check_page: Check, photo: Path
) -> None:
    page = new_page(width=320)
    open_birth_form(page)
    sources = page.locator(".mc-fact__source")
    expect(sources).to_have_count(5)
    for number in range(5):
        expect(sources.nth(number)).to_contain_text(re.compile(r"Theo Sổ .*, cập nhật ngày \d\d/\d\d/\d{4}"))
    shown = set(re.findall(r"Theo Sổ (.*?), cập nhật", page.locator("main").inner_text()))
    assert len(shown) == 3, shown
    assert page.locator("input[name=full_name]").count() == 0  # read-only: a fact is no box
    check_page(page)
    dispute_address(page, check_page)
    expect(page.locator("main")).to_contain_text(RIGHT)
    code = file_it(page, photo, check_page)
    wait_for_correction(city, code)
    specialist = new_page()
    at_counter(new_page(), city, code)
    see_why_not_yet(specialist, city, code, check_page)
    owner = new_page()
    correct(owner, city, check_page)
    page.goto(f"/ho-so/{code}/")
    expect(page.locator("main")).to_contain_text("đã sửa")
    check_page(page)
    page.goto("/dinh-chinh/")
    expect(page.locator("main")).to_contain_text("Đã đính chính")
    check_page(page)
    page.get_by_role("link", name=re.compile("^DC-")).first.click()
    check_page(page)
    decide(specialist, new_page(), city, code)


def wait_for_correction(city: City, code: str) -> None:
    import time

    for _attempt in range(40):
        if city.query(f"SELECT 1 FROM dossiers_correction WHERE dossier_no = '{code}'"):
            return
        time.sleep(0.5)
    raise AssertionError("no correction case was opened")


def at_counter(page: Page, city: City, code: str) -> None:
    sign_in_as(page, find_staff(city, "counter"))
    open_task(page, code)
    page.get_by_role("button", name="Tiếp nhận hồ sơ").click()


def see_why_not_yet(page: Page, city: City, code: str, check: Check) -> None:
    """The specialist does the checks, sees beside the answer what is disputed, and cannot propose yet."""
    sign_in_as(page, find_staff(city, "specialist"))
    for _check in range(4):
        open_task(page, code)
        expect(page.locator("main")).to_contain_text(f"Người nộp báo đúng là {RIGHT}")
        page.get_by_role("button", name="Đề xuất đồng ý").click()
        if page.get_by_text("Chưa quyết định được hồ sơ này").count():
            break
    expect(page.locator("main")).to_contain_text("còn chờ: kết quả đính chính DC-")
    check(page)


def correct(page: Page, city: City, check: Check) -> None:
    """The owner's official puts the register right; the old value stays in its history."""
    owner = city.query("SELECT a.code FROM dossiers_correction c JOIN cases_case k ON k.id = c.case_id "
                       "JOIN places_agency a ON a.id = k.agency_id ORDER BY c.id DESC LIMIT 1")[0][0]  # fmt: skip
    sign_in_as(page, find_staff(city, "specialist", agency=str(owner)))
    number = city.query("SELECT k.code FROM dossiers_correction c JOIN cases_case k ON k.id = c.case_id "
                        "ORDER BY c.id DESC LIMIT 1")[0][0]  # fmt: skip
    open_task(page, str(number))
    check(page)
    expect(page.get_by_label("Giá trị đúng")).to_have_value(RIGHT)
    page.get_by_role("button", name="Đính chính sổ").click()
    expect(page.locator("main")).to_contain_text("Sổ đã sửa thành")
    check(page)


def decide(specialist: Page, leader: Page, city: City, code: str) -> None:
    open_task(specialist, code)
    expect(specialist.locator("main")).to_contain_text(f"đã sửa thành: {RIGHT}")
    propose(specialist, code)
    sign_in_as(leader, find_staff(city, "leader"))
    leader.goto(f"/viec/?q={code}")
    wait_for(leader, code)
    open_task(leader, code)
    wait_for(leader, "Mở dự thảo (PDF)")
    leader.get_by_role("button", name="Ký duyệt").click()
    if "xac-nhan" in leader.url:
        step_up(leader)
    if leader.get_by_role("button", name="Ký duyệt").count():
        leader.get_by_role("button", name="Ký duyệt").click()
    expect(leader.locator("main")).to_contain_text("ký số")


def test_without_script_and_narrow_a_dispute_is_made_and_taken_back(city: City, new_page: OpenPage) -> None:
    page = new_page(width=320, script=False)
    open_birth_form(page)
    expect(page.locator(".mc-fact__source")).to_have_count(5)
    page.get_by_role("radio", name="Mẹ").check()
    dispute_address(page, right="27 đường Bằng Lăng, khu phố 1")  # another journey may have corrected it
    expect(page.get_by_role("radio", name="Mẹ")).to_be_checked()  # what was typed before is still there
    page.get_by_role("button", name=re.compile("Sửa hoặc rút báo sai")).click()
    page.get_by_role("button", name="Rút lại, sổ ghi đúng").click()
    page.wait_for_url(re.compile("/trang/nguoi-khai/"))
    expect(page.locator("main")).not_to_contain_text("bạn báo sai")
