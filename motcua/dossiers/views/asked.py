"""What is still asked of people, procedure by procedure: for who can ask less."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.dossiers.queries.asked import count_asked
from motcua.dossiers.views.counter import read_day
from motcua.identity.public import Role, official_required
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.kernel.paging import clamp_page, make_page, page_window
from motcua.kernel.text import fold

PAGE_SIZE = 10  # as many as a telephone shows in a few turns of the thumb
SEEN_BY = (Role.LEADER, Role.CITY_LEADER, Role.PROCESS_OWNER, Role.PROCESS_APPROVER, Role.DATA_STEWARD)


@never_cache
@require_safe
@official_required(*SEEN_BY)
def asked(request: HttpRequest) -> HttpResponse:
    """Show facts typed and papers asked against what registers and the vault could answer."""
    typed = request.GET.get("tu", "").strip()
    first_on = read_day(typed)
    q, number = request.GET.get("q", "")[:100].strip(), clamp_page(request.GET.get("trang", "1"))
    rows = count_asked(on=local_date(clock.now()), first_on=first_on)
    rows = tuple(row for row in rows if fold(q) in fold(f"{row.code} {row.name}"))
    start, stop = page_window(number, size=PAGE_SIZE)
    page = make_page(rows[start:stop], number=number, total=len(rows), size=PAGE_SIZE)
    context = {"page": page, "q": q, "typed": typed, "unread": bool(typed) and first_on is None}
    return render(request, "dossiers/asked.html", context, status=422 if context["unread"] else 200)
