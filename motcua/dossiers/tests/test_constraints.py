"""What must always hold is held by the database, whoever writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from motcua.dossiers.models import (
    Appraisal,
    Dossier,
    Draft,
    DraftFile,
    DraftResult,
    NumberSeries,
    Paper,
    Result,
    Slip,
    SupplementFile,
    SupplementRequest,
)
from motcua.dossiers.tests.factories import City, file_dossier, get_dossier, make_draft
from motcua.kernel import clock

pytestmark = pytest.mark.django_db
HASH = "a" * 64


def refused(name: str, write: Callable[[], Any]) -> None:
    """Assert that the database refuses a write by the constraint of this name."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    assert name in str(error.value), str(error.value)


@pytest.mark.slow
def test_drafts(city: City) -> None:
    draft = make_draft(city)
    rows = Draft.objects.filter(uuid=draft.uuid)
    refused("draft_channel_known", lambda: rows.update(channel="fax"))
    refused("draft_result_channel_known", lambda: rows.update(result_channel="fax"))
    refused("draft_applicant_whole", lambda: rows.update(applicant_id=None))
    refused("draft_counter_has_office", lambda: rows.update(channel="direct"))
    refused("draft_expires_later", lambda: rows.update(expires_at=clock.now() - timedelta(days=99)))
    row, file = rows.get(), DraftFile.objects.get()
    again = DraftFile(draft=row, field_key=file.field_key, file_id=file.file_id, created_at=clock.now())
    refused("draft_file_once_per_field", again.save)
    other = make_draft(city)
    refused("client_key", lambda: Draft.objects.filter(uuid=other.uuid).update(client_key=draft.client_key))
    filed = file_dossier(city)
    refused("submitted_case", lambda: rows.update(submitted_case_id=filed.case_id))


def test_numbers() -> None:
    NumberSeries.objects.create(agency_code="H29", series="dossier", period="20260302", last_no=1)
    refused(
        "number_series_one_row",
        lambda: NumberSeries.objects.create(agency_code="H29", series="dossier", period="20260302", last_no=2),
    )
    refused(
        "number_series_from_one",
        lambda: NumberSeries.objects.create(agency_code="H29", series="slip-2", period="2026", last_no=0),
    )


@pytest.mark.slow
def test_dossiers_and_papers(city: City) -> None:
    dossier, other = get_dossier(file_dossier(city)), get_dossier(file_dossier(city))
    rows = Dossier.objects.filter(id=dossier.id)
    refused("dossier_channel_known", lambda: rows.update(channel="fax"))
    refused("dossier_result_channel_known", lambda: rows.update(result_channel="fax"))
    refused("dossier_applicant_known", lambda: rows.update(applicant_kind="ghost"))
    refused("dossier_form_hash_shape", lambda: rows.update(form_sha256="x"))
    refused(
        "dossier_delivered_after_received", lambda: rows.update(delivered_at=dossier.received_at - timedelta(days=1))
    )
    refused("dossier_no", lambda: rows.update(dossier_no=other.dossier_no))
    refused("client_key", lambda: rows.update(client_key=other.client_key))
    refused("case_id", lambda: rows.update(case_id=other.case_id))
    paper = Paper.objects.filter(dossier=dossier).get()
    refused("paper_source_known", lambda: Paper.objects.filter(id=paper.id).update(source="thin air"))
    twin = Paper(
        dossier=dossier,
        field_key=paper.field_key,
        name=paper.name,
        file_id=paper.file_id,
        source=paper.source,
        added_at=paper.added_at,
    )
    refused("paper_file_once", twin.save)


@pytest.mark.slow
def test_slips_and_the_one_supplement(city: City) -> None:
    dossier, now = get_dossier(file_dossier(city)), clock.now()

    def slip(kind: int) -> Slip:
        return Slip.objects.create(dossier=dossier, kind=kind, no="1", data={}, issued_at=now, issued_by_name="Cán bộ")

    refused("slip_each_kind_once", lambda: slip(1))
    refused("slip_kind_known", lambda: slip(6))
    refused("slip_kind_known", lambda: slip(0))

    def supplement(**values: Any) -> SupplementRequest:
        facts: dict[str, Any] = {
            "dossier": dossier,
            "field_keys": ["full_name"],
            "reason": "Thiếu",
            "requested_at": now,
            "requested_by_name": "Cán bộ",
            "due_at": now + timedelta(days=1),
        }
        return SupplementRequest.objects.create(**facts | values)

    refused("supplement_due_later", lambda: supplement(due_at=now))
    refused("supplement_has_reason", lambda: supplement(reason=""))
    refused("supplement_names_something", lambda: supplement(field_keys=[]))
    refused("supplement_answered_after", lambda: supplement(answered_at=now - timedelta(hours=1)))
    request = supplement()
    refused("dossier_id", supplement)
    file_id = Paper.objects.filter(dossier=dossier).values_list("file_id", flat=True).get()
    SupplementFile.objects.create(request=request, field_key="to_khai", file_id=file_id, created_at=now)
    refused(
        "supplement_file_once_per_field",
        lambda: SupplementFile.objects.create(request=request, field_key="to_khai", file_id=file_id, created_at=now),
    )


def appraise(city: City, dossier: Dossier, **values: Any) -> Appraisal:
    facts: dict[str, Any] = {
        "dossier": dossier,
        "task_uuid": "00000000-0000-4000-8000-000000000001",
        "decision": "approved",
        "official_id": city.specialist.user_id,
        "official_name": "Cán bộ",
        "decided_at": clock.now(),
    }
    return Appraisal.objects.create(**facts | values)


@pytest.mark.slow
def test_proposals(city: City) -> None:
    dossier = get_dossier(file_dossier(city))
    refused("appraisal_decision_known", lambda: appraise(city, dossier, decision="maybe"))
    refused("appraisal_reject_has_reason", lambda: appraise(city, dossier, decision="rejected"))
    appraise(city, dossier)
    refused("task_uuid", lambda: appraise(city, dossier))


@pytest.mark.slow
def test_drafts_of_results_and_results(city: City) -> None:
    dossier, now = get_dossier(file_dossier(city)), clock.now()
    appraisal = appraise(city, dossier)
    file_id = Paper.objects.filter(dossier=dossier).values_list("file_id", flat=True).get()

    def draw(**values: Any) -> DraftResult:
        facts: dict[str, Any] = {
            "dossier": dossier,
            "appraisal": appraisal,
            "decision": "approved",
            "result_no": "01/KQ",
            "verification_code": "AAAA",
            "file_id": file_id,
            "sha256": HASH,
            "created_at": now,
        }
        return DraftResult.objects.create(**facts | values)

    refused("draft_result_hash_shape", lambda: draw(sha256="zz"))
    refused("draft_result_decision_known", lambda: draw(decision="maybe"))
    refused(
        "draft_result_approval_binds_hash",
        lambda: draw(approved_sha256="b" * 64, approved_at=now, approved_by_id=city.leader.user_id),
    )
    draft = draw()
    refused("appraisal_id", lambda: draw(verification_code="BBBB"))

    def issue(**values: Any) -> Result:
        facts: dict[str, Any] = {
            "dossier": dossier,
            "draft": draft,
            "no": "01/KQ",
            "decision": "approved",
            "file_id": file_id,
            "verification_code": "AAAA",
            "sha256": HASH,
            "signed_by_name": "Lãnh đạo",
            "issued_at": now,
        }
        return Result.objects.create(**facts | values)

    refused("result_hash_shape", lambda: issue(sha256="zz"))
    refused("result_decision_known", lambda: issue(decision="maybe"))
    issue()
    refused("dossiers_result", issue)
