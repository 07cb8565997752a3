"""The main job in a real browser: from a resident's need to a result that anyone can verify."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
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
    sign_in_by_vneid,
    step_up,
    wait_for,
)

WARD = "26743"
OpenPage = Callable[..., Page]
Check = Callable[[Page], None]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    from PIL import Image

    path = tmp_path / "giay-chung-sinh.jpg"
    Image.new("RGB", (600, 800), "white").save(path)
    return path


def find_and_start(page: Page, check: Check) -> None:
    """Step 1: search in her own words without marks, read what it takes, start without an account."""
    page.goto("/")
    check(page)
    page.get_by_label("Bạn cần làm gì?").fill("lam giay khai sinh cho con")
    page.get_by_role("button", name="Tìm thủ tục").click()
    check(page)
    page.get_by_role("link", name="Đăng ký khai sinh", exact=True).click()
    page.get_by_label("Phường, xã, đặc khu nơi bạn ở").fill("ben thanh")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.locator("main")).to_contain_text("Ủy ban nhân dân phường Bến Thành")
    expect(page.locator("main")).to_contain_text("Toàn trình")
    check(page)
    page.get_by_role("link", name="Bắt đầu làm hồ sơ").first.click()
    check(page)
    page.get_by_role("button", name="Bắt đầu").click()


def file_birth(page: Page, check: Check, photo: Path) -> str:
    """Step 2: fill, sign in when filing, review, submit; return the dossier's code."""
    fill_form(page, make_birth_answers(HANH), check=check, files={"paper_chung_sinh": photo})
    if page.get_by_role("link", name="Đăng nhập").count() and "/dang-nhap/" not in page.url:
        check(page)
        page.get_by_role("link", name="Đăng nhập").last.click()
    check(page)
    sign_in_by_vneid(page, HANH)
    if "nguoi-nop" in page.url:
        check(page)
        page.get_by_label(re.compile("Cho tôi")).check()
        page.get_by_label("Tải về từ trang này").check() if page.get_by_label("Tải về từ trang này").count() else None
        page.get_by_role("button", name="Tiếp tục").click()
        fill_form(page, make_birth_answers(HANH), check=check)
    if "kiem-tra" not in page.url:
        page.get_by_role("link", name=re.compile("Xem lại")).first.click()
    check(page)
    page.get_by_label(re.compile("Tôi cam đoan")).check()
    page.get_by_role("button", name="Nộp hồ sơ").dblclick()
    page.wait_for_url(re.compile("da-nop"))
    check(page)
    code = page.locator("#dossier-no").inner_text()
    assert re.fullmatch(r"H29\.\d+-\d{6}-\d{4,}", code)
    return code


def test_from_need_to_verified_result(
    city: City, new_page: OpenPage, check_page: Check, photo: Path, tmp_path: Path
) -> None:
    resident = new_page()
    find_and_start(resident, check_page)
    code = file_birth(resident, check_page, photo)
    filed = city.query(f"SELECT count(*) FROM dossiers_dossier WHERE dossier_no = '{code}'")
    assert filed == [(1,)]
    receipt = resident.request.get(f"/ho-so/{code}/giay-tiep-nhan.pdf")
    assert receipt.ok and receipt.body().startswith(b"%PDF")

    track(new_page(), check_page, code, "Mới đăng ký")
    counter = new_page()
    sign_in_as(counter, find_staff(city, "counter"))
    counter.goto("/viec/")
    check_page(counter)
    open_task(counter, code)
    check_page(counter)
    counter.get_by_role("button", name="Tiếp nhận hồ sơ").click()
    check_page(counter)

    specialist = new_page()
    sign_in_as(specialist, find_staff(city, "specialist"))
    open_task(specialist, code)
    check_page(specialist)
    propose(specialist, code)
    check_page(specialist)

    sign(new_page(), city, check_page, code)
    resident.goto(f"/ho-so/{code}/")
    wait_for(resident, "Mã xác minh")
    check_page(resident)
    download = resident.request.get(f"/ho-so/{code}/ket-qua.pdf")
    result = tmp_path / "ket-qua.pdf"
    result.write_bytes(download.body())
    verify_everywhere(new_page(), check_page, result, resident)


def sign(leader: Page, city: City, check: Check, code: str) -> None:
    sign_in_as(leader, find_staff(city, "leader"))
    leader.goto("/viec/")
    wait_for_link(leader, code)
    open_task(leader, code)
    wait_for(leader, "Mở dự thảo (PDF)")
    check(leader)
    leader.get_by_role("button", name="Ký duyệt").click()
    if "xac-nhan" in leader.url:
        check(leader)
        step_up(leader)
    if leader.get_by_role("button", name="Ký duyệt").count():
        leader.get_by_role("button", name="Ký duyệt").click()
    expect(leader.locator("main")).to_contain_text("ký số")
    check(leader)


def wait_for_link(page: Page, code: str) -> None:
    page.goto(f"/viec/?q={code}")
    wait_for(page, code)


def track(page: Page, check: Check, code: str, state: str) -> None:
    """Step 4: anybody with the code sees the code and the state, and nothing else."""
    page.goto(f"/tra-cuu/?ma={code}")
    expect(page.locator("main")).to_contain_text(code)
    expect(page.locator("main")).to_contain_text(state)
    expect(page.locator("main")).not_to_contain_text(HANH.full_name)
    check(page)


def verify_everywhere(stranger: Page, check: Check, result: Path, resident: Page) -> None:
    """The result verifies on the public page and in an independent tool; one changed byte is refused."""
    text = resident.get_by_text("Mã xác minh:").inner_text()
    stranger.goto(f"/xac-minh/{text.split(':')[1].strip()}/")
    expect(stranger.locator("main")).to_contain_text("Đăng ký khai sinh")
    check(stranger)
    signed = subprocess.run(["pdfsig", str(result)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in signed, signed
    upload(stranger, result)
    expect(stranger.locator("main")).to_contain_text("Giấy tờ thật, còn nguyên")
    check(stranger)
    forged = result.with_name("sua.pdf")
    body = bytearray(result.read_bytes())
    body[len(body) // 3] ^= 1
    forged.write_bytes(body)
    upload(stranger, forged)
    expect(stranger.locator("main")).not_to_contain_text("Giấy tờ thật, còn nguyên")
    check(stranger)


def upload(page: Page, path: Path) -> None:
    page.goto("/xac-minh/")
    page.get_by_label("Tệp PDF hoặc XML nhận được").set_input_files(path)
    page.get_by_role("button", name="Kiểm tra tệp").click()
