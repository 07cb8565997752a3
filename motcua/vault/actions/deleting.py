"""Deleting papers so that it can be proven: the key is destroyed, a signed record says so.

Asked for, undone within the days of grace, or carried out by the worker. What the law wants kept blocks it, when it is
asked for and again when it is carried out.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from motcua.audit.public import SYSTEM, Actor, record_decision
from motcua.documents.public import SigningKeyMissing, ensure_demo_key, get_files, sign_bytes
from motcua.identity.public import PartyRef
from motcua.kernel.clock import local_date
from motcua.kernel.messages import N_, Message
from motcua.vault.models import DataKey, Deletion, Paper, Share, Vault
from motcua.vault.queries.deletions import to_deletion_info
from motcua.vault.queries.papers import get_row
from motcua.vault.rules.destruction import DestroyedPaper, fingerprint, make_record, to_signed_bytes
from motcua.vault.rules.retention import grace_end, judge_deletion
from motcua.vault.types import DeletionBlocked, DeletionInfo, DeletionUnknown, PaperUnknown, TooLateToUndo

_SIGNER_NAME = "Kho dữ liệu điện tử của tổ chức, cá nhân"


def ask_paper_deletion(paper_uuid: UUID, *, actor: Actor, now: datetime) -> DeletionInfo:
    """Ask that one paper be deleted; asked again it returns the request that waits.

    Raises: PaperUnknown, PaperDestroyed; DeletionBlocked while the law wants the paper kept.
    """
    paper = get_row(paper_uuid)
    _check_law([paper], now=now)
    return _ask(paper.vault, paper, actor=actor, now=now)


def ask_vault_deletion(owner: PartyRef, *, actor: Actor, now: datetime) -> DeletionInfo:
    """Ask that everything in a vault be deleted; asked again it returns the request that waits.

    Raises: PaperUnknown when there is nothing; DeletionBlocked while the law wants a paper in it kept.
    """
    vault = Vault.objects.filter(owner_kind=owner.kind, owner_id=owner.id).first()
    papers = list(_living(vault)) if vault is not None else []
    if vault is None or not papers:
        raise PaperUnknown
    _check_law(papers, now=now)
    return _ask(vault, None, actor=actor, now=now)


def undo_deletion(deletion_uuid: UUID, *, owner: PartyRef, actor: Actor, now: datetime) -> DeletionInfo:
    """Take a request back; doing it twice is no fault. Raises: DeletionUnknown; TooLateToUndo."""
    with transaction.atomic():
        row = _lock(Deletion.objects.filter(uuid=deletion_uuid, vault__owner_kind=owner.kind, vault__owner_id=owner.id))
        if row is None:
            raise DeletionUnknown
        if row.executed_at is not None:
            raise TooLateToUndo
        if row.undone_at is None:
            row.undone_at = now
            row.save(update_fields=["undone_at"])
            record_decision(
                actor, subject=f"vault:{row.vault.uuid}", action="vault.undo_deletion",
                details={"deletion": str(row.uuid)}, now=now,
            )  # fmt: skip
    return to_deletion_info(row)


def execute_due(*, now: datetime, limit: int = 100) -> int:
    """Carry out the deletions whose grace is over; return how many. Two workers do each once."""
    due = list(
        Deletion.objects.filter(undone_at__isnull=True, executed_at__isnull=True, execute_at__lte=now)
        .order_by("execute_at", "id")
        .values_list("pk", flat=True)[:limit]
    )
    return sum(_execute(pk, now=now) for pk in due)


def sign_records(*, now: datetime, limit: int = 100) -> int:
    """Sign the records of what was destroyed; without a key they wait. Return how many were signed."""
    code = str(settings.MOTCUA_VAULT_SIGNER)
    done = 0
    for row in Deletion.objects.filter(executed_at__isnull=False, signature="").order_by("id")[:limit]:
        try:
            signature = _sign(to_signed_bytes(row.record), code, now)
        except SigningKeyMissing:
            return done
        done += Deletion.objects.filter(pk=row.pk, signature="").update(signature=signature, signer_code=code)
    return done


def _sign(data: bytes, code: str, now: datetime) -> str:
    try:
        return sign_bytes(data, agency_code=code)
    except SigningKeyMissing:
        ensure_demo_key(code, _SIGNER_NAME, now=now)  # refused outside of the demonstration: the record waits
        return sign_bytes(data, agency_code=code)


def _ask(vault: Vault, paper: Paper | None, *, actor: Actor, now: datetime) -> DeletionInfo:
    waiting = Deletion.objects.select_related("paper").filter(
        vault=vault, paper=paper, undone_at__isnull=True, executed_at__isnull=True
    )
    try:
        with transaction.atomic():
            known = waiting.first()
            if known is not None:
                return to_deletion_info(known)
            row = Deletion.objects.create(
                vault=vault, paper=paper, asked_at=now, asked_by=actor.id,
                execute_at=grace_end(now, hours=settings.MOTCUA_VAULT_UNDO_HOURS),
            )  # fmt: skip
            record_decision(
                actor, subject=f"vault:{vault.uuid}", action="vault.ask_deletion",
                details={"deletion": str(row.uuid), "paper": str(paper.uuid) if paper else ""}, now=now,
            )  # fmt: skip
    except IntegrityError:  # two presses at once: the constraint let one in
        return to_deletion_info(waiting.get())
    return to_deletion_info(row)


def _execute(pk: int, *, now: datetime) -> bool:
    with transaction.atomic():
        row = _lock(Deletion.objects.filter(pk=pk))
        if row is None or row.undone_at is not None or row.executed_at is not None:
            return False
        vault = Vault.objects.select_for_update(of=("self",), no_key=True).get(pk=row.vault_id)
        papers = list(_living(vault).filter(pk=row.paper_id)) if row.paper_id is not None else list(_living(vault))
        if _find_blocked(papers, now=now) is not None:
            return False  # the law changed meanwhile: the request waits, and its owner sees why
        destroyed = _destroy_papers(papers, now=now)
        person_key = _destroy_person_key(vault, now=now) if row.paper_id is None else None
        row.executed_at = now
        row.record = make_record(
            row.uuid, vault=vault.uuid, scope="paper" if row.paper_id is not None else "vault", papers=destroyed,
            person_key=person_key, asked_at=row.asked_at, executed_at=now,
        )  # fmt: skip
        row.save(update_fields=["executed_at", "record"])
        record_decision(SYSTEM, subject=f"vault:{vault.uuid}", action="vault.destroy", details=row.record, now=now)
    return True


def _destroy_papers(papers: list[Paper], *, now: datetime) -> list[DestroyedPaper]:
    files = get_files(paper.file_id for paper in papers)
    found = [
        DestroyedPaper(
            paper=str(paper.uuid),
            stored_sha256=files[paper.file_id].sha256,
            key_fingerprint=fingerprint(bytes(paper.wrapped_key or b"")),
        )
        for paper in papers
    ]
    ids = [paper.pk for paper in papers]
    Share.objects.filter(paper__in=ids, revoked_at__isnull=True).update(revoked_at=now)
    Paper.objects.filter(pk__in=ids).update(sealed=None, wrapped_key=None, destroyed_at=now)
    return found


def _destroy_person_key(vault: Vault, *, now: datetime) -> dict[str, object] | None:
    key = DataKey.objects.select_for_update(of=("self",)).filter(vault=vault, destroyed_at__isnull=True).first()
    if key is None or key.wrapped is None:
        return None
    proof: dict[str, object] = {
        "generation": key.generation, "kek_id": key.kek_id, "key_fingerprint": fingerprint(bytes(key.wrapped)),
    }  # fmt: skip
    DataKey.objects.filter(pk=key.pk).update(wrapped=None, destroyed_at=now)
    return proof


def _living(vault: Vault | None) -> QuerySet[Paper]:
    return Paper.objects.select_related("vault").filter(vault=vault, destroyed_at__isnull=True).order_by("id")


def _check_law(papers: list[Paper], *, now: datetime) -> None:
    blocked = _find_blocked(papers, now=now)
    if blocked is not None:
        raise DeletionBlocked(blocked)


def _find_blocked(papers: list[Paper], *, now: datetime) -> Message | None:
    verdicts = [
        judge_deletion(paper.kind, owner_kind=paper.vault.owner_kind, issued_on=paper.issued_on, on=local_date(now))
        for paper in papers
    ]
    blocked = [verdict for verdict in verdicts if not verdict.may_delete]
    if not blocked:
        return None
    if len(papers) == 1 and blocked[0].reason is not None:
        return blocked[0].reason
    return N_(
        "%(count)s giấy tờ trong kho phải được lưu theo %(ref)s nên chưa xóa được cả kho. Bạn vẫn có thể xóa "
        "từng giấy tờ khác.",
        count=len(blocked),
        ref=blocked[0].legal_ref,
    )


def _lock(rows: QuerySet[Deletion]) -> Deletion | None:
    return rows.select_for_update(of=("self",), no_key=True).select_related("vault", "paper").first()
