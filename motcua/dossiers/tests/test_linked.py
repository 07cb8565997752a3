"""Linked procedures and eligibility: one dossier settles several registrations and is counted once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from motcua.dossiers.models import LinkedRegistration
from motcua.dossiers.queries.figures import count_filings
from motcua.dossiers.queries.preparing import prepare_filing
from motcua.dossiers.tests.factories import (
    PACKAGES,
    City,
    at,
    captured_queries,
    file_dossier,
    get_dossier,
    make_city,
    make_draft,
)
from motcua.dossiers.types import DraftIncomplete
from motcua.kernel.clock import local_date
from motcua.procedures.public import publish_package, read_package_folder

pytestmark = pytest.mark.django_db
SLUG = "khai-trinh-thu"
LINKED = """
[[linked]]
code = "9.100001"
name = "Đăng ký sổ nhà"
agency_name = "Công an phường"
share_workdays = 2

[[linked]]
code = "9.100002"
name = "Báo với trường học"
"""
ELIGIBILITY = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:test">
  <inputData id="answers" name="answers"><variable id="v1" name="answers" typeRef="Any"/></inputData>
  <decision id="eligibility" name="eligibility">
    <variable id="v2" name="eligibility"/>
    <informationRequirement id="r1"><requiredInput href="#answers"/></informationRequirement>
    <decisionTable id="t" hitPolicy="COLLECT">
      <input id="i1" label="Có con">
        <inputExpression id="e1" typeRef="string"><text>answers.has_child</text></inputExpression>
      </input>
      <output id="o1" name="code"/><output id="o2" name="message"/><output id="o3" name="blocks"/>
      <rule id="a"><inputEntry id="a1"><text>"yes"</text></inputEntry>
        <outputEntry id="a2"><text>"child"</text></outputEntry>
        <outputEntry id="a3"><text>"Người có con nộp ở nơi khác."</text></outputEntry>
        <outputEntry id="a4"><text>BLOCKS</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""


def publish(city: City, **files: bytes) -> City:
    """Publish the city's procedure anew with these files changed or added."""
    whole = read_package_folder(PACKAGES / SLUG)
    whole |= {"procedure.toml": whole["procedure.toml"] + files.pop("toml", b""), **files}
    return replace(city, procedure=publish_package(whole, slug=SLUG, now=at("2026-11-23 08:00")))


def test_one_filing_keeps_each_registration_and_is_one_dossier() -> None:
    city = publish(make_city(), toml=LINKED.encode())
    filed = file_dossier(city)
    rows = LinkedRegistration.objects.filter(dossier=get_dossier(filed))
    assert [(row.procedure_code, row.share_workdays) for row in rows] == [("9.100001", 2), ("9.100002", None)]
    today = local_date(filed.received_at)
    with captured_queries() as queries:
        counts = count_filings(agency_ids=[city.agency.id], first_on=date(2026, 1, 1), last_on=today)
    assert [(each.code, each.dossiers, each.linked) for each in counts] == [
        (city.procedure.code, 1, 0),
        ("9.100001", 0, 1),
        ("9.100002", 0, 1),
    ]
    assert sum(each.dossiers for each in counts) == 1
    assert len(queries) == 4


def test_a_registration_is_kept_once_with_a_name_and_a_positive_share() -> None:
    dossier = get_dossier(file_dossier(make_city()))
    LinkedRegistration.objects.create(dossier=dossier, procedure_code="9.1", name="Việc", share_workdays=1)
    for code, name, share in (("9.1", "Việc", 1), ("9.2", "", 1), ("9.3", "Việc", 0)):
        with pytest.raises(IntegrityError), transaction.atomic():
            LinkedRegistration.objects.create(dossier=dossier, procedure_code=code, name=name, share_workdays=share)


@pytest.mark.slow
def test_who_may_not_file_is_told_and_stopped_on_the_server() -> None:
    table = {"decisions/eligibility.dmn": ELIGIBILITY.replace("BLOCKS", "true").encode()}
    city = publish(make_city(), **table)
    draft = make_draft(city, data={"has_child": "yes", "child_name": "Bé An"})
    prepared = prepare_filing(draft, submitter_person_id=city.resident.id, now=at("2026-11-23 09:00"))
    assert [error for error in prepared.errors if error[1] == "eligibility.child"] == [
        ("", "eligibility.child", "Người có con nộp ở nơi khác.")
    ]
    with pytest.raises(DraftIncomplete):
        prepared.require_ready()
    assert file_dossier(city, data={"has_child": "no"})


@pytest.mark.slow
def test_what_only_warns_does_not_stop() -> None:
    city = publish(make_city(), **{"decisions/eligibility.dmn": ELIGIBILITY.replace("BLOCKS", "false").encode()})
    draft = make_draft(city, data={"has_child": "yes", "child_name": "Bé An"})
    prepared = prepare_filing(draft, submitter_person_id=city.resident.id, now=at("2026-11-23 09:00"))
    assert not [error for error in prepared.errors if error[1].startswith("eligibility")]
    assert [each.message for each in prepared.warnings] == ["Người có con nộp ở nơi khác."]
