"""Papers that a person holds, in a real browser: paper to digital at the counter, the vault, reuse, a link, its end."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from motcua.kernel.clock import local_date, now
from tests.journeys.conftest import City
from tests.journeys.steps import HANH, fill_page, find_staff, make_birth_answers, sign_in_as, step_up, wait_for

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]
TITLE = "Bằng tốt nghiệp đại học"
CHECKS = 7


@pytest.fixture
def scans(tmp_path: Path) -> list[Path]:
    from PIL import Image, ImageDraw

    found = []
    for name in ("mat-truoc.jpg", "mat-sau.jpg"):
        picture = Image.new("RGB", (900, 640), "white")
        ImageDraw.Draw(picture).rectangle((20, 20, 880, 620), outline="black", width=6)
        picture.save(tmp_path / name)
        found.append(tmp_path / name)
    return found


def certify(city: City, new_page: OpenPage, check: Check, scans: list[Path]) -> tuple[str, bytes]:
    """The counter scans and checks an original, the leader signs; return the verification code and the paper."""
    counter = new_page()
    sign_in_as(counter, find_staff(city, "counter"))
    counter.goto("/mot-cua/chung-thuc/")
    check(counter)
    counter.get_by_role("link", name="Chứng thực bản sao mới").click()
    counter.get_by_label("Tên giấy tờ như trên bản chính").fill(TITLE)
    counter.get_by_role("button", name="Lưu và đối chiếu").click()
    expect(counter.locator(".govuk-error-summary")).to_be_visible()
    check(counter)
    counter.get_by_label("Bản quét hoặc ảnh chụp bản chính").set_input_files(scans)
    counter.get_by_label("Loại giấy tờ").select_option(label="Văn bằng, chứng chỉ")
    counter.get_by_label("Cơ quan, tổ chức cấp bản chính").fill("Trường Đại học Thử")
    counter.get_by_label("Số định danh cá nhân hoặc mã số thuế").fill(HANH.personal_id)
    counter.get_by_role("button", name="Lưu và đối chiếu").click()
    expect(counter.get_by_role("heading", name=TITLE)).to_be_visible()
    check(counter)
    boxes = counter.get_by_role("checkbox")
    assert boxes.count() == CHECKS
    boxes.first.check()
    counter.get_by_role("button", name="Đã đối chiếu, trình ký").click()
    expect(counter.locator("main")).to_contain_text("Còn điều kiện chưa xác nhận")
    for number in range(CHECKS):
        counter.get_by_role("checkbox").nth(number).check()
    counter.get_by_role("button", name="Đã đối chiếu, trình ký").click()
    expect(counter.locator("main")).to_contain_text("chờ người có thẩm quyền ký")
    check(counter)
    address = counter.url

    leader = new_page()
    sign_in_as(leader, find_staff(city, "leader"))
    leader.goto(address)
    assert leader.request.get(f"{address}ban-sao.pdf").body().startswith(b"%PDF")
    leader.get_by_role("button", name="Ký chứng thực bản này").click()
    if "xac-nhan" in leader.url:
        step_up(leader)
    if leader.get_by_role("button", name="Ký chứng thực bản này").count():
        leader.get_by_role("button", name="Ký chứng thực bản này").click()
    wait_for(leader, "Mã xác minh")
    check(leader)
    code = re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", leader.locator("main").inner_text())
    assert code
    return code[0], leader.request.get(f"{address}ban-sao.pdf").body()


def reuse(page: Page) -> None:
    """Without script: start a second dossier and lay the paper of the vault beside its upload question."""
    page.goto("/thu-tuc/1.001193/")
    page.get_by_role("link", name="Bắt đầu làm hồ sơ").first.click()
    page.get_by_role("button", name="Bắt đầu").click()
    if "nguoi-nop" in page.url:
        page.get_by_label(re.compile("Cho tôi")).check()
        page.get_by_role("button", name="Tiếp tục").click()
    born = local_date(now()) - timedelta(days=3)  # of whom no hospital has told: the paper is asked for
    answers = make_birth_answers(HANH, relation="grandparent", child_birth_on=born.isoformat())
    for _page in range(12):
        offer = page.locator('button[name="from_vault"][value="paper_chung_sinh"]')
        fill_page(page, answers)
        if offer.count() and offer.is_visible():
            offer.click()
            break
        page.get_by_role("button", name="Lưu và tiếp tục").last.click()
    expect(page.get_by_role("heading", name="Dùng giấy tờ trong kho")).to_be_visible()
    page.get_by_label(re.compile(TITLE)).check()
    page.get_by_role("button", name="Dùng giấy tờ này").click()
    expect(page.locator("main")).to_contain_text("đã nhận")


def lend(page: Page, check: Check) -> tuple[str, str]:
    """Lend the paper on the page by link and code; return both."""
    page.get_by_role("link", name="Chia sẻ giấy tờ này").click()
    check(page)
    page.get_by_role("button", name="Tạo liên kết").click()
    check(page)
    page.get_by_label("Người khác, bằng mã mở").check()
    page.get_by_label("Tên người nhận").fill("Công ty Thử")
    page.get_by_label("Mục đích").fill("Nộp hồ sơ xin việc")
    page.get_by_role("button", name="Tạo liên kết").click()
    expect(page.get_by_role("heading", name="Đã tạo liên kết chia sẻ")).to_be_visible()
    check(page)
    shown = page.locator("#share-link").inner_text()
    link, code = re.search(r"http\S+", shown), re.search(r"Mã mở\s+([2-9A-Z]{4}-[2-9A-Z]{4})\b", shown)
    assert link and code
    return link[0], code[1]


def test_a_paper_becomes_digital_is_held_reused_lent_and_taken_back(
    city: City, new_page: OpenPage, check_page: Check, scans: list[Path], tmp_path: Path
) -> None:
    code, paper = certify(city, new_page, check_page, scans)
    stranger = new_page()
    stranger.goto(f"/xac-minh/{code}/")
    expect(stranger.locator("main")).to_contain_text("Bản sao điện tử có chứng thực")
    check_page(stranger)
    (tmp_path / "ban-sao.pdf").write_bytes(paper)
    stranger.goto("/xac-minh/")
    stranger.get_by_label("Tệp PDF hoặc XML nhận được").set_input_files(tmp_path / "ban-sao.pdf")
    stranger.get_by_role("button", name="Kiểm tra tệp").click()
    expect(stranger.locator("main")).to_contain_text("Giấy tờ thật, còn nguyên")

    owner = new_page()
    sign_in_as(owner, HANH.full_name)
    owner.goto("/kho-giay-to/")
    wait_for(owner, TITLE)
    check_page(owner)
    no_script = new_page(script=False, width=320)
    sign_in_as(no_script, HANH.full_name)
    reuse(no_script)

    owner.get_by_text("Tìm trong kho", exact=True).click()
    owner.get_by_label("Tìm theo tên giấy tờ hoặc mã hồ sơ").fill("bang tot nghiep")
    owner.keyboard.press("Enter")
    owner.get_by_role("link", name=re.compile(TITLE)).click()
    check_page(owner)
    link, secret = lend(owner, check_page)
    company = new_page()
    company.goto(link)
    expect(company.locator("main")).to_contain_text("Nộp hồ sơ xin việc")
    expect(company.locator("main")).not_to_contain_text(TITLE)
    check_page(company)
    company.get_by_label("Mã mở").fill("2222-2222")
    company.get_by_role("button", name="Mở giấy tờ").click()
    check_page(company)
    token = company.context.cookies()
    csrf = next(cookie["value"] for cookie in token if cookie["name"] == "csrftoken")
    opened = company.request.post(link, form={"code": secret, "csrfmiddlewaretoken": csrf}, headers={"Referer": link})
    assert opened.ok and opened.body() == paper
    owner.get_by_role("link", name="Về giấy tờ").click()
    expect(owner.locator("main")).to_contain_text("Đã mở 1 trên 3 lần")
    check_page(owner)
    owner.get_by_role("button", name="Thu hồi").click()
    expect(owner.locator("main")).to_contain_text("Đã thu hồi")
    assert company.request.get(link).status == 404


def test_results_come_by_themselves_and_everything_can_be_taken_or_deleted(
    city: City, new_page: OpenPage, check_page: Check
) -> None:
    found = city.query(
        "SELECT p.full_name, d.dossier_no FROM dossiers_result r JOIN dossiers_dossier d ON d.id = r.dossier_id "
        "JOIN identity_person p ON p.id = d.applicant_id AND d.applicant_kind = 'person' "
        "WHERE p.user_id IS NOT NULL AND r.decision = 'approved' ORDER BY r.id LIMIT 1"
    )
    name, dossier_no = found[0]
    page = new_page()
    sign_in_as(page, str(name))
    page.goto("/kho-giay-to/")
    wait_for(page, str(dossier_no))
    page.get_by_role("link", name="Xóa toàn bộ kho").click()
    check_page(page)
    page.get_by_role("button", name="Yêu cầu xóa").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    page.get_by_label("Tôi muốn xóa toàn bộ kho này").check()
    page.get_by_role("button", name="Yêu cầu xóa").click()
    expect(page.locator("main")).to_contain_text("Đang chờ xóa: toàn bộ kho")
    check_page(page)
    page.get_by_role("button", name="Hoàn tác yêu cầu xóa").click()
    expect(page.locator("main")).not_to_contain_text("Đang chờ xóa")
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải toàn bộ (tệp nén)").click()
    assert Path(download.value.path()).read_bytes().startswith(b"PK")


def test_a_paper_held_against_its_source_enters_its_owners_vault(
    city: City, new_page: OpenPage, check_page: Check, scans: list[Path]
) -> None:
    counter = new_page()
    sign_in_as(counter, find_staff(city, "counter"))
    counter.goto("/mot-cua/chung-thuc/")
    counter.get_by_role("link", name="Đưa giấy tờ đã kiểm tra vào kho").click()
    check_page(counter)
    counter.get_by_role("button", name="Đưa vào kho").click()
    expect(counter.locator(".govuk-error-summary")).to_contain_text("biết và đồng ý")
    check_page(counter)
    counter.get_by_label("Số định danh cá nhân hoặc mã số thuế").fill(HANH.personal_id)
    counter.get_by_label("Tệp của giấy tờ").set_input_files(scans[0])
    counter.get_by_label("Tên giấy tờ").fill("Giấy phép lái xe hạng B")
    counter.get_by_label("Loại giấy tờ").select_option(label="Giấy phép, giấy chứng nhận")
    counter.get_by_label("Cơ quan, tổ chức đã cấp").fill("Sở Xây dựng")
    counter.get_by_label("Ngày cấp").fill("01/02/2024")
    counter.get_by_label("Cơ sở dữ liệu hoặc sổ gốc").check()
    counter.get_by_label("Tìm lại nguồn đó ở đâu").fill("Sổ 12, dòng 345")
    counter.get_by_label("Vì sao đưa vào kho").fill("Dùng lại nhiều lần")
    counter.get_by_label(re.compile("biết và đồng ý")).check()
    counter.get_by_role("button", name="Đưa vào kho").click()
    expect(counter.locator("main")).to_contain_text("Đã đưa vào kho")
    owner = new_page()
    sign_in_as(owner, HANH.full_name)
    owner.goto("/kho-giay-to/?loai=verified")
    owner.get_by_role("link", name=re.compile("Giấy phép lái xe hạng B")).click()
    expect(owner.locator("main")).to_contain_text("đã kiểm tra")
    check_page(owner)
