"""Figures for leaders: tables, drawings and files of the analytical copy; no transaction table is counted here."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.cases.public import read_channel
from motcua.identity.public import Principal, get_principal, official_required
from motcua.indices.forms import ReportQuery, read_report_query
from motcua.indices.public import NoSuchReport, Report, ShownFigures, make_report
from motcua.indices.rules import DAY_MINUTES, DIMENSIONS, draw_bars, share_percent
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.kernel.money import format_vnd
from motcua.kernel.paging import PAGE_SIZE, clamp_page, make_page, page_window
from motcua.places.public import get_agencies

LEADERS = ("leader", "city_leader")
CHART_WIDTH = 300
CHANNELS = ("online", "counter", "post", "national")


@require_safe
@official_required(*LEADERS)
def home(request: HttpRequest) -> HttpResponse:
    """Show the year by month, its sums, and the way to every other table."""
    query = _read_query(request)
    report = make_report("thang", wanted=query.wanted, on=local_date(clock.now()))
    return render(request, "indices/home.html", _context(query, report, "thang") | {"rows": _pair(report.rows)})


@require_safe
@official_required(*LEADERS)
def report(request: HttpRequest, name: str) -> HttpResponse:
    """Show one table a page at a time, searchable, with its drawing."""
    query = _read_query(request)
    made = make_report(_check(name), wanted=query.wanted, on=local_date(clock.now()), text=query.text)
    number = clamp_page(request.GET.get("trang"))
    start, stop = page_window(number)
    page = make_page(made.rows[start:stop], number=number, total=len(made.rows), cap=max(len(made.rows), PAGE_SIZE))
    context = _context(query, made, name) | {"rows": _pair(page.items), "page": page}
    return render(request, "indices/report.html", context)


@require_safe
@official_required(*LEADERS)
def report_csv(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """Download the same table whole, with the same groups left out."""
    query = _read_query(request)
    made = make_report(_check(name), wanted=query.wanted, on=local_date(clock.now()), text=query.text)
    response = StreamingHttpResponse(_write_csv(made, name), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="chi-so-{name}-{clock.to_local(made.as_of):%Y%m%d}.csv"'
    return response


def _check(name: str) -> str:
    if name not in DIMENSIONS:
        raise NoSuchReport
    return name


def _read_query(request: HttpRequest) -> ReportQuery:
    principal = get_principal(request)
    assert principal is not None  # official_required has let the request in
    return read_report_query(request.GET, scope=_scope_of(principal), today=local_date(clock.now()))


def _scope_of(principal: Principal) -> frozenset[str] | None:
    """Return the offices whose figures this leader may see; None is the whole city."""
    if principal.has_role("city_leader"):
        return None
    return frozenset(agency.code for agency in get_agencies(principal.agency_ids("leader")).values())


def _context(query: ReportQuery, made: Report, name: str) -> dict[str, Any]:
    titles = _titles()
    return {
        "query": query,
        "report": made,
        "total": _cells(made.total),
        "name": name,
        "title": titles[name],
        "titles": list(titles.items()),
        "heads": _heads(name),
        "channels": [(code, read_channel(code)) for code in CHANNELS],
        "threshold": settings.MOTCUA_COPY_SMALL_GROUP,
        "is_city": query.wanted.scope is None,
        "until": {"time": f"{clock.to_local(made.as_of):%H:%M}", "date": clock.format_date(local_date(made.as_of))},
        "is_behind": (clock.now() - made.as_of).total_seconds() > 600,
    }


def _titles() -> dict[str, str]:
    return {
        "thang": _("Theo tháng"),
        "co-quan": _("Theo cơ quan"),
        "thu-tuc": _("Theo thủ tục"),
        "kenh": _("Theo kênh nộp"),
        "trang-thai": _("Theo tình trạng"),
        "dia-ban": _("Theo địa bàn"),
    }


def _heads(name: str) -> list[str]:
    firsts = {
        "thang": _("Tháng"),
        "co-quan": _("Cơ quan"),
        "thu-tuc": _("Thủ tục"),
        "kenh": _("Kênh nộp"),
        "trang-thai": _("Tình trạng"),
        "dia-ban": _("Địa bàn"),
    }
    return [
        firsts[name],
        _("Tiếp nhận"),
        _("Xong"),
        _("Đúng hạn (%)"),
        _("Nửa số hồ sơ xong trong (ngày làm việc)"),
        _("9 phần 10 xong trong (ngày làm việc)"),
        _("Giấy tờ không phải nộp"),
        _("Thông tin không phải khai"),
        _("Miễn theo luật (đồng)"),
        _("Thành phố không thu (đồng)"),
    ]


def _cells(row: ShownFigures) -> list[str]:
    """Write the figures of a row; what is hidden is said to be hidden, never shown as nothing."""
    figures, hidden = row.figures, _("ẩn")
    came = [
        str(figures.papers_spared),
        str(figures.facts_spared),
        format_vnd(figures.waived_law_vnd).removesuffix(" đồng"),
        format_vnd(figures.waived_city_vnd).removesuffix(" đồng"),
    ]
    went = [
        _write(share_percent(figures.on_time, figures.with_term)),
        _write(_to_days(figures.median_minutes)),
        _write(_to_days(figures.p90_minutes)),
    ]
    return [
        hidden if row.hides_received else str(figures.received),
        hidden if row.hides_finished else str(figures.finished),
        *([hidden] * 3 if row.hides_finished else went),
        *([hidden] * 4 if row.hides_received else came),
    ]


def _to_days(minutes: float | None) -> float | None:
    return None if minutes is None else minutes / DAY_MINUTES


def _write(number: float | None) -> str:
    return "–" if number is None else f"{number:.1f}".replace(".", ",")


def _pair(rows: tuple[ShownFigures, ...]) -> list[dict[str, Any]]:
    """Lay the cells of each row beside the lengths of its two bars."""
    bars = draw_bars([(row.figures.received, row.figures.finished) for row in rows], width=CHART_WIDTH)
    return [
        {"label": row.label, "key": row.figures.key, "cells": _cells(row), "bars": pair}
        for row, pair in zip(rows, bars, strict=True)
    ]


class _Echo:
    """A file that hands back what the csv writer gives it."""

    def write(self, line: str) -> str:
        return line


def _write_csv(made: Report, name: str) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"  # so that spreadsheet programs read Vietnamese
    yield writer.writerow([*_heads(name), _("Mã"), _("Số liệu đến lúc")])
    until = clock.to_local(made.as_of).isoformat(timespec="minutes")
    for row in (*made.rows, made.total):
        cells = [row.label, *_cells(row), row.figures.key, until]
        yield writer.writerow([f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell for cell in cells])
