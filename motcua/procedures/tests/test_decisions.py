"""Fee and eligibility tables of packages: against amounts worked out by hand, with and without answers."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from motcua.kernel.clock import local_date
from motcua.procedures.public import (
    ProcedureDetail,
    check_eligibility,
    compute_fee,
    find_procedure,
    get_decision,
    get_package_files,
    list_fee_table,
    load_designed_procedures,
)
from motcua.procedures.queries.data import DESIGNED
from motcua.procedures.rules.packages import read_package
from motcua.procedures.tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TODAY = local_date(NOW)  # 23/11/2026
PASSPORT, COPIES, RESIDENCE, COMPANY, HOUSE, EATERY = (
    "1.001456", "2.000815", "1.004222", "2.001583", "1.013225", "H29.LT-0001",
)  # fmt: skip


@pytest.fixture(scope="module")
def details(django_db_setup: None, django_db_blocker: Any) -> Any:
    """The designed procedures, loaded once for the file's reads."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        load_designed_procedures(now=NOW)
        yield {
            code: found
            for code in (PASSPORT, COPIES, RESIDENCE, COMPANY, HOUSE, EATERY)
            if (found := find_procedure(code, on=TODAY))
        }
        transaction.set_rollback(True)


DOCUMENTS = [{"pages": 2, "copies": 3}, {"pages": 10, "copies": 1}, {"pages": 400, "copies": 2}]


@pytest.mark.parametrize(
    ("code", "channel", "on", "answers", "amount"),
    [
        (PASSPORT, "in_person", date(2025, 8, 1), {"request": "first"}, 200_000),
        (PASSPORT, "online", date(2025, 8, 1), {"request": "renew"}, 180_000),
        (PASSPORT, "online", date(2026, 1, 1), {"request": "renew"}, 200_000),
        (PASSPORT, "online", TODAY, {"request": "lost"}, 400_000),
        (COPIES, "in_person", TODAY, {"documents": DOCUMENTS[:1]}, 12_000),
        (COPIES, "in_person", TODAY, {"documents": DOCUMENTS[:2]}, 24_000),
        (COPIES, "online", TODAY, {"documents": DOCUMENTS}, 424_000),
        (COPIES, "online", TODAY, {}, None),
        (RESIDENCE, "online", TODAY, {"birth_on": "1990-01-01"}, 10_000),
        (RESIDENCE, "in_person", TODAY, {"birth_on": "1990-01-01"}, 20_000),
        (RESIDENCE, "in_person", TODAY, {"birth_on": "1966-11-23"}, 0),
        (RESIDENCE, "in_person", TODAY, {"birth_on": "1966-11-24"}, 20_000),
        (COMPANY, "in_person", TODAY, {}, 150_000),
        (COMPANY, "online", TODAY, {}, 100_000),
        (HOUSE, "in_person", TODAY, {}, 75_000),
        (HOUSE, "online", TODAY, {}, 0),
        (EATERY, "in_person", TODAY, {"meals": 199}, 750_000),
        (EATERY, "in_person", TODAY, {"meals": 200}, 1_050_000),
        (EATERY, "online", TODAY, {"meals": 200}, 1_000_000),
    ],
)
def test_a_fee_is_what_a_person_works_out(
    details: dict[str, ProcedureDetail], code: str, channel: Any, on: date, answers: dict[str, Any], amount: int | None
) -> None:
    fee = compute_fee(details[code], channel=channel, applicant_kind="person", on=on, answers=answers)
    assert fee.amount_vnd == amount
    assert fee.reason_vi
    assert all(line.legal_ref for line in fee.lines)


def test_the_citys_zero_rate_leaves_what_it_does_not_name(details: dict[str, ProcedureDetail]) -> None:
    fee = compute_fee(details[EATERY], channel="online", on=TODAY, answers={"meals": 50})
    assert {line.label: line.amount_vnd for line in fee.lines} == {
        "Lệ phí đăng ký hộ kinh doanh": 0,
        "Phí thẩm định an toàn thực phẩm dịch vụ ăn uống": 700_000,
        "Đăng ký thuế lần đầu": 0,
    }


def test_without_answers_the_page_shows_the_rows_that_may_hold(details: dict[str, ProcedureDetail]) -> None:
    passport = details[PASSPORT]
    fee = compute_fee(passport, channel="in_person", on=TODAY)
    assert (fee.amount_vnd, fee.hangs_on_answers) == (None, True)
    assert [line.amount_vnd for line in fee.lines] == [200_000, 400_000]
    assert [line.amount_vnd for line in list_fee_table(passport, channel="online", on=TODAY)] == [200_000, 400_000]
    assert compute_fee(details[COMPANY], channel="online", on=TODAY).amount_vnd == 100_000
    assert compute_fee(details[HOUSE], channel="online", on=TODAY).amount_vnd == 0
    assert compute_fee(details[COPIES], channel="online", on=TODAY).amount_vnd is None


def test_a_decision_is_compiled_once(details: dict[str, ProcedureDetail]) -> None:
    assert get_decision(details[PASSPORT], "fee") is get_decision(details[PASSPORT], "fee")
    assert get_decision(details[PASSPORT], "opinions") is None


def test_eligibility_speaks_of_blocks_first(details: dict[str, ProcedureDetail]) -> None:
    answers = {"birth_on": "2010-01-01", "health_checked": 3, "workers": 3, "alcohol": "yes", "water": "tap"}
    found = check_eligibility(details[EATERY], channel="online", on=TODAY, answers=answers)
    assert [(each.code, each.blocks) for each in found] == [("age", True), ("alcohol", False)]


def test_each_version_holds_its_sample_dossiers(details: dict[str, ProcedureDetail]) -> None:
    for detail in details.values():
        files = get_package_files(detail.version_id)
        samples = [json.loads(files[path]) for path in files if path.startswith("golden/")]
        assert len(samples) >= 2
        assert any(sample["expect"]["outcome"] == "approved" for sample in samples)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<x/>", ""),
        ((DESIGNED / "chuyen-truong" / "decisions" / "eligibility.dmn").read_bytes(), "'fee'"),
    ],
)
def test_a_broken_or_misnamed_table_is_refused(content: bytes, words: str) -> None:
    import tomllib

    from motcua.procedures.actions.packages import read_package_folder
    from motcua.procedures.tests.factories import PACKAGES

    files = read_package_folder(PACKAGES / "khai-trinh-mau") | {"decisions/fee.dmn": content}
    package, problems = read_package("khai-trinh-mau", files, life_events=["sinh-con"], parse_toml=tomllib.loads)
    assert package is None
    assert any(problem.part == "decisions/fee.dmn" and words in problem.message for problem in problems)
