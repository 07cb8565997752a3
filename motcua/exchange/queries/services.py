"""Who takes part and what is offered, as one call needs it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from motcua.exchange.models import Grant, Service, Subsystem
from motcua.exchange.types import ClientId, Endpoint, GrantInfo, ServiceId, ServiceInfo


def find_subsystems(ids: Iterable[ClientId]) -> Mapping[ClientId, Subsystem]:
    """Return the subsystems of these identifiers that take part, in one query."""
    named = Q(pk__in=[])
    for each in ids:
        named |= Q(
            instance=each.instance,
            member_class=each.member_class,
            member_code=each.member_code,
            subsystem_code=each.subsystem_code,
        )
    return {to_client_id(row): row for row in Subsystem.objects.filter(named, is_active=True)}


def list_subsystems(instance: str = "") -> list[tuple[ClientId, str]]:
    """Return all that take part, with their names; of one instance, or of all."""
    rows = Subsystem.objects.filter(is_active=True)
    if instance:
        rows = rows.filter(instance=instance)
    return [(to_client_id(row), row.name) for row in rows.order_by("pk")]


def list_services(provider: ClientId) -> tuple[ServiceInfo, ...]:
    """Return what a provider offers, by code."""
    rows = Service.objects.select_related("subsystem").filter(is_active=True, **_of(provider))
    return tuple(to_service_info(row) for row in rows.order_by("code"))


def find_service(service_id: ServiceId) -> ServiceInfo | None:
    """Return a service that is offered, or None."""
    row = (
        Service.objects.select_related("subsystem")
        .filter(is_active=True, code=service_id.service_code, **_of(service_id.provider))
        .first()
    )
    return to_service_info(row) if row is not None else None


def list_grants(consumer: ClientId, *, services: Sequence[ServiceInfo], now: datetime) -> tuple[GrantInfo, ...]:
    """Return the grants in force of a consumer on some services, oldest first."""
    rows = _in_force(consumer, now).filter(service__in=[each.id for each in services])
    return tuple(to_grant_info(row) for row in rows.order_by("pk"))


def list_register_grants(
    consumer: ClientId, *, registers: Collection[str] = (), now: datetime
) -> list[tuple[str, tuple[GrantInfo, str]]]:
    """Return the consumer's grants on registers of ours: the register, the grant, the version that is served."""
    rows = _in_force(consumer, now).filter(service__is_active=True, service__kind="register")
    if registers:
        rows = rows.filter(service__register__in=list(registers))
    return [(row.service.register, (to_grant_info(row), row.service.version)) for row in rows.order_by("pk")]


def is_revoked(grant: GrantInfo) -> bool:
    """Tell whether a grant was revoked by now, whatever this process knew of it."""
    return not Grant.objects.filter(pk=grant.id, revoked_at__isnull=True).exists()


def _in_force(consumer: ClientId, now: datetime) -> QuerySet[Grant]:
    return Grant.objects.select_related("consumer", "service__subsystem").filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=now),
        valid_from__lte=now,
        approved_at__isnull=False,
        revoked_at__isnull=True,
        consumer__is_active=True,
        **{f"consumer__{name}": value for name, value in _names(consumer).items()},
    )


def to_client_id(row: Subsystem) -> ClientId:
    return ClientId(row.instance, row.member_class, row.member_code, row.subsystem_code)


def to_service_info(row: Service) -> ServiceInfo:
    return ServiceInfo(
        id=row.pk,
        service_id=ServiceId(to_client_id(row.subsystem), row.code),
        kind="register" if row.kind == "register" else "http",
        title=row.title,
        version=row.version,
        register=row.register,
        base_url=row.base_url,
        endpoints=_endpoints(row.endpoints),
        openapi=row.openapi,
        timeout_seconds=row.timeout_seconds,
        cache_seconds=row.cache_seconds,
        max_bytes=row.max_bytes,
    )


def to_grant_info(row: Grant) -> GrantInfo:
    return GrantInfo(
        id=row.pk,
        uuid=row.uuid,
        consumer=to_client_id(row.consumer),
        service_id=ServiceId(to_client_id(row.service.subsystem), row.service.code),
        purpose=row.purpose,
        legal_ground=row.legal_ground,
        endpoints=_endpoints(row.endpoints),
        fields=tuple(row.fields),
        consent_purpose=row.consent_purpose,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        rate_per_minute=row.rate_per_minute,
    )


def _endpoints(stored: Iterable[Mapping[str, str]]) -> tuple[Endpoint, ...]:
    return tuple(Endpoint(each["method"], each["path"]) for each in stored)


def _names(client: ClientId) -> dict[str, str]:
    return {
        "instance": client.instance,
        "member_class": client.member_class,
        "member_code": client.member_code,
        "subsystem_code": client.subsystem_code,
    }


def _of(client: ClientId) -> dict[str, str]:
    return {f"subsystem__{name}": value for name, value in _names(client).items()}
