"""The rule vectors of `motcua/process/tests/vectors` in a real browser, by the built script: as on the server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import RequestFactory
from playwright.sync_api import Browser, Page, Route, sync_playwright

from motcua.process.public import parse_form, place_fields, portable_rules, with_defaults
from motcua.ui.middleware import build_policy
from motcua.ui.tests.browser import FLAGS, find_chromium

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.urls("motcua.ui.tests.gallery")]
ROOT = Path(__file__).resolve().parents[3]
VECTORS = ROOT / "motcua" / "process" / "tests" / "vectors"
RULES = json.loads((VECTORS / "form_rules.json").read_text(encoding="utf-8"))
FEEL = json.loads((VECTORS / "feel_portable.json").read_text(encoding="utf-8"))
TODAY = date.fromisoformat(RULES["today"])
SITE = "http://motcua.test"
FILL = """(posted) => {
  const form = document.querySelector("form[data-rules]");
  for (const input of form.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    const given = posted[input.name];
    if (given === undefined) continue;
    const all = Array.isArray(given) ? given : [given];
    if (input.type === "radio" || input.type === "checkbox") input.checked = all.includes(input.value);
    else input.value = all[0];
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}"""
HIDDEN = """() => [...document.querySelectorAll("form[data-rules] [data-f][hidden]")]
  .filter((element) => element.querySelector("[id]"))
  .map((element) => element.querySelector("input[id], select[id], textarea[id], [data-list], .mc-output").id)"""


def render(schema: dict[str, Any]) -> str:
    form = parse_form(schema)
    values = with_defaults(form, "p", {})
    rules = portable_rules(form, "p", values, today=TODAY)
    context = {
        "title": "Biểu mẫu thử",
        "fields": place_fields(form, "p", values, with_hidden=True),
        "values": values,
        "rules": orjson.dumps(rules or {"f": [], "n": []}).decode(),
    }
    source = (Path(__file__).parent / "pages" / "rules.html").read_text(encoding="utf-8")
    request = RequestFactory().get("/")
    request.principal = None  # type: ignore[attr-defined]  # as identity's middleware does
    return str(engines["jinja2"].from_string(source).render(context, request))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def shared_page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 320, "height": 640}, base_url=SITE)
    page.set_default_timeout(20_000)  # a busy machine is slow, not wrong
    yield page
    page.close()


@pytest.fixture
def page(shared_page: Page) -> Iterator[Page]:
    complaints: list[str] = []

    def complain(error: object) -> None:
        complaints.append(str(error))

    shared_page.on("pageerror", complain)
    yield shared_page
    shared_page.remove_listener("pageerror", complain)
    shared_page.unroute_all()
    assert complaints == []


def open_form(page: Page, schema: dict[str, Any]) -> None:
    """Serve the form under the site's own policy, with the built script and style."""
    html = render(schema)

    def serve(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            found = finders.find(path.removeprefix("/static/"))
            route.fulfill(path=found) if found else route.fulfill(status=404)
        elif route.request.method == "POST":
            route.fulfill(status=200, content_type="text/html", body="<title>đã gửi</title>")
        else:
            headers = {"Content-Security-Policy": build_policy()}
            route.fulfill(status=200, content_type="text/html; charset=utf-8", headers=headers, body=html)

    page.route(f"{SITE}/**", serve)
    page.goto("/to-khai/")


def set_rows(page: Page, posted: dict[str, Any]) -> None:
    """Add and take out rows, outer lists first, by the buttons that a person would press."""
    for name in sorted((key[:-2] for key in posted if key.endswith("[]")), key=len):
        rows = page.locator(f'[data-list="{name}"] > [data-rows] > [data-row]')
        wanted = len(posted[f"{name}[]"])
        while rows.count() < wanted:
            page.locator(f'[data-list="{name}"] > [data-add]').click()
        assert rows.count() == wanted


@pytest.mark.parametrize("vector", RULES["vectors"], ids=lambda vector: vector["name"])
def test_the_browser_follows_the_vector(page: Page, vector: dict[str, Any]) -> None:
    posted, expected = vector["post"], vector["expect"]
    posted = {key: [value] if key.endswith("[]") and isinstance(value, str) else value for key, value in posted.items()}
    open_form(page, vector["form"])
    set_rows(page, posted)
    page.evaluate(FILL, posted)
    assert sorted(page.evaluate(HIDDEN)) == sorted(expected["hidden"])
    for key, pair in expected["computed"].items():
        if pair is not None:
            assert page.locator(f'[id="{key}"] [data-output]').inner_text() == pair[1]
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    if not expected["errors"]:
        page.wait_for_url("**/da-gui/")
        return
    links = page.locator(".govuk-error-summary a")
    shown = {str(link.get_attribute("href"))[1:]: re.sub(r"^Mục \d+: ", "", link.inner_text()) for link in links.all()}
    assert shown == expected["errors"]
    for key in shown:
        assert page.locator(f'[id="{key}-error"]').count() == 1
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"


def test_the_same_errors_twice_are_left_to_the_server(page: Page) -> None:
    vector = next(item for item in RULES["vectors"] if item["name"] == "no date")
    open_form(page, vector["form"])
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    assert page.locator(".govuk-error-summary a").count() == 1
    page.wait_for_timeout(1100)  # a double press is no second press
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    page.wait_for_url("**/da-gui/")


def test_a_row_taken_out_leaves_the_others_as_they_were(page: Page) -> None:
    vector = next(item for item in RULES["vectors"] if item["name"].startswith("rows: sums"))
    open_form(page, vector["form"])
    add = page.get_by_role("button", name=re.compile("Thêm mục"))
    add.click()
    add.click()
    for number, name in enumerate(("An", "Bình", "Chi")):
        page.locator(f'[id="members[{number}].name"]').fill(name)
    page.locator("button[value='members[1]']").click()
    assert page.evaluate("document.activeElement.id") == "members"
    assert [box.input_value() for box in page.locator("input[name$='.name']").all()] == ["An", "Chi"]
    assert page.locator("legend [data-number]").all_inner_texts() == ["1", "2"]
    assert page.locator("[id='heads'] [data-output]").inner_text() == "2"
    assert [box.input_value() for box in page.locator("input[name='members[]']").all()] == ["0", "2"]


def test_expressions_come_out_as_the_vectors_say(page: Page) -> None:
    def serve(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.endswith(".js"):
            route.fulfill(path=ROOT / "assets" / "js" / Path(path).name)
        else:
            route.fulfill(status=200, content_type="text/html", body="<!doctype html><title>x</title>")

    page.route(f"{SITE}/**", serve)
    page.goto("/")
    ops = [[vector["portable"], vector["value"]] for vector in FEEL["vectors"] if vector["portable"] is not None]
    got = page.evaluate(
        """async ([ops, variables]) => {
          const { evaluate, Beyond } = await import("/js/feel.js");
          return ops.map(([op]) => {
            try { const value = evaluate(op, variables); return value?.text ?? value; }
            catch (error) { if (error instanceof Beyond) return "beyond"; throw error; }
          });
        }""",
        [ops, FEEL["variables"]],
    )
    wrong = [(op, value, found) for (op, value), found in zip(ops, got, strict=True) if found not in (value, "beyond")]
    assert wrong == []
    assert got.count("beyond") <= 2
