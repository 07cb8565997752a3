"""Money in a real browser: file with a fee, see its reason, pay by code at the simulated bank, get the receipt."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import ROOT, City, wait_until_listening
from tests.journeys.steps import HANH, fill_form, find_staff, make_birth_answers, sign_in_as, wait_for

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]


@pytest.fixture
def bank(city: City) -> Iterator[str]:
    """Run the other side beside the city; return its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "motcua.project.cli", "simulate_payments", f"--port={city.simulator_port}",
         f"--notify=http://127.0.0.1:{city.port}"],
        env=city.environment, cwd=ROOT,
    )  # fmt: skip
    wait_until_listening(city.simulator_port, process)
    yield f"http://127.0.0.1:{city.simulator_port}"
    process.terminate()
    process.wait(timeout=20)


def file_with_copies(page: Page, photo: Path) -> str:
    """File a birth registration that asks for two copies, which cost money; return the dossier's code."""
    answers: dict[str, Any] = make_birth_answers(HANH, extra_copies=2)
    sign_in_as(page, HANH.full_name)
    page.goto("/")
    page.get_by_label("Bạn cần làm gì?").fill("khai sinh")
    page.get_by_role("button", name="Tìm thủ tục").click()
    page.get_by_role("link", name="Đăng ký khai sinh", exact=True).click()
    page.get_by_role("link", name="Bắt đầu làm hồ sơ").first.click()
    page.get_by_role("button", name="Bắt đầu").click()
    for _round in range(3):
        fill_form(page, answers, files={"paper_chung_sinh": photo})
        if "nguoi-nop" in page.url:
            page.get_by_label(re.compile("Cho tôi")).check()
            page.get_by_role("button", name="Tiếp tục").click()
    if "kiem-tra" not in page.url:
        page.get_by_role("link", name=re.compile("Xem lại")).first.click()
    page.get_by_label(re.compile("Tôi cam đoan")).check()
    page.get_by_role("button", name="Nộp hồ sơ").click()
    page.wait_for_url(re.compile("da-nop"))
    return page.locator("#dossier-no").inner_text()


def test_a_fee_is_seen_paid_by_code_and_receipted(
    city: City, bank: str, new_page: OpenPage, check_page: Check, tmp_path: Path
) -> None:
    from PIL import Image

    photo = tmp_path / "giay-chung-sinh.jpg"
    Image.new("RGB", (600, 800), "white").save(photo)
    page = new_page()
    code = file_with_copies(page, photo)
    page.get_by_role("link", name="Nộp phí, lệ phí ngay").click()
    expect(page.locator("main")).to_contain_text("16.000")
    expect(page.locator("main")).to_contain_text("Căn cứ: Thông tư 281/2016/TT-BTC")
    check_page(page)
    page.get_by_role("button", name="Nộp bằng mã QR ngân hàng").click()
    check_page(page)
    payload = page.locator("#vietqr").text_content() or ""
    told = page.request.post(f"{bank}/bank/transfer", form={"ma": payload})
    assert told.ok and "Đã chuyển" in told.text()
    wait_for(page, "Đã nhận tiền")
    wait_for(page, "Xem và tải biên lai")
    check_page(page)
    page.get_by_role("link", name=re.compile("Xem và tải biên lai")).click()
    expect(page.locator("main")).to_contain_text("Mười sáu nghìn đồng")
    check_page(page)
    address = page.get_by_role("link", name="Tải biên lai (PDF)").get_attribute("href") or ""
    receipt = new_page().request.get(address)
    assert receipt.ok and receipt.body().startswith(b"%PDF")
    page.goto(f"/ho-so/{code}/thanh-toan/")
    expect(page.locator("main")).to_contain_text("Bạn đã nộp đủ")
    check_page(page)
    pay_again_and_be_refunded(city, bank, new_page, check_page, code=code, payload=payload)
    page.goto(f"/ho-so/{code}/thanh-toan/")
    expect(page.locator("main")).to_contain_text("Bạn đã nộp đủ")


