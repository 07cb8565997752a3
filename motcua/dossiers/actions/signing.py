"""A leader signs a list: each paper shown to him whole, agreed to one by one, signed together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from motcua.cases.public import OutcomeNotOfferedError, StaleTask, TaskTaken
from motcua.dossiers.actions.decisions import Hand, sign_result
from motcua.dossiers.models import DraftResult, ShownDraft
from motcua.dossiers.queries.signing import find_shown
from motcua.dossiers.types import NotAllowedNow
from motcua.kernel.messages import N_

_CHANGED = N_("Dự thảo đã thay đổi sau khi bạn đọc. Hãy đọc lại bản mới trước khi ký.")
_UNREAD = N_("Bạn chưa đọc văn bản này. Hãy mở và đọc trước khi ký.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningOutcome:
    """What became of one paper of the list."""

    state: Literal["signed", "refused"]
    case_code: str
    message: str = ""


def note_shown(case_id: int, *, user_id: int, now: datetime) -> str:
    """Note that the newest draft is being shown to this leader; return its hash, empty while there is none."""
    draft = DraftResult.objects.filter(dossier__case_id=case_id).first()
    if draft is None:
        return ""
    ShownDraft.objects.get_or_create(draft=draft, user_id=user_id, defaults={"sha256": draft.sha256, "shown_at": now})
    return draft.sha256


def agree_to_sign(case_id: int, *, shown_sha256: str, is_agreed: bool, user_id: int, now: datetime) -> None:
    """Put exactly the draft that was shown on the leader's list, or take it off. Raises: NotAllowedNow."""
    newest = DraftResult.objects.filter(dossier__case_id=case_id).first()
    if newest is None or newest.sha256 != shown_sha256:
        raise NotAllowedNow("result_changed", _CHANGED)
    seen = find_shown(shown_sha256, case_id=case_id, user_id=user_id)
    if seen is None:
        raise NotAllowedNow("result_unread", _UNREAD)
    seen.agreed_at = now if is_agreed else None
    seen.save(update_fields=["agreed_at"])


def sign_list(papers: Iterable[tuple[Hand, str]], *, now: datetime) -> tuple[SigningOutcome, ...]:
    """Sign each paper as `sign_result` does, in a transaction of its own: one that cannot be signed stops no other.

    Shape: (hand, hash of what was shown); one outcome for each, in order. Unread or not agreed to: refused.
    """
    return tuple(_sign_one(hand, shown_sha256, now=now) for hand, shown_sha256 in papers)


def _sign_one(hand: Hand, shown_sha256: str, *, now: datetime) -> SigningOutcome:
    seen = find_shown(shown_sha256, case_id=hand.task.case_id, user_id=hand.user_id)
    if seen is None or seen.agreed_at is None:
        return SigningOutcome(state="refused", case_code=hand.task.case_code, message=_UNREAD)
    try:
        sign_result(hand, shown_sha256=shown_sha256, note="", now=now)
    except (StaleTask, TaskTaken, NotAllowedNow, OutcomeNotOfferedError) as error:
        return SigningOutcome(state="refused", case_code=hand.task.case_code, message=error.message)
    return SigningOutcome(state="signed", case_code=hand.task.case_code)
