"""What a dossier brings goes into the vault of whom it is about: its result, and the receipts of its fees."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from motcua.dossiers.models import Result
from motcua.identity.public import PartyRef
from motcua.kernel.clock import local_date
from motcua.payments.public import find_receipt_by_pdf, get_charge, get_receipt_by_code, sign_receipt
from motcua.procedures.public import get_procedure_version
from motcua.vault.public import PaperDestroyed, deposit_paper, renew_papers


def deposit_result(case_id: int, *, now: datetime) -> None:
    """Put the signed result of a case into the applicant's vault. Doing it twice changes nothing.

    Source: Decree 45/2020/NĐ-CP, Art. 16 (electronic results go to the person's store); in force 2020-05-22.
    Raises: KeeperAway, BlobMissing (the outbox tries again).
    """
    result = Result.objects.select_related("dossier").filter(dossier__case_id=case_id).first()
    if result is None:
        return
    dossier = result.dossier
    procedure = get_procedure_version(dossier.procedure_version_id)
    is_approved = result.decision == "approved"
    with suppress(PaperDestroyed):  # its owner has deleted it meanwhile: an event told again does not bring it back
        deposit_paper(
            owner=PartyRef(dossier.applicant_kind, dossier.applicant_id),
            content=result.file_id,
            kind=f"{'result' if is_approved else 'refusal'}:{procedure.code}",
            title=procedure.name if is_approved else f"Văn bản trả lời: {procedure.name}",
            issued_on=local_date(result.issued_at),
            origin="result",
            origin_ref=dossier.dossier_no,
            now=now,
        )


def renew_deposited(file_id: int, *, now: datetime) -> None:
    """Let the owner's copy of a result or receipt follow what was signed behind it later. Twice changes nothing.

    Raises: KeeperAway, BlobMissing (the outbox tries again).
    """
    result = Result.objects.select_related("dossier").filter(file_id=file_id).first()
    receipt = find_receipt_by_pdf(file_id) if result is None else None
    if result is not None:
        renew_papers(result.dossier.dossier_no, file_id=file_id, now=now)
    elif receipt is not None:
        renew_papers(f"receipt:{receipt.lookup_code}", file_id=file_id, now=now)


def deposit_receipt(lookup_code: str, *, charge_uuid: UUID, now: datetime) -> None:
    """Put a signed receipt into the payer's vault, one of zero đồng too. Doing it twice changes nothing.

    Raises: SigningKeyMissing, KeeperAway (the outbox tries again).
    """
    receipt = get_receipt_by_code(lookup_code)
    payer = get_charge(charge_uuid).payer
    if not payer.party_kind or payer.party_id is None:
        return
    with suppress(PaperDestroyed):
        deposit_paper(
            owner=PartyRef(payer.party_kind, payer.party_id),
            content=sign_receipt(receipt.uuid, now=now),
            kind="receipt",
            title=f"Biên lai số {receipt.printed_no}, hồ sơ {receipt.case_code}",
            issued_on=local_date(receipt.issued_at),
            origin="receipt",
            origin_ref=f"receipt:{receipt.lookup_code}",
            now=now,
        )
