"""My data: what is held, who read it, what is wrong with it, consent, a copy; nobody else's."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pypdfium2  # type: ignore[import-untyped]  # it carries no type information
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motcua.audit.public import SYSTEM, Actor, AuditRecord, record_all, record_read
from motcua.cases.public import get_case
from motcua.documents.public import verify_pdf
from motcua.dossiers.tests.factories import City, file_dossier, make_city
from motcua.identity.public import PersonInfo, delegate, has_consent, list_consents
from motcua.identity.tests.factories import make_official, make_organisation, make_person, make_resident, sign_in
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.registers.public import RecordInfo, correct_record, describe_registers, write_record
from motcua.ui.tests.html import words

pytestmark = pytest.mark.django_db
MEMBER = Actor(kind="system", id="VN/GOV/H29.15/HOTICH", name="Sở Tư pháp (Hộ tịch)")


@dataclass(frozen=True)
class World:
    city: City
    mother: PersonInfo
    child: PersonInfo
    firm: Any
    record: RecordInfo
    client: Client


@pytest.fixture
def world(db: None) -> World:
    """A mother with a child and a firm, known to the register of people; signed in."""
    now = clock.now()
    city = make_city()
    mother = city.resident
    child = make_person("Bé Gia Thử", birth_on=date(2021, 3, 4))
    delegate(
        child.ref, delegate_person_id=mother.id, ground="parent", valid_from=local_date(now), actor=SYSTEM, now=now
    )
    firm = make_organisation("Công ty Thử Nước", legal_representative_id=mother.id)
    describe_registers(now=now)
    record = put("people", {"personal_id": mother.personal_id, "full_name": "Nguyễn Thị Thử", "sex": "female",
                            "permanent_address": "2 Lê Lợi"})  # fmt: skip
    put("people", {"personal_id": child.personal_id, "full_name": "Bé Gia Thử", "mother_id": mother.personal_id})
    client = Client()
    sign_in(client, mother.user_id)
    return World(city=city, mother=mother, child=child, firm=firm, record=record, client=client)


def put(register: str, data: dict[str, Any], *, days_ago: int = 3, source: str = "Công an Thành phố") -> RecordInfo:
    now = clock.now()
    return write_record(register, data, valid_from=now - timedelta(days=days_ago), source=source, now=now)


def read(world: World, subject: str, *, actor: Actor | None = None, what: str = "people:full_name") -> None:
    reader = actor or Actor(kind="official", id=str(world.city.counter.user_uuid), name="Tên Cán Bộ Kín",
                            agency_code=world.city.agency.code)  # fmt: skip
    record_read(
        reader, subject=subject, what=what, purpose="Đăng ký khai sinh", legal_ground="Luật Hộ tịch", now=clock.now()
    )


def show(client: Client, name: str, *args: object, **query: str) -> str:
    response = client.get(reverse(f"portal:{name}", args=args), query)
    assert response.status_code == 200, response.content.decode()[:500]
    return words(response)


@pytest.mark.slow
def test_what_is_held_says_where_from_and_since_when(world: World) -> None:
    page = show(world.client, "my_data")
    for text in ("Dân cư", "2 Lê Lợi", "Nữ", "Nguồn: Công an Thành phố", "Đúng từ", "Thành phố biết từ", "Báo sai"):
        assert text in page
    assert "Bé Gia Thử" not in page.replace("Xem dữ liệu của", "").split("Dân cư")[1]


@pytest.mark.slow
def test_a_spouse_or_relative_who_names_me_is_not_mine(world: World) -> None:
    put("people", {"personal_id": "079085900009", "full_name": "Chồng Của Thử", "spouse_id": world.mother.personal_id})
    put("vehicles", {"plate_no": "59X1-00001", "kind": "motorcycle", "owner_id": world.mother.personal_id,
                     "status": "in_use"})  # fmt: skip
    page = show(world.client, "my_data")
    assert "Chồng Của Thử" not in page
    assert "59X1-00001" in page and "Xe máy" in page


@pytest.mark.slow
def test_readers_are_named_by_office_and_role_and_programs_by_member_name(world: World) -> None:
    read(world, f"record:{world.record.uuid}")
    read(world, f"record:{world.record.uuid}", actor=MEMBER)
    read(world, "record:" + str(uuid4()), what="people:permanent_address")
    page = show(world.client, "my_readings")
    assert world.city.agency.name in page and "cán bộ Bộ phận Một Cửa" in page
    assert "Tên Cán Bộ Kín" not in page
    assert "Sở Tư pháp (Hộ tịch)" in page
    assert "Mục đích: Đăng ký khai sinh" in page and "Căn cứ: Luật Hộ tịch" in page
    assert "2 lượt đọc." in page


@pytest.mark.slow
def test_ones_own_looks_are_noted_and_shown_when_asked(world: World) -> None:
    show(world.client, "my_data")
    assert "0 lượt đọc" not in (first := show(world.client, "my_readings")) and "Không có lượt đọc nào" in first
    assert "Chính bạn" in show(world.client, "my_readings", ca_toi="true")


@pytest.mark.slow
def test_readings_are_searched_by_day_and_reader(world: World) -> None:
    read(world, f"record:{world.record.uuid}")
    read(world, f"record:{world.record.uuid}", actor=MEMBER)
    today = local_date(clock.now())
    yesterday = today - timedelta(days=1)
    assert "1 lượt đọc." in show(world.client, "my_readings", nguoi_doc="ben thanh")
    assert "1 lượt đọc." in show(world.client, "my_readings", nguoi_doc="Hộ tịch")
    assert "Không có lượt đọc nào" in show(world.client, "my_readings", nguoi_doc="Kín")
    assert "2 lượt đọc." in show(world.client, "my_readings", tu=f"{today:%d/%m/%Y}")
    assert "Không có lượt đọc nào" in show(world.client, "my_readings", den=f"{yesterday:%d/%m/%Y}")
    wrong = world.client.get(reverse("portal:my_readings"), {"tu": "hôm qua"})
    assert wrong.status_code == 422 and "22/11/2026" in words(wrong)


@pytest.mark.slow
def test_all_registers_are_asked_at_once_in_a_process_that_has_read_none(world: World) -> None:
    """Who is signed in and for whom (5), registers (3: which, descriptions, schemas), records, the note, her row."""
    for number in range(3):
        put("vehicles", {"plate_no": f"59X1-0010{number}", "kind": "motorcycle", "owner_id": world.mother.personal_id,
                         "status": "in_use"})  # fmt: skip
    describe_registers(now=clock.now())  # forgets what this process has read
    for expected in (11, 9):
        with CaptureQueriesContext(connection) as queries:
            assert "59X1-00102" in show(world.client, "my_data")
        assert len(queries) == expected


@pytest.mark.slow
def test_a_thousand_readings_cost_what_one_does(world: World) -> None:
    subject = f"record:{world.record.uuid}"

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            show(world.client, "my_readings")
        return len(queries)

    read(world, subject)
    count()
    one = count()
    officials = [make_official("specialist", agency_id=world.city.agency.id) for _number in range(5)]
    record_all(
        [
            AuditRecord(
                kind="read",
                actor=Actor(kind="official", id=str(officials[number % 5].user_uuid), name="x", agency_code="H29"),
                subject=subject, what="people:*", purpose="p", legal_ground="g",
            )
            for number in range(1_000)
        ],
        now=clock.now(),
    )  # fmt: skip
    assert count() == one


@pytest.mark.slow
def test_readings_of_a_dossier_in_ones_name_are_seen(world: World) -> None:
    filed = file_dossier(world.city)
    client = Client()
    sign_in(client, world.city.counter.user_id)
    assert client.get(reverse("dossiers:case", args=[get_case(filed.case_id).uuid])).status_code == 200
    page = show(world.client, "my_readings")
    assert f"Hồ sơ {filed.dossier_no}" in page and "Giải quyết thủ tục hành chính" in page


@pytest.mark.slow
def test_a_reading_stays_with_whom_the_record_was_of_then(world: World) -> None:
    """A vehicle is sold: the old owner keeps his readings, the new one sees none of them, and the other way round."""
    other = make_resident("Người Mua Thử")
    data = {"plate_no": "59X1-00002", "kind": "motorcycle", "owner_id": world.mother.personal_id, "status": "in_use"}
    record = put("vehicles", data, days_ago=30)
    read(world, f"record:{record.uuid}", what="vehicles:owner_id")
    now = clock.now()
    write_record("vehicles", data | {"owner_id": other.personal_id}, valid_from=now, source="Công an", now=now)
    read(world, f"record:{record.uuid}", actor=MEMBER, what="vehicles:plate_no")
    buyer = Client()
    sign_in(buyer, other.user_id)
    assert "1 lượt đọc." in (mine := show(world.client, "my_readings")) and world.city.agency.name in mine
    assert "1 lượt đọc." in (theirs := show(buyer, "my_readings")) and "Sở Tư pháp (Hộ tịch)" in theirs


# --- who may


@pytest.mark.slow
def test_nobody_sees_anothers_data(world: World) -> None:
    stranger = make_resident("Người Lạ Thử")
    client = Client()
    sign_in(client, stranger.user_id)
    read(world, f"record:{world.record.uuid}")
    assert "2 Lê Lợi" not in show(client, "my_data")
    assert "Không có lượt đọc nào" in show(client, "my_readings")
    names = ("my_data", "my_readings", "my_consents", "my_copy")
    for name in names:
        for party in (world.mother.uuid, world.child.uuid, world.firm.uuid, uuid4()):
            assert client.get(reverse(f"portal:{name}"), {"cua": str(party)}).status_code == 404
            assert client.post(reverse(f"portal:{name}"), {"cua": str(party)}).status_code in (404, 405)
    for name, args in (("my_record", [world.record.uuid]), ("dispute", [world.record.uuid, "full_name"])):
        assert client.get(reverse(f"portal:{name}", args=args)).status_code == 404


@pytest.mark.slow
def test_a_parent_sees_her_minor_child_and_a_head_her_firm(world: World) -> None:
    page = show(world.client, "my_data", cua=str(world.child.uuid))
    assert "Bé Gia Thử" in page and "2 Lê Lợi" not in page
    firm = {"tax_code": world.firm.identifier, "name": "Công ty Thử Nước", "kind": "enterprise", "status": "active"}
    put("enterprises", firm)
    assert "Công ty Thử Nước" in show(world.client, "my_data", cua=str(world.firm.uuid))
    assert world.client.get(reverse("portal:my_consents"), {"cua": str(world.firm.uuid)}).status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("name", ["my_data", "my_readings", "my_consents", "my_copy"])
def test_level_one_and_officials_and_visitors_are_kept_out(world: World, name: str) -> None:
    address = reverse(f"portal:{name}")
    assert Client().get(address).status_code == 302
    low = Client()
    sign_in(low, world.mother.user_id, level=1)
    refused = low.get(address)
    assert refused.status_code == 403 and "mức độ 2" in words(refused)
    official = Client()
    sign_in(official, world.city.counter.user_id)
    assert official.get(address).status_code == 403


# --- history, dispute, consent, copy


@pytest.mark.slow
def test_history_keeps_what_was_said_before(world: World) -> None:
    now = clock.now()
    correct_record(world.record.uuid, {"personal_id": world.mother.personal_id, "full_name": "Nguyễn Thị Thử",
                   "permanent_address": "20 Lê Lợi"}, source="Đính chính", actor="Trần Thử", now=now)  # fmt: skip
    page = show(world.client, "my_record", world.record.uuid)
    assert "20 Lê Lợi" in page and "2 Lê Lợi" in page and "đang dùng" in page and "đã được ghi lại" in page


@pytest.mark.slow
def test_a_dispute_needs_a_value_and_a_reason(world: World) -> None:
    address = reverse("portal:dispute", args=[world.record.uuid, "permanent_address"])
    assert "2 Lê Lợi" in words(world.client.get(address))
    refused = world.client.post(address, {"claimed": "", "reason": ""})
    assert refused.status_code == 422 and "Hãy ghi giá trị đúng" in words(refused)
    assert world.client.get(reverse("portal:dispute", args=[world.record.uuid, "religion"])).status_code == 404


@pytest.mark.slow
def test_consent_is_given_and_withdrawn_by_one_press(world: World) -> None:
    states = list_consents(world.mother.id, at=clock.now())
    shown = next(state for state in states if state.purpose.code == "expiry_reminders").purpose
    values = {"purpose": shown.code, "shown": shown.sha256}
    assert world.client.post(reverse("portal:my_consents"), values | {"act": "give"}).status_code == 302
    assert has_consent(world.mother.id, purpose=shown.code, at=clock.now())
    assert "Rút lại đồng ý" in show(world.client, "my_consents")
    assert (
        world.client.post(reverse("portal:my_consents"), {"purpose": shown.code, "act": "withdraw"}).status_code == 302
    )
    assert not has_consent(world.mother.id, purpose=shown.code, at=clock.now())
    stale = world.client.post(reverse("portal:my_consents"), values | {"act": "give", "shown": "0" * 64})
    assert stale.status_code == 409


@pytest.mark.slow
def test_a_parent_consents_for_the_child_and_the_history_names_her(world: World) -> None:
    address = reverse("portal:my_consents")
    shown = list_consents(world.child.id, at=clock.now())[0].purpose
    world.client.post(
        address, {"cua": str(world.child.uuid), "purpose": shown.code, "shown": shown.sha256, "act": "give"}
    )
    assert has_consent(world.child.id, purpose=shown.code, at=clock.now())
    assert not has_consent(world.mother.id, purpose=shown.code, at=clock.now())
    assert world.mother.full_name in show(world.client, "my_consents", cua=str(world.child.uuid))


@pytest.mark.slow
def test_the_copy_holds_everything_and_is_itself_noted(world: World) -> None:
    filed = file_dossier(world.city)
    read(world, f"record:{world.record.uuid}")
    response = world.client.post(reverse("portal:my_copy"))
    assert response["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.namelist() == ["du-lieu.json", "doc.html", "doc.pdf"]
        data = json.loads(archive.read("du-lieu.json"))
        page = archive.read("doc.html").decode()
        assert verify_pdf(archive.read("doc.pdf")).is_valid
        paper = pypdfium2.PdfDocument(archive.read("doc.pdf"))
    assert data["account"]["personal_id"] == world.mother.personal_id
    assert data["registers"][0]["records"][0]["data"]["permanent_address"] == "2 Lê Lợi"
    assert [each["dossier"]["dossier_no"] for each in data["dossiers"]] == [filed.dossier_no]
    assert {row["purpose"] for row in data["readings"]} >= {"Đăng ký khai sinh"}
    words = " ".join(each.get_textpage().get_text_bounded() for each in paper)
    assert all(each in words for each in ("2 Lê Lợi", filed.dossier_no, world.mother.full_name, "Đăng ký khai sinh"))
    assert "2 Lê Lợi" in page and filed.dossier_no in page and "<script" not in page
    assert "tải về toàn bộ dữ liệu" in show(world.client, "my_readings", ca_toi="true")
