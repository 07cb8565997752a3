"""A birth from the desk to the registers: the leader signs, and the child is a person with an act, at once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import motcua.procedures
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
from motcua.registers.public import Wanted, get_register, list_waiting
from motcua.registers.public import find_linked as find_linked_records

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


def _sign(city: City, filed: Filed, *, number: str) -> None:
    drain(now=clock.now())
    act(client_of(city, "counter"), open_task(filed.case_id, "dossiers.receive"), "accept")
    entered = {"result_personal_number": number} if number else {}
    specialist = client_of(city, "specialist")
    act(specialist, open_task(filed.case_id, "dossiers.appraise"), "approve", note="Đủ", **entered)
    drain(now=clock.now())
    leader = client_of(city, "leader", stepped_up=True)
    act(leader, open_task(filed.case_id, "dossiers.sign"), "sign", sha256=DraftResult.objects.get().sha256)
    drain(now=clock.now())


def _find(register: str, key: str, value: str) -> list[dict[str, object]]:
    want = Wanted(register=register, key=key, value=value)
    return [dict(each.data) for each in find_linked_records([want], at=clock.now()).get(want, ())]


def test_a_signed_birth_is_a_person_and_an_act(city: City) -> None:
    city, filed = _file(city)
    _sign(city, filed, number=CHILD)
    assert Result.objects.get().decision == "approved"
    (child,), (born,) = _find("people", "personal_id", CHILD), _find("civil_status", "subject", CHILD)
    assert (child["full_name"], child["mother_id"]) == ("Trần Gia An", "079196001234")
    assert (born["kind"], born["dossier_no"]) == ("birth", filed.dossier_no)
    assert not list_waiting(get_register("people")) and not list_waiting(get_register("civil_status"))


def test_a_birth_without_its_number_waits_for_a_steward(city: City) -> None:
    city, filed = _file(city)
    _sign(city, filed, number="")
    assert Result.objects.get().decision == "approved"
    assert [row.case_ref for row in list_waiting(get_register("people"))] == [filed.dossier_no]
