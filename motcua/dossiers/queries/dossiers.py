"""Reads of filed dossiers. One policy for every reader: `cases.get_case_for` says who stands on which side."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch

from motcua.cases.public import CaseInfo, get_case_for, list_cases_of_parties
from motcua.documents.public import FileInfo, get_files
from motcua.dossiers.models import (
    Appraisal,
    Dossier,
    DraftResult,
    Paper,
    Result,
    Slip,
    SparedPaper,
    SupplementFile,
    SupplementRequest,
)
from motcua.dossiers.queries.drafts import attach_files
from motcua.dossiers.queries.facts import list_facts
from motcua.dossiers.rules import SLIP_NAMES, derive_national_state
from motcua.dossiers.types import (
    ApplicantSnapshot,
    AppraisalInfo,
    DossierFolder,
    DossierInfo,
    DossierNotFound,
    DossierRow,
    DraftResultInfo,
    PaperInfo,
    ResultInfo,
    SlipInfo,
    SparedPaperInfo,
    SupplementInfo,
)
from motcua.identity.public import PartyRef, Principal, list_representable_parties
from motcua.kernel.clock import local_date
from motcua.kernel.codes import CodeRefused, parse_dossier_no
from motcua.kernel.paging import Page
from motcua.procedures.public import get_procedure_versions

KIND = "dossier"
MAX_DOSSIERS_OF_ONE = 2_000  # in the name of one person or firm: the newest


def open_folder(
    principal: Principal, key: UUID | str, *, audience: str, now: datetime
) -> tuple[DossierFolder, CaseInfo]:
    """Return a dossier with everything in it to a reader who stands on this side of the counter.

    `key`: the printed dossier code, or the uuid of the case. Raises: DossierNotFound for all others.
    """
    case, side = get_case_for(principal, _read_key(key), now=now)
    if case.kind != KIND or side != audience:
        raise DossierNotFound
    return get_folder(case.id), case


def get_folder(case_id: int) -> DossierFolder:
    """Return a dossier with everything in it, in a fixed number of queries whatever its size; asks no permission.

    Raises: DossierNotFound.
    """
    dossier = (
        Dossier.objects.filter(case_id=case_id)
        .prefetch_related(
            "papers",
            "slips",
            "spared",
            Prefetch("appraisals", queryset=Appraisal.objects.order_by("-decided_at", "-id")),
            Prefetch("draft_results", queryset=DraftResult.objects.order_by("-created_at", "-id")),
        )
        .first()
    )
    if dossier is None:
        raise DossierNotFound
    supplement = SupplementRequest.objects.filter(dossier=dossier).first()
    result = Result.objects.filter(dossier=dossier).first()
    papers = list(dossier.papers.all())
    files = get_files([paper.file_id for paper in papers])
    draft = next(iter(dossier.draft_results.all()), None)
    return DossierFolder(
        dossier=to_dossier_info(dossier),
        papers=tuple(_to_paper(paper, files[paper.file_id]) for paper in papers),
        slips=tuple(_to_slip(slip) for slip in dossier.slips.all()),
        supplement=None if supplement is None else _to_supplement(supplement),
        appraisals=tuple(_to_appraisal(appraisal) for appraisal in dossier.appraisals.all()),
        draft_result=None if draft is None else _to_draft_result(draft),
        result=None if result is None else _to_result(result),
        facts=list_facts(dossier.id),
        spared=tuple(_to_spared(paper) for paper in dossier.spared.all()),
    )


def list_dossiers_of(principal: Principal, *, page: int, now: datetime) -> Page[DossierRow]:
    """Return the dossiers of a resident and of those he may act for, newest first, in a fixed number of queries."""
    refs = [party.ref for party in list_representable_parties(principal, on=local_date(now))]
    cases = list_cases_of_parties(refs, page=page, kind=KIND)
    rows = {
        case_id: (uuid, version_id)
        for case_id, uuid, version_id in Dossier.objects.filter(
            case_id__in=[case.id for case in cases.items]
        ).values_list("case_id", "uuid", "procedure_version_id")
    }
    with_result = set(Result.objects.filter(dossier__case_id__in=list(rows)).values_list("dossier__case_id", flat=True))
    versions = get_procedure_versions({version_id for _, version_id in rows.values()}) if rows else {}

    def to_row(case: CaseInfo) -> DossierRow:
        uuid, version_id = rows[case.id]
        return DossierRow(
            uuid=uuid,
            dossier_no=case.code,
            procedure_name=versions[version_id].name,
            applicant_name=case.applicant_name,
            received_at=case.opened_at,
            due_at=case.due_at,
            state=derive_national_state(case.stage, case.outcome),
            has_result=case.id in with_result,
        )

    return cases.map(to_row)


def list_dossiers_filed_for(ref: PartyRef) -> tuple[tuple[UUID, str], ...]:
    """Return (uuid, code) of the dossiers in a party's name, newest first: one query. The caller has asked who may."""
    rows = Dossier.objects.filter(applicant_kind=ref.kind, applicant_id=ref.id).order_by("-received_at", "-id")
    return tuple(rows.values_list("uuid", "dossier_no")[:MAX_DOSSIERS_OF_ONE])


