"""The other ways a dossier goes: a supplement, paper at the counter, two hands, no script, a broken line, lateness."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from motcua.kernel.clock import now, to_local
from motcua.project.demo_city.people import RESIDENTS
from tests.journeys.conftest import City
from tests.journeys.steps import (
    HANH,
    fill_form,
    fill_page,
    find_staff,
    make_birth_answers,
    open_task,
    sign_in_as,
    step_up,
)

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]
BIRTH = "/ho-so/bat-dau/1.001193/"


def file_birth(page: Page, *, name: str = HANH.full_name) -> str:
    """File a birth registration, signed in from the start; return the dossier's code."""
    sign_in_as(page, name)
    page.goto(BIRTH)
    page.get_by_role("button", name="Bắt đầu").click()
    choose_applicant(page)
    fill_form(page, make_birth_answers(HANH, birth_proof="electronic"))
    return submit(page)


def choose_applicant(page: Page) -> None:
    page.get_by_label(re.compile("Cho tôi")).check()
    page.get_by_label("Bản điện tử").check()
    page.get_by_role("button", name="Tiếp tục").click()


def submit(page: Page) -> str:
    if "kiem-tra" not in page.url:
        page.get_by_role("link", name=re.compile("Xem lại")).first.click()
    page.get_by_label(re.compile("Tôi cam đoan")).check()
    page.get_by_role("button", name="Nộp hồ sơ").click()
    page.wait_for_url(re.compile("da-nop"))
    return page.locator("#dossier-no").inner_text()


def test_supplement_is_asked_once_and_answered(city: City, new_page: OpenPage, check_page: Check) -> None:
    resident, counter = new_page(), new_page()
    code = file_birth(resident)
    sign_in_as(counter, find_staff(city, "counter"))
    open_task(counter, code)
    counter.get_by_text("Yêu cầu bổ sung (một lần duy nhất)").click()
    counter.get_by_text("Chọn nội dung tờ khai phải sửa").click()
    counter.get_by_label("Quê quán của bé").check()
    counter.get_by_label("Lý do và hướng dẫn cụ thể").fill("Quê quán ghi theo quê của cha hoặc mẹ.")
    check_page(counter)
    counter.get_by_role("button", name="Gửi yêu cầu bổ sung").click()
    resident.goto(f"/ho-so/{code}/")
    expect(resident.locator("main")).to_contain_text("Thời hạn đang tạm dừng")
    check_page(resident)
    resident.get_by_role("link", name="Bổ sung ngay").click()
    check_page(resident)
    resident.get_by_label("Quê quán của bé").fill("Bến Tre")
    resident.get_by_role("button", name="Gửi bổ sung").last.click()
    expect(resident.locator("main")).not_to_contain_text("Thời hạn đang tạm dừng")
    open_task(counter, code)
    expect(counter.locator("main")).to_contain_text("Bến Tre")
    counter.get_by_text("Yêu cầu bổ sung (một lần duy nhất)").click()
    expect(counter.locator("main")).to_contain_text("chỉ được yêu cầu bổ sung một lần")


def test_second_official_is_told_who_was_first(city: City, new_page: OpenPage) -> None:
    city.run("create_official", "motcua.hai", "--name=Đoàn Thị Thứ Hai", "--role=counter", "--agency=H29.901")
    code = file_birth(new_page())
    first, second = new_page(), new_page()
    sign_in_as(first, find_staff(city, "counter"))
    sign_in_as(second, "Đoàn Thị Thứ Hai")
    open_task(first, code)
    open_task(second, code)
    first.get_by_role("button", name="Tiếp nhận hồ sơ").click()
    second.get_by_label("Ghi chú cho chuyên viên").fill("Bản chính đã đối chiếu")
    second.get_by_role("button", name="Tiếp nhận hồ sơ").click()
    expect(second.locator("main")).to_contain_text(find_staff(city, "counter"))
    expect(second.locator("main")).to_contain_text("Bản chính đã đối chiếu")


def test_counter_files_for_a_person_with_paper(city: City, new_page: OpenPage, check_page: Check) -> None:
    counter = new_page()
    sign_in_as(counter, find_staff(city, "counter"))
    counter.goto("/mot-cua/nop-thay/?ma=1.001193")
    check_page(counter)
    counter.get_by_label("Thủ tục", exact=True).fill("dang ky khai sinh")
    counter.get_by_label("Số định danh cá nhân hoặc mã số thuế").fill(RESIDENTS[5].personal_id)
    counter.get_by_role("button", name="Mở tờ khai").click()
    fill_form(counter, make_birth_answers(HANH, birth_proof="electronic"), check=check_page)
    code = submit(counter)
    check_page(counter)
    assert city.query(f"SELECT channel FROM dossiers_dossier WHERE dossier_no = '{code}'") == [("direct",)]


