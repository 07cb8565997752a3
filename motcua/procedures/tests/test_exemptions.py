"""Exemptions of the law: for groups, by register, apart from the city's zero rate; and the list of what is waived."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from motcua.identity.tests.factories import make_official, make_resident, sign_in
from motcua.kernel import clock
from motcua.places.tests.factories import make_agency
from motcua.procedures.public import find_procedure, list_asked_groups, list_waived, load_designed_procedures
from motcua.procedures.queries.data import load_exemptions, load_waivers
from motcua.procedures.queries.decisions import compute_fee
from motcua.procedures.rules.decisions import read_fee_lines, reads_groups
from motcua.procedures.rules.exemptions import Exemption, groups_by_age, groups_by_statuses
from motcua.procedures.rules.fees import FeeChoice, add_up_decided, choose_fee
from motcua.procedures.types import FeeLine, FeeRow

ON = date(2026, 11, 23)
RESIDENCE = "Đăng ký, quản lý cư trú"


def _choose(groups: set[str], *, field: str = "Hộ tịch", channel: str = "in_person", amount: int = 8_000) -> FeeChoice:
    return choose_fee(
        [FeeRow(label="Lệ phí", amount_vnd=amount, legal_ref="Biểu phí")], load_waivers(), field=field,
        channel=channel, applicant_kind="person", on=ON, exemptions=load_exemptions(), groups=groups,  # type: ignore[arg-type]  # a table of channels
    )  # fmt: skip


@pytest.mark.parametrize(
    ("groups", "field", "channel", "amount", "by"),
    [
        (set(), "Hộ tịch", "in_person", 8_000, ""),
        ({"poor_household"}, "Hộ tịch", "in_person", 0, "statute"),
        ({"disabled"}, "Hộ tịch", "in_person", 0, "statute"),
        ({"near_poor"}, "Hộ tịch", "in_person", 8_000, ""),
        ({"elderly"}, "Hộ tịch", "in_person", 8_000, ""),
        ({"elderly"}, RESIDENCE, "in_person", 0, "statute"),
        ({"child"}, RESIDENCE, "online", 0, "statute"),
        (set(), "Hộ tịch", "online", 0, "city"),
        ({"merit"}, "Hộ tịch", "online", 0, "statute"),  # the law comes before the city
        ({"merit"}, "Chăn nuôi", "online", 8_000, ""),
    ],
)
def test_the_law_exempts_its_groups_and_the_city_its_channel(
    groups: set[str], field: str, channel: str, amount: int, by: str
) -> None:
    choice = _choose(groups, field=field, channel=channel)
    (line,) = choice.lines
    assert (choice.amount_vnd, line.waived_by) == (amount, by)
    assert line.legal_ref == "Biểu phí" and bool(line.waived_ref) == bool(by)
    assert line.by_law_vnd == (8_000 if by else None)


def test_a_fee_that_only_an_official_knows_is_nothing_for_who_is_exempt() -> None:
    line = FeeLine(label="Lệ phí đăng ký khai sinh", amount_vnd=None, legal_ref="Biểu phí")
    choice = add_up_decided(
        [line], load_waivers(), field="Hộ tịch", channel="in_person", on=ON, exemptions=load_exemptions(),
        groups={"poor_household"},
    )  # fmt: skip
    assert (choice.amount_vnd, choice.reason) == (0, "exempt")
    assert "Luật Hộ tịch" in choice.lines[0].waived_ref


@given(st.integers(0, 10**9), st.integers(1, 10_000))
def test_what_is_taken_off_is_whole_and_never_more_than_the_fee(amount: int, share: int) -> None:
    exemption = Exemption(
        group="x", fields=frozenset(), labels=frozenset(), share_bp=share, text="", legal_ref="", mark="sure"
    )
    taken = exemption.take_off(amount)
    assert 0 <= taken <= amount and taken * 10_000 >= amount * share


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_age_proves_one_group_at_most_and_the_unborn_none(born: date, on: date) -> None:
    found = groups_by_age(born, on=on)
    assert len(found) <= 1
    if born > on:
        assert not found


@pytest.mark.parametrize(
    ("born", "groups"),
    [
        (date(2010, 11, 24), {"child"}), (date(2010, 11, 23), set()), (date(1966, 11, 23), {"elderly"}),
        (date(1966, 11, 24), set()), (date(2027, 1, 1), set()),
    ],
)  # fmt: skip
def test_the_edges_of_age(born: date, groups: set[str]) -> None:
    assert groups_by_age(born, on=ON) == groups


def test_a_status_holds_on_its_last_day_and_not_after() -> None:
    assert groups_by_statuses([("merit", None, ON)], on=ON) == {"merit"}
    assert not groups_by_statuses([("merit", None, date(2026, 11, 22))], on=ON)
    assert not groups_by_statuses([("merit", date(2026, 11, 24), None)], on=ON)


def test_a_table_may_read_the_groups_and_say_the_sum_before_its_own_exemption() -> None:
    (line,) = read_fee_lines(
        [{"label": "Lệ phí", "amount_vnd": Decimal(0), "by_law_vnd": Decimal(5), "legal_ref": "Điều 1"}]
    )
    assert (line.by_law_vnd, line.waived_by, line.waived_ref) == (5, "statute", "Điều 1")
    assert reads_groups(b'<text>list contains(categories, "merit")</text>') and not reads_groups(b"<text>1</text>")


@pytest.mark.slow
@pytest.mark.django_db
def test_the_waived_procedures_are_listed_by_category_on_whatever_is_loaded(
    django_assert_max_num_queries: object,
) -> None:
    load_designed_procedures(now=clock.now())
    with django_assert_max_num_queries(3):  # type: ignore[operator]  # a fixture of pytest-django
        categories = list_waived(on=ON)
    found = {each.code: {p.code for p in each.procedures} for each in categories}
    assert set(found) == {"ho-tich", "lao-dong-nuoc-ngoai", "dang-ky-kinh-doanh", "dat-dai", "giay-phep-xay-dung"}
    assert {"1.001193", "1.000894"} <= found["ho-tich"] and found["giay-phep-xay-dung"] == {"1.013225"}
    assert list_waived(on=date(2024, 5, 28)) == ()
    out = StringIO()
    call_command("count_waived", on=ON, names=True, stdout=out)
    assert "1.001193" in out.getvalue() and "5 nhóm" in out.getvalue()
    version = find_procedure("1.004222", on=ON)
    assert version is not None
    adult = {"birth_on": "1990-01-01"}
    fee = compute_fee(version, channel="in_person", applicant_kind="person", on=ON, answers=adult)
    assert fee.amount_vnd == 20_000 and "poor_household" in list_asked_groups(version, fee, on=ON)
    free = compute_fee(
        version, channel="in_person", applicant_kind="person", on=ON, answers=adult, groups={"poor_household"}
    )
    assert free.amount_vnd == 0 and not list_asked_groups(version, free, on=ON)
    agency, page = make_agency(), reverse("procedures:waived")
    client, resident = Client(), Client()
    sign_in(client, make_official("counter", agency_id=agency.id).user_id)
    sign_in(resident, make_resident().user_id)
    assert "Đăng ký khai sinh" in client.get(page, {"nhom": "ho-tich"}).content.decode()
    assert "không có mức 0 đồng" in client.get(page, {"ngay": "2024-01-01"}).content.decode()
    assert (resident.get(page).status_code, Client().get(page).status_code) == (403, 302)
