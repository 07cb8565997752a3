"""A paper checked against its source goes into the person's vault: the counter says against what, and why."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.audit.public import record_read
from motcua.documents.public import CheckedUpload, ScannerUnavailable, UploadRefused, inspect_upload
from motcua.dossiers.views.certify import GROUND, SCANS, offices_of
from motcua.dossiers.views.counter import find_or_create_party, read_day
from motcua.dossiers.views.resident import principal_of
from motcua.dossiers.views.uploads import open_upload
from motcua.identity.public import Principal, Role, get_party, official_required
from motcua.kernel import clock
from motcua.kernel.codes import check_personal_id, check_tax_code
from motcua.kernel.errors import DomainError
from motcua.places.public import get_agencies
from motcua.ui.public import say
from motcua.vault.public import KINDS, SOURCES, PaperInfo, VerifiedWish, deposit_verified, list_wrong

FIELDS = ("agency", "kind", "identifier", "full_name", "birth_on", "phone", "address", "area_code", "what", "title",
          "issuer", "issued_on", "valid_to", "source", "source_note", "reason", "knows")  # fmt: skip
PURPOSE = "Đưa giấy tờ đã kiểm tra vào kho của người yêu cầu"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@official_required(Role.COUNTER)
def verified(request: HttpRequest) -> HttpResponse:
    """Take a checked paper: whose it is, what it is, against what it was held, that its owner knows."""
    principal, now = principal_of(request), clock.now()
    offices = tuple(get_agencies(offices_of(principal, Role.COUNTER)).values())
    typed = {key: request.POST.get(key, "").strip() for key in FIELDS}
    errors: dict[str, str] = {}
    if request.method == "POST":
        made = _take(request, principal, typed, offices={str(office.id) for office in offices}, now=now)
        if isinstance(made, PaperInfo):
            messages.success(request, _("Đã đưa vào kho: %(title)s.") % {"title": made.title})
            return HttpResponseRedirect(reverse("dossiers:verified"))
        errors = made
    context = {
        "typed": typed, "errors": errors, "offices": offices,
        "kinds": [(key, say(text)) for key, text in KINDS.items()],
        "sources": [(key, say(text)) for key, text in SOURCES.items()],
    }  # fmt: skip
    return render(request, "dossiers/verified.html", context, status=422 if errors else 200)


def _take(
    request: HttpRequest, principal: Principal, typed: dict[str, str], *, offices: set[str], now: datetime
) -> PaperInfo | dict[str, str]:
    """Return the paper, or what is wrong beside each question. No file is kept before everything else is right."""
    errors = _check_typed(typed, offices=offices)
    wish = VerifiedWish(
        what=typed["what"], title=typed["title"], issuer=typed["issuer"], issued_on=read_day(typed["issued_on"]),
        valid_to=read_day(typed["valid_to"]), source=typed["source"], source_note=typed["source_note"],
        reason=typed["reason"], knows=typed["knows"] == "yes",
    )  # fmt: skip
    wrong = {name: say(message) for name, message in list_wrong(wish, on=clock.local_date(now)).items()}
    if not request.FILES.get("file"):
        wrong["file"] = _("Hãy chọn tệp của giấy tờ đã kiểm tra.")
    errors = wrong | errors
    errors = {name: errors[name] for name in (*FIELDS, "file") if name in errors}
    if errors:
        return errors
    ref, errors = find_or_create_party(typed, now=now)
    if ref is None or errors:
        return errors
    record_read(
        principal.to_actor(), subject=f"{ref.kind}:{get_party(ref).uuid}", what="thông tin người có giấy tờ",
        purpose=PURPOSE, legal_ground=GROUND, now=now,
    )  # fmt: skip
    upload = _inspect(request)
    if isinstance(upload, str):
        return {"file": upload}
    try:
        return deposit_verified(
            ref, wish=wish, upload=upload, agency_id=int(typed["agency"]), actor=principal.to_actor(), now=now
        )
    except DomainError as refused:
        return {"file": say(refused.message)}


def _check_typed(typed: dict[str, str], *, offices: set[str]) -> dict[str, str]:
    errors: dict[str, str] = {}
    if typed["agency"] not in offices:
        errors["agency"] = _("Hãy chọn bộ phận Một Cửa nơi bạn đang làm việc.")
    if typed["kind"] not in ("person", "organisation"):
        return errors | {"kind": _("Hãy chọn giấy tờ này của cá nhân hay tổ chức.")}
    found = (check_personal_id if typed["kind"] == "person" else check_tax_code)(typed["identifier"])
    if not found.ok:
        errors["identifier"] = say(found.message)
    if typed["valid_to"] and read_day(typed["valid_to"]) is None:
        errors["valid_to"] = _("Hãy ghi ngày như 27/03/2030, hoặc để trống.")
    return errors


def _inspect(request: HttpRequest) -> CheckedUpload | str:
    """Return the file, checked and scanned, or what is wrong with it. It is stored only sealed, in the vault."""
    upload = request.FILES.get("file")
    if upload is None:
        return _("Hãy chọn tệp của giấy tờ đã kiểm tra.")
    try:
        return inspect_upload(open_upload(upload), filename=upload.name or _("tệp"), allowed=SCANS)
    except UploadRefused as refused:
        return say(refused.message)
    except ScannerUnavailable:
        return _("Máy quét mã độc chưa trả lời nên tệp chưa được nhận. Hãy chờ ít phút, chọn lại tệp rồi gửi lại.")
