"""What people do in the browser, in the words of the task; every journey is written with these."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from motcua.kernel.clock import now, to_local
from motcua.process.public import Form, parse_form
from motcua.project.demo_city.answers import make_answers
from motcua.project.demo_city.people import RESIDENTS, DemoResident
from tests.journeys.conftest import City

ROOT = Path(__file__).resolve().parents[2]
DESIGNED = ROOT / "motcua" / "procedures" / "designed"


def read_form(slug: str) -> Form:
    return parse_form(json.loads((DESIGNED / slug / "form.json").read_text("utf-8")))


def make_birth_answers(who: DemoResident, **chosen: Any) -> dict[str, Any]:
    """Return answers for the birth-registration form, believable and always the same."""
    given = {
        "relation": "mother", "child_name": "Nguyễn Gia Minh", "child_sex": "male", "birth_place_kind": "hospital",
        "surrogacy": "no", "father_declared": "yes", "birth_proof": "paper", "register_area": who.area_code,
    }  # fmt: skip
    today = to_local(now()).date()
    form = read_form("dang-ky-khai-sinh")
    return make_answers(form, who=who, chance=random.Random(1), today=today, given=given | chosen)


_QUESTIONS = """() => [...document.querySelectorAll(
  'form[data-autosave-url] :is(input, select, textarea)[name]'
)].map((node) => ({name: node.name, kind: node.type, value: node.value, shown: node.checkVisibility()}))"""


def fill_page(page: Page, answers: dict[str, Any]) -> None:
    """Fill every question that this page shows, in its order; an answer may bring up the next question."""
    controls = page.locator("form[data-autosave-url] :is(input, select, textarea)[name]")
    for place, told in enumerate(page.evaluate(_QUESTIONS)):
        name, kind = told["name"], told["kind"]
        key, _, part = name.rpartition("-") if re.search(r"-(day|month|year)$", name) else (name, "", "")
        if key not in answers or kind in ("hidden", "submit", "file"):
            continue
        control, value = controls.nth(place), answers[key]
        if kind in ("radio", "checkbox"):
            wanted = value if isinstance(value, list) else [value]
            if (told["value"] in {str(item) for item in wanted} or value is True) and control.is_visible():
                control.check()
        elif not control.is_visible():
            continue
        elif part:
            year, month, day = str(value).split("-")
            control.fill({"day": day, "month": month, "year": year}[part])
        elif kind.startswith("select"):
            control.select_option(str(value))
        else:
            control.fill(str(value))


def fill_form(page: Page, answers: dict[str, Any], *, check: Any = None, files: dict[str, Path] | None = None) -> None:
    """Go through the pages of a draft until the form is left."""
    for _page in range(12):
        if "/trang/" not in page.url:
            return
        if check:
            check(page)
        fill_page(page, answers)
        for control in page.locator("input[type=file]").all():
            name = control.get_attribute("name") or ""
            if files and name in files:
                control.set_input_files(files[name])
        with page.expect_navigation():
            page.get_by_role("button", name="Lưu và tiếp tục").last.click()
        expect(page.locator(".govuk-error-summary")).to_have_count(0)


def sign_in_by_vneid(page: Page, who: DemoResident) -> None:
    """Sign in at the sandbox provider; the page shown is the sign-in page."""
    page.get_by_role("button", name="Đăng nhập bằng VNeID").click()
    page.get_by_label("Bạn là ai?").select_option(label=find_option(page, who.full_name))
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


def find_option(page: Page, text: str) -> str:
    page.locator("select option", has_text=text).first.wait_for(state="attached")  # the page may still be coming
    labels = [label.strip() for label in page.locator("select option").all_inner_texts()]
    return next(label for label in labels if text in label)


def sign_in_as(page: Page, name: str, *, to: str = "") -> None:
    """Sign in with one click on the demonstration's page, as a resident or an official."""
    page.goto(f"/dang-nhap/demo/?q={name}" + (f"&next={to}" if to else ""))
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def step_up(page: Page) -> None:
    """Type the code that the demonstration shows in place of a telephone; a code that was used is waited out."""
    for _attempt in range(4):
        code = re.search(r"\b(\d{6})\b", page.locator("main").inner_text())
        if code:
            page.get_by_label("Mã gồm 6 chữ số").fill(code.group(1))
            page.get_by_role("button", name="Xác nhận").click()
            if "xac-nhan" not in page.url:
                return
        page.wait_for_timeout(15_000)
        page.goto(page.url)
    raise AssertionError(f"no code was taken:\n{page.locator('main').inner_text()[:1500]}")


def wait_for(page: Page, text: str, *, seconds: int = 40) -> None:
    """Reload until the text is there: what the background does takes a moment."""
    for _attempt in range(seconds):
        if page.get_by_text(text).count():
            return
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError(f"never saw {text!r} on {page.url}:\n{page.locator('main').inner_text()[:1500]}")


def find_staff(city: City, role: str, *, agency: str = "H29.901") -> str:
    rows = city.query(
        "SELECT u.full_name FROM identity_user u JOIN identity_rolegrant g ON g.user_id = u.id "
        f"JOIN places_agency a ON a.id = g.agency_id WHERE g.role = '{role}' AND a.code = '{agency}' ORDER BY u.id"
    )
    return str(rows[0][0])


def open_task(page: Page, code: str) -> None:
    page.goto(f"/viec/?q={code}")
    page.get_by_role("link", name=code).click()


def propose(page: Page, code: str) -> None:
    """Propose yes in the task shown, and in each check behind it: another journey may have drawn one more."""
    for _check in range(3):
        page.get_by_role("button", name="Đề xuất đồng ý").click()
        page.wait_for_url(re.compile("da-xong"))
        page.goto(f"/viec/?q={code}")
        if not page.get_by_role("link", name=code).count():
            return
        open_task(page, code)
    raise AssertionError(f"{code} is never appraised")


HANH = RESIDENTS[0]
