"""The screen on which a register is stopped and opened again: whose it is, why, what it means, and the way back."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from motcua.audit.public import list_decisions_of
from motcua.exchange.models import Service, Subsystem
from motcua.exchange.public import list_closed_registers
from motcua.exchange.tests.factories import NOW, make_exchange
from motcua.identity.tests.factories import make_official, make_resident, sign_in
from motcua.kernel import clock
from motcua.places.public import AgencyInfo
from motcua.places.tests.factories import make_agency

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
STOP = {"viec": "stop", "ly-do": "Nâng cấp máy chủ", "chac-chan": "true"}


@pytest.fixture
def police() -> AgencyInfo:
    make_exchange()
    agency = make_agency()
    Subsystem.objects.filter(subsystem_code="DANCU").update(agency_code=agency.code)
    return agency


def enter(role: str, agency: AgencyInfo | None = None) -> Client:
    client = Client()
    sign_in(client, make_official(role, agency_id=(agency or make_agency()).id).user_id)
    return client


def test_its_steward_stops_a_register_and_opens_it_again(police: AgencyInfo) -> None:
    door, steward = reverse("exchange:register", args=["people"]), enter("data_steward", police)
    assert "Đang trả lời" in steward.get(door).content.decode()
    for missing in ({**STOP, "ly-do": " "}, {**STOP, "chac-chan": ""}):
        answer = steward.post(door, missing)
        assert answer.status_code == 422 and not list_closed_registers(now=clock.now())
    assert steward.post(door, STOP).status_code == 302
    assert list_closed_registers(now=clock.now()) == {"people"}
    assert steward.post(door, STOP).status_code == 302  # twice changes nothing
    shown = steward.get(door).content.decode()
    assert "Đang tạm ngừng" in shown and "Nâng cấp máy chủ" in shown
    assert "Sổ đang tạm ngừng: Dân cư" in enter("operator").get(reverse("exchange:home")).content.decode()
    assert steward.post(door, {"viec": "open", "ly-do": "Xong"}).status_code == 302
    assert not list_closed_registers(now=clock.now())
    what = [entry.what for entry in list_decisions_of("register:people").items]
    assert what == ["open_register", "stop_register"]


def test_nobody_else_stops_it(police: AgencyInfo) -> None:
    door, listed = reverse("exchange:register", args=["people"]), reverse("exchange:registers")
    resident = Client()
    sign_in(resident, make_resident().user_id, level=2)
    for client, status in ((Client(), 302), (resident, 403), (enter("counter"), 403)):
        assert client.get(door).status_code == status and client.post(door, STOP).status_code in (status, status + 1)
        assert client.get(listed).status_code == status
    stranger = enter("data_steward")
    assert "Tạm ngừng sổ" not in stranger.get(door).content.decode()
    assert stranger.post(door, STOP).status_code == 403
    assert Service.objects.get(register="people").is_active
    assert enter("operator").post(reverse("exchange:register", args=["none"]), STOP).status_code == 404
    assert enter("leader", police).post(door, STOP).status_code == 302


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("stop_register", *words, stdout=out)
    return out.getvalue()


def test_the_operator_stops_and_opens_by_command_and_the_trace_is_the_same(police: AgencyInfo) -> None:
    for words, told in ((["people"], "--reason"), (["people", "--reason", " "], "--reason"),
                        (["dan-cu", "--reason", "x"], "Các sổ đang có: people")):  # fmt: skip
        with pytest.raises(CommandError, match=told):
            run(*words)
    assert "đã tạm ngừng; hồ sơ vẫn nộp được" in run("people", "--reason", "Bảo trì ban đêm")
    assert list_closed_registers(now=clock.now()) == {"people"} and "đang tạm ngừng" in run()
    assert "không có gì thay đổi" in run("people", "--reason", "Lần nữa")
    shown = enter("data_steward", police).get(reverse("exchange:register", args=["people"])).content.decode()
    assert "Đang tạm ngừng" in shown and "Bảo trì ban đêm" in shown
    assert "đã mở lại" in run("people", "--open", "--reason", "Xong")
    entries = list_decisions_of("register:people").items
    assert [(each.what, each.details["reason"]) for each in entries] == [
        ("open_register", "Xong"), ("stop_register", "Bảo trì ban đêm")
    ]  # fmt: skip


def test_the_list_asks_as_often_for_many(police: AgencyInfo, django_assert_max_num_queries: Any) -> None:
    owner = Subsystem.objects.get(subsystem_code="DANCU")
    Service.objects.bulk_create(
        Service(subsystem=owner, code=f"s{number}", kind="register", register=f"so-{number}", title=f"Sổ {number}",
                endpoints=[], openapi={}, published_at=NOW)
        for number in range(15)
    )  # fmt: skip
    client = enter("operator")
    client.get(reverse("exchange:registers"))
    with django_assert_max_num_queries(15):
        assert client.get(reverse("exchange:registers")).content.decode().count("mc-card__title") == 16