def list_whole_dossiers(ref: PartyRef) -> tuple[tuple[DossierInfo, tuple[SparedPaperInfo, ...]], ...]:
    """Return the dossiers in a party's name with the papers they were spared, for the party's own copy: two queries."""
    rows = Dossier.objects.filter(applicant_kind=ref.kind, applicant_id=ref.id).order_by("-received_at", "-id")
    found = rows.prefetch_related("spared")[:MAX_DOSSIERS_OF_ONE]
    return tuple((to_dossier_info(row), tuple(_to_spared(paper) for paper in row.spared.all())) for row in found)


def to_dossier_info(dossier: Dossier) -> DossierInfo:
    """Return the value that crosses the boundary."""
    return DossierInfo(
        id=dossier.id,
        uuid=dossier.uuid,
        case_id=dossier.case_id,
        dossier_no=dossier.dossier_no,
        procedure_version_id=dossier.procedure_version_id,
        agency_id=dossier.agency_id,
        reception_agency_id=dossier.reception_agency_id,
        channel=dossier.channel,
        result_channel=dossier.result_channel,
        applicant_kind=dossier.applicant_kind,
        applicant_id=dossier.applicant_id,
        applicant=ApplicantSnapshot(**dossier.applicant),
        submitted_by_id=dossier.submitted_by_id,
        submitter=dossier.submitter,
        form_data=dossier.form_data,
        form_sha256=dossier.form_sha256,
        fee_vnd=dossier.fee_vnd,
        fee_reason=dossier.fee_reason,
        received_at=dossier.received_at,
        revision=dossier.revision,
        delivered_at=dossier.delivered_at,
        delivered_to=dossier.delivered_to,
    )


def _read_key(key: UUID | str) -> UUID | str:
    if isinstance(key, UUID):
        return key
    try:
        return str(parse_dossier_no(key))
    except CodeRefused as error:
        raise DossierNotFound from error


def _to_paper(paper: Paper, file: FileInfo) -> PaperInfo:
    return PaperInfo(
        uuid=paper.uuid,
        field_key=paper.field_key,
        code=paper.code,
        name=paper.name,
        source=paper.source,
        added_at=paper.added_at,
        is_replaced=paper.replaced_at is not None,
        file_id=file.id,
        filename=file.filename,
        media_type=file.media_type,
        size_bytes=file.size_bytes,
        scan_state=file.scan_state,
    )


def _to_spared(paper: SparedPaper) -> SparedPaperInfo:
    return SparedPaperInfo(
        code=paper.code,
        name=paper.name,
        by=paper.by,
        says=paper.says,
        dated_on=paper.dated_on,
        reference=paper.reference,
        solved_at=paper.solved_at,
    )


def _to_slip(slip: Slip) -> SlipInfo:
    return SlipInfo(
        uuid=slip.uuid,
        kind=slip.kind,
        name=SLIP_NAMES[slip.kind],
        no=slip.no,
        issued_at=slip.issued_at,
        issued_by_name=slip.issued_by_name,
        file_id=slip.file_id,
        data=slip.data,
    )


def _to_supplement(request: SupplementRequest) -> SupplementInfo:
    rows = list(SupplementFile.objects.filter(request=request).values_list("uuid", "field_key", "file_id"))
    return SupplementInfo(
        field_keys=tuple(request.field_keys),
        paper_keys=tuple(request.paper_keys),
        reason=request.reason,
        requested_at=request.requested_at,
        requested_by_name=request.requested_by_name,
        due_at=request.due_at,
        answer=request.answer,
        revision=request.revision,
        answered_at=request.answered_at,
        changes=tuple(request.changes),
        files=attach_files(rows),
    )


def _to_appraisal(appraisal: Appraisal) -> AppraisalInfo:
    return AppraisalInfo(
        decision=appraisal.decision,
        note=appraisal.note,
        result_fields=appraisal.result_fields,
        official_name=appraisal.official_name,
        decided_at=appraisal.decided_at,
    )


def _to_draft_result(draft: DraftResult) -> DraftResultInfo:
    return DraftResultInfo(
        uuid=draft.uuid,
        decision=draft.decision,
        result_no=draft.result_no,
        sha256=draft.sha256,
        created_at=draft.created_at,
        file_id=draft.file_id,
        approved_at=draft.approved_at,
        approved_by_name=draft.approved_by_name,
    )


def _to_result(result: Result) -> ResultInfo:
    return ResultInfo(
        uuid=result.uuid,
        no=result.no,
        decision=result.decision,
        verification_code=result.verification_code,
        sha256=result.sha256,
        signed_by_name=result.signed_by_name,
        issued_at=result.issued_at,
        file_id=result.file_id,
    )
