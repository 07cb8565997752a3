"""The operator's pages."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.cases.public import count_open_incidents, get_incident, list_open_incidents, retry_incident
from motcua.documents.public import (
    KeyKeeperAway,
    KeysKeptElsewhere,
    SigningKeyMissing,
    get_key_place,
    issue_signing_key,
    revoke_signing_key,
)
from motcua.identity.public import Principal, Role, get_principal, official_required, step_up_required
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.kernel.paging import clamp_page
from motcua.operations.actions import close_office, open_office, rename_office
from motcua.operations.forms import CloseForm, OpenForm, RenameForm, RevokeForm
from motcua.operations.queries import find_readiness, list_own_hands, list_signing_hands
from motcua.operations.rules import INCIDENT_EVENTS, say_job
from motcua.operations.types import SigningHand
from motcua.outbox.public import count_pending, list_dead_letters, list_jobs, retry_dead_letter
from motcua.places.public import (
    AGENCY_KINDS,
    AGENCY_LEVELS,
    AgencyInfo,
    AgencyRefused,
    get_agency_by_uuid,
    list_agencies,
    list_former_names,
    list_wards,
)
from motcua.ui.public import say


def principal_of(request: HttpRequest) -> Principal:
    principal = get_principal(request)
    assert principal is not None  # every page here is for officials
    return principal


@never_cache
@require_safe
@official_required(Role.OPERATOR)
def home(request: HttpRequest) -> HttpResponse:
    """Show how the installation stands."""
    context = {
        "readiness": find_readiness(on=local_date(clock.now())),
        "pending": count_pending(),
        "dead": list_dead_letters().total_capped,
        "incidents": count_open_incidents(),
        "jobs": [(job, say_job(job.name)) for job in list_jobs()],
    }
    return render(request, "operations/home.html", context)


@never_cache
@require_safe
@official_required(Role.OPERATOR)
def readiness(request: HttpRequest) -> HttpResponse:
    """Show each procedure that cannot be filed online, why, and what mends it."""
    return render(request, "operations/readiness.html", {"readiness": find_readiness(on=local_date(clock.now()))})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@official_required(Role.OPERATOR)
def offices(request: HttpRequest) -> HttpResponse:
    """Show the offices of today and open a new one."""
    now = clock.now()
    form = OpenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = open_office(**form.cleaned_data, actor=principal_of(request).to_actor(), now=now)
        except AgencyRefused as refused:
            form.add_error("code", say(refused.message))
        else:
            messages.success(request, _("Đã mở cơ quan %(name)s.") % {"name": opened.name})
            return HttpResponseRedirect(reverse("operations:offices"))
    today = local_date(now)
    context = {
        "agencies": list_agencies(on=today),
        "kinds": AGENCY_KINDS,
        "levels": AGENCY_LEVELS,
        "wards": list_wards(on=today),
        "today": today,
        "values": form.data,
        "errors": list_errors(form),
    }
    return render(request, "operations/offices.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@official_required(Role.OPERATOR)
def office(request: HttpRequest, agency_uuid: UUID) -> HttpResponse:
    """Rename or close one office."""
    now, agency = clock.now(), get_agency_by_uuid(agency_uuid)
    closes = request.POST.get("action") == "close"
    form: Form | None = None
    if request.method == "POST":
        form = CloseForm(request.POST) if closes else RenameForm(request.POST)
        if form.is_valid():
            change = close_office if closes else rename_office
            try:
                change(agency, **form.cleaned_data, actor=principal_of(request).to_actor(), now=now)
            except AgencyRefused as refused:
                form.add_error("on", say(refused.message))
            else:
                messages.success(request, _("Đã ghi thay đổi của %(name)s.") % {"name": agency.name})
                return HttpResponseRedirect(reverse("operations:offices"))
    today = local_date(now)
    context = {
        "agency": agency,
        "former": list_former_names(agency.id),
        "others": [other for other in list_agencies(on=today) if other.id != agency.id],
        "today": today,
        "closes": closes,
        "values": form.data if form else {},
        "errors": list_errors(form) if form else {},
    }
    return render(request, "operations/office.html", context, status=422 if form and form.errors else 200)


@never_cache
@require_safe
@official_required(Role.OPERATOR)
def office_keys(request: HttpRequest, agency_uuid: UUID) -> HttpResponse:
    """Show who signs for an office, with which key, and until when."""
    return show_keys(request, get_agency_by_uuid(agency_uuid))


@never_cache
@require_safe
@official_required(Role.LEADER)
def my_keys(request: HttpRequest) -> HttpResponse:
    """Show an official which key signs in his own name, until when, where it lives, and what to do when it is lost."""
    principal = principal_of(request)
    hands = list_own_hands(principal.user_id, principal.full_name, principal.agency_ids(Role.LEADER), now=clock.now())
    return render(request, "operations/my_keys.html", {"hands": hands, "place": get_key_place()})


@never_cache
@require_safe
@official_required(Role.OPERATOR)
def revoke_key(request: HttpRequest, agency_uuid: UUID, code: str) -> HttpResponse:
    """Ask once more, and why, before a key is destroyed."""
    agency = get_agency_by_uuid(agency_uuid)
    return show_revocation(request, agency, find_hand(agency, code), RevokeForm())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@official_required(Role.OPERATOR)
@step_up_required(300)
def change_key(request: HttpRequest, agency_uuid: UUID) -> HttpResponse:
    """Issue or revoke the key of one who signs for an office; the second factor was shown just now."""
    now, agency = clock.now(), get_agency_by_uuid(agency_uuid)
    if request.method != "POST":  # back from the second factor: nothing is done that was not pressed again
        messages.info(request, _("Đã xác thực. Hãy bấm lại để cấp hoặc thu hồi khóa."))
        return HttpResponseRedirect(reverse("operations:office_keys", args=[agency.uuid]))
    hand, form = find_hand(agency, request.POST.get("code", "")), RevokeForm(request.POST)
    who, actor = hand.person or agency.name, principal_of(request).to_actor()
    revokes = request.POST.get("action") == "revoke"
    if revokes and not form.is_valid():
        return show_revocation(request, agency, hand, form)
    try:
        if revokes:
            revoke_signing_key(hand.code, reason=form.cleaned_data["reason"], actor=actor, now=now)
            messages.success(request, _("Đã thu hồi khóa ký của %(who)s.") % {"who": who})
        else:
            issue_signing_key(hand.code, agency_name=agency.name, person=hand.person, actor=actor, now=now)
            messages.success(request, _("Đã cấp khóa ký mới cho %(who)s.") % {"who": who})
    except (KeysKeptElsewhere, SigningKeyMissing, KeyKeeperAway) as refused:
        return show_keys(request, agency, error=say(refused.message))
    return HttpResponseRedirect(reverse("operations:office_keys", args=[agency.uuid]))


def find_hand(agency: AgencyInfo, code: str) -> SigningHand:
    """Return one of those who sign for an office today. Raises: Http404 for anybody else."""
    found = next((hand for hand in list_signing_hands(agency, now=clock.now()) if hand.code == code), None)
    if found is None:
        raise Http404
    return found


def show_keys(request: HttpRequest, agency: AgencyInfo, *, error: str = "") -> HttpResponse:
    context = {"agency": agency, "hands": list_signing_hands(agency, now=clock.now()), "error": error}
    return render(request, "operations/keys.html", context, status=409 if error else 200)


def show_revocation(request: HttpRequest, agency: AgencyInfo, hand: SigningHand, form: Form) -> HttpResponse:
    context = {"agency": agency, "hand": hand, "values": form.data, "errors": list_errors(form)}
    return render(request, "operations/revoke_key.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@official_required(Role.OPERATOR)
def dead_letters(request: HttpRequest) -> HttpResponse:
    """Show the deliveries that failed too often."""
    page = list_dead_letters(clamp_page(request.GET.get("trang", "1")))
    return render(request, "operations/dead_letters.html", {"page": page})


@require_POST
@official_required(Role.OPERATOR)
def retry(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Let one delivery run again with all its attempts before it."""
    retry_dead_letter(delivery_id, now=clock.now())
    messages.success(request, _("Đã đưa vào hàng chờ để xử lý lại."))
    return HttpResponseRedirect(reverse("operations:dead_letters"))


