"""Figures in a real browser: a leader reads the year from the copy; nobody of the city stands in any byte of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import City
from tests.journeys.steps import sign_in_as

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]
NAMED = (  # what names somebody in the seeded city: each value is looked for in the copy
    "SELECT full_name FROM identity_person",
    "SELECT personal_id FROM identity_person",
    "SELECT phone FROM identity_person",
    "SELECT email FROM identity_person",
    "SELECT address FROM identity_person",
    "SELECT full_name FROM identity_user",
    "SELECT username FROM identity_user",
    "SELECT name FROM identity_organisation",
    "SELECT tax_code FROM identity_organisation",
    "SELECT code FROM cases_case",
    "SELECT uuid::text FROM cases_case",
    "SELECT replace(uuid::text, '-', '') FROM cases_case",
    "SELECT applicant_name FROM cases_case",
    "SELECT opened_at::date::text FROM cases_case WHERE extract(day FROM opened_at) > 1",
    "SELECT v.value #>> '{}' FROM dossiers_dossier d, jsonb_each(d.form_data) v WHERE jsonb_typeof(v.value) = 'string'"
    " AND length(v.value #>> '{}') > 8",
)


def find_leader(city: City) -> str:
    rows = city.query(
        "SELECT u.full_name FROM identity_user u JOIN identity_rolegrant g ON g.user_id = u.id "
        "WHERE g.role = 'city_leader'"
    )
    return str(rows[0][0])


@pytest.fixture
def copy(city: City) -> Path:
    assert "Đã dựng lại" in city.run("refresh_copy", "--rebuild")
    return Path(city.environment["MOTCUA_VAR_DIR"]) / "copy"


def test_nobody_of_the_city_stands_in_the_copy(city: City, copy: Path) -> None:
    raw = b"".join(path.read_bytes() for path in copy.glob("*.parquet"))  # the manifest tells its own day
    cells: set[str] = set()
    for path in copy.glob("*.parquet"):
        for row in duckdb.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall():
            cells.update(str(cell) for cell in row if cell is not None)
    assert len(cells) > 20  # there is something to look in
    text = "\n".join(sorted(cells))
    codes = {str(row[0]) for row in city.query("SELECT subject_code FROM cases_case")}
    for sql in NAMED:
        values = {str(row[0]).strip() for row in city.query(sql) if row[0]} - codes
        assert values or "email" in sql or "phone" in sql, sql  # the city has such values
        found = {value for value in values if len(value) > 4 and (value in text or value.encode() in raw)}
        assert not found, f"{sql}: {sorted(found)[:5]}"


@pytest.mark.parametrize("script", [True, False])
def test_a_city_leader_reads_the_year_and_takes_it_away(
    city: City, copy: Path, new_page: OpenPage, check_page: Check, script: bool
) -> None:
    page = new_page(script=script)
    sign_in_as(page, find_leader(city))
    page.goto("/chi-so/")
    expect(page.locator("main")).to_contain_text("Số liệu đến lúc")
    total = city.query("SELECT count(*) FROM cases_case WHERE opened_at >= date_trunc('year', now())")[0][0]
    expect(page.locator("tfoot")).to_contain_text(str(total))
    if script:
        check_page(page)
    for name in ("Theo cơ quan", "Theo thủ tục", "Theo tình trạng", "Theo địa bàn", "Theo kênh nộp", "Theo tháng"):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.locator("h1")).to_contain_text(name)
        expect(page.get_by_role("img", name=re.compile("Biểu đồ thanh"))).to_be_visible()
        if script:
            check_page(page)
    with page.expect_download() as taken:
        page.get_by_role("link", name="Tải bảng CSV").click()
    text = Path(taken.value.path()).read_text("utf-8-sig")
    assert text.splitlines()[-1].startswith("Tổng cộng,")
    page.goto("/chi-so/thu-tuc/")
    page.get_by_label("Tìm trong bảng").fill("khong co thu tuc nay")
    page.get_by_role("button", name="Xem").click()
    expect(page.locator("main")).to_contain_text("Không có dòng nào khớp")
