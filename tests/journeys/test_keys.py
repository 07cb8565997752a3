"""The operator's pages of signing keys in a real browser: who signs, and what is asked before a revocation."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from motcua.project.demo_city.build import OPERATOR
from tests.journeys.conftest import City
from tests.journeys.steps import sign_in_as

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(("width", "script"), [(1280, True), (320, False)])
def test_operator_reads_the_keys_and_is_asked_before_one_is_revoked(
    city: City, new_page: Callable[..., Page], check_page: Callable[[Page], None], width: int, script: bool
) -> None:
    page = new_page(width=width, script=script)
    sign_in_as(page, str(city.query(f"SELECT full_name FROM identity_user WHERE username = '{OPERATOR}'")[0][0]))
    page.goto("/quan-tri/co-quan/")
    page.locator("main").get_by_role("link", name=re.compile("Ủy ban nhân dân")).first.press("Enter")
    page.locator("main").get_by_role("link", name="Khóa ký của cơ quan và lãnh đạo").press("Enter")
    expect(page.locator("main")).to_contain_text("Con dấu của cơ quan")
    if script:
        check_page(page)
    revoke = page.locator("main").get_by_role("link", name=re.compile("Thu hồi khóa")).first
    revoke.press("Enter")
    expect(page.locator("main")).to_contain_text("Lý do thu hồi")
    if script:
        check_page(page)
    let_a_stopped_process_go_on(city, page, check_page if script else lambda page: None)
    if script:
        show_own_key(city, new_page(width=width), check_page)


def let_a_stopped_process_go_on(city: City, page: Page, check: Callable[[Page], None]) -> None:
    """The operator reads where a process stopped and what trying again does, and lets it go on."""
    city.query(
        "INSERT INTO cases_incident (uuid, case_id, at, element_id, code, text, event, tries, resolved_by) "
        "SELECT gen_random_uuid(), id, now(), 'x', 'process.stuck', 'Không nhánh nào đi tiếp được.', "
        """'{"kind": "timer", "token": "t0"}', 1, '' FROM cases_case ORDER BY id LIMIT 1 RETURNING uuid"""
    )
    page.goto("/quan-tri/")
    check(page)
    page.locator("main").get_by_role("link", name="Quy trình dừng vì lỗi").press("Enter")
    check(page)
    page.locator("main").get_by_role("link", name="Hồ sơ").first.press("Enter")
    expect(page.locator("main")).to_contain_text("Thử lại không làm mất gì")
    check(page)
    page.get_by_role("button", name="Cho hồ sơ đi tiếp").press("Enter")
    expect(page.locator("main")).to_contain_text("đã đi tiếp")
    check(page)


def show_own_key(city: City, page: Page, check_page: Callable[[Page], None]) -> None:
    """A leader reads which key signs in his own name, and goes on signing."""
    found = city.query(
        "SELECT u.full_name FROM identity_user u JOIN identity_rolegrant g ON g.user_id = u.id WHERE g.role = 'leader' "
        "ORDER BY u.id LIMIT 1"
    )
    sign_in_as(page, str(found[0][0]))
    page.goto("/mot-cua/ky/")
    page.locator("main").get_by_role("link", name="Khóa ký của tôi").press("Enter")
    expect(page.locator("main")).to_contain_text("Nơi giữ khóa")
    check_page(page)
    page.set_viewport_size({"width": 320, "height": 900})
    check_page(page)
    page.get_by_role("link", name="Trình ký").first.press("Enter")
    expect(page).to_have_url(re.compile("/mot-cua/ky/"))
