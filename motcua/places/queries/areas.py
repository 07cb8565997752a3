"""Which units there are on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db.models import Q

from motcua.places.models import Area, AreaSuccession
from motcua.places.types import AreaInfo, AreaNotFound

CITY_CODE = "79"
UNIT_KINDS = ("ward", "commune", "township", "special_zone")


def find_area(code: str, *, on: date) -> AreaInfo | None:
    """Return the unit that had this code on the day, under its name of that day."""
    infos = to_infos(Area.objects.valid_on(on).filter(code=code), on=on)
    return infos[0] if infos else None


def get_area(code: str, *, on: date) -> AreaInfo:
    """Return the unit that had this code on the day. Raises: AreaNotFound."""
    area = find_area(code, on=on)
    if area is None:
        raise AreaNotFound(code)
    return area


def get_areas(codes: Iterable[str], *, on: date) -> dict[str, AreaInfo]:
    """Return the units of many codes on the day, by code; codes without a unit are left out."""
    return {info.code: info for info in to_infos(Area.objects.valid_on(on).filter(code__in=set(codes)), on=on)}


def list_wards(*, on: date) -> tuple[AreaInfo, ...]:
    """Return the city's wards, communes and special zones of the day in Vietnamese order (168 since 1 July 2025)."""
    districts = Area.objects.valid_on(on).filter(parent_code=CITY_CODE, kind="district").values("code")
    wards = Area.objects.valid_on(on).filter(kind__in=UNIT_KINDS)
    return to_infos(wards.filter(Q(parent_code=CITY_CODE) | Q(parent_code__in=districts)).order_by("sort_key"), on=on)


def list_predecessors(code: str, *, on: date) -> tuple[AreaInfo, ...]:
    """Return the units out of which the unit of the day was made at its last change, in Vietnamese order."""
    links = list(AreaSuccession.objects.filter(new_code=code, on__lte=on).order_by("-on"))
    if not links:
        return ()
    day_before = links[0].on - timedelta(days=1)
    codes = [link.old_code for link in links if link.on == links[0].on]
    return to_infos(Area.objects.valid_on(day_before).filter(code__in=codes).order_by("sort_key"), on=day_before)


def to_infos(rows: Iterable[Area], *, on: date | None) -> tuple[AreaInfo, ...]:
    """Return rows with the names of what they lay in, on the day or each on its own last day; three queries at most."""
    areas = list(rows)
    parents = _load_versions(area.parent_code for area in areas)
    grandparents = _load_versions(parent.parent_code for versions in parents.values() for parent in versions)
    infos = []
    for area in areas:
        witness = on or last_day_of(area)
        parent = _version_on(parents.get(area.parent_code, ()), witness)
        grandparent = _version_on(grandparents.get(parent.parent_code, ()), witness) if parent else None
        names = [row.name for row in (parent, grandparent) if row is not None]
        infos.append(_to_info(area, ", ".join(names)))
    return tuple(infos)


def last_day_of(area: Area | AreaInfo) -> date:
    """Return a day on which this version was in force, the last one if it has ended."""
    return area.valid_to - timedelta(days=1) if area.valid_to else date.max


def _load_versions(codes: Iterable[str]) -> dict[str, list[Area]]:
    wanted = {code for code in codes if code}
    found: dict[str, list[Area]] = {}
    if wanted:
        for area in Area.objects.filter(code__in=wanted).order_by("valid_to"):
            found.setdefault(area.code, []).append(area)
    return found


def _version_on(versions: Sequence[Area], on: date) -> Area | None:
    return next(
        (
            area
            for area in versions
            if (area.valid_from is None or area.valid_from <= on) and (area.valid_to is None or area.valid_to > on)
        ),
        None,
    )


def _to_info(area: Area, parent_name: str) -> AreaInfo:
    return AreaInfo(
        uuid=area.uuid,
        code=area.code,
        name=area.name,
        kind=area.kind,
        parent_code=area.parent_code,
        parent_name=parent_name,
        valid_from=area.valid_from,
        valid_to=area.valid_to,
    )
