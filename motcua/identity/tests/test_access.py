from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.audit.public import SYSTEM
from motcua.identity.public import (
    IdentityTaken,
    InvalidIdentityData,
    NotFound,
    end_role,
    get_officials,
    grant_role,
    list_officials,
)
from motcua.identity.rules import is_valid_on
from motcua.identity.tests.factories import make_official, make_principal, make_resident, sign_in
from motcua.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.urls("motcua.identity.tests.urls")]
TODAY = date(2026, 11, 23)


def test_visitors_are_sent_to_the_right_door(client: Client) -> None:
    assert client.get("/cua-toi/").headers["Location"] == "/dang-nhap/?next=%2Fcua-toi%2F"
    assert client.get("/ban-lam-viec/").headers["Location"] == "/dang-nhap/can-bo/?next=%2Fban-lam-viec%2F"
    assert client.get("/ky/").headers["Location"] == "/dang-nhap/can-bo/?next=%2Fky%2F"


def test_residents_open_their_pages_and_no_others(client: Client) -> None:
    sign_in(client, make_resident("Phạm Người Dân").user_id, level=1)
    assert client.get("/cua-toi/").content.decode().startswith("Phạm Người Dân|1|")
    assert client.get("/ban-lam-viec/").status_code == 403
    assert client.get("/ky/").status_code == 403
    assert client.get("/dang-nhap/xac-nhan/").status_code == 403


def test_officials_open_what_their_role_allows(client: Client, agency_id: int) -> None:
    sign_in(client, make_official("counter", agency_id=agency_id).user_id)
    assert client.get("/ban-lam-viec/").status_code == 200
    assert client.get("/ky/").status_code == 403
    response = client.get("/cua-toi/")
    assert response.status_code == 403
    assert "Trang này dành cho người dân" in response.content.decode()


def test_a_role_without_a_day_opens_nothing(client: Client, agency_id: int) -> None:
    official = make_official()
    today = clock.local_date(clock.now())
    for valid_from, valid_to in ((today - timedelta(days=9), today), (today + timedelta(days=1), None)):
        grant_role(
            official.user_id,
            role="counter",
            agency_id=agency_id,
            valid_from=valid_from,
            valid_to=valid_to,
            actor=SYSTEM,
            now=clock.now(),
        )
    sign_in(client, official.user_id)
    assert client.get("/ban-lam-viec/").status_code == 403


def test_ending_a_role_counts_from_its_day(agency_id: int) -> None:
    official = make_official("leader", agency_id=agency_id)
    end_role(official.user_id, role="leader", agency_id=agency_id, on=TODAY, actor=SYSTEM, now=clock.now())
    assert make_principal(official.user_id, on=TODAY - timedelta(days=1)).has_role("leader", agency_id)
    assert not make_principal(official.user_id, on=TODAY).has_role("leader")
    with pytest.raises(NotFound):
        end_role(official.user_id, role="leader", agency_id=agency_id, on=TODAY, actor=SYSTEM, now=clock.now())


def test_a_role_that_never_began_leaves_no_row(agency_id: int) -> None:
    official = make_official("leader", agency_id=agency_id)
    end_role(official.user_id, role="leader", agency_id=agency_id, on=date(2019, 1, 1), actor=SYSTEM, now=clock.now())
    assert make_principal(official.user_id, on=TODAY).grants == ()


def test_granting_refuses_nonsense(agency_id: int) -> None:
    official = make_official("leader", agency_id=agency_id)
    values = {"role": "leader", "agency_id": agency_id, "valid_from": TODAY, "actor": SYSTEM, "now": clock.now()}
    with pytest.raises(IdentityTaken):
        grant_role(official.user_id, **values)  # type: ignore[arg-type]  # the test's values are wider than the literal asked for
    with pytest.raises(InvalidIdentityData):
        grant_role(official.user_id, **(values | {"role": "counter", "valid_to": TODAY}))  # type: ignore[arg-type]  # the test's values are wider than the literal asked for
    with pytest.raises(NotFound):
        grant_role(make_resident().user_id or 0, **values)  # type: ignore[arg-type]  # the test's values are wider than the literal asked for


GRANTS = st.lists(
    st.tuples(
        st.sampled_from(["counter", "leader"]), st.booleans(), st.integers(-30, 30), st.none() | st.integers(1, 30)
    ),
    max_size=5,
)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(grants=GRANTS, offset=st.integers(-40, 70))
def test_roles_hold_exactly_on_their_days(
    agency_id: int, other_agency_id: int, grants: list[tuple[str, bool, int, int | None]], offset: int
) -> None:
    official = make_official()
    on = TODAY + timedelta(days=offset)
    expected: set[tuple[str, int]] = set()
    for role, is_here, start, length in grants:
        where = agency_id if is_here else other_agency_id
        valid_from = TODAY + timedelta(days=start)
        valid_to = None if length is None else valid_from + timedelta(days=length)
        try:
            grant_role(
                official.user_id,
                role=role,
                agency_id=where,
                valid_from=valid_from,
                valid_to=valid_to,
                actor=SYSTEM,
                now=clock.now(),
            )
        except IdentityTaken:
            continue
        if is_valid_on(valid_from, valid_to, on=on):
            expected.add((role, where))
    principal = make_principal(official.user_id, on=on)
    assert {(g.role, g.agency_id) for g in principal.grants} == expected
    assert set(principal.agency_ids()) == {where for _, where in expected}
    for role in ("counter", "leader"):
        listed = [o.user_id for o in list_officials(agency_id, role, on=on)]
        assert (official.user_id in listed) == ((role, agency_id) in expected)
        assert principal.has_role(role, agency_id) == ((role, agency_id) in expected)
        assert principal.has_role(role) == any(r == role for r, _ in expected)
    assert {
        (g.role, g.agency_id) for g in get_officials([official.user_id], on=on)[official.user_id].grants
    } == expected


def test_the_principal_names_itself_in_the_log(agency_id: int) -> None:
    official = make_official("leader", agency_id=agency_id, full_name="Hồ Lãnh Đạo")
    actor = make_principal(official.user_id, on=TODAY).to_actor(agency_code="H29.999")
    assert (actor.kind, actor.id, actor.name) == ("official", str(official.user_uuid), "Hồ Lãnh Đạo")
    assert actor.agency_code == "H29.999"
