"""Lending a paper, taking it back, and the page that a recipient opens."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from motcua.identity.public import get_principal, resident_required
from motcua.kernel import clock
from motcua.kernel.clock import HCM, local_date
from motcua.places.public import list_agencies
from motcua.ui.public import say
from motcua.vault.public import (
    Access,
    CodeWrong,
    PaperRefused,
    Recipient,
    ShareUnknown,
    ShareWish,
    find_offer,
    get_paper,
    open_shared,
    revoke_share,
    share_paper,
)
from motcua.vault.views.common import check_paper, principal_of, send_paper

DEFAULT_DAYS = 7


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@resident_required
def share(request: HttpRequest, paper_uuid: UUID) -> HttpResponse:
    """Ask for whom, what for, until when, how often; then show link and code once."""
    check_paper(request, paper_uuid, wanted=Access.MANAGE)
    now = clock.now()
    paper = get_paper(paper_uuid, now=now)
    if request.method != "POST":
        return _ask(request, paper_uuid, errors=(), typed={})
    typed = {key: request.POST.get(key, "").strip() for key in _FIELDS}
    try:
        wish = _read_wish(typed, now=now)
        made = share_paper(paper_uuid, wish=wish, actor=principal_of(request).to_actor(), now=now)
    except PaperRefused as refused:
        return _ask(request, paper_uuid, errors=((_field_of(refused), refused.message),), typed=typed)
    link = request.build_absolute_uri(reverse("vault:lent", args=[made.token]))
    return render(request, "vault/shared.html", {"paper": paper, "made": made, "link": link})


_FIELDS = ("recipient_kind", "office", "person", "name", "purpose", "end-day", "end-month", "end-year", "openings")
_BY_KIND = {Recipient.OFFICE: "office", Recipient.PERSON: "person", Recipient.CODE: "name"}
_FIELD_OF_CODE = {
    "vault.share_purpose": "purpose", "vault.share_end": "end", "vault.share_count": "openings",
    "vault.share_office": "office", "vault.share_person": "person", "vault.share_recipient": "recipient_kind",
}  # fmt: skip


def _field_of(refused: PaperRefused) -> str:
    return _FIELD_OF_CODE.get(refused.code, "recipient_kind")


def _read_wish(typed: dict[str, str], *, now: datetime) -> ShareWish:
    kind = typed["recipient_kind"]
    recipient = typed[_BY_KIND[Recipient(kind)]] if kind in set(Recipient) else ""
    try:
        last = date(int(typed["end-year"]), int(typed["end-month"]), int(typed["end-day"]))
        ends_at = datetime.combine(last + timedelta(days=1), time(), tzinfo=HCM)  # to the end of the last day
    except (ValueError, OverflowError):
        ends_at = now
    count = typed["openings"]
    return ShareWish(
        recipient_kind=kind,
        recipient=recipient,
        purpose=typed["purpose"],
        ends_at=ends_at,
        max_openings=int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 0,
    )


def _ask(
    request: HttpRequest, paper_uuid: UUID, *, errors: tuple[tuple[str, str], ...], typed: dict[str, str]
) -> HttpResponse:
    now = clock.now()
    on = local_date(now)
    end = on + timedelta(days=DEFAULT_DAYS)
    shown = {
        "recipient_kind": "office", "openings": "3", "end-day": str(end.day), "end-month": str(end.month),
        "end-year": str(end.year), **typed,
    }  # fmt: skip
    context = {
        "paper": get_paper(paper_uuid, now=now),
        "agencies": [(agency.code, agency.name) for agency in list_agencies(on=on)],
        "typed": {key: shown.get(key, "") for key in _FIELDS},
        "end": {part: shown[f"end-{part}"] for part in ("day", "month", "year")},
        "errors": {key: say(message) for key, message in errors},
    }
    return render(request, "vault/share.html", context, status=422 if errors else 200)


@require_POST
@resident_required
def revoke(request: HttpRequest, paper_uuid: UUID, share_uuid: UUID) -> HttpResponse:
    """Take a paper back at once."""
    check_paper(request, paper_uuid, wanted=Access.MANAGE)
    revoke_share(share_uuid, paper_uuid=paper_uuid, actor=principal_of(request).to_actor(), now=clock.now())
    messages.success(request, _("Đã thu hồi. Liên kết này không mở được nữa."))
    return HttpResponseRedirect(reverse("vault:paper", args=[paper_uuid]))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lent(request: HttpRequest, token: str) -> HttpResponse:
    """The recipient's page: what for and until when, then the paper; each opening is a form that is sent.

    A look at the page opens nothing and counts nothing: link previews of messengers must not use a share up.
    """
    now = clock.now()
    offer = find_offer(token, now=now)
    if offer is None and request.method != "POST":
        raise ShareUnknown
    principal = get_principal(request)
    context = {"offer": offer, "token": token, "principal": principal, "error": ""}
    if request.method != "POST":
        return render(request, "vault/lent.html", context)
    try:
        paper = open_shared(token, principal=principal, code=request.POST.get("code", "")[:40], now=now)
    except CodeWrong as wrong:
        context["error"] = say(wrong.message)
        return render(request, "vault/lent.html", context, status=403)
    return send_paper(paper.content, filename=paper.filename, media_type=paper.media_type, as_attachment=False)
