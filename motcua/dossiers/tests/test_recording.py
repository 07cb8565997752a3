"""A result that is issued speaks to the registers, by the rules that were frozen with its procedure."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import transaction

from motcua.dossiers.actions.recording import record_result
from motcua.dossiers.models import Dossier, DraftResult, Result
from motcua.dossiers.tests.factories import PACKAGES, City, act, file_dossier, open_task
from motcua.dossiers.tests.test_office_pages import client_of
from motcua.kernel import clock
from motcua.outbox.public import drain
from motcua.procedures.public import PackageInvalid, publish_package, read_package_folder
from motcua.registers.public import RecordInfo, Wanted, find_records, get_register, list_waiting

RULES = """
[[records]]
register = "business_licences"
since = "issued.on"
[records.fields]
licence_no = "issued.no"
kind = '"KIND"'
holder_name = "answers.full_name"
issued_by = "issued.agency_name"
dossier_no = "dossier.no"
"""
SLUG = "khai-trinh-thu"


def _publish(city: City, rules: str) -> City:
    files = read_package_folder(PACKAGES / SLUG) | {"records.toml": rules.encode()}
    return replace(city, procedure=publish_package(files, slug=SLUG, now=clock.now()))


def _issue(city: City) -> Result:
    filed = file_dossier(city)
    act(client_of(city, "counter"), open_task(filed.case_id, "dossiers.receive"), "accept")
    act(client_of(city, "specialist"), open_task(filed.case_id, "dossiers.appraise"), "approve", note="Đủ điều kiện")
    drain(now=clock.now())
    leader = client_of(city, "leader", stepped_up=True)
    act(leader, open_task(filed.case_id, "dossiers.sign"), "sign", sha256=DraftResult.objects.get().sha256)
    drain(now=clock.now())
    return Result.objects.get()


def _find(result: Result) -> RecordInfo | None:
    want = Wanted(register="business_licences", key="licence_no", value=result.no)
    return find_records([want], at=clock.now()).get(want)


@pytest.mark.slow
def test_a_result_gives_its_record_and_says_it_once(city: City) -> None:
    result = _issue(_publish(city, RULES.replace("KIND", "other")))
    found = _find(result)
    assert found is not None and found.data["dossier_no"] == result.dossier.dossier_no
    assert found.data["issued_by"] == city.agency.name
    with transaction.atomic():
        record_result(result.dossier, result, result_fields={}, now=clock.now())
    again = _find(result)
    assert again is not None and again.slice == found.slice


@pytest.mark.slow
def test_a_record_that_does_not_fit_waits_and_the_result_is_issued(city: City) -> None:
    result = _issue(_publish(city, RULES.replace("KIND", "bán dạo")))
    assert result.decision == "approved" and _find(result) is None
    (waiting,) = list_waiting(get_register("business_licences"))
    assert (waiting.case_ref, waiting.problems[0].field) == (result.dossier.dossier_no, "kind")


def test_rules_that_cannot_be_read_are_refused_when_the_procedure_is_published(city: City) -> None:
    with pytest.raises(PackageInvalid) as refusal:
        _publish(city, "[[records]]\nregister='people'\nfields={a='((('}")
    assert any(problem.part == "records.toml" for problem in refusal.value.problems)
    assert not Dossier.objects.exists()
