"""What the office screens show: members, keys, services, grants, calls. Each list paged, each row ready."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from motcua.exchange.models import Grant, Message, Service, Subsystem, SubsystemKey
from motcua.exchange.queries.services import to_client_id, to_grant_info, to_service_info
from motcua.exchange.rules.policy import Viewer
from motcua.exchange.types import ClientId, GrantInfo, ServiceInfo
from motcua.kernel.paging import COUNT_CAP, Page, make_page, page_window

GrantState = Literal["waiting", "coming", "in_force", "expired", "revoked"]
STATES: tuple[GrantState, ...] = ("waiting", "coming", "in_force", "expired", "revoked")
HEALTH_HOURS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """A subsystem as the list shows it."""

    id: int
    uuid: UUID
    client: ClientId
    name: str
    agency_code: str
    addresses: tuple[str, ...]
    may_describe: bool
    is_active: bool
    joined_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """A key of a subsystem: `state` tells whether it is believed now."""

    key_id: str
    kind: str
    sha256: str
    valid_from: datetime
    valid_to: datetime | None
    state: Literal["coming", "in_force", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRow:
    """A grant or a wish with its names."""

    grant: GrantInfo
    state: GrantState
    consumer_name: str
    consumer_agency: str
    owner_name: str
    owner_agency: str
    service_title: str
    service_row: int
    register: str  # whose fields are granted; "" for a service behind the gateway
    asked_by: str
    asked_at: datetime
    approved_at: datetime | None
    revoked_at: datetime | None
    revoked_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """One line of the message log as people read it."""

    uuid: UUID
    at: datetime
    client: str
    service: str
    purpose: str
    legal_ground: str
    user_id: str
    issue: str
    status: int
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a service fared in the last hour."""

    calls: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFilter:
    """What of the log is looked for; empty means any."""

    client: str = ""
    service: str = ""
    fault: str = ""
    is_refused: bool | None = None
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None


def list_members(text: str, *, page: int) -> Page[MemberRow]:
    """Return who takes part, by name. That somebody does is no secret."""
    rows = Subsystem.objects.all()
    if text:
        parts = Q(member_code__icontains=text) | Q(subsystem_code__icontains=text) | Q(agency_code__icontains=text)
        rows = rows.filter(parts | Q(name__icontains=text))
    return _page(rows.order_by("name", "pk"), page).map(_to_member)


def list_own_members(viewer: Viewer) -> tuple[MemberRow, ...]:
    """Return the subsystems in whose name the viewer may act, by name."""
    rows = Subsystem.objects.filter(is_active=True)
    if not viewer.is_operator:
        rows = rows.filter(agency_code__in=viewer.agencies).exclude(agency_code="")
    return tuple(_to_member(row) for row in rows.order_by("name", "pk")[:500])


def find_member(member_uuid: UUID) -> MemberRow | None:
    row = Subsystem.objects.filter(uuid=member_uuid).first()
    return _to_member(row) if row is not None else None


def list_keys(member_id: int, *, now: datetime) -> tuple[KeyRow, ...]:
    """Return a subsystem's keys, the newest first."""
    rows = SubsystemKey.objects.filter(subsystem=member_id).order_by("-valid_from", "-pk")[:100]
    return tuple(_to_key(row, now) for row in rows)


def list_offers(text: str = "", *, member_id: int | None = None, page: int) -> Page[tuple[ServiceInfo, str, str]]:
    """Return services that are offered, by title, with their owner's name and agency."""
    rows = Service.objects.select_related("subsystem").filter(is_active=True)
    if member_id is not None:
        rows = rows.filter(subsystem=member_id)
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(code__icontains=text) | Q(subsystem__name__icontains=text))
    return _page(rows.order_by("title", "pk"), page).map(_to_offer)


def find_offered(service_id: int) -> tuple[ServiceInfo, str, str] | None:
    """Return a service with its owner's name and agency, or None."""
    row = Service.objects.select_related("subsystem").filter(pk=service_id, is_active=True).first()
    return _to_offer(row) if row is not None else None


def list_grant_rows(
    viewer: Viewer, *, state: GrantState | None = None, text: str = "", member_id: int | None = None, page: int,
    now: datetime,
) -> Page[GrantRow]:  # fmt: skip
    """Return the grants that the viewer may see, the newest first."""
    rows = _see_grants(viewer)
    if state is not None:
        rows = rows.filter(_is_in(state, now))
    if member_id is not None:
        rows = rows.filter(Q(consumer=member_id) | Q(service__subsystem=member_id))
    if text:
        names = Q(consumer__name__icontains=text) | Q(service__title__icontains=text) | Q(purpose__icontains=text)
        rows = rows.filter(names | Q(service__subsystem__name__icontains=text))
    return _page(rows.order_by("-asked_at", "-pk"), page).map(lambda row: _to_grant(row, now))


def find_grant_row(viewer: Viewer, grant_uuid: UUID, *, now: datetime) -> GrantRow | None:
    """Return a grant that the viewer may see, or None: the same for one that is not there."""
    row = _see_grants(viewer).filter(uuid=grant_uuid).first()
    return _to_grant(row, now) if row is not None else None


def count_waiting(viewer: Viewer, *, now: datetime) -> Mapping[str, int]:
    """Return how many grants wait for approval, and how many end within thirty days."""
    soon = Q(valid_to__lte=now + timedelta(days=30)) & _is_in("in_force", now)
    return _see_grants(viewer).aggregate(waiting=Count("pk", _is_in("waiting", now)), ending=Count("pk", soon))


