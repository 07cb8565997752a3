"""A process owner changes a procedure by herself: term, fee, one more step, a soundness error mended, a second person.

The drawing is done in the drawing tool itself, in a real browser. New dossiers follow the new version; old ones keep
their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import City
from tests.journeys.steps import sign_in_as, step_up
from tests.journeys.test_main_job import file_birth, find_and_start

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]
CODE = "1.001193"  # birth registration
TERM = "Trong hai ngày làm việc"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    from PIL import Image

    path = tmp_path / "giay-chung-sinh.jpg"
    Image.new("RGB", (600, 800), "white").save(path)
    return path


def find_account(city: City, username: str) -> str:
    [(name,)] = city.query(f"SELECT full_name FROM identity_user WHERE username = '{username}'")
    return str(name)


def open_draft(page: Page, check: Check) -> str:
    page.goto("/thiet-ke/")
    check(page)
    page.get_by_role("link", name="Chọn thủ tục để soạn").click()
    page.get_by_role("searchbox", name="Tên hoặc mã thủ tục").fill("lam giay khai sinh")
    page.get_by_role("button", name="Tìm").click()
    check(page)
    page.get_by_role("link", name="Đăng ký khai sinh", exact=True).click()
    check(page)
    page.get_by_role("button", name=re.compile("Mở bản thảo mới")).click()
    check(page)
    return page.url


def change_term_and_fee(page: Page, draft: str, check: Check) -> None:
    """The everyday changes: plain forms, no script."""
    page.goto(f"{draft}thoi-han/")
    page.get_by_label("Thời hạn", exact=True).fill("2")
    page.get_by_label(re.compile("Nói với người dân")).fill(TERM)
    check(page)
    page.get_by_role("button", name="Lưu thời hạn").click()
    expect(page.locator("main")).to_contain_text("Đã lưu")
    page.goto(f"{draft}phi/")
    check(page)
    page.locator("[name=out-0-1]").fill("5.000")
    page.get_by_role("button", name="Lưu phí, lệ phí").click()
    expect(page.locator("[name=out-0-1]")).to_have_value("5000")


def wait_until_ready(page: Page) -> None:
    expect(page.locator("[data-editor]")).to_have_attribute("data-editor-state", "ready", timeout=30_000)


def wait_until_saved(page: Page) -> None:
    expect(page.locator("[data-editor]")).to_have_attribute("data-save-state", "saved", timeout=30_000)


def open_drawing(page: Page, draft: str, *, at: str) -> None:
    page.goto(f"{draft}so-do/?e={at}")
    wait_until_ready(page)


def list_steps(page: Page, draft: str) -> list[str]:
    text = page.request.get(f"{draft}tep/process.bpmn").text()
    return re.findall(r'<bpmn:\w*[tT]ask id="([^"]+)"', text)


def draw_dead_end(page: Page, draft: str, check: Check) -> None:
    """Append a step with no way on: the check refuses it at its place, and it cannot be sent for approval."""
    open_drawing(page, draft, at="appraise")
    expect(page.locator(".djs-palette [data-action='create.task']")).to_have_attribute("aria-label", "Tạo bước")
    expect(page.locator(".bjs-powered-by")).to_be_visible()  # their licence asks for the mark
    before = list_steps(page, draft)
    page.locator(".djs-context-pad [data-action='append.append-task']").click()
    page.keyboard.press("Escape")
    wait_until_saved(page)
    [made] = [each for each in list_steps(page, draft) if each not in before]
    page.goto(f"{draft}kiem-tra/")
    expect(page.locator("main")).to_contain_text("Chưa ban hành được")
    expect(page.locator("main")).to_contain_text("chưa có bước tiếp theo")
    check(page)
    page.goto(f"{draft}trinh-duyet/")
    expect(page.get_by_role("button", name="Trình phê duyệt")).to_have_count(0)
    check(page)
    open_drawing(page, draft, at=made)
    expect(page.locator(".mc-badge--error").first).to_be_visible()
    page.locator(".djs-context-pad [data-action='delete']").click()
    wait_until_saved(page)


def draw_step(page: Page, draft: str) -> str:
    """Drop a step onto the arrow behind the appraisal and say who does it, where and in what time; return its id."""
    before = list_steps(page, draft)
    open_drawing(page, draft, at="appraise_to_prepare_result")
    page.evaluate("window.scrollTo(0, 250)")
    box = page.locator(".djs-connection[data-element-id=appraise_to_prepare_result] .djs-visual").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] - 6, box["y"] + box["height"] * 0.6  # the arrow's upright part
    page.locator(".djs-palette [data-action='create.task']").click()
    page.mouse.move(x - 30, y - 20)
    page.mouse.move(x, y, steps=5)
    page.mouse.click(x, y)
    page.keyboard.press("Escape")
    wait_until_saved(page)
    page.locator(".djs-context-pad [data-action='replace']").click()
    page.locator(".djs-popup [data-id='replace-with-user-task']").click()
    role = page.locator("#bio-properties-panel-city-role")
    if not role.is_visible():
        page.locator("[data-group-id=group-city-step] .bio-properties-panel-group-header").click()
    role.select_option("specialist")
    page.locator("#bio-properties-panel-city-screen").select_option("dossiers.appraise")
    page.locator("#bio-properties-panel-city-outcomes").fill("approve|reject")
    page.locator("#bio-properties-panel-city-share").fill("60")
    page.keyboard.press("Tab")
    page.wait_for_timeout(1_500)  # the panel waits for a pause in typing before it changes the drawing
    wait_until_saved(page)
    [made] = [each for each in list_steps(page, draft) if each not in before]
    return made


def look_at_editors(page: Page, draft: str, check: Check) -> None:
    """The pages around the three tools are as clean as any; each tool shows its makers' mark, as their licence asks."""
    for address, mark in (("so-do/?e=appraise", ".bjs-powered-by"), ("bang/fee/", ".bjs-powered-by"),
                          ("bieu-mau/", ".fjs-powered-by-link")):  # fmt: skip
        page.goto(f"{draft}{address}")
        wait_until_ready(page)
        expect(page.locator(f"[data-canvas] {mark}")).to_be_visible()
        check(page)


