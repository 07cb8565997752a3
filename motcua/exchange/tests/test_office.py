"""The exchange's office: who may see and do what, page by page; lists ask as often for many rows as for few."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from motcua.audit.public import Actor
from motcua.exchange.actions.joining import ask_grant, publish_http_service
from motcua.exchange.models import Grant, Message, Service, Subsystem, SubsystemKey
from motcua.exchange.queries.services import find_service
from motcua.exchange.rules.policy import Viewer, may_approve, may_manage, may_revoke, may_see
from motcua.exchange.rules.reading_openapi import list_operations
from motcua.exchange.tests.factories import JUSTICE, NOW, PEOPLE, POLICE, STRANGER, make_exchange
from motcua.exchange.tests.test_signing import KEYS, pem
from motcua.exchange.types import Endpoint, ServiceId
from motcua.identity.tests.factories import make_official, make_resident, sign_in
from motcua.kernel import clock
from motcua.places.public import AgencyInfo
from motcua.places.tests.factories import make_agency

pytestmark = pytest.mark.django_db
ASKED = {
    "purpose": "Thử", "legal_ground": "Luật Thử", "fields_asked": "full_name\nphone", "valid_from": "2026-01-01",
    "rate_per_minute": "60",
}  # fmt: skip


@pytest.fixture
def police() -> AgencyInfo:
    return _agency("DANCU")


@pytest.fixture
def justice() -> AgencyInfo:
    return _agency("HOTICH")


@pytest.fixture(autouse=True)
def _exchange(db: None) -> None:
    make_exchange()


def _agency(subsystem: str) -> AgencyInfo:
    agency = make_agency()
    Subsystem.objects.filter(subsystem_code=subsystem).update(agency_code=agency.code)
    return agency


def enter(role: str, agency: AgencyInfo | None = None) -> Client:
    client = Client()
    sign_in(client, make_official(role, agency_id=(agency or make_agency()).id).user_id)
    return client


def wish(asked_by: str = "somebody") -> Grant:
    service, now = find_service(PEOPLE), clock.now()
    assert service is not None
    asker = Actor(kind="official", id=asked_by, name="Thử")
    made = ask_grant(
        JUSTICE, service=service, purpose="Đăng ký", legal_ground="Luật", fields=["full_name"],
        valid_from=now - timedelta(days=1), actor=asker, now=now,
    )  # fmt: skip
    return Grant.objects.get(uuid=made)


def at(name: str, *args: Any) -> str:
    return reverse(f"exchange:{name}", args=args)


def member_of(code: str) -> Subsystem:
    return Subsystem.objects.get(subsystem_code=code)


@pytest.mark.slow
def test_a_wish_goes_from_the_asker_to_the_owner_and_may_be_ended_by_either(
    police: AgencyInfo, justice: AgencyInfo
) -> None:
    asker, owner = enter("data_steward", justice), enter("leader", police)
    service = Service.objects.get(code="people")
    page = at("ask", service.pk)
    assert "Họ và tên <small><code>full_name</code></small>" in asker.get(page).content.decode()
    asked = {**ASKED, "consumer": str(member_of("HOTICH").uuid)}
    for wrong in ({"fields_asked": "none"}, {"purpose": ""}, {"valid_to": "2025-01-01"}, {"rate_per_minute": "x"}):
        assert asker.post(page, {**asked, **wrong}).status_code == 422, wrong
    assert asker.post(page, {**asked, "consumer": str(member_of("DANCU").uuid)}).status_code == 403
    assert asker.post(page, asked).status_code == 302
    row = Grant.objects.get()
    assert (row.fields, row.purpose) == (["full_name", "phone"], "Thử")
    page = at("grant", row.uuid)
    assert asker.post(page, {"viec": "approve"}).status_code == 403
    shown = owner.get(page).content.decode()
    assert "<li>Họ và tên <small><code>full_name</code></small></li>" in shown and "Duyệt" in shown
    assert owner.post(page, {"viec": "approve"}).status_code == 302
    row.refresh_from_db()
    assert row.approved_at is not None
    assert owner.post(page, {"viec": "approve"}).status_code == 403  # once
    assert owner.post(page, {"viec": "revoke", "ly-do": ""}).status_code == 422
    assert owner.post(page, {"viec": "revoke", "ly-do": "hết nhu cầu"}).status_code == 302
    row.refresh_from_db()
    assert row.revoked_at is not None and owner.post(page, {"viec": "revoke", "ly-do": "x"}).status_code == 403


@pytest.mark.slow
def test_nobody_approves_what_they_asked_nor_what_is_not_theirs(police: AgencyInfo, justice: AgencyInfo) -> None:
    owner = make_official("leader", agency_id=police.id)
    client = Client()
    sign_in(client, owner.user_id)
    row = wish(str(owner.user_uuid))
    assert client.post(at("grant", row.uuid), {"viec": "approve"}).status_code == 403
    for role, agency in (("leader", justice), ("operator", None), ("data_steward", police)):
        assert enter(role, agency).post(at("grant", row.uuid), {"viec": "approve"}).status_code == 403, role
    row.refresh_from_db()
    assert row.approved_at is None


def test_a_wish_may_be_refused_with_a_reason(police: AgencyInfo) -> None:
    row, owner = wish(), enter("leader", police)
    assert owner.post(at("grant", row.uuid), {"viec": "refuse", "ly-do": "không cần"}).status_code == 302
    row.refresh_from_db()
    assert row.revoked_reason == "không cần" and row.approved_at is None
    assert "Đã thu hồi hoặc từ chối" in owner.get(at("grants"), {"tinh-trang": "revoked"}).content.decode()


def pages(row: Grant) -> list[str]:
    service, member = Service.objects.get(code="people"), member_of("DANCU")
    return [
        at("home"), at("members"), at("member", member.uuid), at("publish", member.uuid), at("services"),
        at("service", service.pk), at("ask", service.pk), at("grants"), at("grant", row.uuid), at("calls"),
    ]  # fmt: skip


@pytest.mark.slow
def test_each_page_is_shut_to_others_and_open_to_its_own(police: AgencyInfo) -> None:
    row = wish()
    doors = pages(row)
    resident = Client()
    sign_in(resident, make_resident().user_id, level=2)
    for door in doors:
        assert Client().get(door).status_code == 302, door
        assert resident.get(door).status_code == 403, door
        assert enter("counter").get(door).status_code == 403, door
        assert enter("operator").get(door).status_code == 200, door
        assert enter("leader", police).get(door).status_code == 200, door
    other = enter("leader")
    assert other.get(at("grant", row.uuid)).status_code == 404  # that it is there is not told either
    assert other.get(at("publish", member_of("DANCU").uuid)).status_code == 403
    assert "Đăng ký" not in other.get(at("grants")).content.decode()
    for door in (at("grant", uuid4()), at("member", uuid4()), at("service", 0), at("ask", 0)):
        assert enter("operator").get(door).status_code == 404


@pytest.mark.slow
def test_the_log_shows_each_member_its_own_calls(police: AgencyInfo, justice: AgencyInfo) -> None:
    for client, service in ((JUSTICE, PEOPLE), (STRANGER, ServiceId(STRANGER, "x"))):
        for number, fault in enumerate(("", "Server.ServerProxy.AccessDenied")):
            Message.objects.create(
                at=NOW + timedelta(days=number), message_id=f"m-{client.member_code}-{number}", client=str(client),
                service=str(service), purpose="Việc thử", legal_ground="L", status=200, fault=fault,
                request_sha512="a", response_sha512="b",
            )  # fmt: skip

    def shown(client: Client, **asked: str) -> int:
        named = {name.replace("_", "-"): value for name, value in asked.items()}
        return client.get(at("calls"), named).content.decode().count("Việc thử")

    operator, leader, other = enter("operator"), enter("leader", police), enter("leader")
    assert (shown(operator), shown(leader), shown(other)) == (4, 2, 0) and shown(enter("data_steward", justice)) == 2
    assert shown(leader, bi_tu_choi="co") == 1 and shown(leader, bi_tu_choi="khong") == 1
    assert shown(operator, q=f"m-{STRANGER.member_code}-0") == 1 + 0 and shown(operator, ben_goi=str(JUSTICE)) == 2
    assert shown(operator, dich_vu=str(PEOPLE)) == 2 and shown(operator, den="2026-03-02") == 2
    assert shown(operator, tu="2026-03-03") == 2 and shown(operator, tu="x", den="9999-99-99", trang="x") == 4


@pytest.mark.slow
def test_the_operator_enters_members_and_stops_them() -> None:
    operator, leader = enter("operator"), enter("leader")
    told = {"name": "Sở Thử", "instance": "VN", "member_class": "GOV", "member_code": "H29.77", "subsystem_code": "THU",
            "agency_code": "H29.77", "addresses": "10.0.0.0/8\n", "may_describe": "true"}  # fmt: skip
    assert leader.post(at("members"), told).status_code == 403
    for name, value in (("member_code", "H 77"), ("addresses", "x"), ("name", "")):
        assert operator.post(at("members"), {**told, name: value}).status_code == 422, name
    assert operator.post(at("members"), told).status_code == 302
    made = Subsystem.objects.get(subsystem_code="THU")
    assert made.addresses == ["10.0.0.0/8"] and made.may_describe
    page = at("member", made.uuid)
    assert leader.post(page, {"viec": "suspend", "ly-do": "x"}).status_code == 403
    assert operator.post(page, {"viec": "suspend", "ly-do": ""}).status_code == 422
    assert operator.post(page, {"viec": "suspend", "ly-do": "hết việc"}).status_code == 302
    made.refresh_from_db()
    assert not made.is_active and "Đã ngừng" in operator.get(at("members"), {"q": "Sở Thử"}).content.decode()
    assert operator.post(at("members"), told).status_code == 302
    made.refresh_from_db()
    assert made.is_active


@pytest.mark.slow
def test_keys_change_without_a_gap_by_hand_too(police: AgencyInfo) -> None:
    owner, member = enter("leader", police), member_of("DANCU")
    page = at("member", member.uuid)
    for name, key in (("cu", "ed25519"), ("moi", "ecdsa")):
        told = {"viec": "add_key", "kind": "signature", "key_id": name, "pem": pem(KEYS[key])}
        assert owner.post(page, told).status_code == 302
    assert owner.post(page, {"viec": "add_key", "kind": "signature", "key_id": "x y", "pem": "x"}).status_code == 422
    assert owner.post(page, {"viec": "add_key", "kind": "signature", "key_id": "z", "pem": "x"}).status_code == 422
    assert owner.get(page).content.decode().count("Đang dùng") == 2
    assert owner.post(page, {"viec": "end_key", "khoa": "cu"}).status_code == 422  # not without being sure
    assert owner.post(page, {"viec": "end_key", "khoa": "cu", "chac-chan": "true"}).status_code == 302
    assert SubsystemKey.objects.filter(valid_to__isnull=True).count() == 1
    other = enter("leader", _agency("HOTICH"))
    own = at("member", member_of("HOTICH").uuid)
    assert other.post(own, {"viec": "end_key", "khoa": "moi", "chac-chan": "true"}).status_code == 403
    assert other.post(page, {"viec": "end_key", "khoa": "moi", "chac-chan": "true"}).status_code == 403
    assert "SHA-256" not in other.get(page).content.decode()


@pytest.mark.slow
def test_a_service_is_offered_and_described(police: AgencyInfo) -> None:
    owner, member = enter("leader", police), member_of("DANCU")
    page = at("publish", member.uuid)
    told = {"kind": "http", "code": "land", "title": "Đất đai", "base_url": "http://inside.example/api",
            "endpoints": "GET /parcels/*", "timeout_seconds": "5", "cache_seconds": "60", "max_bytes": "100000",
            "openapi": '{"openapi": "3.0.0", "paths": {"/a/{no}": {"get": {"summary": "Đọc thửa đất"}}}}'}  # fmt: skip
    for name, value in (("endpoints", "FETCH x"), ("endpoints", ""), ("base_url", "ftp://x"), ("openapi", "[]"),
                        ("code", "a b"), ("kind", "register")):  # fmt: skip
        assert owner.post(page, {**told, name: value}).status_code == 422, (name, value)
    assert owner.post(page, told).status_code == 302
    made = Service.objects.get(code="land")
    shown = owner.get(at("service", made.pk)).content.decode()
    assert "Đọc thửa đất" in shown and "inside.example" in shown
    assert "inside.example" not in enter("leader").get(at("service", made.pk)).content.decode()
    told |= {"kind": "register", "register": "people", "code": "dan", "openapi": ""}
    assert owner.post(page, told).status_code == 302
    people = owner.get(at("service", Service.objects.get(code="dan").pk)).content.decode()
    assert "full_name" in people and "/{key}/{value}" in people


@pytest.mark.slow
@pytest.mark.parametrize("name", ["home", "members", "services", "grants", "calls"])
def test_lists_ask_as_often_for_many_rows(name: str, police: AgencyInfo, django_assert_max_num_queries: Any) -> None:
    for number in range(25):
        wish()
        publish_http_service(
            ServiceId(POLICE, f"s{number}"), base_url="http://inside.example/", title=f"Dịch vụ {number}", openapi={},
            endpoints=[Endpoint("GET", "/a")], now=NOW,
        )  # fmt: skip
        Subsystem.objects.create(instance="VN", member_class="GOV", member_code=f"x{number}", name="Thử", joined_at=NOW)
    owner = enter("leader", police)
    owner.get(at(name))
    with django_assert_max_num_queries(14):
        assert owner.get(at(name), {"trang": "2"}).status_code == 200


CODES = st.sampled_from(["", "A", "B", "C"])


@pytest.mark.slow
@given(st.booleans(), st.frozensets(st.sampled_from("ABC")), st.frozensets(st.sampled_from("ABC")), CODES, CODES)
def test_nobody_may_more_than_their_agencies_allow(
    is_operator: bool, leads: frozenset[str], tends: frozenset[str], owner: str, consumer: str
) -> None:
    viewer = Viewer(is_operator=is_operator, leads=leads, tends=tends)
    assert may_approve(viewer, owner) == (owner in leads if owner else is_operator)
    assert may_manage(viewer, owner) == (is_operator or owner in leads | tends)
    assert may_see(viewer, owner, consumer) == (is_operator or bool({owner, consumer} & (leads | tends)))
    if may_revoke(viewer, owner_agency=owner, consumer_agency=consumer):
        assert is_operator or {owner, consumer} & leads


ANY = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=4), st.just({"$ref": "#/components/schemas/A"})),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(
            st.sampled_from(["get", "parameters", "schema", "properties", "items", "responses", "content", "$ref"]),
            inner, max_size=3,
        ),
    ),
    max_leaves=20,
)  # fmt: skip


@pytest.mark.slow
@given(ANY, ANY)
def test_no_description_breaks_the_page(paths: Any, schema: Any) -> None:
    described = {"paths": {"/a": {"get": paths}, "/b": paths}, "components": {"schemas": {"A": schema}}}
    for operation in list_operations(described):
        assert operation.method and operation.path
