"""Who takes part: entered and changed by the platform's operator, each change in the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.exchange.actions.joining import join_exchange
from motcua.exchange.models import Subsystem
from motcua.exchange.queries.services import find_subsystems
from motcua.exchange.types import ClientId, GrantRefused
from motcua.kernel.messages import N_


def save_member(
    client: ClientId, *, name: str, agency_code: str, addresses: Sequence[str], may_describe: bool, actor: Actor,
    now: datetime,
) -> ClientId:  # fmt: skip
    """Enter a member's system, or change what is known of it."""
    with transaction.atomic():
        join_exchange(client, name=name, agency_code=agency_code, addresses=addresses, now=now)
        Subsystem.objects.filter(pk=find_subsystems([client])[client].pk).update(may_describe=may_describe)
        details: dict[str, object] = {"name": name, "addresses": list(addresses), "may_describe": may_describe}
        record_decision(actor, subject=_subject(client), action="save_member", details=details, now=now)
    return client


def suspend_member(client: ClientId, *, reason: str, actor: Actor, now: datetime) -> None:
    """Believe a system no more until it is entered again. Raises: GrantRefused without a reason, or unknown."""
    if not reason.strip():
        raise GrantRefused(N_("hãy ghi lý do ngừng tham gia"))
    with transaction.atomic():
        row = find_subsystems([client]).get(client)
        if row is None:
            raise GrantRefused(N_("đơn vị này chưa tham gia nền tảng"))
        Subsystem.objects.filter(pk=row.pk).update(is_active=False)
        details: dict[str, object] = {"reason": reason.strip()[:300]}
        record_decision(actor, subject=_subject(client), action="suspend_member", details=details, now=now)


def _subject(client: ClientId) -> str:
    return f"member:{client}"[:120]
