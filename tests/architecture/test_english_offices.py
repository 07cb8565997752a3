"""With English chosen, vault, own data, registers, exchange, national portal and signing hold no Vietnamese."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from motcua.audit.public import SYSTEM
from motcua.dossiers.tests.factories import City, act, file_dossier, make_city, open_task
from motcua.dossiers.tests.test_certify import receive
from motcua.exchange.actions.joining import ask_grant
from motcua.exchange.models import Service, Subsystem
from motcua.exchange.queries.services import find_service
from motcua.exchange.tests.factories import JUSTICE, PEOPLE, make_exchange
from motcua.identity.tests.factories import make_official
from motcua.indices.actions.refreshing import refresh_copy
from motcua.kernel import clock
from motcua.linkage.tests.factories import make_pair
from motcua.national.tests.test_pages import make_waiting
from motcua.outbox.public import drain
from motcua.registers.public import assign_owner, describe_registers, write_record
from motcua.registers.tests.factories import person
from motcua.vault.tests.factories import put_paper
from tests.architecture.test_english_pages import list_data, list_vietnamese, speak_english

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PRODUCT = Path(__file__).resolve().parents[2] / "motcua"
DATA = ("registers/data", "identity/data", "exchange/data", "dossiers/data", "audit/data")
GIVEN = (
    "Công an Thành phố", "Phường Thử", "Thử", "Nguyễn Thị Hạnh Thử", "Nguyễn Thị Thử", "Đăng ký hộ tịch",
    "Luật Hộ tịch", "Giấy khai sinh của Nguyễn Thị Thử", "Bằng tốt nghiệp trung học", "Sở Giáo dục", "Hệ thống Một Cửa",
)  # fmt: skip


@pytest.fixture
def city(db: None) -> City:
    return make_city()


@pytest.fixture
def data(city: City) -> list[str]:
    return list_words(city)


def list_words(city: City) -> list[str]:
    """Return what stands on the pages as data: words of registers, purposes, procedures and of the people here."""
    files = [path for folder in DATA for path in (PRODUCT / folder).rglob("*") if path.suffix in (".toml", ".json")]
    words = [word for path in files for word in re.findall(r'"((?:[^"\\\n]|\\.)*)"', path.read_text("utf-8"))]
    words = [*words, *GIVEN, *list_data(city)]
    return sorted({*words, *(f": {word}" for word in words if len(word) <= 5)}, key=len, reverse=True)


def look(client: Client, data: list[str], name: str, *args: object, **posted: str) -> list[str]:
    """Return the Vietnamese of a page, opened or posted to."""
    address = reverse(name, args=args)
    response = client.post(address, posted) if posted else client.get(address)
    while response.status_code in (301, 302):
        address = response.headers["Location"]
        response = client.get(address)
    assert response.status_code in (200, 409, 422), (address, response.status_code)
    return [f"{name}: {text}" for text in list_vietnamese(response.content.decode(), data)]


def enter(city: City, role: str) -> Client:
    return speak_english(make_official(role, agency_id=city.agency.id).user_id, stepped_up=True)


def test_what_a_resident_sees_of_vault_and_own_data(city: City, data: list[str]) -> None:
    client, now = speak_english(city.resident.user_id), clock.now()
    describe_registers(now=now)
    paper = put_paper(city.resident.ref, now=now, kind="result:1.001193")
    number = city.resident.personal_id or ""
    record = write_record(
        "people", person(number, "Nguyễn Thị Thử"), valid_from=now - timedelta(days=3), source="Công an Thành phố",
        now=now,
    )  # fmt: skip
    wrong: list[str] = []
    for name in ("vault:vault", "vault:delete_all", "portal:my_data", "portal:my_readings", "portal:my_consents",
                 "portal:my_copy", "dossiers:corrections", "portal:my_page"):  # fmt: skip
        wrong += look(client, data, name)
    for name in ("paper", "share", "delete_paper"):
        wrong += look(client, data, f"vault:{name}", paper.uuid)
    wrong += look(client, data, "vault:share", paper.uuid, purpose="")
    wrong += look(client, data, "vault:delete_paper", paper.uuid, xac_nhan="1")
    wrong += look(client, data, "vault:paper", paper.uuid)
    wrong += look(client, data, "portal:my_record", record.uuid)
    wrong += look(client, data, "portal:dispute", record.uuid, "full_name")
    wrong += look(client, data, "portal:dispute", record.uuid, "full_name", reason="")
    assert not wrong, "\n".join(wrong)


def test_what_stewards_see_of_registers_and_matching(city: City, data: list[str]) -> None:
    now = clock.now()
    describe_registers(now=now)
    assign_owner("people", agency_id=city.agency.id, actor=SYSTEM, now=now)
    client = enter(city, "data_steward")
    one, two = (
        write_record("people", person(f"07919000000{n}"), valid_from=now, source="Phường Thử", now=now).uuid
        for n in (1, 2)
    )
    pair = make_pair(one, two)
    wrong = look(client, data, "registers:home") + look(client, data, "linkage:queue")
    for name in ("register", "quality", "loads", "waiting"):
        wrong += look(client, data, f"registers:{name}", "people")
    wrong += look(client, data, "registers:find", "people", khoa="x")
    seen = {"khoa": "personal_id", "gia-tri": "079190000001", "ly-do": "Thử"}
    wrong += look(client, data, "registers:find", "people", **seen)
    wrong += look(client, data, "registers:record", "people", one)
    wrong += look(client, data, "linkage:pair", pair.uuid)
    wrong += look(client, data, "linkage:pair", pair.uuid, noi="x")
    assert not wrong, "\n".join(wrong)


def make_wish() -> UUID:
    service, now = find_service(PEOPLE), clock.now()
    assert service is not None
    return ask_grant(
        JUSTICE, service=service, purpose="Đăng ký hộ tịch", legal_ground="Luật Hộ tịch", fields=["full_name"],
        valid_from=now - timedelta(days=1), actor=SYSTEM, now=now,
    )  # fmt: skip


def test_what_the_exchange_shows(city: City, data: list[str]) -> None:
    make_exchange()
    Subsystem.objects.filter(subsystem_code="DANCU").update(agency_code=city.agency.code)
    data = [*Subsystem.objects.values_list("name", flat=True), *Service.objects.values_list("title", flat=True), *data]
    service, member = Service.objects.get(code="people"), Subsystem.objects.get(subsystem_code="DANCU")
    grant = make_wish()
    wrong: list[str] = []
    for role in ("leader", "operator"):
        client = enter(city, role)
        for name in ("home", "services", "grants", "calls"):
            wrong += look(client, data, f"exchange:{name}")
        wrong += look(client, data, "exchange:grant", grant) + look(client, data, "exchange:service", service.pk)
        wrong += look(client, data, "exchange:member", member.uuid)
    wrong += look(enter(city, "operator"), data, "exchange:members")
    wrong += look(enter(city, "leader"), data, "exchange:grant", grant, **{"viec": "refuse", "ly-do": ""})
    wrong += look(enter(city, "data_steward"), data, "exchange:ask", service.pk)
    assert not wrong, "\n".join(wrong)


def test_what_the_office_sees_of_the_national_portal(city: City, data: list[str]) -> None:
    row = make_waiting(city)
    operator, counter = enter(city, "operator"), enter(city, "counter")
    data = ["Cổng Dịch vụ công quốc gia", "Lê Thị Gói", *data]  # who signed the package, and in whose name it is
    wrong: list[str] = []
    for name in ("status", "differences", "queue"):
        wrong += look(operator, data, f"national:{name}")
    wrong += look(operator, data, "national:resend", ma="H29.0") + look(counter, data, "national:onward")
    wrong += look(counter, data, "national:intake", row.uuid)
    wrong += look(counter, data, "national:give_back", row.uuid, note="")
    assert not wrong, "\n".join(wrong)


def test_what_stands_before_certifying_and_signing(city: City, data: list[str]) -> None:
    counter, leader = enter(city, "counter"), enter(city, "leader")
    copy = receive(city, original_issued_on=date(2010, 6, 20))
    wrong = look(counter, data, "dossiers:certify_list") + look(counter, data, "dossiers:certify_new")
    wrong += look(counter, data, "dossiers:certify_new", kind="person")
    wrong += look(counter, data, "dossiers:certify", copy.uuid)
    filed = file_dossier(city)
    act(enter(city, "counter"), open_task(filed.case_id, "dossiers.receive"), "accept")
    act(enter(city, "specialist"), open_task(filed.case_id, "dossiers.appraise"), "approve", note="Thử")
    drain(now=clock.now())
    task = open_task(filed.case_id, "dossiers.sign")
    wrong += look(leader, data, "dossiers:signing_list")
    page = leader.get(reverse("dossiers:signing_read", args=[task.uuid])).content.decode()
    page = re.sub(r"<figure\b.*?</figure>", " ", page, flags=re.S)  # the paper itself is Vietnamese
    wrong += [f"signing_read: {text}" for text in list_vietnamese(page, data)]
    assert not wrong, "\n".join(wrong)


def test_what_money_and_delays_show(city: City, data: list[str]) -> None:
    counter, leader, keeper = enter(city, "counter"), enter(city, "leader"), enter(city, "data_protection")
    wrong = look(counter, data, "payments:till") + look(leader, data, "payments:refunds")
    wrong += look(leader, data, "payments:matching") + look(leader, data, "payments:receipt_office")
    wrong += look(speak_english(), data, "payments:receipt_search")
    wrong += look(leader, data, "dossiers:asked")
    wrong += look(keeper, data, "portal:delays") + look(keeper, data, "portal:delays", decision_no="")
    assert not wrong, "\n".join(wrong)


def test_what_the_figures_show(city: City, data: list[str], tmp_path: Path, settings: Any) -> None:
    settings.MOTCUA_COPY_DIR = tmp_path / "copy"
    leader = enter(city, "leader")
    wrong = list_vietnamese(leader.get(reverse("indices:home")).content.decode(), data)  # there is no copy yet
    file_dossier(city)
    drain(now=clock.now())
    refresh_copy(now=clock.now())
    wrong += look(leader, data, "indices:home")
    for name in ("co-quan", "thu-tuc", "kenh", "trang-thai", "dia-ban"):
        wrong += look(leader, data, "indices:report", name)
    wrong += list_vietnamese(leader.get(reverse("indices:home"), {"tu": "x", "co-quan": "H29"}).content.decode(), data)
    assert not wrong, "\n".join(wrong)
