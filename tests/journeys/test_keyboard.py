"""A dossier filed by the keyboard alone: each control is reached in order, its focus seen, no mouse needed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.journeys.steps import HANH, make_birth_answers

OpenPage = Callable[..., Page]
_MAX_TABS = 150
_IS_FOCUSED = "node => node === document.activeElement"
_SHOWS_FOCUS = """() => {
  const node = document.activeElement;
  const seen = [node, node.nextElementSibling, node.closest('label'), node.parentElement].filter(Boolean);
  return seen.some((each) => ['', '::before', '::after'].some((part) => {
    const style = getComputedStyle(each, part || null);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  }));
}"""
_PLACE = """() => {
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')];
  return all.indexOf(document.activeElement);
}"""


class Keys:
    """Someone who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.place = -1

    def open(self, path: str) -> None:
        self.page.goto(path)
        self.place = -1

    def tab_to(self, reached: Callable[[], bool]) -> None:
        """Press Tab until it is reached; the order of the document is kept and every focus is seen."""
        for _ in range(_MAX_TABS):
            if reached():
                assert self.page.evaluate(_SHOWS_FOCUS), f"focus not seen: {self.describe()}"
                return
            self.page.keyboard.press("Tab")
            place = self.page.evaluate(_PLACE)
            assert place == -1 or place >= self.place, f"focus jumped back on {self.page.url}: {self.describe()}"
            self.place = -1 if place == -1 else place
        raise AssertionError(f"never reached by Tab on {self.page.url}")

    def reach(self, target: Locator) -> None:
        self.tab_to(lambda: bool(target.evaluate(_IS_FOCUSED)))

    def press(self, target: Locator, *, key: str = "Enter") -> None:
        """Reach a link or a button and use it; a new page begins at its top."""
        self.reach(target)
        with self.page.expect_navigation():  # a page of the form comes again when a register says otherwise
            self.page.keyboard.press(key)
        self.page.wait_for_load_state()
        self.place = -1

    def choose(self, radio: Locator) -> None:
        """Reach the group of a radio button and move to it with the arrows."""
        name = str(radio.get_attribute("name"))
        self.tab_to(lambda: self.page.evaluate("() => document.activeElement.name") == name)
        for _ in range(20):
            if radio.evaluate(_IS_FOCUSED):
                break
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Space")
        expect(radio).to_be_checked()

    def tick(self, box: Locator) -> None:
        self.reach(box)
        if not box.is_checked():
            self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def select(self, control: Locator, value: str) -> None:
        """Go through the list with the arrow from its beginning."""
        self.reach(control)
        self.page.keyboard.press("Home")
        for _ in range(250):
            if control.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"option {value} not reached by keys")

    def type(self, control: Locator, text: str) -> None:
        self.reach(control)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def describe(self) -> str:
        return str(self.page.evaluate("() => document.activeElement.outerHTML.slice(0, 200)"))


def fill_by_keys(keys: Keys, answers: dict[str, Any]) -> None:
    """Fill the questions of this page in the order in which Tab reaches them."""
    page = keys.page
    controls = page.locator("form[data-autosave-url] :is(input, select, textarea)[name]")
    for control in controls.all():
        name = control.get_attribute("name") or ""
        kind = control.get_attribute("type") or str(control.evaluate("node => node.tagName.toLowerCase()"))
        key, _, part = name.rpartition("-") if re.search(r"-(day|month|year)$", name) else (name, "", "")
        if key not in answers or kind in ("hidden", "submit", "file") or not control.is_visible():
            continue
        value = answers[key]
        if part:
            year, month, day = str(value).split("-")
            keys.type(control, {"day": day, "month": month, "year": year}[part])
        elif kind == "radio":
            if control.get_attribute("value") == str(value):
                keys.choose(control)
        elif kind == "checkbox":
            if value is True or control.get_attribute("value") in [str(item) for item in value or ()]:
                keys.tick(control)
        elif kind == "select":
            keys.select(control, str(value))
        else:
            keys.type(control, str(value))


def test_a_dossier_is_filed_by_the_keyboard_alone(new_page: OpenPage) -> None:
    page = new_page()
    keys = Keys(page)
    keys.open(f"/dang-nhap/demo/?q={HANH.full_name}")
    keys.press(page.get_by_role("button", name=HANH.full_name, exact=True).first)
    keys.open("/")
    keys.type(page.get_by_label("Bạn cần làm gì?"), "khai sinh")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    keys.place = -1
    keys.press(page.get_by_role("link", name="Đăng ký khai sinh", exact=True))
    keys.press(page.get_by_role("link", name="Bắt đầu làm hồ sơ").first)
    keys.press(page.get_by_role("button", name="Bắt đầu"))
    keys.choose(page.get_by_label(re.compile("Cho tôi")))
    keys.choose(page.get_by_label("Bản điện tử"))
    keys.press(page.get_by_role("button", name="Tiếp tục"))
    answers = make_birth_answers(HANH, birth_proof="electronic")
    for _page in range(12):
        if "/trang/" not in page.url:
            break
        fill_by_keys(keys, answers)
        keys.press(page.get_by_role("button", name="Lưu và tiếp tục").last)
        expect(page.locator(".govuk-error-summary")).to_have_count(0)
    if "kiem-tra" not in page.url:
        keys.press(page.get_by_role("link", name=re.compile("Xem lại")).first)
    keys.tick(page.get_by_label(re.compile("Tôi cam đoan")))
    keys.press(page.get_by_role("button", name="Nộp hồ sơ"))
    expect(page).to_have_url(re.compile("da-nop"))
    assert re.fullmatch(r"H29\.\d+-\d{6}-\d{4,}", page.locator("#dossier-no").inner_text())
