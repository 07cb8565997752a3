"""A steward says of a pair: the same, not the same, don't know; and undoes a link by one act."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.kernel.messages import N_
from motcua.linkage.actions.standing import settle_standing
from motcua.linkage.models import LinkPair, Verdict
from motcua.linkage.types import PairChanged, PairNotFound, VerdictRefused
from motcua.registers.public import MergeRefused

VERDICTS = ("same", "different", "unsure")
MAX_REASON = 500


def judge_pair(
    pair_uuid: UUID,
    *,
    said: str,
    version: int,
    registers: Collection[str],
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> str:
    """Take a verdict; return the state the pair is in now. Registers merge the records in the same transaction.

    With four eyes (MOTCUA_LINKAGE_FOUR_EYES) two stewards must say "same" before records are joined.
    Raises: PairNotFound, PairChanged, VerdictRefused, MergeRefused.
    """
    if said not in VERDICTS:
        raise VerdictRefused(N_("hãy chọn một trong ba câu trả lời"))
    with transaction.atomic():
        row = _lock(pair_uuid, registers, version)
        if row.state == LinkPair.State.LINKED:
            raise VerdictRefused(N_("hai bản ghi này đang được nối; muốn khác thì dùng nút tách"))
        _note(row, said, reason, actor, now)
        if said == "same":
            if settings.LINKAGE_FOUR_EYES and not _agreed_by_another(row, actor):
                return _move(row, LinkPair.State.WAITING)
            _move(row, LinkPair.State.LINKED)
            settle_standing(
                {row.left_uuid, row.right_uuid}, reason=_reason(row, reason), score=row.weight, actor=actor, now=now
            )
            return row.state
        return _move(row, LinkPair.State.DIFFERENT if said == "different" else LinkPair.State.UNSURE)


def unlink_pair(
    pair_uuid: UUID, *, version: int, registers: Collection[str], reason: str, actor: Actor, now: datetime
) -> None:
    """Undo a link: registers have the records as they were, and no later linkage joins the two again.

    Raises: PairNotFound, PairChanged, VerdictRefused without a reason.
    """
    if not reason.strip():
        raise VerdictRefused(N_("hãy ghi lý do tách, để người sau hiểu"))
    with transaction.atomic():
        row = _lock(pair_uuid, registers, version)
        if row.state != LinkPair.State.LINKED:
            raise VerdictRefused(N_("hai bản ghi này không được nối với nhau"))
        _note(row, "unlink", reason, actor, now)
        _move(row, LinkPair.State.DIFFERENT)
        settle_standing(
            {row.left_uuid, row.right_uuid}, reason=_reason(row, reason), score=row.weight, actor=actor, now=now
        )


def apply_links(run_uuid: UUID, *, actor: Actor, now: datetime) -> int:
    """Join the records of the pairs that a run was sure of, each in its own transaction; return how many.

    Pairs that a person has looked at are left; a pair whose records were merged otherwise meanwhile stays in the queue.
    """
    sure = LinkPair.objects.filter(run__uuid=run_uuid, is_sure=True, state=LinkPair.State.WAITING).order_by(
        "-weight", "pk"
    )
    return sum(_apply(pk, actor, now) for pk in list(sure.values_list("pk", flat=True)))


def _apply(pk: int, actor: Actor, now: datetime) -> bool:
    try:
        with transaction.atomic():
            row = LinkPair.objects.select_for_update().get(pk=pk)
            if row.state != LinkPair.State.WAITING or Verdict.objects.filter(pair=row).exists():
                return False
            _move(row, LinkPair.State.LINKED)
            settle_standing(
                {row.left_uuid, row.right_uuid}, reason=_reason(row, ""), score=row.weight, actor=actor, now=now
            )
    except MergeRefused:
        return False
    return True


def _lock(pair_uuid: UUID, registers: Collection[str], version: int) -> LinkPair:
    row = (
        LinkPair.objects.select_for_update()
        .filter(uuid=pair_uuid, left_register__in=registers, right_register__in=registers)
        .first()
    )
    if row is None:
        raise PairNotFound()
    if row.version != version:
        raise PairChanged()
    return row


def _note(row: LinkPair, said: str, reason: str, actor: Actor, now: datetime) -> None:
    text = reason.strip()[:MAX_REASON]
    Verdict.objects.create(pair=row, said=said, reason=text, actor=actor.id, actor_name=actor.name[:200], said_at=now)
    record_decision(
        actor,
        subject=f"link_pair:{row.uuid}",
        action=f"linkage.{said}",
        details={"reason": text, "weight": f"{row.weight:.1f}"},
        now=now,
    )


def _agreed_by_another(row: LinkPair, actor: Actor) -> bool:
    """Say whether somebody else's last word on the pair is "same" too."""
    last: dict[str, str] = {}
    for each in Verdict.objects.filter(pair=row).order_by("id"):
        last[each.actor] = each.said
    return any(said == "same" for who, said in last.items() if who != actor.id)


def _move(row: LinkPair, state: str) -> str:
    row.state, row.version = state, row.version + 1
    row.save(update_fields=["state", "version"])
    return row.state


def _reason(row: LinkPair, reason: str) -> str:
    return reason.strip()[:MAX_REASON] or f"Đối soát người, trọng số {row.weight:.1f}"
