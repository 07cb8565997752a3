"""The queue of pairs that a steward looks at, and the groups that links make. One policy for every reading."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from motcua.kernel.paging import COUNT_CAP, Page, clamp_page, make_page, page_window
from motcua.linkage.models import LinkPair, Standing, Verdict
from motcua.linkage.rules.arranging import find_component
from motcua.linkage.types import PairInfo, PairNotFound, VerdictInfo
from motcua.registers.public import list_registers

QUEUES = ("waiting", "unsure", "linked", "different")


def list_own_registers(agency_ids: Collection[int]) -> tuple[str, ...]:
    """Return the registers whose records a steward of these agencies may see: theirs, and those of no agency."""
    own = set(agency_ids)
    return tuple(
        register.code
        for register in list_registers()
        if register.owner_agency_id is None or register.owner_agency_id in own
    )


def list_pairs(state: str, *, registers: Collection[str], page: object = 1) -> Page[PairInfo]:
    """Return one page of a queue, the likeliest pairs first. Two queries."""
    number = clamp_page(page)
    start, stop = page_window(number)
    rows = _seen(registers).filter(state=state).order_by("-weight", "id")
    total = rows.order_by()[: COUNT_CAP + 1].count()
    return make_page(tuple(rows[start:stop]), number=number, total=total).map(_to_info)


def get_pair(pair_uuid: UUID, *, registers: Collection[str]) -> PairInfo:
    """Return a pair with all that was said of it. Raises: PairNotFound, also for a pair of other agencies."""
    row = _seen(registers).filter(uuid=pair_uuid).first()
    if row is None:
        raise PairNotFound()
    said = Verdict.objects.filter(pair=row).order_by("id")
    return _to_info(row, tuple(said))


def find_next_pair(*, registers: Collection[str], after: UUID | None = None) -> UUID | None:
    """Return the likeliest pair that waits, other than the one just seen."""
    rows = _seen(registers).filter(state=LinkPair.State.WAITING)
    if after is not None:
        rows = rows.exclude(uuid=after)
    return rows.order_by("-weight", "id").values_list("uuid", flat=True).first()


def find_group(record_uuid: UUID) -> tuple[frozenset[UUID], tuple[PairInfo, ...]]:
    """Return all records that links join with this one, and the links; a query for each step away."""
    members, links = load_group({record_uuid})
    return members, tuple(_to_info(each) for each in sorted(links, key=lambda each: each.pk))


def load_group(start: Collection[UUID], *, lock: bool = False) -> tuple[frozenset[UUID], list[LinkPair]]:
    """Return the records that links join with the given ones, and the rows of those links."""
    members, found = frozenset(start), {}
    while True:
        rows = LinkPair.objects.filter(
            Q(left_uuid__in=members) | Q(right_uuid__in=members), state=LinkPair.State.LINKED
        ).order_by("pk")
        found = {row.pk: row for row in (rows.select_for_update() if lock else rows)}
        wider = find_component(start, [(row.left_uuid, row.right_uuid) for row in found.values()])
        if wider == members:
            return members, list(found.values())
        members = wider


def list_decided(registers: Collection[str]) -> list[tuple[str, str, str, str, bool]]:
    """Return what stewards decided, as a linkage takes it: source, record, source, record, is the same."""
    rows = LinkPair.objects.filter(
        Q(state=LinkPair.State.DIFFERENT) | Q(state=LinkPair.State.LINKED),
        pk__in=Verdict.objects.values("pair"),
        left_register__in=registers,
        right_register__in=registers,
    ).values_list("left_register", "left_uuid", "right_register", "right_uuid", "state")
    kept = dict(Standing.objects.values_list("record_uuid", "kept_uuid"))
    return [
        (one, str(kept.get(left, left)), other, str(kept.get(right, right)), state == LinkPair.State.LINKED)
        for one, left, other, right, state in rows
        if kept.get(left, left) != kept.get(right, right)
    ]


def _seen(registers: Collection[str]) -> QuerySet[LinkPair]:
    """Both records must be of registers that the steward answers for: one side seen would tell the other."""
    return LinkPair.objects.filter(left_register__in=registers, right_register__in=registers)


def _to_info(row: LinkPair, said: tuple[Verdict, ...] = ()) -> PairInfo:
    return PairInfo(
        uuid=row.uuid,
        left_register=row.left_register,
        left_uuid=row.left_uuid,
        right_register=row.right_register,
        right_uuid=row.right_uuid,
        weight=row.weight,
        levels=row.levels,
        is_sure=row.is_sure,
        is_cut_bridge=row.is_cut_bridge,
        state=row.state,
        version=row.version,
        verdicts=tuple(
            VerdictInfo(said=each.said, reason=each.reason, actor_name=each.actor_name, said_at=each.said_at)
            for each in said
        ),
    )
