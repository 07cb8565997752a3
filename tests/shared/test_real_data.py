"""The national records given beside the project: every one is imported, and every one can be filed that day."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from motcua.audit.public import Actor
from motcua.documents.public import FileInfo, render_pdf, store_document
from motcua.dossiers.models import Draft, DraftFile
from motcua.dossiers.public import Filed, choose_applicant, file_draft, start_draft
from motcua.dossiers.tests.factories import captured_queries
from motcua.identity.public import PartyRef, PersonInfo, find_person_by_personal_id
from motcua.identity.tests.factories import sign_in
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.kernel.errors import DomainError
from motcua.places.public import create_agency, list_agencies
from motcua.procedures.public import (
    ProcedureDetail,
    check_eligibility,
    find_procedure,
    get_form,
    import_procedures,
)
from motcua.process.public import Form
from motcua.project.demo_city import PAPER_TEMPLATE
from motcua.project.demo_city.answers import make_answers
from motcua.project.demo_city.build import build_city
from motcua.project.demo_city.people import RESIDENTS

PROCEDURES = Path(__file__).resolve().parents[3] / "shared" / "real" / "procedures"
RECORDS = 250
RECEIPTS = 10
TRIES = 50
WHO = RESIDENTS[0]
pytestmark = [
    pytest.mark.shared,
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not PROCEDURES.is_dir(), reason="dữ liệu thật không nằm cạnh dự án (../shared/real/procedures)"),
]


@pytest.fixture
def city() -> PersonInfo:
    """The demonstration city without dossiers, with the centre that the law gives each city; return who files.

    Source: Decree 118/2025/NĐ-CP, Art. 17; in force 2025-07-01.
    """
    build_city(now=clock.now(), tell=lambda _text: None, dossiers=0)
    if not list_agencies(on=local_date(clock.now()), kind="service_centre", level="city"):
        create_agency(
            "H29.799", name="Trung tâm Phục vụ hành chính công Thành phố", short_name="Trung tâm hành chính công",
            kind="service_centre", level="city", area_code="79", valid_from=date(2025, 7, 1),
        )  # fmt: skip
    person = find_person_by_personal_id(WHO.personal_id)
    assert person is not None
    return person


def list_imported() -> Iterator[ProcedureDetail]:
    """Yield the procedure of each record file, as it is in force today."""
    on = local_date(clock.now())
    for path in sorted(PROCEDURES.rglob("*.json")):
        found = find_procedure(read_code(path), on=on)
        assert found is not None, path.name
        yield found


def read_code(path: Path) -> str:
    found = re.search(r'"ma_thu_tuc"\s*:\s*"([^"]+)"', path.read_text("utf-8"))
    assert found, path.name
    return found.group(1).strip()


def test_all_are_imported_and_the_second_time_changes_nothing() -> None:
    first = import_procedures(PROCEDURES, now=clock.now())
    assert (first.records_found, first.records_imported, first.created) == (RECORDS, RECORDS, RECORDS)
    with captured_queries() as queries:
        second = import_procedures(PROCEDURES, now=clock.now())
    assert not second.has_changes
    assert (second.unchanged, second.created, second.changed) == (RECORDS, 0, 0)
    writes = [query["sql"] for query in queries if re.match(r"\s*(INSERT|UPDATE|DELETE)", query["sql"])]
    assert writes == []


def test_each_can_be_filed_on_the_day_it_is_imported(city: PersonInfo, client: Client) -> None:
    import_procedures(PROCEDURES, now=clock.now())
    paper = store_document(
        render_pdf(PAPER_TEMPLATE, {"title": "Giấy tờ"}), filename="giay-to.pdf", media_type="application/pdf",
        purpose="upload", now=clock.now(),
    )  # fmt: skip
    filed: dict[str, Filed] = {}
    refused: dict[str, object] = {}
    for procedure in list_imported():
        try:
            filed[procedure.code] = file_one(procedure, person=city, paper=paper)
        except DomainError as error:
            refused[f"{procedure.code} {procedure.name[:60]}"] = (error.code, getattr(error, "errors", ""))
    assert refused == {}
    assert len(filed) == RECORDS
    assert len({answer.dossier_no for answer in filed.values()}) == RECORDS
    assert all(answer.due_at is None or answer.due_at > answer.received_at for answer in filed.values())
    sign_in(client, city.user_id)
    for code in random.Random(2).sample(sorted(filed), RECEIPTS):
        receipt = client.get(reverse("dossiers:receipt_pdf", args=[filed[code].dossier_no]))
        assert receipt.status_code == 200, code
        assert b"".join(receipt).startswith(b"%PDF") if receipt.streaming else receipt.content.startswith(b"%PDF")


def make_eligible_answers(procedure: ProcedureDetail, form: Form, *, on: date) -> dict[str, Any]:
    """Return answers of somebody whom the procedure's own conditions let file (a table may refuse the others)."""
    chance = random.Random(procedure.code)
    for _try in range(TRIES):
        answers = make_answers(form, who=WHO, chance=chance, today=on, area_codes=(WHO.area_code,))
        said = check_eligibility(procedure, channel="online", applicant_kind="person", on=on, answers=answers)
        if not any(message.blocks for message in said):
            return answers
    raise AssertionError(f"{procedure.code}: nobody may file")


def file_one(procedure: ProcedureDetail, *, person: PersonInfo, paper: FileInfo) -> Filed:
    """Fill in the procedure's form as an invented person would, lay one paper beside each question for papers, file."""
    now = clock.now()
    assert person.user_id is not None
    form = get_form(procedure.version_id)
    answers = make_eligible_answers(procedure, form, on=local_date(now))
    areas = {field.key: WHO.area_code for field in form.fields if field.kind == "area" and field.key in answers}
    draft, _code = start_draft(procedure.version_id, owner_id=person.user_id, data=answers | areas, now=now)
    keys = [field.key for field in form.fields if field.type == "filepicker" and field.required]
    row = Draft.objects.get(uuid=draft.uuid)
    DraftFile.objects.bulk_create(
        [DraftFile(draft=row, field_key=key, file_id=paper.id, created_at=now) for key in keys]
    )
    ready = choose_applicant(draft.uuid, ref=PartyRef("person", person.id), result_channel="online", now=now)
    actor = Actor(kind="resident", id=WHO.subject, name=person.full_name)
    return file_draft(
        ready, submitter_id=person.user_id, submitter_name=person.full_name, submitter_person_id=person.id,
        actor=actor, now=now,
    )  # fmt: skip
