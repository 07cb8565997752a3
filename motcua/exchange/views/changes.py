"""What officials change in the exchange: members, keys, services, grants. Each asks whether this person may."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.exchange.actions.members import save_member, suspend_member
from motcua.exchange.forms import KeyForm, MemberForm, ServiceForm, WishForm
from motcua.exchange.public import (
    ClientId,
    GrantRefused,
    KeyRefused,
    ServiceId,
    ServiceInfo,
    add_certificate,
    add_signature_key,
    approve_grant,
    ask_grant,
    end_key,
    publish_http_service,
    publish_register_service,
    revoke_grant,
)
from motcua.exchange.queries import screens
from motcua.exchange.rules.policy import Viewer, may_approve, may_manage, may_revoke
from motcua.exchange.views.office import (
    ROLES,
    back_to,
    find_member,
    list_errors,
    name_states,
    principal_of,
    read_text,
    refuse,
    tell,
    viewer_of,
)
from motcua.identity.public import official_required
from motcua.kernel import clock
from motcua.kernel.errors import DomainError
from motcua.kernel.paging import clamp_page
from motcua.registers.public import get_register, list_registers
from motcua.ui.public import say

VERBS = ("GET", "HEAD", "POST")
PARTS = ("instance", "member_class", "member_code", "subsystem_code")


@never_cache
@require_http_methods(VERBS)
@official_required(*ROLES)
def members(request: HttpRequest) -> HttpResponse:
    """List who takes part; the operator enters another."""
    viewer, now = viewer_of(request), clock.now()
    form: Form = MemberForm(request.POST) if request.method == "POST" else MemberForm()
    if request.method == "POST":
        if not viewer.is_operator:
            raise refuse()
        if form.is_valid():
            told = form.cleaned_data
            client = ClientId(*(told.pop(name) for name in PARTS))
            save_member(client, **told, actor=principal_of(request).to_actor(), now=now)
            tell(request, _("Đã ghi thành viên %(name)s.") % {"name": told["name"]})
            return back_to("members")
    text = read_text(request, "q")
    context = {
        "page": screens.list_members(text, page=clamp_page(request.GET.get("trang", "1"))), "text": text,
        "may_enter": viewer.is_operator, "values": form.data, "errors": list_errors(form) if form.is_bound else {},
    }  # fmt: skip
    return render(request, "exchange/members.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(VERBS)
@official_required(*ROLES)
def member(request: HttpRequest, member_uuid: UUID) -> HttpResponse:
    """Show a member's system with its keys, services and grants; change what may be changed."""
    row, viewer, now = find_member(request, member_uuid), viewer_of(request), clock.now()
    is_own, errors = may_manage(viewer, row.agency_code), {}
    if request.method == "POST":
        if not is_own or (request.POST.get("viec") == "suspend" and not viewer.is_operator):
            raise refuse()
        errors = _change_member(request, row, now)
        if not errors:
            return back_to("member", row.uuid)
    context = {
        "member": row, "is_own": is_own, "is_operator": viewer.is_operator, "errors": errors, "values": request.POST,
        "keys": screens.list_keys(row.id, now=now) if is_own else (), "states": name_states(),
        "services": screens.list_offers(member_id=row.id, page=1).items,
        "grants": screens.list_grant_rows(viewer, member_id=row.id, page=1, now=now).items,
        "registers": list_registers() if is_own else (),
    }  # fmt: skip
    return render(request, "exchange/member.html", context, status=422 if errors else 200)


