"""A first visit on a cheap telephone: at most 100 KB in all, styles and scripts included."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response

BUDGET_BYTES = 100 * 1024


@pytest.mark.parametrize("path", ["/", "/thu-tuc/1.001193/", "/ho-so/bat-dau/1.001193/"])
def test_first_visit_is_light(new_page: Callable[..., Page], path: str) -> None:
    page = new_page(width=320)
    received: list[Response] = []
    page.on("response", lambda answer: received.append(answer))
    page.goto(path)
    if "bat-dau" in path:
        page.get_by_role("button", name="Bắt đầu").click()
        page.wait_for_url("**/trang/**")
    page.wait_for_load_state("networkidle")
    sizes = [answer.request.sizes() for answer in received]
    total = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
    assert 0 < total <= BUDGET_BYTES
    assert all("localhost" in answer.url for answer in received)
