"""The resident's vault: what lies in it, one paper, its content, everything as one archive."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.identity.public import get_party, resident_required
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.kernel.paging import PAGE_SIZE, clamp_page, make_page, page_window
from motcua.kernel.text import fold
from motcua.vault.public import (
    Access,
    PaperInfo,
    export_vault,
    find_papers,
    get_paper,
    judge_paper_deletions,
    list_deletions,
    list_openings,
    list_shares,
    read_paper,
)
from motcua.vault.views.common import check_paper, choose_vault, make_reading, principal_of, send_paper

_PART = 256 * 1024
FAMILIES = ("result", "refusal", "receipt", "certified_copy", "verified")


@never_cache
@require_safe
@resident_required
def vault(request: HttpRequest) -> HttpResponse:
    """List the papers of a vault; search by words of the title, narrow by kind."""
    party, parties, access = choose_vault(request)
    now = clock.now()
    words, family = request.GET.get("q", "").strip()[:100], request.GET.get("loai", "")
    papers = find_papers(party.ref, kinds=(family,) if family in FAMILIES else (), now=now)
    found = [paper for paper in papers if _fits(paper, words)]
    number = clamp_page(request.GET.get("trang", "1"))
    start, stop = page_window(number)
    context = {
        "party": party,
        "parties": parties,
        "may_manage": access == Access.MANAGE,
        "page": make_page(found[start:stop], number=number, total=len(found), size=PAGE_SIZE),
        "total": len(found),
        "words": words,
        "family": family,
        "is_filtered": bool(words or family),
        "deletions": [row for row in list_deletions(party.ref) if row.undone_at is None],
    }
    return render(request, "vault/vault.html", context)


def _fits(paper: PaperInfo, words: str) -> bool:
    text = fold(f"{paper.title} {paper.origin_ref}")
    return all(word in text for word in fold(words).split())


@never_cache
@require_safe
@resident_required
def paper(request: HttpRequest, paper_uuid: UUID) -> HttpResponse:
    """Show one paper: what it is, to whom it is lent, who opened it."""
    owner, access = check_paper(request, paper_uuid)
    now = clock.now()
    may_manage = access == Access.MANAGE
    verdict = judge_paper_deletions(owner, now=now).get(paper_uuid)
    context = {
        "paper": get_paper(paper_uuid, now=now),
        "party": get_party(owner),
        "may_manage": may_manage,
        "shares": list_shares(paper_uuid, now=now) if may_manage else (),
        "openings": list_openings(paper_uuid) if may_manage else (),
        "verdict": verdict,
    }
    return render(request, "vault/paper.html", context)


@never_cache
@require_safe
@resident_required
def download(request: HttpRequest, paper_uuid: UUID) -> HttpResponse:
    """Send the paper itself; the reading is noted."""
    owner, _access = check_paper(request, paper_uuid)
    now = clock.now()
    info = get_paper(paper_uuid, now=now)
    reading = make_reading(principal_of(request), owner, _("Xem giấy tờ trong kho"))
    content = read_paper(paper_uuid, reading=reading, now=now)
    return send_paper(content, filename=info.filename, media_type=info.media_type, as_attachment="tai" in request.GET)


@never_cache
@require_POST
@resident_required
def export(request: HttpRequest) -> HttpResponseBase:
    """Send everything as one archive; noted as a reading."""
    party, _parties, access = choose_vault(request)
    if access != Access.MANAGE:
        return render(request, "vault/manage_only.html", {"party": party}, status=403)
    now = clock.now()
    reading = make_reading(principal_of(request), party.ref, _("Xuất toàn bộ kho giấy tờ"))
    archive = export_vault(party.ref, reading=reading, now=now)
    size = archive.seek(0, io.SEEK_END)
    archive.seek(0)
    response = StreamingHttpResponse(_send_in_parts(archive), content_type="application/zip")
    name = f"kho-giay-to-{local_date(now).isoformat()}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Length"] = str(size)
    return response


def _send_in_parts(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while part := file.read(_PART):
            yield part
