"""My data in a real browser: a paper already held is not asked for; every reading stands there with its purpose."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from motcua.project.demo_city.held import NOTICE_NO, PROTECTOR
from tests.journeys.conftest import City
from tests.journeys.steps import (
    HANH,
    fill_form,
    find_staff,
    make_birth_answers,
    open_task,
    sign_in_as,
)

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]
OWN = "/du-lieu-cua-toi/"


def find_birthday(city: City) -> date:
    """Return the day of which the hospital told the register."""
    rows = city.query(
        "SELECT v.data->>'birth_on' FROM registers_recordversion v JOIN registers_record r ON r.id = v.record_id "
        f"WHERE v.data->>'notice_no' = '{NOTICE_NO}'"
    )
    return date.fromisoformat(str(rows[0][0]))


def file_birth_without_papers(page: Page, city: City, check: Check) -> str:
    """File a birth of which the hospital has told: nothing is uploaded; return the dossier's code."""
    answers = make_birth_answers(HANH, child_birth_on=find_birthday(city).isoformat())
    page.goto("/ho-so/bat-dau/1.001193/")
    page.get_by_role("button", name="Bắt đầu").click()
    for _round in range(3):
        if "nguoi-nop" in page.url:
            page.get_by_label(re.compile("Cho tôi")).check()
            page.get_by_role("button", name="Tiếp tục").click()
        fill_form(page, answers)
    if "kiem-tra" not in page.url:
        page.get_by_role("link", name=re.compile("Xem lại")).first.click()
    expect(page.locator("main")).to_contain_text("Không cần nộp: Giấy chứng sinh – đã có trong sổ “Giấy chứng sinh")
    check(page)
    page.get_by_label(re.compile("Tôi cam đoan")).check()
    page.get_by_role("button", name="Nộp hồ sơ").click()
    page.wait_for_url(re.compile("da-nop"))
    return page.locator("#dossier-no").inner_text()


def receive_and_appraise(page: Page, city: City, code: str, check: Check) -> None:
    """Let the counter receive it and the specialist propose; both see what was spared, beside the decision."""
    for role, button in (("counter", "Tiếp nhận"), ("specialist", "Đề xuất đồng ý")):
        sign_in_as(page, find_staff(city, role))
        open_task(page, code)
        expect(page.locator("main")).to_contain_text("Không cần nộp: Giấy chứng sinh")
        check(page)
        page.get_by_role("button", name=re.compile(button)).first.click()
        page.wait_for_load_state()


def count_readings(city: City, code: str) -> int:
    """Count in the log what officials read of this dossier."""
    rows = city.query(
        "SELECT count(*) FROM audit_auditentry e JOIN dossiers_dossier d ON e.subject = 'dossier:' || d.uuid "
        f"WHERE d.dossier_no = '{code}' AND e.kind = 'read' AND e.actor_kind = 'official'"
    )
    return int(rows[0][0])


def collect_rows(page: Page) -> list[str]:
    """Return the text of every reading, page after page."""
    found: list[str] = []
    for _page in range(30):
        found += page.locator(".mc-rows__item").all_inner_texts()
        following = page.get_by_role("link", name=re.compile("Trang sau|Sau"))
        if not following.count():
            return found
        following.first.click()
        page.wait_for_load_state()
    return found


@pytest.fixture
def filed(city: City, new_page: OpenPage, check_page: Check) -> str:
    resident = new_page()
    sign_in_as(resident, HANH.full_name)
    code = file_birth_without_papers(resident, city, check_page)
    office = new_page()
    receive_and_appraise(office, city, code, check_page)
    return code


