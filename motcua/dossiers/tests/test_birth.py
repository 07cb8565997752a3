"""A birth from the desk to the registers: the leader signs, and the child is a person with an act, at once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

import motcua.procedures
from motcua.cases.public import list_timeline
from motcua.dossiers.models import DraftResult, Result
from motcua.dossiers.public import Filed, file_draft, start_draft
from motcua.dossiers.queries.drafts import get_live_draft
from motcua.dossiers.tests.factories import City, act, open_task
from motcua.dossiers.tests.test_office_pages import client_of
from motcua.identity.public import PartyRef
from motcua.identity.tests.factories import make_principal
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.outbox.public import drain
from motcua.procedures.public import publish_package, read_package_folder
from motcua.registers.public import Wanted, describe_registers, get_register, list_waiting
from motcua.registers.public import find_linked as find_linked_records
from motcua.ui.tests.html import words

pytestmark = pytest.mark.slow
SLUG = "dang-ky-khai-sinh"
CHILD = "079226900001"


def _file(city: City) -> tuple[City, Filed]:
    folder = Path(motcua.procedures.__path__[0]) / "designed" / SLUG
    files = read_package_folder(folder)
    city = replace(city, procedure=publish_package(files, slug=SLUG, now=clock.now()))
    answers = json.loads(files["golden/dung-han.json"])["answers"]
    on, person = local_date(clock.now()), city.resident
    answers |= {"child_birth_on": on.replace(day=1).isoformat(), "personal_id": person.personal_id}
    draft, _ = start_draft(
        city.procedure.version_id, owner_id=person.user_id, applicant=PartyRef("person", person.id), data=answers,
        now=clock.now(),
    )  # fmt: skip
    assert person.user_id is not None
    principal = make_principal(person.user_id)
    filed = file_draft(
        get_live_draft(draft.uuid, now=clock.now()), submitter_id=principal.user_id,
        submitter_name=principal.full_name, submitter_person_id=principal.person_id, actor=principal.to_actor(),
        now=clock.now(),
    )  # fmt: skip
    return city, filed


def _sign(city: City, filed: Filed, *, number: str) -> tuple[str, str]:
    """Let it go its way; return what the specialist and the leader read before they acted."""
    drain(now=clock.now())
    act(client_of(city, "counter"), open_task(filed.case_id, "dossiers.receive"), "accept")
    entered = {"result_personal_number": number} if number else {}
    specialist = client_of(city, "specialist")
    read_first = _read_task(specialist, filed, "dossiers.appraise")
    act(specialist, open_task(filed.case_id, "dossiers.appraise"), "approve", note="Đủ", **entered)
    drain(now=clock.now())
    leader = client_of(city, "leader", stepped_up=True)
    read_then = _read_task(leader, filed, "dossiers.sign")
    act(leader, open_task(filed.case_id, "dossiers.sign"), "sign", sha256=DraftResult.objects.get().sha256)
    drain(now=clock.now())
    return read_first, read_then


def _read_task(client: Client, filed: Filed, screen: str) -> str:
    return words(client.get(reverse("dossiers:task", args=[open_task(filed.case_id, screen).uuid])))


def _find(register: str, key: str, value: str) -> list[dict[str, object]]:
    want = Wanted(register=register, key=key, value=value)
    return [dict(each.data) for each in find_linked_records([want], at=clock.now()).get(want, ())]


def test_a_signed_birth_is_a_person_and_an_act(city: City) -> None:
    city, filed = _file(city)
    describe_registers(now=clock.now())
    before, then = _sign(city, filed, number=CHILD)
    assert "Nếu để trống «Số định danh cá nhân của bé»" in before and "Chuyên viên để trống" not in then
    assert Result.objects.get().decision == "approved"
    (child,), (born,) = _find("people", "personal_id", CHILD), _find("civil_status", "subject", CHILD)
    assert (child["full_name"], child["mother_id"]) == ("Trần Gia An", "079196001234")
    assert (born["kind"], born["dossier_no"]) == ("birth", filed.dossier_no)
    assert not list_waiting(get_register("people")) and not list_waiting(get_register("civil_status"))


def test_a_birth_without_its_number_waits_for_a_steward(city: City) -> None:
    city, filed = _file(city)
    describe_registers(now=clock.now())
    before, then = _sign(city, filed, number="")
    assert "Nếu để trống «Số định danh cá nhân của bé», kết quả vẫn được cấp nhưng sổ Dân cư chưa ghi" in before
    assert "Chuyên viên để trống «Số định danh cá nhân»: ký xong, sổ Dân cư chưa ghi được" in then
    assert Result.objects.get().decision == "approved"
    assert [row.case_ref for row in list_waiting(get_register("people"))] == [filed.dossier_no]
    told = {each.audience: str(each.text) for each in list_timeline(filed.case_id, audience="office")
            if each.kind == "dossier.record_waits"}  # fmt: skip
    assert "Sổ Dân cư chưa ghi được kết quả này: thiếu số dùng để tra cứu" in told["office"]
    assert "bạn không phải nộp thêm gì" in told["applicant"]