@never_cache
@require_safe
@official_required(Role.OPERATOR)
def incidents(request: HttpRequest) -> HttpResponse:
    """Show the steps that processes could not take by themselves."""
    page = list_open_incidents(page=clamp_page(request.GET.get("trang", "1")))
    return render(request, "operations/incidents.html", {"page": page, "events": INCIDENT_EVENTS})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@official_required(Role.OPERATOR)
def incident(request: HttpRequest, incident_uuid: UUID) -> HttpResponse:
    """Show one step that could not be taken and what taking it again does (GET); take it again (POST)."""
    if request.method == "POST":
        found = retry_incident(incident_uuid, actor=principal_of(request).to_actor(), now=clock.now())
        if found.resolved_at is None:
            messages.error(request, _("Vẫn chưa đi tiếp được. Lý do mới nhất ghi ở dưới; hãy sửa rồi thử lại."))
            return HttpResponseRedirect(reverse("operations:incident", args=[incident_uuid]))
        messages.success(request, _("Hồ sơ %(code)s đã đi tiếp.") % {"code": found.case_code})
        return HttpResponseRedirect(reverse("operations:incidents"))
    context = {"incident": get_incident(incident_uuid), "events": INCIDENT_EVENTS}
    return render(request, "operations/incident.html", context)


def list_errors(form: Form) -> dict[str, str]:
    """Return one sentence for each field in error."""
    return {str(key): str(found[0]) for key, found in form.errors.items()}