def share_out(page: Page, draft: str, made: str, check: Check) -> None:
    """Name the new step; the shares of all steps sum to the new term: two days of 480 minutes."""
    page.goto(f"{draft}buoc/")
    check(page)
    row = page.locator("li", has=page.locator(f"input[type=hidden][value='{made}']"))
    row.locator("[name^=name-]").fill("Soát lại số định danh")
    fields = page.locator("[name^=minutes-]").all()
    held = [(field, int(field.input_value())) for field in fields if field.input_value()]
    missing = 2 * 480 - sum(minutes for _field, minutes in held)
    field, minutes = max(held, key=lambda pair: pair[1])
    field.fill(str(minutes + missing))
    page.get_by_role("button", name="Lưu các bước").click()
    expect(page.locator("main")).to_contain_text("960 phút")


def tell_samples(page: Page, draft: str, made: str, check: Check) -> None:
    """The sample dossiers pass the new step too; what comes out now is looked at and taken as expected."""
    page.goto(f"{draft}ho-so-mau/")
    check(page)
    for address in [link.get_attribute("href") for link in page.locator("th a").all()]:
        page.goto(address or "")
        case = json.loads(page.locator("#text").input_value())
        after = [number for number, step in enumerate(case["steps"]) if step.get("at") == "appraise"]
        case["steps"].insert(after[-1] + 1, {"at": made, "outputs": {"outcome": "approve"}})
        page.locator("#text").fill(json.dumps(case, ensure_ascii=False, indent=2))
        page.get_by_role("button", name="Lưu tệp").click()
        expect(page.locator("main")).to_contain_text("Đã lưu tệp")
    page.goto(f"{draft}ho-so-mau/")
    while page.get_by_role("button", name=re.compile("Kết quả mới là đúng")).count():
        page.get_by_role("button", name=re.compile("Kết quả mới là đúng")).first.click()
    page.goto(f"{draft}kiem-tra/")
    expect(page.locator("main")).to_contain_text("Không có lỗi.")
    check(page)


def send_for_approval(page: Page, draft: str, check: Check) -> None:
    page.goto(f"{draft}so-sanh/")
    expect(page.locator("main")).to_contain_text("Soát lại số định danh")
    check(page)
    page.goto(f"{draft}trinh-duyet/")
    page.get_by_label(re.compile("Lời trình")).fill("Thêm bước soát số định danh; thời hạn hai ngày.")
    page.get_by_role("button", name="Trình phê duyệt").click()
    check(page)


def approve(page: Page, city: City, check: Check) -> None:
    sign_in_as(page, find_account(city, "duyet.thanhpho"))
    page.goto("/thiet-ke/phe-duyet/")
    check(page)
    page.get_by_role("link", name="Đăng ký khai sinh").first.click()
    check(page)
    decide(page)
    if "xac-nhan" in page.url:
        step_up(page)
        decide(page)
    expect(page.locator("main")).to_contain_text("Đã phê duyệt và ban hành")
    expect(page.locator("main")).to_contain_text("45/QĐ-UBND")
    check(page)


def decide(page: Page) -> None:
    page.get_by_label(re.compile("Số quyết định")).fill("45/QĐ-UBND")
    for name, value in (("day", "2"), ("month", "3"), ("year", "2026")):
        page.locator(f"[name=decision_on-{name}]").fill(value)
    page.get_by_role("button", name="Phê duyệt và ban hành").click()


def list_versions(city: City) -> dict[str, int]:
    """Return the version that each dossier of the procedure began with, by its number."""
    rows = city.query(
        "SELECT d.dossier_no, v.version_no FROM dossiers_dossier d "
        "JOIN procedures_procedureversion v ON v.id = d.procedure_version_id "
        f"JOIN procedures_procedure p ON p.id = v.procedure_id WHERE p.code = '{CODE}'"
    )
    return {str(number): int(version) for number, version in rows}


@pytest.mark.timeout(900)  # the longest story told, with axe on twenty pages in two widths
def test_owner_changes_a_procedure_and_a_second_person_approves(
    city: City, new_page: OpenPage, check_page: Check, photo: Path
) -> None:
    before = list_versions(city)
    owner = new_page()
    sign_in_as(owner, find_account(city, "thietke.thanhpho"))
    draft = open_draft(owner, check_page)
    change_term_and_fee(owner, draft, check_page)
    draw_dead_end(owner, draft, check_page)
    made = draw_step(owner, draft)
    look_at_editors(owner, draft, check_page)
    share_out(owner, draft, made, check_page)
    tell_samples(owner, draft, made, check_page)
    send_for_approval(owner, draft, check_page)
    approve(new_page(), city, check_page)
    resident = new_page()
    find_and_start(resident, check_page)
    expect(resident.locator("body")).to_be_visible()
    code = file_birth(resident, check_page, photo)
    after = list_versions(city)
    assert after[code] == max(after.values()) > max(before.values(), default=1)
    assert {number: after[number] for number in before} == before
