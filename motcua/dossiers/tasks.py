"""Background work of dossiers: results drawn and signed, stopped dossiers noted, old drafts forgotten."""

from __future__ import annotations

from datetime import datetime

from motcua.cases.public import CaseClosed, ServiceRequested
from motcua.documents.public import (
    FileInfected,
    FileRenewed,
    PaperSigner,
    ShownPaperChanged,
    SigningPlace,
    make_official_code,
    read_file,
    sign_as_official,
)
from motcua.dossiers.actions.certifying_fee import raise_copy_fee
from motcua.dossiers.actions.charging import ensure_charge, give_back_on_refusal, recheck_exemptions
from motcua.dossiers.actions.corrections import open_corrections
from motcua.dossiers.actions.depositing import deposit_receipt, deposit_result, renew_deposited
from motcua.dossiers.actions.drafts import purge_drafts
from motcua.dossiers.actions.endings import note_stopped
from motcua.dossiers.actions.fact_fetching import fetch_awaited_facts
from motcua.dossiers.actions.infected import note_infected
from motcua.dossiers.actions.results import ResultPaper, issue_result, prepare_result
from motcua.dossiers.models import Dossier, DraftResult
from motcua.dossiers.public import DossierFiled, NotAllowedNow, ResultIssued
from motcua.dossiers.queries.papers import DrawnPaper, draw_result
from motcua.kernel.messages import N_
from motcua.outbox.public import register_periodic, subscribe
from motcua.payments.public import ReceiptSigned
from motcua.places.public import get_agency
from motcua.vault.public import CopyCertified

KIND = "dossier"
RECHECK_EVERY_SECONDS = 3_600
PURGE_EVERY_SECONDS = 3600
FETCH_EVERY_SECONDS = 20


@subscribe(ServiceRequested, name="dossiers.prepare_result")
def handle_prepare_result(event: ServiceRequested, *, now: datetime) -> None:
    """Draw the unsigned result for the leader. Delivered twice, it changes nothing."""
    if event.topic != "dossiers.prepare_result":
        return

    def draw(paper: ResultPaper) -> DrawnPaper:
        return draw_result(
            paper.dossier_id,
            decision=paper.decision,
            note=paper.note,
            result_fields=paper.result_fields,
            result_no=paper.result_no,
            verification_code=paper.verification_code,
            now=now,
        )

    prepare_result(event.case_id, event.token, draw=draw, now=now)


@subscribe(ServiceRequested, name="dossiers.issue_result", asks_network=True)
def handle_issue_result(event: ServiceRequested, *, now: datetime) -> None:
    """Sign the approved result with the agency's key and store it. Delivered twice, it changes nothing."""
    if event.topic != "dossiers.issue_result":
        return

    def sign(draft: DraftResult, dossier: Dossier) -> bytes:
        try:
            return _sign_draft(draft, dossier, now=now)
        except ShownPaperChanged as error:
            raise NotAllowedNow(
                "result_changed", N_("Tệp dự thảo không còn đúng với bản lãnh đạo đã duyệt nên không ký.")
            ) from error

    issue_result(event.case_id, event.token, sign=sign, now=now)


def _sign_draft(draft: DraftResult, dossier: Dossier, *, now: datetime) -> bytes:
    agency = get_agency(dossier.agency_id)
    if (
        draft.approved_by_id is None
    ):  # the table lets a draft wait for its leader; the process asks for no signature then
        raise NotAllowedNow("not_approved", N_("Dự thảo chưa được lãnh đạo duyệt nên không ký."))
    signer = PaperSigner(
        official_code=make_official_code(agency.code, draft.approved_by_id),
        official_name=draft.approved_by_name,
        agency_code=agency.code,
        agency_name=agency.name,
    )
    place = draft.signing_place
    return sign_as_official(
        read_file(draft.file_id),
        signer=signer,
        shown_sha256=draft.approved_sha256,
        reason=f"Kết quả {draft.result_no}, hồ sơ {dossier.dossier_no}",
        place=SigningPlace(place["kind"], place["page"], tuple(place["box"])) if place else None,
        now=now,
    ).content


@subscribe(DossierFiled, name="dossiers.raise_charge")
def handle_dossier_filed(event: DossierFiled, *, now: datetime) -> None:
    """Raise what the dossier owes, zero đồng too. Delivered twice, it changes nothing."""
    ensure_charge(event.case_id, now=now)


@subscribe(DossierFiled, name="dossiers.open_corrections")
def handle_disputes(event: DossierFiled, *, now: datetime) -> None:
    """Ask the owners of registers about what the applicant disputed. Delivered twice, it changes nothing."""
    open_corrections(event.case_id, now=now)


@subscribe(CaseClosed, name="dossiers.note_stopped")
def handle_case_closed(event: CaseClosed, *, now: datetime) -> None:
    """Issue the notice of stopping for a dossier that nobody completed in time."""
    if event.case_kind == KIND and event.outcome == "stopped":
        note_stopped(event.case_id, now=now)


@subscribe(CaseClosed, name="dossiers.give_back_fee")
def handle_case_refused(event: CaseClosed, *, now: datetime) -> None:
    """Give back the fee of a dossier that was not received. Delivered twice, it changes nothing."""
    if event.case_kind == KIND and event.outcome == "refused":
        give_back_on_refusal(event.case_id, now=now)


@subscribe(FileInfected, name="dossiers.note_infected")
def handle_file_infected(event: FileInfected, *, now: datetime) -> None:
    """Tell who filed the paper and who works on it that its file is locked."""
    note_infected(event.file_uuid, filename=event.filename, now=now)


@register_periodic("dossiers.recheck_exemptions", RECHECK_EVERY_SECONDS)
def recheck_fee_exemptions(*, now: datetime) -> None:
    """Waive what registers that were down at a filing prove now."""
    recheck_exemptions(now=now)


@subscribe(FileRenewed, name="dossiers.renew_deposited")
def handle_file_renewed(event: FileRenewed, *, now: datetime) -> None:
    """Let the owner's copy follow the archive time-stamp of its original. Delivered twice, it changes nothing."""
    renew_deposited(event.file_id, now=now)


@subscribe(ResultIssued, name="dossiers.deposit_result")
def handle_result_issued(event: ResultIssued, *, now: datetime) -> None:
    """Put the result into the applicant's vault. Delivered twice, it changes nothing."""
    deposit_result(event.case_id, now=now)


@subscribe(CopyCertified, name="dossiers.raise_copy_fee")
def handle_copy_certified(event: CopyCertified, *, now: datetime) -> None:
    """Raise the fee of a certified copy. Delivered twice, it changes nothing."""
    raise_copy_fee(event.copy_uuid, verification_code=event.verification_code, now=now)


@subscribe(ReceiptSigned, name="dossiers.deposit_receipt")
def handle_receipt_signed(event: ReceiptSigned, *, now: datetime) -> None:
    """Put the receipt into the payer's vault. Delivered twice, it changes nothing."""
    deposit_receipt(event.lookup_code, charge_uuid=event.charge_uuid, now=now)


@register_periodic("dossiers.purge_drafts", PURGE_EVERY_SECONDS)
def purge_old_drafts(*, now: datetime) -> None:
    """Forget drafts that ran out."""
    purge_drafts(now=now)


@register_periodic("dossiers.fetch_facts", FETCH_EVERY_SECONDS)
def fetch_facts(*, now: datetime) -> None:
    """Ask again the registers that were down when a dossier was filed."""
    fetch_awaited_facts(now=now)
