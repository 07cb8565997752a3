"""Reports: asked of the copy only, named from the catalogue of offices and areas, small groups left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from motcua.cases.public import read_channel, read_outcome, read_stage
from motcua.indices.queries.copy import ask, get_folder
from motcua.indices.rules import DIMENSIONS, blank, build_sql, hide_small
from motcua.indices.types import Figures, NoSuchReport, Report, ReportFilter
from motcua.kernel.text import fold
from motcua.places.public import get_areas, list_agencies


def make_report(name: str, *, wanted: ReportFilter, on: date, text: str = "") -> Report:
    """Return the figures by month, office, procedure, channel, state or ward, months in order, else largest first.

    Small groups are hidden before the search looks at names, so no search brings one out.
    Raises: NoSuchReport, CopyMissing.
    """
    if name not in DIMENSIONS:
        raise NoSuchReport
    sql, values = build_sql(DIMENSIONS[name], wanted)
    manifest, found = ask(get_folder(), sql, values)
    threshold = settings.MOTCUA_COPY_SMALL_GROUP
    groups = [_to_figures(row) for row in found if not row[0]]
    total = next((_to_figures(row) for row in found if row[0]), Figures())
    names = _read_names(name, groups, on=on)
    rows = [blank(row, label=names[row.figures.key]) for row in hide_small(groups, threshold=threshold)]
    if name != "thang":
        rows.sort(key=lambda row: (-row.figures.received, -row.figures.finished, row.label))
    if text:
        rows = [row for row in rows if fold(text) in fold(f"{row.label} {row.figures.key}")]
    (shown_total,) = hide_small([replace(total, key="", title="")], threshold=threshold)
    return Report(as_of=manifest.as_of, total=blank(shown_total, label=_("Tổng cộng")), rows=tuple(rows))


def _to_figures(row: tuple[Any, ...]) -> Figures:
    counts = [int(value or 0) for value in (*row[3:7], *row[8:12])]
    median, p90 = row[7] or (None, None)  # nothing has finished: no list
    return Figures(
        key=row[1] or "",
        title=row[2] or "",
        received=counts[0],
        finished=counts[1],
        with_term=counts[2],
        on_time=counts[3],
        median_minutes=median,
        p90_minutes=p90,
        papers_spared=counts[4],
        facts_spared=counts[5],
        waived_law_vnd=counts[6],
        waived_city_vnd=counts[7],
    )


def _read_names(name: str, groups: list[Figures], *, on: date) -> Mapping[str, str]:
    keys = [group.key for group in groups]
    if name == "co-quan":
        offices = {agency.code: agency.name for agency in list_agencies(on=on)}
        return {key: offices.get(key, key) for key in keys}
    if name == "dia-ban":
        areas = get_areas([key for key in keys if key], on=on)
        return {key: areas[key].name if key in areas else _("Không ghi địa bàn") for key in keys}
    if name == "thu-tuc":
        return {group.key: group.title or _("Việc khác ngoài danh mục") for group in groups}
    say = {"thang": _say_month, "kenh": read_channel, "trang-thai": _say_state}[name]
    return {key: say(key) for key in keys}


def _say_month(key: str) -> str:
    return f"{key[5:7]}/{key[:4]}"


def _say_state(key: str) -> str:
    kind, _dot, code = key.partition(".")
    if kind == "open":
        return _("Đang giải quyết: %(stage)s") % {"stage": read_stage(code)}
    return _("Đã xong: %(outcome)s") % {"outcome": read_outcome(code)}