def test_every_reading_stands_in_my_data_with_its_purpose(
    city: City, new_page: OpenPage, check_page: Check, filed: str
) -> None:
    page = new_page()
    sign_in_as(page, HANH.full_name)
    page.goto("/cua-toi/")
    page.get_by_role("link", name=re.compile("đang giữ dữ liệu gì")).click()
    expect(page.locator("main")).to_contain_text("Cơ quan quản lý: Công an Thành phố")
    expect(page.locator("main")).to_contain_text(NOTICE_NO)
    check_page(page)
    page.get_by_role("link", name="Ai đã đọc").click()
    expect(page.locator("main")).to_contain_text("Mục đích: Giải quyết thủ tục hành chính")
    check_page(page)
    page.get_by_text("Lọc lượt đọc").click()
    page.get_by_label("Cơ quan hoặc người đọc").fill("ben thanh")
    page.get_by_role("button", name="Tìm").click()
    rows = [row for row in collect_rows(page) if filed in row]
    assert len(rows) == count_readings(city, filed)
    assert all("Mục đích:" in row and "Căn cứ:" in row and "Bến Thành" in row for row in rows)
    assert any("chuyên viên thụ lý" in row for row in rows)
    assert not any(find_staff(city, "specialist") in row for row in rows)  # an office and a role, no name
    page.goto(f"{OWN}luot-doc/?ca_toi=true")
    expect(page.locator("main")).to_contain_text("Mục đích: Không yêu cầu nộp giấy tờ đã có")


def test_history_dispute_consent_and_copy_without_script(city: City, new_page: OpenPage, check_page: Check) -> None:
    page = new_page(width=320, script=False)
    sign_in_as(page, HANH.full_name)
    page.goto(OWN)
    page.get_by_role("link", name=re.compile("Xem những lần thay đổi")).first.click()
    expect(page.get_by_role("heading", name="Những lần thay đổi")).to_be_visible()
    page.goto(OWN)
    page.get_by_role("link", name=re.compile("Báo sai.*Số điện thoại")).first.click()
    page.get_by_role("button", name="Gửi yêu cầu kiểm tra").click()
    expect(page.locator("main")).to_contain_text("Hãy ghi giá trị đúng")
    page.get_by_label("Giá trị đúng").fill("0900000999")
    page.get_by_label("Vì sao dữ liệu này sai?").fill("Tôi đã đổi số từ tháng trước.")
    page.get_by_role("button", name="Gửi yêu cầu kiểm tra").click()
    expect(page.locator("main")).to_contain_text("Đã gửi yêu cầu kiểm tra")
    page.goto(f"{OWN}dong-y/")
    page.get_by_role("button", name=re.compile("Tôi đồng ý.*Nhắc khi giấy tờ")).click()
    page.get_by_role("button", name=re.compile("Rút lại đồng ý.*Nhắc khi giấy tờ")).click()
    expect(page.get_by_role("button", name=re.compile("Tôi đồng ý.*Nhắc khi giấy tờ"))).to_be_visible()
    page.goto(f"{OWN}tai-ve/")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Tải về (ZIP)").click()
    with zipfile.ZipFile(io.BytesIO(waiting.value.path().read_bytes())) as archive:
        data = json.loads(archive.read("du-lieu.json"))
    assert data["account"]["personal_id"] == HANH.personal_id
    checked = new_page()
    sign_in_as(checked, HANH.full_name)
    for address in ("", "luot-doc/", "dong-y/", "tai-ve/"):
        checked.goto(OWN + address)
        check_page(checked)


def test_the_office_pages_of_readings_and_of_what_is_asked(city: City, new_page: OpenPage, check_page: Check) -> None:
    page = new_page()
    sign_in_as(page, PROTECTOR[1])
    page.goto("/mot-cua/hoan-bao-luot-doc/")
    expect(page.locator("main")).to_contain_text("Một quyết định hoãn tối đa")
    check_page(page)
    page.get_by_role("button", name="Ghi quyết định").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    check_page(page)
    leader = new_page()
    sign_in_as(leader, find_staff(city, "leader"))
    leader.goto("/mot-cua/con-hoi-gi/")
    expect(leader.locator("main")).to_contain_text("Đăng ký khai sinh")
    check_page(leader)
