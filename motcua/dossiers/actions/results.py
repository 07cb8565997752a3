"""The result paper: drawn from the proposal, signed after the leader's approval, stored once.

Drawing and signing happen before the transaction; a repeated call finds what is there and only answers the process.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from motcua.audit.public import SYSTEM, record_decision
from motcua.cases.public import complete_service
from motcua.documents.public import store_document
from motcua.dossiers.actions.numbers import next_result_no
from motcua.dossiers.actions.recording import record_result
from motcua.dossiers.models import Appraisal, Dossier, DraftResult, Result
from motcua.dossiers.queries.papers import DrawnPaper
from motcua.dossiers.rules import format_result_no
from motcua.dossiers.types import DossierNotFound, ResultIssued
from motcua.kernel.codes import make_verification_code
from motcua.outbox.public import publish
from motcua.places.public import get_agency

PDF = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPaper:
    """What the drawing of a result needs to know."""

    dossier_id: int
    decision: str
    note: str
    result_fields: dict[str, object]
    result_no: str
    verification_code: str


def prepare_result(case_id: int, token: str, *, draw: Callable[[ResultPaper], DrawnPaper], now: datetime) -> None:
    """Draw the unsigned result from the newest proposal and lay it before the leader. Doing it twice changes nothing.

    Raises: DossierNotFound; RenderFailed (the outbox tries again).
    """
    dossier = Dossier.objects.filter(case_id=case_id).first()
    appraisal = Appraisal.objects.filter(dossier__case_id=case_id).first()
    if dossier is None or appraisal is None:
        raise DossierNotFound
    agency = get_agency(dossier.agency_id)
    if not DraftResult.objects.filter(appraisal=appraisal).exists():
        paper = ResultPaper(
            dossier_id=dossier.id,
            decision=appraisal.decision,
            note=appraisal.note,
            result_fields=appraisal.result_fields,
            result_no=format_result_no(
                next_result_no(agency.code, now=now), decision=appraisal.decision, agency_code=agency.code
            ),
            verification_code=make_verification_code(secrets.token_bytes(10)),
        )
        _keep_draft(dossier, appraisal=appraisal, paper=paper, drawn=draw(paper), now=now)
    complete_service(case_id, token, outputs={"decision": appraisal.decision}, actor=SYSTEM, now=now)


def _keep_draft(
    dossier: Dossier, *, appraisal: Appraisal, paper: ResultPaper, drawn: DrawnPaper, now: datetime
) -> None:
    file = store_document(
        drawn.pdf, filename=f"du-thao-{dossier.dossier_no}.pdf", media_type=PDF, purpose="draft_result", now=now
    )
    DraftResult.objects.create(
        dossier=dossier,
        appraisal=appraisal,
        decision=paper.decision,
        result_no=paper.result_no,
        verification_code=paper.verification_code,
        file_id=file.id,
        sha256=hashlib.sha256(drawn.pdf).hexdigest(),
        signing_place=asdict(drawn.place) if drawn.place else None,
        created_at=now,
    )


def issue_result(case_id: int, token: str, *, sign: Callable[[DraftResult, Dossier], bytes], now: datetime) -> None:
    """Sign the approved paper with the agency's key and store it as the result. Doing it twice changes nothing.

    Raises: DossierNotFound when nothing was approved; SigningKeyMissing (the outbox tries again).
    """
    dossier = Dossier.objects.filter(case_id=case_id).first()
    if dossier is None:
        raise DossierNotFound
    if not Result.objects.filter(dossier=dossier).exists():
        draft = DraftResult.objects.filter(dossier=dossier, approved_at__isnull=False).first()
        if draft is None:
            raise DossierNotFound
        _keep_result(dossier, draft=draft, pdf=sign(draft, dossier), now=now)
    complete_service(case_id, token, outputs={}, actor=SYSTEM, now=now)


def _keep_result(dossier: Dossier, *, draft: DraftResult, pdf: bytes, now: datetime) -> None:
    file = store_document(pdf, filename=f"ket-qua-{dossier.dossier_no}.pdf", media_type=PDF, purpose="result", now=now)
    with transaction.atomic():
        Dossier.objects.select_for_update(of=("self",)).get(id=dossier.id)
        if Result.objects.filter(dossier=dossier).exists():
            return
        result = Result.objects.create(
            dossier=dossier,
            draft=draft,
            no=draft.result_no,
            decision=draft.decision,
            file_id=file.id,
            verification_code=draft.verification_code,
            sha256=hashlib.sha256(pdf).hexdigest(),
            signed_by_name=draft.approved_by_name,
            issued_at=now,
        )
        record_result(dossier, result, result_fields=draft.appraisal.result_fields, now=now)
        publish(
            ResultIssued(
                case_id=dossier.case_id,
                dossier_no=dossier.dossier_no,
                decision=result.decision,
                verification_code=result.verification_code,
            ),
            now=now,
        )
        record_decision(
            SYSTEM,
            subject=f"dossier:{dossier.uuid}",
            action="dossier.issue_result",
            details={"result_no": result.no, "sha256": result.sha256, "approved_by": draft.approved_by_name},
            now=now,
        )
