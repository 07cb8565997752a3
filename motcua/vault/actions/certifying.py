"""Paper to digital at the counter: received, checked and numbered, approved as shown, signed, put into the vault.

The number is taken under the lock of its book, in the transaction that writes it beside the copy: a crash gives it
back, a cancelled copy keeps it. Approving and signing hang on events, so a crash between two steps loses nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction

from motcua.audit.public import SYSTEM, Actor, record_decision
from motcua.documents.public import PDF, get_files, read_file, sign_pdf, store_document
from motcua.identity.public import PartyRef, get_party
from motcua.kernel.clock import local_date
from motcua.kernel.codes import make_verification_code
from motcua.kernel.messages import N_
from motcua.outbox.public import publish
from motcua.places.public import get_agency
from motcua.vault.actions.deposit import deposit_paper
from motcua.vault.models import CertificationBook, CertifiedCopy
from motcua.vault.queries.copies import draw_copy, to_copy_info
from motcua.vault.rules.certifying import MOVES, CopyWish, check_wish, format_no, list_missing_checks
from motcua.vault.types import (
    CopyApproved,
    CopyCertified,
    CopyInfo,
    CopyRefused,
    CopyUnknown,
    PaperDestroyed,
    PaperInfo,
    PaperRefused,
)


def receive_original(
    owner: PartyRef, *, agency_id: int, wish: CopyWish, scan_file_ids: Sequence[int], actor: Actor, now: datetime
) -> CopyInfo:
    """Take down an original and its scans, for the vault of this person or firm.

    Raises: PaperRefused; NotFound for a party that is not known.
    """
    check_wish(wish, on=local_date(now))
    known = get_files(scan_file_ids)
    if not scan_file_ids or any(file_id not in known for file_id in scan_file_ids):
        raise PaperRefused("scan_missing", N_("Chưa có bản quét. Hãy quét hoặc chụp bản chính rồi tải lên."))
    with transaction.atomic():
        row = CertifiedCopy.objects.create(
            agency_id=agency_id,
            state="received",
            owner_kind=owner.kind,
            owner_id=owner.id,
            requester_name=get_party(owner).name[:300],
            what=wish.what,
            title=wish.title.strip()[:300],
            issuer=wish.issuer.strip()[:300],
            original_no=wish.original_no.strip()[:120],
            original_issued_on=wish.original_issued_on,
            scan_file_ids=list(scan_file_ids),
            received_by=actor.id,
            received_by_name=actor.name[:200],
            received_at=now,
            verification_code=make_verification_code(secrets.token_bytes(10)),
        )
        _record(row, actor, "vault.receive_original", now)
    return to_copy_info(row)


def check_original(
    copy_uuid: UUID, *, agency_ids: Collection[int], ticked: Collection[str], actor: Actor, now: datetime
) -> CopyInfo:
    """Confirm that the original may be the base and that the scan fits it; the copy gets its number in the book.

    Raises: CopyUnknown; CopyRefused in another state, or with a check that was not confirmed.
    """
    missing = list_missing_checks(set(ticked))
    if missing:
        raise CopyRefused(
            "copy_checks",
            N_("Còn điều kiện chưa xác nhận. Nếu bản chính không đạt một điều kiện, hãy từ chối và nêu lý do."),
        )
    with transaction.atomic():
        row = _lock(copy_uuid, agency_ids, move="check")
        book = _lock_book(row.agency_id, now=now)
        book.last_no += 1
        book.save(update_fields=["last_no"])
        row.book, row.no, row.state, row.checked_at = book, book.last_no, "waiting", now
        row.checks = sorted(ticked)
        row.save(update_fields=["book", "no", "state", "checked_at", "checks"])
        _record(row, actor, "vault.check_original", now)
    return to_copy_info(row)


def ensure_drawn(copy_uuid: UUID, *, agency_ids: Collection[int], now: datetime) -> CopyInfo:
    """Return the copy with its paper drawn for today; drawn anew when the day has changed, since the words are dated.

    Raises: CopyUnknown; PaperRefused, FilePending, FileLocked, RenderFailed.
    """
    row = CertifiedCopy.objects.select_related("book").filter(uuid=copy_uuid, agency__in=list(agency_ids)).first()
    if row is None:
        raise CopyUnknown
    if row.state != "waiting" or (row.draft_file_id is not None and row.drawn_on == local_date(now)):
        return to_copy_info(row)
    row.drawn_on = local_date(now)
    pdf, pages = draw_copy(row)
    file = store_document(
        pdf, filename=f"ban-sao-{row.no}.pdf", media_type=PDF, purpose="certified_copy_draft", now=now
    )
    with transaction.atomic():
        held = _lock(copy_uuid, agency_ids)
        if held.state == "waiting":
            held.draft_file_id, held.draft_sha256 = file.id, hashlib.sha256(pdf).hexdigest()
            held.drawn_on, held.pages = row.drawn_on, pages
            held.save(update_fields=["draft_file", "draft_sha256", "drawn_on", "pages"])
    return to_copy_info(held)


def approve_copy(
    copy_uuid: UUID, *, agency_ids: Collection[int], shown_sha256: str, actor: Actor, now: datetime
) -> CopyInfo:
    """Approve exactly the paper that was shown; its signature follows at once in the background.

    Raises: CopyUnknown; CopyRefused in another state, for another paper than the one shown, or a date that has passed.
    """
    with transaction.atomic(durable=True):
        row = _lock(copy_uuid, agency_ids, move="approve")
        if not row.draft_sha256 or row.draft_sha256 != shown_sha256 or row.drawn_on != local_date(now):
            raise CopyRefused(
                "copy_changed", N_("Bản trình ký đã được lập lại với ngày hôm nay. Hãy mở lại, đọc rồi ký.")
            )
        row.state, row.approved_at, row.approved_sha256 = "approved", now, shown_sha256
        row.approved_by, row.approved_by_name = actor.id, actor.name[:200]
        row.save(update_fields=["state", "approved_at", "approved_sha256", "approved_by", "approved_by_name"])
        publish(CopyApproved(copy_uuid=row.uuid), now=now)
        _record(row, actor, "vault.approve_copy", now)
    return to_copy_info(row)


def cancel_copy(copy_uuid: UUID, *, agency_ids: Collection[int], reason: str, actor: Actor, now: datetime) -> CopyInfo:
    """Refuse to certify, with the reason; a number once taken stays in the book. Raises: CopyUnknown, CopyRefused."""
    if not reason.strip():
        raise CopyRefused("copy_reason", N_("Hãy ghi lý do từ chối để trả lời người yêu cầu."))
    with transaction.atomic():
        row = _lock(copy_uuid, agency_ids, move="cancel")
        row.state, row.cancelled_at, row.cancelled_reason = "cancelled", now, reason.strip()[:500]
        row.save(update_fields=["state", "cancelled_at", "cancelled_reason"])
        _record(row, actor, "vault.cancel_copy", now)
    return to_copy_info(row)


def certify_copy(copy_uuid: UUID, *, now: datetime) -> None:
    """Sign what was approved with the key of the agency and keep it. Doing it twice changes nothing.

    Raises: SigningKeyMissing (the outbox tries again); CopyRefused when the drawn bytes are not the approved ones.
    """
    row = CertifiedCopy.objects.select_related("book").get(uuid=copy_uuid)
    if row.state != "approved" or row.draft_file_id is None or row.book is None or row.no is None:
        return
    content = read_file(row.draft_file_id)
    if hashlib.sha256(content).hexdigest() != row.approved_sha256:
        raise CopyRefused("copy_changed", N_("Tệp trình ký không còn đúng với bản đã duyệt nên không ký."))
    signed = sign_pdf(
        content,
        agency_code=get_agency(row.agency_id).code,
        signer_name=row.approved_by_name,
        reason=f"Chứng thực bản sao số {format_no(row.no, year=row.book.year)}",
        now=now,
    )
    file = store_document(
        signed, filename=f"ban-sao-chung-thuc-{row.no}.pdf", media_type=PDF, purpose="certified_copy", now=now
    )
    with transaction.atomic():
        held = CertifiedCopy.objects.select_for_update(of=("self",), no_key=True).get(uuid=copy_uuid)
        if held.state != "approved":
            return
        held.state, held.certified_at, held.file_id = "certified", now, file.id
        held.sha256 = hashlib.sha256(signed).hexdigest()
        held.save(update_fields=["state", "certified_at", "file", "sha256"])
        publish(CopyCertified(copy_uuid=held.uuid, verification_code=held.verification_code), now=now)
        _record(held, SYSTEM, "vault.certify_copy", now)


def deposit_copy(copy_uuid: UUID, *, now: datetime) -> PaperInfo | None:
    """Put the certified copy into the vault of who asked for it. Doing it twice changes nothing.

    Raises: KeeperAway, BlobMissing (the outbox tries again).
    """
    row = CertifiedCopy.objects.get(uuid=copy_uuid)
    if row.file_id is None or row.certified_at is None:
        return None
    with suppress(PaperDestroyed):
        return deposit_paper(
            owner=PartyRef(row.owner_kind, row.owner_id),
            content=row.file_id,
            kind=f"certified_copy:{row.what}",
            title=f"Bản sao có chứng thực: {row.title}",
            issued_on=local_date(row.certified_at),
            origin="certified_copy",
            origin_ref=row.verification_code,
            now=now,
        )
    return None


def _lock_book(agency_id: int, *, now: datetime) -> CertificationBook:
    key = {"agency_id": agency_id, "year": local_date(now).year}
    CertificationBook.objects.bulk_create([CertificationBook(**key)], ignore_conflicts=True)
    return CertificationBook.objects.select_for_update(of=("self",), no_key=True).get(**key)


def _lock(copy_uuid: UUID, agency_ids: Collection[int], *, move: str = "") -> CertifiedCopy:
    row = (
        CertifiedCopy.objects.select_for_update(of=("self",), no_key=True)
        .select_related("book")
        .filter(uuid=copy_uuid, agency__in=list(agency_ids))
        .first()
    )
    if row is None:
        raise CopyUnknown
    if move and move not in MOVES[row.state]:
        raise CopyRefused(
            "copy_state", N_("Bước này đã được làm hoặc không còn làm được. Hãy tải lại trang để xem trạng thái mới.")
        )
    return row


def _record(row: CertifiedCopy, actor: Actor, action: str, now: datetime) -> None:
    details: dict[str, object] = {"no": row.no, "state": row.state, "sha256": row.sha256 or row.draft_sha256}
    record_decision(actor, subject=f"certified_copy:{row.uuid}", action=action, details=details, now=now)
