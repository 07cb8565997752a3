"""What old codes of areas stand for today, for many at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from motcua.places.models import Area, AreaSuccession
from motcua.places.queries.areas import UNIT_KINDS
from motcua.places.rules.successors import trace_successors
from motcua.places.rules.tables import read_shipped_areas

SHIPPED = Path(__file__).resolve().parents[1] / "data"


def map_successors(*, on: date) -> Mapping[str, tuple[str, ...]]:
    """Return, for each code of a ward, the codes of the day that it may stand for. Two queries."""
    current = Area.objects.valid_on(on).filter(kind__in=UNIT_KINDS).values_list("code", flat=True)
    links = AreaSuccession.objects.filter(on__lte=on).order_by("on").values_list("old_code", "new_code")
    return trace_successors(links, current=frozenset(current))


@cache
def map_shipped_successors() -> Mapping[str, tuple[str, ...]]:
    """Return the same from the table shipped with the project, for work on files: no database is asked."""
    table = read_shipped_areas(
        (SHIPPED / "areas.csv").read_text("utf-8"), (SHIPPED / "successions.csv").read_text("utf-8")
    )
    current = frozenset(row.code for row in table.areas if row.valid_to is None and row.kind in UNIT_KINDS)
    return trace_successors(((link.old_code, link.new_code) for link in table.links), current=current)
