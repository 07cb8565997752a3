"""Lending papers by link: made, opened by whom it is for, revoked. Each try is kept, openings counted under a lock."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from motcua.audit.public import Actor, record_decision
from motcua.identity.public import Principal, get_person
from motcua.kernel.codes import check_personal_id
from motcua.kernel.messages import N_
from motcua.places.public import find_agency_by_code
from motcua.vault.actions.reading import note_reading
from motcua.vault.models import Paper, Share, ShareOpening
from motcua.vault.queries.keys import KeyRing, open_content, open_facts
from motcua.vault.queries.papers import get_row
from motcua.vault.queries.shares import to_share_info
from motcua.vault.rules.sharing import MOST_WRONG_CODES, check_share, hash_code, hash_token, make_code
from motcua.vault.types import (
    CodeWrong,
    NewShare,
    OpenedPaper,
    PaperDestroyed,
    PaperRefused,
    Reading,
    Recipient,
    ShareInfo,
    ShareUnknown,
)

_GROUND = "Người có giấy tờ chia sẻ cho mục đích này"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareWish:
    """What the owner asks: for whom, what for, until when, how often.

    Shape: `recipient` is the agency's code, the personal number, or a name, as `recipient_kind` says.
    """

    recipient_kind: str
    recipient: str
    purpose: str
    ends_at: datetime
    max_openings: int


def share_paper(paper_uuid: UUID, *, wish: ShareWish, actor: Actor, now: datetime) -> NewShare:
    """Lend a paper. The link (and the code) are in the answer only: what is kept does not bring them back.

    Raises: PaperUnknown, PaperDestroyed, PaperRefused.
    """
    check_share(purpose=wish.purpose, ends_at=wish.ends_at, max_openings=wish.max_openings, now=now)
    paper, token = get_row(paper_uuid), secrets.token_urlsafe(32)
    code = make_code(secrets.token_bytes(8)) if wish.recipient_kind == Recipient.CODE else ""
    with transaction.atomic():
        row = Share.objects.create(
            paper=paper,
            token_hash=hash_token(token),
            code_hash=hash_code(code, token=token) if code else "",
            purpose=wish.purpose.strip()[:300],
            created_at=now,
            created_by=actor.id,
            ends_at=wish.ends_at,
            max_openings=wish.max_openings,
            **_find_recipient(wish),
        )
        _record(row, actor, "vault.share", now)
    return NewShare(share=to_share_info(row, paper=paper, now=now), token=token, code=code)


def revoke_share(share_uuid: UUID, *, paper_uuid: UUID, actor: Actor, now: datetime) -> ShareInfo:
    """End a share at once; doing it twice is no fault. Raises: ShareUnknown when the paper has no such share."""
    with transaction.atomic():
        row = Share.objects.select_for_update(of=("self",), no_key=True).filter(
            uuid=share_uuid, paper__uuid=paper_uuid
        ).select_related("paper__vault").first()  # fmt: skip
        if row is None:
            raise ShareUnknown
        if row.revoked_at is None:
            row.revoked_at = now
            row.save(update_fields=["revoked_at"])
            _record(row, actor, "vault.revoke_share", now)
    return to_share_info(row, paper=row.paper, now=now)


def find_offer(token: str, *, now: datetime) -> ShareInfo | None:
    """Return what a link lends while it opens, without its paper; None for every other link, whatever the reason."""
    row = Share.objects.select_related("paper__key").filter(token_hash=hash_token(token)).first()
    if row is None or row.paper.destroyed_at is not None or row.paper.key.destroyed_at is not None:
        return None
    info = to_share_info(row, paper=row.paper, now=now)
    return info if info.state == "open" else None


def open_shared(token: str, *, principal: Principal | None, code: str, now: datetime) -> OpenedPaper:
    """Open a lent paper for whom it is for; the opening is counted and noted before its content leaves.

    Raises: ShareUnknown for every link that does not open for this reader; CodeWrong; KeeperAway.
    """
    with transaction.atomic():
        row = Share.objects.select_for_update(of=("self",), no_key=True).filter(
            token_hash=hash_token(token)
        ).select_related("paper__vault", "paper__key__vault").first()  # fmt: skip
        if row is None:
            raise ShareUnknown
        outcome = _judge(row, token=token, principal=principal, code=code, now=now)
        _note_try(row, outcome, principal, now)
    if outcome == "wrong_code" and row.locked_at is None:
        raise CodeWrong
    if outcome != "opened":
        raise ShareUnknown
    return _open(row.paper)


def _open(paper: Paper) -> OpenedPaper:
    ring = KeyRing()
    try:
        facts = open_facts(paper, ring)
        content = open_content(paper, ring)
    except PaperDestroyed as error:
        raise ShareUnknown from error
    return OpenedPaper(title=facts.title, filename=facts.filename, media_type=facts.media_type, content=content)


def _judge(row: Share, *, token: str, principal: Principal | None, code: str, now: datetime) -> str:
    is_gone = row.paper.destroyed_at is not None or row.paper.key.destroyed_at is not None
    if is_gone or to_share_info(row, paper=row.paper, now=now).state != "open":
        return "too_late"
    if row.recipient_kind == Recipient.CODE:
        return "opened" if hmac.compare_digest(row.code_hash, hash_code(code, token=token)) else "wrong_code"
    return "opened" if is_recipient(row, principal) else "not_for_you"


def is_recipient(row: Share, principal: Principal | None) -> bool:
    """Say whether this account is the one to whom a paper was lent."""
    if principal is None:
        return False
    if row.recipient_kind == Recipient.OFFICE:
        return principal.kind == "official" and row.recipient_agency_id in principal.agency_ids()
    if row.recipient_kind != Recipient.PERSON or principal.kind != "resident" or principal.person_id is None:
        return False
    number = get_person(principal.person_id).personal_id
    return number is not None and hmac.compare_digest(row.recipient_hash, _hash_person(number))


def _note_try(row: Share, outcome: str, principal: Principal | None, now: datetime) -> None:
    if outcome == "opened":
        row.openings += 1
        row.save(update_fields=["openings"])
    elif outcome == "wrong_code":
        row.wrong_codes += 1
        row.locked_at = now if row.wrong_codes >= MOST_WRONG_CODES else None
        row.save(update_fields=["wrong_codes", "locked_at"])
    reader = principal.to_actor() if principal is not None else _holder_of(row)
    who = f"{reader.name} ({row.recipient_name})" if principal is not None else reader.name
    ShareOpening.objects.create(share=row, at=now, who=who[:300], purpose=row.purpose, outcome=outcome)
    if outcome == "opened":
        note_reading(row.paper, reading=Reading(actor=reader, purpose=row.purpose, legal_ground=_GROUND), now=now)


def _holder_of(row: Share) -> Actor:
    """Whoever holds link and code, under the name that the owner gave."""
    return Actor(kind="resident", id=f"share:{row.uuid}", name=row.recipient_name or "Người có mã mở")


def _find_recipient(wish: ShareWish) -> dict[str, object]:
    if wish.recipient_kind == Recipient.OFFICE:
        agency = find_agency_by_code(wish.recipient)
        if agency is None:
            raise PaperRefused("share_office", N_("Hãy chọn cơ quan nhận trong danh sách."))
        return {
            "recipient_kind": Recipient.OFFICE, "recipient_agency_id": agency.id, "recipient_name": agency.name[:200],
        }  # fmt: skip
    if wish.recipient_kind == Recipient.PERSON:
        number = _read_number(wish.recipient)
        hidden = "•" * (len(number) - 3) + number[-3:]
        return {
            "recipient_kind": Recipient.PERSON, "recipient_hash": _hash_person(number), "recipient_name": hidden,
        }  # fmt: skip
    if wish.recipient_kind == Recipient.CODE and wish.recipient.strip():
        return {"recipient_kind": Recipient.CODE, "recipient_name": wish.recipient.strip()[:200]}
    raise PaperRefused("share_recipient", N_("Hãy chọn người nhận và ghi tên người nhận."))


def _read_number(text: str) -> str:
    number = "".join(sign for sign in text if sign.isdigit())
    if len(number) != 12 or not check_personal_id(number).ok:
        raise PaperRefused("share_person", N_("Số định danh của người nhận gồm 12 chữ số. Hãy xem lại."))
    return number


def _hash_person(number: str) -> str:
    return salted_hmac("motcua.vault.recipient", number, algorithm="sha256").hexdigest()


def _record(row: Share, actor: Actor, action: str, now: datetime) -> None:
    details: dict[str, object] = {
        "share": str(row.uuid), "recipient": row.recipient_name, "purpose": row.purpose,
        "ends_at": row.ends_at.isoformat(), "max_openings": row.max_openings,
    }  # fmt: skip
    record_decision(actor, subject=f"vault_paper:{row.paper.uuid}", action=action, details=details, now=now)
