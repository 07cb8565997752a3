"""A leader reads ten results, each on its own page, and signs them at once; anybody can verify what was signed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import City
from tests.journeys.steps import sign_in_as, step_up

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]
COUNT = 10


@pytest.mark.parametrize("script", [True, False])
def test_ten_are_read_then_signed_together(
    city: City, new_page: OpenPage, check_page: Check, tmp_path: Path, script: bool
) -> None:
    count = COUNT if script else 2
    cases = city.prepare("to_sign", count)
    leader = new_page(script=script)
    sign_in_as(leader, find_leader(city, cases[0]))
    leader.get_by_role("link", name="Trình ký").click()
    leader.get_by_role("table").get_by_role("link").first.click()
    read = 0
    while "/mot-cua/ky/" in leader.url and leader.get_by_role("button", name="Đã đọc, đưa vào danh sách ký").count():
        expect(leader.locator(".mc-sheet__picture").first).to_have_js_property("complete", True) if script else None
        if script and not read:
            check_page(leader)
        leader.get_by_role("button", name="Đã đọc, đưa vào danh sách ký").click()
        read += 1
    assert read >= count
    if script:
        check_page(leader)
    sign = leader.get_by_role("button", name=re.compile(r"Ký \d+ văn bản"))
    sign.click()
    if "xac-nhan" in leader.url:
        step_up(leader)
        leader.goto("/mot-cua/ky/")
        sign.click()
    expect(leader.get_by_text(re.compile(r"Đã ký \d+ văn bản"))).to_be_visible()
    if script:
        verify_one(new_page(), city, cases, folder=tmp_path)


def find_leader(city: City, case_id: int) -> str:
    return str(
        city.query(
            "SELECT u.full_name FROM cases_task t "
            "JOIN identity_rolegrant g ON g.agency_id = t.agency_id AND g.role = t.role "
            f"JOIN identity_user u ON u.id = g.user_id WHERE t.case_id = {case_id} AND t.completed_at IS NULL"
        )[0][0]
    )


def verify_one(stranger: Page, city: City, cases: list[int], *, folder: Path) -> None:
    """Upload one signed result, and the same with one byte changed."""
    for _attempt in range(60):
        done = city.query(
            "SELECT f.sha256 FROM dossiers_result r JOIN dossiers_dossier d ON d.id = r.dossier_id "
            f"JOIN documents_storedfile f ON f.id = r.file_id WHERE d.case_id IN ({', '.join(map(str, cases))})"
        )
        if len(done) == len(cases):
            break
        stranger.wait_for_timeout(1000)
    assert len(done) == len(cases), "not all were signed in the background"
    sha256 = str(done[0][0])
    good, bad = folder / "ket-qua.pdf", folder / "sua.pdf"
    content = next(Path(city.environment["MOTCUA_VAR_DIR"], "files").rglob(sha256)).read_bytes()
    good.write_bytes(content)
    middle = len(content) // 3
    bad.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    for path, words in ((good, "Giấy tờ thật, còn nguyên"), (bad, "không")):
        stranger.goto("/xac-minh/")
        stranger.get_by_label("Tệp PDF hoặc XML nhận được").set_input_files(path)
        stranger.get_by_role("button", name="Kiểm tra tệp").click()
        expect(stranger.locator("main")).to_contain_text(re.compile(words, re.IGNORECASE))
        assert ("Giấy tờ thật" in stranger.locator("main").inner_text()) is (path == good)
