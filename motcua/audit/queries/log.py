"""Reading the log back, and proving that nobody changed it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from motcua.audit.models import AuditCheckpoint, AuditEntry, AuditLink, AuditPending
from motcua.audit.rules import GENESIS, digest_private, hash_link, to_instant
from motcua.audit.types import Actor, AuditEntryInfo, AuditHead, VerifyReport
from motcua.kernel.paging import COUNT_CAP, Page, make_page, page_window

MAX_PROBLEMS = 50
_BATCH = 2_000


def list_reads_of(subject: str, page: int = 1) -> Page[AuditEntryInfo]:
    """Return who read the data of a subject, the latest first: what its subject may see."""
    start, stop = page_window(page)
    rows = AuditEntry.objects.filter(subject=subject, kind="read").order_by("-at", "-id")
    total = len(rows.values_list("id")[: COUNT_CAP + 1])
    return make_page([to_info(row) for row in rows[start:stop]], number=page, total=total)


def list_decisions_of(subject: str, page: int = 1) -> Page[AuditEntryInfo]:
    """Return what was decided about a subject, the latest first."""
    start, stop = page_window(page)
    rows = AuditEntry.objects.filter(subject=subject, kind="decision").order_by("-at", "-id")
    total = len(rows.values_list("id")[: COUNT_CAP + 1])
    return make_page([to_info(row) for row in rows[start:stop]], number=page, total=total)


def find_head() -> AuditHead | None:
    """Return the last link of the chain, to be kept outside of the system."""
    link = AuditLink.objects.order_by("-seq").only("seq", "hash").first()
    return None if link is None else AuditHead(seq=link.seq, hash=link.hash)


def get_facts(entry: AuditEntry) -> dict[str, str]:
    """Return the facts of an entry that stand in the chain."""
    return {
        "uuid": str(entry.uuid),
        "kind": entry.kind,
        "at": to_instant(entry.at),
        "recorded_at": to_instant(entry.recorded_at),
        "actor": f"{entry.actor_kind}:{entry.actor_id}",
        "on_behalf_of": entry.on_behalf_of,
        "agency_code": entry.agency_code,
        "subject": entry.subject,
        "what": entry.what,
        "purpose": entry.purpose,
        "legal_ground": entry.legal_ground,
        "private_digest": entry.private_digest,
    }


def verify_chain(expected: AuditHead | None = None) -> VerifyReport:
    """Walk the whole chain and say everything that is wrong with it.

    `expected` is a head that was noted outside of the system: the chain must still hold it.
    """
    problems: list[str] = []
    links, head = _walk_links(problems)
    problems += _check_checkpoints()
    problems += _check_strays()
    if expected is not None and not AuditLink.objects.filter(seq=expected.seq, hash=expected.hash).exists():
        problems.append(f"Mắt xích số {expected.seq} không còn mang mã băm đã ghi bên ngoài: bị cắt hoặc viết lại.")
    return VerifyReport(
        links=links, pending=AuditPending.objects.count(), head=head, problems=tuple(problems[:MAX_PROBLEMS])
    )


def _walk_links(problems: list[str]) -> tuple[int, AuditHead | None]:
    seq, prev_hash, head = 0, GENESIS, None
    for link, entry in _iterate_links():
        if link.seq != seq + 1:
            problems.append(f"Thiếu mắt xích từ số {seq + 1} đến số {link.seq - 1}.")
        elif link.prev_hash != prev_hash:
            problems.append(f"Mắt xích số {link.seq} không nối vào mắt xích trước nó.")
        problems += _check_entry(link, entry)
        seq, prev_hash = link.seq, link.hash
        head = AuditHead(seq=link.seq, hash=link.hash)
    return seq, head


def _iterate_links() -> Iterator[tuple[AuditLink, AuditEntry | None]]:
    last = 0
    while batch := list(AuditLink.objects.filter(seq__gt=last).order_by("seq")[:_BATCH]):
        entries = AuditEntry.objects.in_bulk([link.entry_id for link in batch])
        yield from ((link, entries.get(link.entry_id)) for link in batch)
        last = batch[-1].seq


def _check_entry(link: AuditLink, entry: AuditEntry | None) -> list[str]:
    if entry is None:
        return [f"Dòng nhật ký của mắt xích số {link.seq} đã bị xóa."]
    found = []
    if hash_link(link.seq, prev_hash=link.prev_hash, facts=get_facts(entry)) != link.hash:
        found.append(f"Dòng nhật ký của mắt xích số {link.seq} đã bị sửa hoặc đổi chỗ.")
    private = digest_private(bytes(entry.salt), actor_name=entry.actor_name, details=entry.details)
    if private != entry.private_digest:
        found.append(f"Tên người hoặc chi tiết trong dòng nhật ký của mắt xích số {link.seq} đã bị sửa.")
    return found


def _check_checkpoints() -> list[str]:
    kept = AuditLink.objects.filter(seq=OuterRef("seq"), hash=OuterRef("hash"))
    lost = AuditCheckpoint.objects.exclude(Exists(kept)).order_by("seq")[:MAX_PROBLEMS]
    return [f"Nhật ký từng có mắt xích số {point.seq}, nay không còn hoặc đã khác." for point in lost]


def _check_strays() -> list[str]:
    """Find entries that are neither linked nor waiting: put in, or taken out of the queue, by hand."""
    linked = AuditLink.objects.filter(entry=OuterRef("pk"))
    waiting = AuditPending.objects.filter(entry=OuterRef("pk"))
    strays = AuditEntry.objects.exclude(Exists(linked)).exclude(Exists(waiting)).order_by("id")[:MAX_PROBLEMS]
    return [f"Dòng nhật ký {stray.uuid} nằm ngoài chuỗi: bị chèn vào hoặc bị gỡ khỏi hàng chờ." for stray in strays]


def to_info(row: AuditEntry) -> AuditEntryInfo:
    """Return the entry as it crosses the boundary."""
    actor = Actor(
        kind=row.actor_kind,  # type: ignore[arg-type]  # a check constraint keeps it to ActorKind
        id=row.actor_id,
        name=row.actor_name,
        on_behalf_of=row.on_behalf_of or None,
        agency_code=row.agency_code or None,
    )
    return AuditEntryInfo(
        uuid=row.uuid,
        at=row.at,
        kind=row.kind,  # type: ignore[arg-type]  # a check constraint keeps it to EntryKind
        actor=actor,
        subject=row.subject,
        what=row.what,
        purpose=row.purpose,
        legal_ground=row.legal_ground,
        details=row.details,
    )