def test_without_script_on_a_small_screen_and_on_another_device(new_page: OpenPage, tmp_path: Path) -> None:
    phone = new_page(width=320, script=False)
    phone.goto(BIRTH)
    phone.get_by_role("button", name="Bắt đầu").click()
    phone.get_by_role("button", name="Lưu và tiếp tục").last.click()
    expect(phone.locator(".govuk-error-summary a").first).to_be_visible()
    expect(phone.locator(".govuk-error-message").first).to_be_visible()
    phone.get_by_label("Họ và tên của bạn").fill("Nguyễn Thị Hồng Hạnh")
    phone.get_by_role("button", name="Lưu, làm tiếp sau").click()
    text = phone.locator("main").inner_text()
    secret = re.search(r"\b[0-9A-Z]{4,5}(?:-[0-9A-Z]{4,5}){1,4}\b", text)
    assert secret, text
    other = new_page(script=False)
    other.goto("/ho-so/tiep-tuc/")
    other.locator("form[method=post] input.govuk-input").first.fill(secret.group())
    other.locator("main form[method=post] button").last.click()
    other.get_by_role("link", name="Người đi khai sinh").first.click()
    expect(other.get_by_label("Họ và tên của bạn")).to_have_value("Nguyễn Thị Hồng Hạnh")


def test_autosave_is_loud_when_the_line_is_dead(new_page: OpenPage, check_page: Check) -> None:
    page = new_page()
    page.goto(BIRTH)
    page.get_by_role("button", name="Bắt đầu").click()
    page.get_by_label("Họ và tên của bạn").fill("Nguyễn Thị Hồng Hạnh")
    expect(page.locator("[data-autosave-status] [role=status]")).to_contain_text("Đã lưu lúc", timeout=30_000)
    page.context.set_offline(True)
    page.get_by_label("Họ và tên của bạn").fill("Nguyễn Thị Hồng Hạnh Hai")
    expect(page.locator("[data-autosave-status] [role=alert]")).to_contain_text("CHƯA LƯU ĐƯỢC", timeout=30_000)
    page.context.set_offline(False)
    expect(page.locator("[data-autosave-status] [role=alert]")).to_be_hidden(timeout=60_000)
    check_page(page)


def test_files_that_lie_are_refused_in_words(new_page: OpenPage, tmp_path: Path) -> None:
    page = new_page()
    sign_in_as(page, HANH.full_name)
    page.goto(BIRTH)
    page.get_by_role("button", name="Bắt đầu").click()
    choose_applicant(page)
    liar = tmp_path / "giay-chung-sinh.pdf"
    liar.write_bytes(b"MZ this is a program")
    answers = make_birth_answers(HANH)
    for _step in range(14):
        fill_page(page, answers)
        if page.locator("input[type=file]:visible").count():
            break
        with page.expect_navigation():
            page.get_by_role("button", name="Lưu và tiếp tục").last.click()
    page.locator("input[type=file]:visible").first.set_input_files(liar)
    page.get_by_role("button", name="Lưu và tiếp tục").last.click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    expect(page.locator(".govuk-error-message").first).to_be_visible()


def test_leader_apologises_in_time_and_sees_what_is_late(city: City, new_page: OpenPage, check_page: Check) -> None:
    code = file_birth(new_page())
    leader = new_page()
    sign_in_as(leader, find_staff(city, "leader"))
    leader.goto("/tong-quan/")
    check_page(leader)
    leader.goto("/tong-quan/?nhom=thu-tuc")
    check_page(leader)
    case_uuid = city.query(f"SELECT uuid FROM cases_case WHERE code = '{code}'")[0][0]
    leader.goto(f"/mot-cua/ho-so/{case_uuid}/hen-lai/")
    step_up(leader)
    check_page(leader)
    new_day = to_local(now()) + timedelta(days=7)
    leader.get_by_label("Ngày hẹn lại").fill(new_day.strftime("%d/%m/%Y"))
    leader.get_by_label("Giờ hẹn lại").fill("16:30")
    leader.get_by_label("Lý do chậm").fill("Chờ xác minh tại bệnh viện.")
    leader.get_by_role("button", name="Ký phiếu xin lỗi và hẹn lại").click()
    expect(leader.locator("main")).to_contain_text("đã hẹn lại")
    leader.goto(f"/mot-cua/ho-so/{case_uuid}/hen-lai/")
    expect(leader.locator("main")).to_contain_text("chỉ được hẹn lại một lần", ignore_case=True)


def test_a_stranger_sees_nothing_of_another_resident(new_page: OpenPage) -> None:
    code = file_birth(new_page())
    stranger = new_page()
    sign_in_as(stranger, RESIDENTS[7].full_name)
    for path in (f"/ho-so/{code}/", f"/ho-so/{code}/giay-tiep-nhan.pdf", f"/ho-so/{code}/ket-qua.pdf"):
        answer = stranger.request.get(path)
        assert answer.status == 404, path
        assert HANH.full_name not in answer.text()
