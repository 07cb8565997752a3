"""The enhancements in a real browser: a failure to save is loud, a bad file never leaves, nothing breaks the policy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, Page, Route, sync_playwright

from motcua.ui.tests.browser import FLAGS, find_chromium

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.urls("motcua.ui.tests.gallery")]
SITE = "http://motcua.test"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()


def serve(route: Route) -> None:
    """Answer the browser from Django itself and the built files: no server, no socket, no database."""
    address = urlsplit(route.request.url)
    if address.path.startswith("/static/"):
        found = finders.find(address.path.removeprefix("/static/"))
        route.fulfill(path=found) if found else route.fulfill(status=404)
        return
    response = Client().get(f"{address.path}?{address.query}")
    headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
    route.fulfill(status=response.status_code, headers=headers, body=response.content)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """The gallery's form on a small phone; complaints of the browser fail the test."""
    page = browser.new_page(viewport={"width": 320, "height": 640}, locale="vi-VN", base_url=SITE)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None)
    page.route(f"{SITE}/**", serve)
    page.goto("/form/")
    yield page
    page.close()
    assert complaints == []


def answer(page: Page, *, status: int, json: str) -> list[str]:
    """Let the autosave address answer this; return what was posted to it."""
    posted: list[str] = []

    def fulfil(route: Route) -> None:
        posted.append(route.request.post_data or "")
        route.fulfill(status=status, content_type="application/json", body=json)

    page.route("**/luu/", fulfil)
    return posted


def test_saved_quietly_with_the_time(page: Page) -> None:
    posted = answer(page, status=200, json='{"saved_at": "17:05", "revision": 4}')
    page.fill("#cccd", "079198000123")
    page.wait_for_selector("text=Đã lưu lúc 17:05", timeout=8000)
    assert "079198000123" in posted[0]
    assert "filename" not in posted[0]
    assert page.is_hidden(".mc-autosave__failed")


@pytest.mark.parametrize(
    ("status", "json", "sentence"),
    [
        (500, "{}", "CHƯA LƯU ĐƯỢC: máy chủ gặp lỗi"),
        (401, "{}", "CHƯA LƯU ĐƯỢC: phiên làm việc đã hết hạn"),
        (409, '{"message": "Bản nháp vừa được sửa nơi khác."}', "CHƯA LƯU ĐƯỢC. Bản nháp vừa được sửa nơi khác."),
    ],
)
def test_failure_to_save_is_loud(page: Page, status: int, json: str, sentence: str) -> None:
    answer(page, status=status, json=json)
    page.fill("#cccd", "079198000123")
    alert = page.wait_for_selector(".mc-autosave__failed:not([hidden])", timeout=8000)
    assert alert is not None
    assert sentence in alert.inner_text()
    assert alert.get_attribute("role") == "alert"
    box = alert.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 640  # on the screen, wherever on the page the person types
    assert page.input_value("#cccd") == "079198000123"


def test_lost_line_is_loud_and_is_tried_again(page: Page) -> None:
    page.route("**/luu/", lambda route: route.abort())
    page.fill("#cccd", "079198000123")
    page.wait_for_selector("text=CHƯA LƯU ĐƯỢC: mất kết nối mạng", timeout=8000)
    page.unroute("**/luu/")
    answer(page, status=200, json='{"saved_at": "17:06"}')
    page.wait_for_selector("text=Đã lưu lúc 17:06", timeout=12000)
    assert page.is_hidden(".mc-autosave__failed")


@pytest.mark.parametrize(
    ("name", "size", "sentence"),
    [
        ("lon.pdf", 10 * 1024 * 1024 + 1, "quá lớn"),
        ("rong.pdf", 0, "không có nội dung"),
        ("chay.exe", 10, "không đúng loại"),
    ],
)
def test_file_that_would_be_refused_never_leaves(
    page: Page, tmp_path: Path, name: str, size: int, sentence: str
) -> None:
    path = tmp_path / name
    path.write_bytes(b"x" * size)
    page.set_input_files("#giay", str(path))
    page.wait_for_selector(f"#giay-error:has-text('{sentence}')")
    assert page.input_value("#giay") == ""


def test_large_photo_is_made_smaller_before_it_travels(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "anh.png"
    Image.effect_noise((3200, 2400), 80).convert("RGB").save(path)
    before = path.stat().st_size
    page.set_input_files("#giay", str(path))
    for _attempt in range(100):
        name, size = page.evaluate("(({name, size}) => [name, size])(document.querySelector('#giay').files[0])")
        if name == "anh.jpg":
            break
        page.wait_for_timeout(100)
    assert name == "anh.jpg"
    assert size < before
    assert page.query_selector("#giay-error") is None


def test_summary_takes_the_focus_and_leads_to_the_field(page: Page) -> None:
    assert "govuk-error-summary" in page.evaluate("document.activeElement.className")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "ten"


def test_small_screen_never_scrolls_sideways(page: Page) -> None:
    for address in ("/", "/form/", "/panel/", "/staff/?as=official", "/khong-co/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
