"""What a code or a name that people write means on a day, old ones included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Case, FloatField, Func, IntegerField, Q, QuerySet, Value, When

from motcua.kernel.text import compare_key, fold
from motcua.places.models import Area, AreaSuccession
from motcua.places.queries.areas import UNIT_KINDS, get_areas, last_day_of, to_infos
from motcua.places.rules import AreaQuery, is_marked_alike, name_variants, read_area_readings
from motcua.places.types import AreaCandidate, AreaInfo, AreaResolution

MAX_VERSIONS = 200
_LIKENESS = 0.6
_MAX_STEPS = 8


def resolve_area(code_or_name: str, *, on: date, written_on: date | None = None) -> AreaResolution:
    """Return what an old or new code or name means on the day `on`.

    `written_on`, the day of the record in which it stands, decides for codes and names that were used before and after
    a merger; without it a unit of the day `on` wins, then the last that had the code or name. A district in the text
    ('Phường 1, Quận 3') chooses among wards of one name, marks choose among names that differ by them.
    """
    text = code_or_name.strip()
    if text.isascii() and text.isdigit() and len(text) in (2, 3, 5):
        versions = list(to_infos(Area.objects.filter(code=text).order_by("valid_to"), on=None))
    else:
        versions = _find_by_name(read_area_readings(text))
    meant = _choose_by_time(versions, on=on, written_on=written_on)
    starts = [_Step(origin=area, code=area.code, since=written_on or min(on, last_day_of(area))) for area in meant]
    return _to_resolution(_follow(_enter_districts(starts, on=on), on=on))


def search_areas(text: str, *, on: date, limit: int = 20) -> tuple[AreaInfo, ...]:
    """Return the wards, communes and special zones of the day that a typed text may mean, best first.

    Marks, case and short forms (P., Q.) do not matter; the name of an old ward leads to the units that took it over.
    The number of queries does not depend on the answer.
    """
    readings = read_area_readings(text)
    query = readings[0]
    if len(query.name) < 2:
        return ()
    now = [area for area in to_infos(_rank(query, on=on)[: limit * 2], on=on) if _lies_in(area, query)]
    old = [
        area for area in _find_by_name(readings) if area.kind in UNIT_KINDS and area.valid_to and area.valid_to <= on
    ]
    heirs = _follow([_Step(origin=area, code=area.code, since=last_day_of(area)) for area in _latest(old)], on=on)
    exact = [area for area in now if fold(area.name) in name_variants(query.name)]
    ordered = {area.code: area for area in (*exact, *(heir.area for heir in heirs), *now)}
    return tuple(ordered.values())[:limit]


def _rank(query: AreaQuery, *, on: date) -> QuerySet[Area]:
    alike: Func = Func(Value(query.name), "name_folded", function="word_similarity", output_field=FloatField())
    exactness = Case(
        When(name_folded__in=name_variants(query.name), then=0),
        When(name_folded__contains=query.name, then=1),
        default=2,
        output_field=IntegerField(),
    )
    rows = Area.objects.valid_on(on).filter(kind__in=UNIT_KINDS).annotate(alike=alike, exactness=exactness)
    return rows.filter(Q(exactness__lt=2) | Q(alike__gte=_LIKENESS)).order_by("exactness", "-alike", "sort_key")


def _find_by_name(readings: Sequence[AreaQuery]) -> list[AreaInfo]:
    """Return the versions that the first fitting reading of the typed text means."""
    names = {variant for query in readings if query.name for variant in name_variants(query.name)}
    if not names:
        return []
    rows = Area.objects.filter(name_folded__in=names).order_by("sort_key", "code", "valid_to")
    areas = to_infos(rows[:MAX_VERSIONS], on=None)
    for query in readings:
        named = name_variants(query.name)
        found = [area for area in areas if fold(area.name) in named and _lies_in(area, query)]
        if found:
            return [area for area in found if is_marked_alike(area.name, query.marked)] or found
    return []


def _lies_in(area: AreaInfo, query: AreaQuery) -> bool:
    """True when every place named behind the first comma is one of those the unit lay in."""
    inside = {fold(part) for part in area.parent_name.split(",")}
    return all(inside.intersection(name_variants(part)) for part in query.context)


def _choose_by_time(versions: Sequence[AreaInfo], *, on: date, written_on: date | None) -> list[AreaInfo]:
    if written_on is not None:
        return [area for area in versions if _is_valid(area, written_on)]
    return [area for area in versions if _is_valid(area, on)] or _latest(versions)


def _is_valid(area: AreaInfo, on: date) -> bool:
    return (area.valid_from is None or area.valid_from <= on) and (area.valid_to is None or area.valid_to > on)


def _latest(versions: Sequence[AreaInfo]) -> list[AreaInfo]:
    """Return the last version of each unit: of each code, and of each name in one place."""
    by_code: dict[str, AreaInfo] = {}
    by_place: dict[tuple[str, str], AreaInfo] = {}
    for area in sorted(versions, key=last_day_of):
        by_code[area.code] = area
        by_place[compare_key(area.name), area.parent_code] = area
    return [area for area in by_place.values() if by_code[area.code] is area]


@dataclass(frozen=True, slots=True)
class _Step:
    origin: AreaInfo
    code: str
    since: date
    is_whole: bool = True
    is_moved: bool = False


def _enter_districts(starts: Sequence[_Step], *, on: date) -> list[_Step]:
    """Replace each district that is gone without a successor by the wards it had: the level was abolished."""
    gone = {step.code: step for step in starts if step.origin.kind == "district" and not _is_valid(step.origin, on)}
    for code, links in _load_links(set(gone), on=on).items():
        if any(link.on > gone[code].since for link in links):
            del gone[code]
    entered = [step for step in starts if step.code not in gone]
    for step in gone.values():
        wards = Area.objects.valid_on(step.since).filter(parent_code=step.code).values_list("code", flat=True)
        entered += [replace(step, code=code, is_moved=True) for code in wards]
    return entered


def _follow(starts: Sequence[_Step], *, on: date) -> list[AreaCandidate]:
    """Walk the successions from each unit, known to exist on a day, to the units of the day `on`."""
    open_steps = list(starts)
    ended: list[_Step] = []
    for _ in range(_MAX_STEPS):
        links = _load_links({step.code for step in open_steps}, on=on)
        moved: list[_Step] = []
        for step in open_steps:
            following = [link for link in links.get(step.code, ()) if link.on > step.since]
            next_on = min((link.on for link in following), default=None)
            if next_on is None:
                ended.append(step)
            moved += [_move(step, link) for link in following if link.on == next_on]
        open_steps = moved
        if not open_steps:
            break
    areas = get_areas({step.code for step in ended}, on=on)
    return _to_candidates([step for step in ended if step.code in areas], areas)


def _load_links(codes: set[str], *, on: date) -> dict[str, list[AreaSuccession]]:
    found: dict[str, list[AreaSuccession]] = {}
    if codes:
        for link in AreaSuccession.objects.filter(old_code__in=codes, on__lte=on).order_by("on", "new_code"):
            found.setdefault(link.old_code, []).append(link)
    return found


def _move(step: _Step, link: AreaSuccession) -> _Step:
    is_whole = step.is_whole and link.share == AreaSuccession.Share.WHOLE
    return replace(step, code=link.new_code, since=link.on, is_whole=is_whole, is_moved=True)


def _to_candidates(steps: Sequence[_Step], areas: dict[str, AreaInfo]) -> list[AreaCandidate]:
    ends: dict[str, set[str]] = {}
    for step in steps:
        ends.setdefault(str(step.origin.uuid), set()).add(step.code)
    found: dict[str, AreaCandidate] = {}
    for step in steps:
        is_whole = len(ends[str(step.origin.uuid)]) == 1  # its parts met again in one unit
        candidate = AreaCandidate(
            area=areas[step.code],
            from_area=step.origin if step.is_moved else None,
            share="whole" if is_whole or step.is_whole else "part",
        )
        found.setdefault(step.code, candidate)
    return sorted(found.values(), key=lambda candidate: candidate.area.code)


def _to_resolution(candidates: Sequence[AreaCandidate]) -> AreaResolution:
    if not candidates:
        return AreaResolution(status="unknown", candidates=())
    if len(candidates) > 1:
        return AreaResolution(status="several", candidates=tuple(candidates))
    return AreaResolution(status="one" if candidates[0].from_area else "same", candidates=tuple(candidates))