def list_calls(viewer: Viewer, wanted: CallFilter, *, page: int) -> Page[CallRow]:
    """Return the calls that the viewer may see, the latest first."""
    rows = Message.objects.all()
    if not viewer.is_operator:
        rows = rows.filter(_is_own(viewer))
    for name, value in (("client", wanted.client), ("service", wanted.service), ("fault", wanted.fault)):
        if value:
            rows = rows.filter(**{f"{name}__istartswith": value})
    if wanted.is_refused is not None:
        rows = rows.exclude(fault="") if wanted.is_refused else rows.filter(fault="")
    if wanted.text:
        exact = Q(message_id=wanted.text) | Q(issue=wanted.text) | Q(user_id=wanted.text)
        rows = rows.filter(exact | Q(purpose__icontains=wanted.text) | Q(uuid=_to_uuid(wanted.text)))
    if wanted.since is not None:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(at__lt=wanted.until)
    names = [field for field in CallRow.__dataclass_fields__]
    found = rows.order_by("-pk").values_list(*names)
    return _page(found, page).map(lambda row: CallRow(**dict(zip(names, row, strict=True))))


def list_health(services: Sequence[ServiceInfo], *, now: datetime) -> Mapping[int, Health]:
    """Return how services fared in the last hour: calls that came to them, and those that they failed."""
    names = {str(each.service_id): each.id for each in services}
    rows = Message.objects.filter(service__in=list(names), at__gte=now - timedelta(hours=HEALTH_HOURS)).exclude(
        fault__in=["Server.ServerProxy.AccessDenied", "Server.ServerProxy.UnknownService"]
    )
    failed = Q(status__gte=500) & ~Q(fault__startswith="Server.ClientProxy.")
    counted = rows.order_by().values("service").annotate(calls=Count("pk"), failed=Count("pk", failed))
    return {names[row["service"]]: Health(calls=row["calls"], failed=row["failed"]) for row in counted}


def _see_grants(viewer: Viewer) -> QuerySet[Grant]:
    rows = Grant.objects.select_related("consumer", "service__subsystem")
    if viewer.is_operator:
        return rows
    own = Q(consumer__agency_code__in=viewer.agencies) | Q(service__subsystem__agency_code__in=viewer.agencies)
    return rows.filter(own)


def _is_own(viewer: Viewer) -> Q:
    """The calls made by, or made to, a system of the viewer's agencies."""
    own = Q(pk__in=[])
    for row in Subsystem.objects.filter(agency_code__in=viewer.agencies).exclude(agency_code="").order_by("pk"):
        own |= Q(client=str(to_client_id(row))) | Q(service__startswith=f"{to_client_id(row)}/")
    return own


def _is_in(state: GrantState, now: datetime) -> Q:
    stands = Q(revoked_at__isnull=True)
    approved = stands & Q(approved_at__isnull=False)
    return {
        "waiting": stands & Q(approved_at__isnull=True),
        "coming": approved & Q(valid_from__gt=now),
        "in_force": approved & Q(valid_from__lte=now) & (Q(valid_to__isnull=True) | Q(valid_to__gt=now)),
        "expired": approved & Q(valid_to__lte=now),
        "revoked": Q(revoked_at__isnull=False),
    }[state]


def _page(rows: QuerySet[Any, Any], number: int) -> Page[Any]:
    start, stop = page_window(number)
    return make_page(list(rows[start:stop]), number=number, total=rows.order_by()[: COUNT_CAP + 1].count())


def _to_member(row: Subsystem) -> MemberRow:
    return MemberRow(
        id=row.pk, uuid=row.uuid, client=to_client_id(row), name=row.name, agency_code=row.agency_code,
        addresses=tuple(row.addresses), may_describe=row.may_describe, is_active=row.is_active, joined_at=row.joined_at,
    )  # fmt: skip


def _to_key(row: SubsystemKey, now: datetime) -> KeyRow:
    is_over = row.valid_to is not None and row.valid_to <= now
    return KeyRow(
        key_id=row.key_id, kind=row.kind, sha256=row.sha256, valid_from=row.valid_from, valid_to=row.valid_to,
        state="ended" if is_over else "coming" if row.valid_from > now else "in_force",
    )  # fmt: skip


def _to_offer(row: Service) -> tuple[ServiceInfo, str, str]:
    return to_service_info(row), row.subsystem.name, row.subsystem.agency_code


def _to_grant(row: Grant, now: datetime) -> GrantRow:
    state: GrantState = "in_force"
    if row.revoked_at is not None:
        state = "revoked"
    elif row.approved_at is None:
        state = "waiting"
    elif row.valid_to is not None and row.valid_to <= now:
        state = "expired"
    elif row.valid_from > now:
        state = "coming"
    owner = row.service.subsystem
    return GrantRow(
        grant=to_grant_info(row), state=state, consumer_name=row.consumer.name,
        consumer_agency=row.consumer.agency_code, owner_name=owner.name, owner_agency=owner.agency_code,
        service_title=row.service.title, service_row=row.service_id,
        register=row.service.register if row.service.kind == "register" else "",
        asked_by=row.asked_by, asked_at=row.asked_at, approved_at=row.approved_at,
        revoked_at=row.revoked_at, revoked_reason=row.revoked_reason,
    )  # fmt: skip


def _to_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
