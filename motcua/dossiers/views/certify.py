"""Paper to digital at the counter: scan an original, check it, certify the copy, hand it into the person's vault."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.audit.public import record_read
from motcua.documents.public import JPEG, PDF, PNG, UploadRefused, get_files, scan_file, store_upload
from motcua.dossiers.views.counter import find_or_create_party, read_day
from motcua.dossiers.views.resident import principal_of
from motcua.dossiers.views.uploads import infected_message, open_upload, send_file
from motcua.identity.public import PartyRef, Principal, Role, get_party, official_required, step_up_required
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.kernel.codes import check_personal_id, check_tax_code
from motcua.kernel.errors import DomainError
from motcua.kernel.paging import clamp_page
from motcua.places.public import get_agencies
from motcua.ui.public import say
from motcua.vault.public import (
    CHECKS,
    KINDS,
    CopyInfo,
    CopyRefused,
    CopyUnknown,
    CopyWish,
    PaperRefused,
    approve_copy,
    cancel_copy,
    check_original,
    ensure_drawn,
    get_copy,
    list_copies,
    list_wish_faults,
    receive_original,
)

ROLES = (Role.COUNTER, Role.LEADER)
FIELDS = ("agency", "kind", "identifier", "full_name", "birth_on", "phone", "address", "area_code", "what", "title",
          "issuer", "original_no", "original_issued_on")  # fmt: skip
PURPOSE = "Chứng thực bản sao từ bản chính"
GROUND = "Nghị định 23/2015/NĐ-CP, Điều 20"
FIELD_OF_FAULT = {
    "copy_title": "title", "copy_issuer": "issuer", "copy_what": "what", "scan_missing": "scans",
    "copy_issued_on": "original_issued_on",
}  # fmt: skip
KEPT_SALT = "motcua.dossiers.certify"
SCANS = frozenset({PDF, JPEG, PNG})
MOST_SCANS = 20
STATES = ("received", "waiting", "approved", "certified", "cancelled")


def offices_of(principal: Principal, role: str | None = None) -> tuple[int, ...]:
    """Return the offices where the official may see copies (or, with a role, act in it)."""
    roles = (role,) if role is not None else ROLES
    return tuple(sorted({agency_id for each in roles for agency_id in principal.agency_ids(each)}))


@never_cache
@require_safe
@official_required(*ROLES)
def copies(request: HttpRequest) -> HttpResponse:
    """List the copies of the official's offices: what waits first to be found, by state and number."""
    principal = principal_of(request)
    state, number = request.GET.get("trang-thai", ""), request.GET.get("so", "").strip()
    page = list_copies(
        offices_of(principal),
        number=clamp_page(request.GET.get("trang", "1")),
        state=state if state in STATES else "",
        book_no=int(number) if number.isascii() and number.isdigit() and len(number) < 9 else None,
    )
    context = {"page": page, "state": state, "number": number, "may_receive": bool(offices_of(principal, Role.COUNTER))}
    return render(request, "dossiers/certify_list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@official_required(Role.COUNTER)
def receive(request: HttpRequest) -> HttpResponse:
    """Take down an original: for whom, what it is, its scans. Scans stay when something else must be mended."""
    principal, now = principal_of(request), clock.now()
    offices = tuple(get_agencies(offices_of(principal, Role.COUNTER)).values())
    typed = {key: request.POST.get(key, "").strip() for key in FIELDS}
    kept = _read_kept(request, principal)
    errors: dict[str, str] = {}
    if request.method == "POST":
        new, errors = _store_scans(request, principal, room=MOST_SCANS - len(kept), now=now)
        kept += new
        made = None if errors else _receive(principal, typed, offices=[o.id for o in offices], scans=kept, now=now)
        if isinstance(made, CopyInfo):
            return HttpResponseRedirect(reverse("dossiers:certify", args=[made.uuid]))
        errors = errors or made or {}
    context = {
        "typed": typed, "errors": errors, "offices": offices,
        "kinds": [(key, say(text)) for key, text in KINDS.items()],
        "kept": list(get_files(kept).values()), "kept_token": _sign_kept(kept, principal),
    }  # fmt: skip
    return render(request, "dossiers/certify_new.html", context, status=422 if errors else 200)


def _receive(
    principal: Principal, typed: dict[str, str], *, offices: list[int], scans: list[int], now: datetime
) -> CopyInfo | dict[str, str]:
    """Return the copy, or what is wrong beside each question."""
    wish = CopyWish(
        what=typed["what"], title=typed["title"], issuer=typed["issuer"], original_no=typed["original_no"],
        original_issued_on=read_day(typed["original_issued_on"]),
    )  # fmt: skip
    errors = _check_typed(typed, wish, offices=offices, has_scans=bool(scans), now=now)
    if errors:
        return errors
    ref, errors = find_or_create_party(typed, now=now)
    if ref is None or errors:
        return errors
    _note(principal, ref, now=now)
    try:
        return receive_original(
            ref, agency_id=int(typed["agency"]), wish=wish, scan_file_ids=scans, actor=principal.to_actor(), now=now
        )
    except PaperRefused as refused:
        key = FIELD_OF_FAULT.get(refused.code.removeprefix("vault."), "title")
        return {key: say(refused.message)}


def _check_typed(
    typed: dict[str, str], wish: CopyWish, *, offices: list[int], has_scans: bool, now: datetime
) -> dict[str, str]:
    """Return all that is wrong, in the order of the page."""
    errors: dict[str, str] = {}
    if typed["agency"] not in {str(office) for office in offices}:
        errors["agency"] = _("Hãy chọn bộ phận Một Cửa nơi bạn đang làm việc.")
    if not has_scans:
        errors["scans"] = _("Chưa có bản quét. Hãy quét hoặc chụp bản chính rồi tải lên.")
    for fault in list_wish_faults(wish, on=local_date(now)):
        errors[FIELD_OF_FAULT[fault.code.removeprefix("vault.")]] = say(fault.message)
    if typed["original_issued_on"] and wish.original_issued_on is None:
        errors["original_issued_on"] = _("Hãy ghi ngày như 27/03/1990, hoặc để trống.")
    if typed["kind"] not in ("person", "organisation"):
        errors["kind"] = _("Hãy chọn người yêu cầu là cá nhân hay tổ chức.")
        return errors
    found = (check_personal_id if typed["kind"] == "person" else check_tax_code)(typed["identifier"])
    if not found.ok:
        errors["identifier"] = say(found.message)
    return errors


def _note(principal: Principal, ref: PartyRef, *, now: datetime) -> None:
    record_read(
        principal.to_actor(), subject=f"{ref.kind}:{get_party(ref).uuid}", what="thông tin người yêu cầu chứng thực",
        purpose=PURPOSE, legal_ground=GROUND, now=now,
    )  # fmt: skip


def _store_scans(
    request: HttpRequest, principal: Principal, *, room: int, now: datetime
) -> tuple[list[int], dict[str, str]]:
    stored: list[int] = []
    uploads = request.FILES.getlist("scans")
    if len(uploads) > room:
        return stored, {
            "scans": _("Nhiều nhất %(most)s tệp. Hãy gộp các trang thành một tệp PDF.") % {"most": MOST_SCANS}
        }
    for upload in uploads:
        try:
            file = store_upload(
                open_upload(upload), filename=upload.name or _("tệp"), now=now, actor=principal.to_actor(),
                owner_user_id=principal.user_id, purpose="certified_copy_scan", allowed=SCANS,
            )  # fmt: skip
        except UploadRefused as refused:
            return stored, {"scans": say(refused.message)}
        if scan_file(file.id, now=now).scan_state == "infected":
            return stored, {"scans": infected_message(upload.name or "")}
        stored.append(file.id)
    return stored, {}


def _sign_kept(kept: list[int], principal: Principal) -> str:
    return signing.dumps([principal.user_id, kept], salt=KEPT_SALT)


def _read_kept(request: HttpRequest, principal: Principal) -> list[int]:
    """Return the scans that this official's page already carries: proven, so that nobody names another's file."""
    try:
        user_id, kept = signing.loads(request.POST.get("kept", ""), salt=KEPT_SALT, max_age=24 * 3600)
    except (signing.BadSignature, ValueError):
        return []
    return list(kept) if user_id == principal.user_id else []


@never_cache
@require_safe
@official_required(*ROLES)
def copy(request: HttpRequest, copy_uuid: UUID) -> HttpResponse:
    """Show one copy: the scans beside the checks, the paper to be signed, or what became of it."""
    return _show(request, copy_uuid)


def _show(request: HttpRequest, copy_uuid: UUID, *, error: str = "", status: int = 200) -> HttpResponse:
    principal, now = principal_of(request), clock.now()
    info = get_copy(copy_uuid, agency_ids=offices_of(principal))
    if info.state == "waiting":
        try:
            info = ensure_drawn(copy_uuid, agency_ids=offices_of(principal), now=now)
        except DomainError as refused:
            error, status = error or say(refused.message), refused.http_status
    _note(principal, PartyRef(info.owner_kind, info.owner_id), now=now)
    context = {
        "copy": info, "error": error, "checks": [(key, say(text)) for key, text in CHECKS.items()],
        "kind": KINDS[info.what], "scans": list(get_files(info.scan_file_ids).values()),
        "may_check": info.agency_id in offices_of(principal, Role.COUNTER),
        "may_sign": info.agency_id in offices_of(principal, Role.LEADER),
    }  # fmt: skip
    return render(request, "dossiers/certify.html", context, status=status)


@require_POST
@official_required(Role.COUNTER)
def check(request: HttpRequest, copy_uuid: UUID) -> HttpResponse:
    """Confirm every check and give the copy its number."""
    principal = principal_of(request)
    try:
        check_original(
            copy_uuid, agency_ids=offices_of(principal, Role.COUNTER), ticked=request.POST.getlist("checks"),
            actor=principal.to_actor(), now=clock.now(),
        )  # fmt: skip
    except CopyRefused as refused:
        return _show(request, copy_uuid, error=say(refused.message), status=refused.http_status)
    return HttpResponseRedirect(reverse("dossiers:certify", args=[copy_uuid]))


@require_POST
@official_required(Role.LEADER)
@step_up_required()
def sign(request: HttpRequest, copy_uuid: UUID) -> HttpResponse:
    """Approve exactly what was shown; the agency's signature follows in the background."""
    principal = principal_of(request)
    try:
        approve_copy(
            copy_uuid, agency_ids=offices_of(principal, Role.LEADER), shown_sha256=request.POST.get("sha256", ""),
            actor=principal.to_actor(), now=clock.now(),
        )  # fmt: skip
    except CopyRefused as refused:
        return _show(request, copy_uuid, error=say(refused.message), status=refused.http_status)
    messages.success(request, _("Đã duyệt. Bản sao đang được ký số và chuyển vào kho của người yêu cầu."))
    return HttpResponseRedirect(reverse("dossiers:certify", args=[copy_uuid]))


@require_POST
@official_required(*ROLES)
def cancel(request: HttpRequest, copy_uuid: UUID) -> HttpResponse:
    """Refuse to certify, with the reason."""
    principal = principal_of(request)
    try:
        cancel_copy(
            copy_uuid, agency_ids=offices_of(principal), reason=request.POST.get("reason", ""),
            actor=principal.to_actor(), now=clock.now(),
        )  # fmt: skip
    except CopyRefused as refused:
        return _show(request, copy_uuid, error=say(refused.message), status=refused.http_status)
    messages.success(request, _("Đã ghi từ chối chứng thực và lý do."))
    return HttpResponseRedirect(reverse("dossiers:certify", args=[copy_uuid]))


@never_cache
@require_safe
@official_required(*ROLES)
def scan(request: HttpRequest, copy_uuid: UUID, file_uuid: UUID) -> HttpResponse:
    """Send one scan of the original to the officials of its office."""
    info = get_copy(copy_uuid, agency_ids=offices_of(principal_of(request)))
    found = next((file for file in get_files(info.scan_file_ids).values() if file.uuid == file_uuid), None)
    if found is None:
        raise CopyUnknown
    return send_file(found.id)


@never_cache
@require_safe
@official_required(*ROLES)
def paper(request: HttpRequest, copy_uuid: UUID) -> HttpResponse:
    """Send the signed copy, before it is signed the paper that waits."""
    info = get_copy(copy_uuid, agency_ids=offices_of(principal_of(request)))
    file_id = info.file_id or info.draft_file_id
    if file_id is None:
        raise CopyUnknown
    return send_file(file_id)