@never_cache
@require_http_methods(VERBS)
@official_required(*ROLES)
def publish(request: HttpRequest, member_uuid: UUID) -> HttpResponse:
    """Offer a service in a member's name."""
    row, viewer, now = find_member(request, member_uuid), viewer_of(request), clock.now()
    if not may_manage(viewer, row.agency_code):
        raise refuse()
    form = ServiceForm(request.POST) if request.method == "POST" else ServiceForm()
    if form.is_bound and form.is_valid():
        try:
            made = _publish(row.client, form.cleaned_data, now)
        except DomainError as refused:
            form.add_error("base_url", say(refused.message))
        else:
            tell(request, _("Đã mở dịch vụ %(title)s.") % {"title": made.title})
            return back_to("service", made.id)
    context = {
        "member": row, "values": form.data, "errors": list_errors(form) if form.is_bound else {},
        "registers": list_registers(),
    }  # fmt: skip
    return render(request, "exchange/publish.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(VERBS)
@official_required(*ROLES)
def ask(request: HttpRequest, service_id: int) -> HttpResponse:
    """Ask to call a service in the name of one of the viewer's systems."""
    offered, viewer, now = screens.find_offered(service_id), viewer_of(request), clock.now()
    if offered is None:
        raise Http404
    own = screens.list_own_members(viewer)
    form = WishForm(request.POST) if request.method == "POST" else WishForm()
    if form.is_bound and form.is_valid():
        asking = next((each for each in own if each.uuid == form.cleaned_data["consumer"]), None)
        if asking is None:
            raise refuse()
        grant_uuid = _ask(request, form, asking.client, offered[0], now)
        if grant_uuid is not None:
            tell(request, _("Đã gửi đề nghị đến chủ dữ liệu."))
            return back_to("grant", grant_uuid)
    context = {
        "service": offered[0], "owner": offered[1], "own": own, "values": form.data, "fields": _list_fields(offered[0]),
        "errors": list_errors(form) if form.is_bound else {}, "today": clock.local_date(now),
    }  # fmt: skip
    return render(request, "exchange/ask.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(VERBS)
@official_required(*ROLES)
def grant(request: HttpRequest, grant_uuid: UUID) -> HttpResponse:
    """Show a grant; approve it, refuse it, end it."""
    viewer, now = viewer_of(request), clock.now()
    row = screens.find_grant_row(viewer, grant_uuid, now=now)
    if row is None:
        raise Http404
    rights = _rights(viewer, row, str(principal_of(request).user_uuid))
    error = ""
    if request.method == "POST":
        error = _move(request, row, rights, now)
        if not error:
            return back_to("grant", row.grant.uuid)
    fields = _name_fields(row.register, row.grant.fields)
    context = {"row": row, "rights": rights, "error": error, "states": name_states(), "fields": fields}
    return render(request, "exchange/grant.html", context, status=422 if error else 200)


def _rights(viewer: Viewer, row: screens.GrantRow, person: str) -> dict[str, bool]:
    is_open = row.state == "waiting"
    speaks = may_approve(viewer, row.owner_agency)
    sides = may_revoke(viewer, owner_agency=row.owner_agency, consumer_agency=row.consumer_agency)
    return {
        "approve": is_open and speaks and row.asked_by != person,
        "refuse": is_open and (speaks or sides),
        "revoke": row.state in ("in_force", "coming") and sides,
        "is_mine": is_open and row.asked_by == person,
    }


def _move(request: HttpRequest, row: screens.GrantRow, rights: dict[str, bool], now: datetime) -> str:
    """Approve, refuse or revoke; return what is wrong, or nothing."""
    wish, actor = request.POST.get("viec", ""), principal_of(request).to_actor()
    if wish not in rights or not rights[wish]:
        raise refuse()
    try:
        if wish == "approve":
            approve_grant(row.grant.uuid, actor=actor, now=now)
        else:
            revoke_grant(row.grant.uuid, reason=request.POST.get("ly-do", ""), actor=actor, now=now)
    except DomainError as refused:
        return say(refused.message)
    told = {"approve": _("Đã duyệt."), "refuse": _("Đã từ chối đề nghị."), "revoke": _("Đã thu hồi quyền.")}
    tell(request, told[wish])
    return ""


def _change_member(request: HttpRequest, row: screens.MemberRow, now: datetime) -> dict[str, str]:
    """Do what was asked of a member's system; return what is wrong, by field."""
    actor, wish = principal_of(request).to_actor(), request.POST.get("viec", "")
    try:
        if wish == "add_key":
            return _add_key(request, row.client, now)
        if wish == "end_key":
            if request.POST.get("chac-chan") != "true":
                return {"chac-chan": _("Hãy xác nhận rằng bên gọi đã dùng khóa khác.")}
            _end_key(request, row, now)
        elif wish == "suspend":
            suspend_member(row.client, reason=request.POST.get("ly-do", ""), actor=actor, now=now)
            tell(request, _("Đã ngừng. Mọi lượt gọi của hệ thống này bị từ chối."))
        else:
            raise Http404
    except (GrantRefused, KeyRefused) as refused:
        return {"ly-do" if wish == "suspend" else "pem": say(refused.message)}
    return {}


def _add_key(request: HttpRequest, client: ClientId, now: datetime) -> dict[str, str]:
    form = KeyForm(request.POST)
    if not form.is_valid():
        return list_errors(form)
    told, actor = form.cleaned_data, principal_of(request).to_actor()
    try:
        if told["kind"] == "certificate":
            add_certificate(client, key_id=told["key_id"], pem=told["pem"], actor=actor, now=now)
        else:
            until = _end_of(told["valid_to"])
            add_signature_key(
                client, key_id=told["key_id"], public_pem=told["pem"], valid_from=now, valid_to=until, actor=actor,
                now=now,
            )  # fmt: skip
    except DomainError as refused:
        return {"pem": say(refused.message)}
    sentence = _("Đã thêm khóa %(key)s. Khóa cũ vẫn dùng được cho đến khi bạn kết thúc nó.")
    tell(request, sentence % {"key": told["key_id"]})
    return {}


def _end_key(request: HttpRequest, row: screens.MemberRow, now: datetime) -> None:
    key_id = request.POST.get("khoa", "")
    if key_id not in {each.key_id for each in screens.list_keys(row.id, now=now)}:
        raise refuse()  # a key of somebody else
    end_key(key_id, actor=principal_of(request).to_actor(), now=now)
    tell(request, _("Khóa %(key)s không còn dùng được.") % {"key": key_id})


def _publish(client: ClientId, told: dict[str, object], now: datetime) -> ServiceInfo:
    data = dict(told)
    service_id = ServiceId(client, str(data.pop("code")))
    if data.pop("kind") == "register":
        return publish_register_service(
            service_id, register=get_register(str(data["register"])).code, title=str(data["title"]),
            openapi=data["openapi"], now=now,  # type: ignore[arg-type]  # the form has read it
        )  # fmt: skip
    del data["register"]
    return publish_http_service(service_id, **data, now=now)  # type: ignore[arg-type]  # the form has read them


def _ask(request: HttpRequest, form: WishForm, client: ClientId, service: ServiceInfo, now: datetime) -> UUID | None:
    told = form.cleaned_data
    known = {name for name, _title in _list_fields(service)}
    unknown = [field for field in told["fields_asked"] if known and field.split(".")[0] not in known | {"*"}]
    if unknown:
        form.add_error("fields_asked", _("Sổ này không có trường: %(names)s") % {"names": ", ".join(unknown)})
        return None
    starts = _start_of(told["valid_from"])
    try:
        return ask_grant(
            client, service=service, purpose=told["purpose"], legal_ground=told["legal_ground"],
            fields=told["fields_asked"], valid_from=starts, valid_to=_end_of(told["valid_to"]),
            rate_per_minute=told["rate_per_minute"],
            consent_purpose=told["consent_purpose"], actor=principal_of(request).to_actor(), now=now,
            **({} if service.kind == "register" else {"endpoints": service.endpoints}),
        )  # fmt: skip
    except DomainError as refused:
        form.add_error("purpose", say(refused.message))
        return None


def _list_fields(service: ServiceInfo) -> list[tuple[str, str]]:
    """Return the fields of a register with what they are called; none for a service behind the gateway."""
    return _name_fields(service.register, get_register(service.register).fields) if service.register else []


def _name_fields(register: str, names: Iterable[str]) -> list[tuple[str, str]]:
    """Return fields with what they are called in the reader's language; "" where only their owner knows."""
    if not register:
        return [(name, "") for name in names]
    info, language = get_register(register), get_language() or ""
    titles = [(name, info.get_title(name, language=language)) for name in names]
    return [(name, title if title != name else "") for name, title in titles]


def _start_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)


def _end_of(day: date | None) -> datetime | None:
    return None if day is None else _start_of(day + timedelta(days=1))
