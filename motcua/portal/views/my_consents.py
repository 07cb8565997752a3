"""Consent: one question a purpose, taken back by one press as it is given by one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.identity.public import ConsentRefused, give_consent, list_consents, resident_required, withdraw_consent
from motcua.kernel import clock
from motcua.portal.views.my_data import open_own, own_context


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@resident_required
def my_consents(request: HttpRequest) -> HttpResponse:
    """Show each purpose apart, with its history; give or withdraw one."""
    now = clock.now()
    principal, party, parties = open_own(request, now=now)
    if party.ref.kind != "person":
        raise Http404  # a firm has no personal data to agree about
    error = ""
    if request.method == "POST":
        purpose, actor = request.POST.get("purpose", "")[:60], principal.to_actor(on_behalf_of=str(party.uuid))
        try:
            if request.POST.get("act") == "give":
                give_consent(
                    party.ref.id, purpose=purpose, shown_sha256=request.POST.get("shown", ""),
                    by_user_id=principal.user_id, actor=actor, now=now,
                )  # fmt: skip
            else:
                withdraw_consent(party.ref.id, purpose=purpose, by_user_id=principal.user_id, actor=actor, now=now)
        except ConsentRefused as refused:
            error = refused.message
        else:
            whose = "" if party.ref.id == principal.person_id else f"?cua={party.uuid}"
            return HttpResponseRedirect(f"{reverse('portal:my_consents')}{whose}#{purpose}")
    context = own_context(principal, party, parties) | {
        "consents": list_consents(party.ref.id, at=now),
        "error": error,
    }
    return render(request, "portal/my_consents.html", context, status=409 if error else 200)
