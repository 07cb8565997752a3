"""Packages out and in as signed files."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from motcua.designer.actions.bundles import export_draft, import_bundle
from motcua.designer.queries.access import list_agency_ids
from motcua.designer.rules.bundle import MAX_BUNDLE_BYTES
from motcua.designer.types.drafts import BundleRefused, NotYourRole
from motcua.designer.views.context import designer_page, principal_of
from motcua.kernel import clock
from motcua.kernel.messages import N_


@require_safe
@designer_page
def export(request: HttpRequest, draft_uuid: UUID) -> HttpResponse:
    """Give the draft as a signed package."""
    name, content = export_draft(principal_of(request), draft_uuid)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type="application/zip", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@designer_page
def import_(request: HttpRequest) -> HttpResponse:
    """Take a signed package in as a new draft, or say clearly what is wrong with it."""
    principal = principal_of(request)
    if not list_agency_ids(principal, need="edit"):
        raise NotYourRole
    if request.method != "POST":
        return render(request, "designer/import.html", {"error": ""})
    try:
        upload = request.FILES.get("file")
        if upload is None:
            raise BundleRefused(N_("Hãy chọn tệp gói quy trình (.zip)."))
        uuid, signer = import_bundle(principal, upload.read(MAX_BUNDLE_BYTES + 1), now=clock.now())
    except BundleRefused as error:
        return render(request, "designer/import.html", {"error": error.message}, status=error.http_status)
    messages.success(request, _("Đã nhập gói do «%(name)s» ký thành bản thảo mới.") % {"name": signer})
    return redirect("designer:draft", draft_uuid=uuid)
