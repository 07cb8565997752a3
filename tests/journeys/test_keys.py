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
