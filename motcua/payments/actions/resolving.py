"""A person explains a difference by a named act: written, audited, and above the limit agreed by another."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.kernel.clock import HCM
from motcua.kernel.messages import N_
from motcua.payments.actions.paying import announce_taken_back
from motcua.payments.actions.posting import NewEntry, post
from motcua.payments.actions.reconciling import compare_day
from motcua.payments.models import Charge, Entry, Resolution, StatementRow
from motcua.payments.queries.resolutions import to_resolution_info
from motcua.payments.rules.resolving import ACTS, Act, entry_kind, list_acts, moved_vnd, needs_second
from motcua.payments.types import ActCode, Difference, EntryKind, ResolutionInfo, ResolutionRefused

_OF_CHARGE = frozenset(
    {EntryKind.REVERSED_BANK, EntryKind.REVERSED_GATEWAY, EntryKind.ADDED_BANK, EntryKind.ADDED_GATEWAY}
)


def resolve_difference(
    on: date, *, kind: str, reference: str, act: str, reason: str, agency_code: str, actor: Actor, now: datetime
) -> ResolutionInfo:
    """Explain a difference of a day by an act that is lawful for it; one that needs a second person waits.

    Raises: ResolutionRefused.
    """
    if not reason.strip():
        raise ResolutionRefused(N_("hãy ghi lý do"))
    difference = next(
        (each for each in compare_day(on).differences if each.kind == kind and each.reference == reference), None
    )
    chosen = next((each for each in list_acts(difference) if each.code == act), None) if difference else None
    if difference is None or chosen is None:
        raise ResolutionRefused(N_("chênh lệch này không còn, hoặc đã có người xử lý; hãy mở lại trang"))
    amount = moved_vnd(chosen, difference)
    with transaction.atomic():
        row = Resolution(
            on=on, kind=kind, reference=reference, external_id=difference.external_id, act=chosen.code,
            amount_vnd=amount, reason=reason.strip()[:500], asked_by=_name(actor), asked_by_name=actor.name[:200],
            asked_at=now, needs_second=needs_second(chosen, amount),
        )  # fmt: skip
        Resolution.objects.bulk_create([row], ignore_conflicts=True)
        kept = Resolution.objects.select_for_update(of=("self",)).get(on=on, kind=kind, reference=reference)
        if kept.uuid != row.uuid:
            raise ResolutionRefused(N_("chênh lệch này không còn, hoặc đã có người xử lý; hãy mở lại trang"))
        _record(actor, kept, "payments.resolve_difference", now)
        if not kept.needs_second:
            _carry_out(kept, chosen, difference, agency_code, actor, now)
    return to_resolution_info(kept)


def approve_resolution(resolution_uuid: UUID, *, agency_code: str, actor: Actor, now: datetime) -> ResolutionInfo:
    """Agree to another's act. Raises: ResolutionRefused for one's own, or for one already agreed."""
    with transaction.atomic():
        row = Resolution.objects.select_for_update(of=("self",)).filter(uuid=resolution_uuid).first()
        if row is None or row.approved_at is not None:
            raise ResolutionRefused(N_("đề nghị này không còn chờ duyệt"))
        if row.asked_by == _name(actor):
            raise ResolutionRefused(N_("người đề nghị không được tự duyệt; hãy nhờ người khác"))
        found = [e for e in compare_day(row.on).differences if (e.kind, e.reference) == (row.kind, row.reference)]
        if not found:
            raise ResolutionRefused(N_("chênh lệch này không còn, hoặc đã có người xử lý; hãy mở lại trang"))
        _carry_out(row, ACTS[_code(row.act)], found[0], agency_code, actor, now)
    return to_resolution_info(row)


def drop_resolution(resolution_uuid: UUID, *, actor: Actor, now: datetime) -> None:
    """Take back an act that nobody agreed to yet, one's own or another's. Raises: ResolutionRefused."""
    with transaction.atomic():
        row = Resolution.objects.select_for_update(of=("self",)).filter(uuid=resolution_uuid).first()
        if row is None or row.approved_at is not None:
            raise ResolutionRefused(N_("đề nghị này không còn chờ duyệt"))
        _record(actor, row, "payments.drop_resolution", now)
        row.delete()


def _carry_out(
    row: Resolution, act: Act, difference: Difference, agency_code: str, actor: Actor, now: datetime
) -> None:
    row.approved_by, row.approved_at = _name(actor), now
    row.save(update_fields=["approved_by", "approved_at"])
    _record(actor, row, "payments.agree_resolution", now)
    kind = entry_kind(act, difference, is_gateway=row.external_id.startswith("vnpay:"))
    if kind is None or not row.amount_vnd:
        return
    charge = _find_charge(row.external_id) if kind in _OF_CHARGE else None
    if kind in _OF_CHARGE and charge is None:
        raise ResolutionRefused(N_("không tìm thấy khoản phải nộp của bút toán này; hãy giải thích bằng văn bản"))
    entry = NewEntry(
        kind=kind,
        amount_vnd=row.amount_vnd,
        agency_code=charge.agency_code if charge is not None else _agency_of(row.external_id) or agency_code,
        reference=f"{kind}:{row.external_id}",
        happened_at=min(now, datetime.combine(row.on, time(12), HCM)),
        charge_id=charge.pk if charge is not None else None,
        note=row.reason,
        actor=_name(actor),
    )
    if not post([entry], now=now):
        raise ResolutionRefused(N_("giao dịch này đã được ghi từ trước"))
    if charge is not None and kind in (EntryKind.REVERSED_BANK, EntryKind.REVERSED_GATEWAY):
        announce_taken_back(charge, reference=entry.reference, amount_vnd=row.amount_vnd, now=now)


def _find_charge(external_id: str) -> Charge | None:
    entry = (
        Entry.objects.filter(
            reference__in=[f"{kind}:{external_id}" for kind in (EntryKind.PAID_BANK, EntryKind.PAID_GATEWAY)]
        ).select_related("charge").first()
    )  # fmt: skip
    return entry.charge if entry is not None else None


def _agency_of(external_id: str) -> str:
    rows = StatementRow.objects.filter(external_id=external_id).order_by("pk")
    return str(rows.values_list("statement__agency_code", flat=True).first() or "")


def _code(text: str) -> ActCode:
    return next(code for code in ACTS if code == text)


def _name(actor: Actor) -> str:
    return f"{actor.kind}:{actor.id}"


def _record(actor: Actor, row: Resolution, action: str, now: datetime) -> None:
    details = {"on": row.on.isoformat(), "kind": row.kind, "act": row.act, "amount_vnd": row.amount_vnd}
    record_decision(actor, subject=f"resolution:{row.uuid}", action=action, details=details, now=now)
