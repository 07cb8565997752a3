"""The report of the procedures whose fees the city takes to zero for online filing."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.identity.public import Role, official_required
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.procedures.public import list_waived


@never_cache
@require_safe
@official_required(Role.COUNTER, Role.SPECIALIST, Role.LEADER, Role.CITY_LEADER, Role.OPERATOR)
def waived(request: HttpRequest) -> HttpResponse:
    """List the waived procedures of the catalogue by category, on a day."""
    on = _read_day(request.GET.get("ngay", ""))
    categories = list_waived(on=on)
    chosen = next((each for each in categories if each.code == request.GET.get("nhom")), None)
    context = {
        "on": on,
        "categories": categories,
        "total": len({each.code for category in categories for each in category.procedures}),
        "chosen": chosen,
    }
    return render(request, "procedures/waived.html", context)


def _read_day(text: str) -> date:
    today = local_date(clock.now())
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return today
    return found if date(2020, 1, 1) <= found <= date(2100, 1, 1) else today