def pay_again_and_be_refunded(
    city: City, bank: str, new_page: OpenPage, check_page: Check, *, code: str, payload: str
) -> None:
    """Pay the same code once more without anybody noticing; the match of the next day finds it, and it goes back."""
    again = new_page().request.post(f"{bank}/bank/transfer", form={"ma": payload})
    assert again.ok
    statement = new_page().request.get(f"{bank}/bank/statement.csv").body()
    today = statement.decode().splitlines()[-1].split(",")[1]
    agency = str(city.query(f"SELECT agency_code FROM payments_charge WHERE case_code = '{code}'")[0][0])
    leader = new_page()
    sign_in_as(leader, find_staff(city, "leader", agency=agency))
    leader.goto(f"/doi-soat/?ngay={today}")
    leader.locator("input[type=file]").set_input_files({"name": "b.csv", "mimeType": "text/csv", "buffer": statement})
    leader.get_by_role("button", name="Đối soát", exact=True).click()
    expect(leader.locator("main")).to_contain_text("Đã nộp hai lần")
    check_page(leader)
    leader.get_by_role("button", name=re.compile("hoàn mọi khoản nộp trùng")).click()
    expect(leader.locator("main")).to_contain_text("Đã đề nghị hoàn 1 khoản")
    leader.goto("/hoan-tra/")
    expect(leader.locator("main")).to_contain_text(code)
    check_page(leader)
    leader.locator("section", has_text=code).get_by_role("button", name="Ghi đã chuyển").click()
    expect(leader.locator("main")).to_contain_text("bằng chuyển khoản")
    leader.goto("/bien-lai-quan-ly/")
    check_page(leader)
    leader.get_by_label(re.compile("Số biên lai")).fill(code)
    leader.get_by_role("button", name="Tìm", exact=True).click()
    leader.get_by_role("link", name=re.compile("Hủy hoặc thay biên lai")).first.click()
    check_page(leader)
    leader.goto("/thu-tuc-duoc-mien/?nhom=ho-tich")
    expect(leader.locator("main")).to_contain_text("Đăng ký khai sinh")
    check_page(leader)


def test_a_relative_pays_without_script_and_stands_on_the_receipt(
    city: City, bank: str, new_page: OpenPage, check_page: Check, tmp_path: Path
) -> None:
    from PIL import Image

    photo = tmp_path / "giay-chung-sinh.jpg"
    Image.new("RGB", (600, 800), "white").save(photo)
    page = new_page()
    code = file_with_copies(page, photo)
    page.goto(f"/ho-so/{code}/thanh-toan/")
    link = page.locator("#help-link").get_attribute("href") or ""
    relative = new_page(script=False)
    relative.goto(link)
    relative.get_by_role("button", name="Lấy mã QR để nộp").click()
    expect(relative.locator("main")).to_contain_text("Hãy ghi họ tên")
    relative.get_by_label("Họ tên của bạn").fill("Lê Văn Con Thử")
    relative.get_by_role("button", name="Lấy mã QR để nộp").click()
    payload = relative.locator("#vietqr").text_content() or ""
    shown = new_page()
    shown.goto(link)
    check_page(shown)
    assert shown.request.post(f"{bank}/bank/transfer", form={"ma": payload}).ok
    wait_until_paid(page, code)
    page.get_by_role("link", name=re.compile("Biên lai số")).first.click()
    expect(page.locator("main")).to_contain_text("Lê Văn Con Thử")


def wait_until_paid(page: Page, code: str) -> None:
    """Open the page of a dossier's fee again until its receipt is there."""
    for _attempt in range(60):
        page.goto(f"/ho-so/{code}/thanh-toan/")
        if page.get_by_role("link", name=re.compile("Biên lai số")).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError("no receipt came")


def test_the_offices_money_pages_are_usable_by_everybody(city: City, new_page: OpenPage, check_page: Check) -> None:
    page = new_page()
    page.goto("/bien-lai/")
    check_page(page)
    cashier = new_page()
    sign_in_as(cashier, find_staff(city, "counter"))
    cashier.goto("/thu-tien/")
    check_page(cashier)
    cashier.get_by_role("button", name="Mở ca").press("Enter")
    cashier.get_by_label("Tiền đếm được (đồng)").fill("0")
    check_page(cashier)
    cashier.get_by_role("button", name="Chốt ca").press("Enter")
    expect(cashier.locator("main")).to_contain_text("Đã chốt ca")
    leader = new_page()
    sign_in_as(leader, find_staff(city, "leader"))
    for address in ("/hoan-tra/", "/doi-soat/"):
        leader.goto(address)
        check_page(leader)
    rows = b"id,date,amount,text\n1,2026-03-02,5000,a\n2,2026-03-02,7000,b\n"
    leader.get_by_label("Ngày", exact=True).fill("2026-03-02")
    leader.get_by_role("button", name="Xem ngày này").click()
    leader.locator("input[type=file]").set_input_files({"name": "sao-ke.csv", "mimeType": "text/csv", "buffer": rows})
    leader.get_by_role("button", name="Đối soát").click()
    expect(leader.locator("main")).to_contain_text("Tiền vào không có mã nộp")
    check_page(leader)
