"""Take part, offer, ask and be granted. The owner of the data approves; nobody approves what they asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.exchange.models import Grant, Service, Subsystem
from motcua.exchange.queries.services import find_subsystems, to_grant_info, to_service_info
from motcua.exchange.types import ClientId, Endpoint, GrantInfo, GrantRefused, ServiceId, ServiceInfo
from motcua.kernel.messages import N_

REGISTER_ENDPOINTS = (Endpoint("GET", "/*/*"), Endpoint("POST", "/query"))


def join_exchange(
    client: ClientId, *, name: str, agency_code: str = "", addresses: Sequence[str] = (), now: datetime
) -> ClientId:
    """Let a subsystem take part; joining again changes its name and networks. `addresses`: networks in CIDR form."""
    Subsystem.objects.update_or_create(
        instance=client.instance,
        member_class=client.member_class,
        member_code=client.member_code,
        subsystem_code=client.subsystem_code,
        defaults={"name": name, "agency_code": agency_code, "addresses": list(addresses), "is_active": True},
        create_defaults={
            "name": name, "agency_code": agency_code, "addresses": list(addresses), "joined_at": now,
        },
    )  # fmt: skip
    return client


def publish_register_service(
    service_id: ServiceId,
    *,
    register: str,
    title: str,
    openapi: Mapping[str, Any],
    version: str = "1",
    endpoints: Sequence[Endpoint] = REGISTER_ENDPOINTS,
    now: datetime,
) -> ServiceInfo:
    """Offer a register of ours as a service of its owner. Raises: GrantRefused when the owner does not take part."""
    owner = find_subsystems([service_id.provider]).get(service_id.provider)
    if owner is None:
        raise GrantRefused(N_("đơn vị này chưa tham gia nền tảng"))
    row, _ = Service.objects.update_or_create(
        subsystem=owner,
        code=service_id.service_code,
        defaults={
            "kind": "register", "title": title, "register": register, "openapi": openapi, "is_active": True,
            "endpoints": [{"method": each.method, "path": each.path} for each in endpoints],
            "version": version, "published_at": now,
        },
    )  # fmt: skip
    return to_service_info(row)


def publish_http_service(
    service_id: ServiceId,
    *,
    base_url: str,
    title: str,
    openapi: Mapping[str, Any],
    endpoints: Sequence[Endpoint],
    timeout_seconds: float = 10.0,
    cache_seconds: int = 0,
    max_bytes: int = 1_000_000,
    now: datetime,
) -> ServiceInfo:
    """Offer an agency's own service behind the gateway. Raises: GrantRefused for an unknown owner or a bad address."""
    owner = find_subsystems([service_id.provider]).get(service_id.provider)
    if owner is None:
        raise GrantRefused(N_("đơn vị này chưa tham gia nền tảng"))
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise GrantRefused(N_("địa chỉ dịch vụ phải là http(s)://máy[:cổng]/đường-dẫn, không kèm gì khác"))
    row, _ = Service.objects.update_or_create(
        subsystem=owner,
        code=service_id.service_code,
        defaults={
            "kind": "http", "title": title, "register": "", "base_url": base_url, "openapi": openapi, "is_active": True,
            "endpoints": [{"method": each.method, "path": each.path} for each in endpoints],
            "timeout_seconds": timeout_seconds, "cache_seconds": cache_seconds, "max_bytes": max_bytes,
            "published_at": now,
        },
    )  # fmt: skip
    return to_service_info(row)


def ask_grant(
    consumer: ClientId,
    *,
    service: ServiceInfo,
    purpose: str,
    legal_ground: str,
    fields: Sequence[str],
    endpoints: Sequence[Endpoint] = REGISTER_ENDPOINTS,
    valid_from: datetime,
    valid_to: datetime | None = None,
    rate_per_minute: int = 600,
    consent_purpose: str = "",
    actor: Actor,
    now: datetime,
) -> UUID:
    """Ask to call a service; return the wish's uuid. Raises: GrantRefused without purpose, ground or fields.

    `consent_purpose`: the ground is each person's consent to it; then one record is read at a time, never a list.
    """
    asking = find_subsystems([consumer]).get(consumer)
    if asking is None:
        raise GrantRefused(N_("đơn vị này chưa tham gia nền tảng"))
    if not purpose.strip() or not legal_ground.strip() or not fields:
        raise GrantRefused(N_("hãy nêu mục đích, căn cứ pháp luật và từng trường dữ liệu cần đọc"))
    if valid_to is not None and valid_to <= valid_from:
        raise GrantRefused(N_("ngày cuối phải sau ngày đầu"))
    if consent_purpose and (service.kind != "register" or not set(endpoints) <= set(REGISTER_ENDPOINTS)):
        raise GrantRefused(N_("căn cứ là sự đồng ý thì chỉ đọc được từng bản ghi của sổ trên nền tảng"))
    row = Grant.objects.create(
        consumer=asking,
        service_id=service.id,
        purpose=purpose.strip(),
        legal_ground=legal_ground.strip(),
        fields=list(fields),
        endpoints=[{"method": each.method, "path": each.path} for each in endpoints],
        valid_from=valid_from,
        valid_to=valid_to,
        rate_per_minute=rate_per_minute,
        consent_purpose=consent_purpose,
        asked_by=actor.id,
        asked_at=now,
    )
    return row.uuid


def approve_grant(grant_uuid: UUID, *, actor: Actor, now: datetime) -> GrantInfo:
    """Let the consumer call. Raises: GrantRefused for one's own wish, or for one that is approved or revoked."""
    with transaction.atomic():
        row = _lock(grant_uuid)
        if row.approved_at is not None or row.revoked_at is not None:
            raise GrantRefused(N_("đề nghị này đã được duyệt hoặc đã thu hồi"))
        if row.asked_by == actor.id:
            raise GrantRefused(N_("người đề nghị không được tự duyệt"))
        row.approved_by, row.approved_at = actor.id, now
        row.save(update_fields=["approved_by", "approved_at"])
        record_decision(actor, subject=f"grant:{row.uuid}", action="approve_grant", details=_details(row), now=now)
    return to_grant_info(row)


def revoke_grant(grant_uuid: UUID, *, reason: str, actor: Actor, now: datetime) -> None:
    """End a grant at once, or refuse a wish. Raises: GrantRefused without a reason, or when it has ended."""
    if not reason.strip():
        raise GrantRefused(N_("hãy ghi lý do thu hồi"))
    with transaction.atomic():
        row = _lock(grant_uuid)
        if row.revoked_at is not None:
            raise GrantRefused(N_("quyền này đã thu hồi"))
        row.revoked_at, row.revoked_reason = now, reason.strip()[:300]
        row.save(update_fields=["revoked_at", "revoked_reason"])
        record_decision(actor, subject=f"grant:{row.uuid}", action="revoke_grant", details=_details(row), now=now)


def _lock(grant_uuid: UUID) -> Grant:
    row = (
        Grant.objects.select_related("consumer", "service__subsystem")
        .select_for_update(of=("self",))
        .filter(uuid=grant_uuid)
        .first()
    )
    if row is None:
        raise GrantRefused(N_("không tìm thấy đề nghị"))
    return row


def _details(row: Grant) -> dict[str, object]:
    return {"consumer": str(row.consumer), "service": row.service.code, "purpose": row.purpose, "fields": row.fields}
