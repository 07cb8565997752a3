"""Deleting papers: asked twice, undone within the grace, proven afterwards."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.identity.public import get_party, resident_required
from motcua.kernel import clock
from motcua.ui.public import say, say_moment
from motcua.vault.public import (
    Access,
    DeletionBlocked,
    DeletionInfo,
    ask_paper_deletion,
    ask_vault_deletion,
    find_papers,
    get_deletion,
    get_paper,
    undo_deletion,
)
from motcua.vault.views.common import check_paper, choose_vault, principal_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@resident_required
def delete_paper(request: HttpRequest, paper_uuid: UUID) -> HttpResponse:
    """Ask before deleting one paper."""
    owner, _access = check_paper(request, paper_uuid, wanted=Access.MANAGE)
    now, party = clock.now(), get_party(owner)
    context = {"paper": get_paper(paper_uuid, now=now), "party": party, "count": 1, "error": ""}
    if request.method != "POST":
        return render(request, "vault/delete.html", context)
    try:
        asked = ask_paper_deletion(paper_uuid, actor=principal_of(request).to_actor(), now=now)
    except DeletionBlocked as blocked:
        return render(request, "vault/delete.html", {**context, "error": say(blocked.message)}, status=409)
    return _go_back(request, asked, str(party.uuid))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@resident_required
def delete_all(request: HttpRequest) -> HttpResponse:
    """Ask before deleting a whole vault: the person says so in words."""
    party, _parties, access = choose_vault(request)
    if access != Access.MANAGE:
        return render(request, "vault/manage_only.html", {"party": party}, status=403)
    now = clock.now()
    context = {"paper": None, "party": party, "count": len(find_papers(party.ref, now=now)), "error": ""}
    if request.method != "POST":
        return render(request, "vault/delete.html", context)
    if request.POST.get("confirm") != "yes":
        context["error"] = _("Hãy đánh dấu vào ô xác nhận nếu bạn thật sự muốn xóa toàn bộ kho.")
        return render(request, "vault/delete.html", context, status=422)
    try:
        asked = ask_vault_deletion(party.ref, actor=principal_of(request).to_actor(), now=now)
    except DeletionBlocked as blocked:
        return render(request, "vault/delete.html", {**context, "error": say(blocked.message)}, status=409)
    return _go_back(request, asked, str(party.uuid))


def _go_back(request: HttpRequest, asked: DeletionInfo, party_uuid: str) -> HttpResponse:
    messages.success(
        request,
        _("Đã nhận yêu cầu xóa. Bạn có thể hoàn tác đến %(until)s.") % {"until": say_moment(asked.execute_at)},
    )
    return HttpResponseRedirect(f"{reverse('vault:vault')}?cua={party_uuid}")


@require_POST
@resident_required
def undo(request: HttpRequest, deletion_uuid: UUID) -> HttpResponse:
    """Take a request to delete back."""
    party, _parties, access = choose_vault(request)
    if access != Access.MANAGE:
        return render(request, "vault/manage_only.html", {"party": party}, status=403)
    undo_deletion(deletion_uuid, owner=party.ref, actor=principal_of(request).to_actor(), now=clock.now())
    messages.success(request, _("Đã hoàn tác. Giấy tờ của bạn vẫn còn nguyên."))
    return HttpResponseRedirect(f"{reverse('vault:vault')}?cua={party.uuid}")


@never_cache
@require_safe
@resident_required
def certificate(request: HttpRequest, deletion_uuid: UUID) -> HttpResponse:
    """Show the record of a deletion; `?dang=json` gives it with its signature, to be checked elsewhere."""
    party, _parties, _access = choose_vault(request)
    deletion = get_deletion(deletion_uuid, owner=party.ref)
    if request.GET.get("dang") == "json" and deletion.executed_at is not None:
        body = {"record": deletion.record, "signature": deletion.signature, "signer": deletion.signer_code}
        response = JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 1})
        response.headers["Content-Disposition"] = f'attachment; filename="xac-nhan-xoa-{deletion.uuid}.json"'
        return response
    return render(request, "vault/certificate.html", {"deletion": deletion, "party": party})
