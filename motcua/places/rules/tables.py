"""The rows of tables of areas, and reading the table shipped with the project. Pure."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date

from motcua.places.types import AreaTableRefused, Share


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One version of one unit as a table states it."""

    code: str
    name: str
    kind: str
    parent_code: str
    valid_from: date | None
    valid_to: date | None
    legal_ref: str = ""

    @property
    def witness_on(self) -> date:
        """A day on which this version is certainly in force."""
        if self.valid_to is not None:
            return date.fromordinal(self.valid_to.toordinal() - 1)
        return self.valid_from or date.max


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One succession as a table states it."""

    old_code: str
    new_code: str
    share: Share
    on: date
    legal_ref: str = ""


@dataclass(frozen=True, slots=True)
class AreaTable:
    """What was read: versions of units, links between them, and what could not be understood."""

    rows_read: int
    areas: tuple[AreaRow, ...]
    links: tuple[LinkRow, ...]
    problems: tuple[str, ...] = ()


def read_shipped_areas(areas_csv: str, successions_csv: str) -> AreaTable:
    """Read the table shipped with the project. Raises: AreaTableRefused when it is damaged."""
    try:
        areas = tuple(_read_shipped_area(row) for row in csv.DictReader(io.StringIO(areas_csv)))
        links = tuple(_read_shipped_link(row) for row in csv.DictReader(io.StringIO(successions_csv)))
    except (KeyError, ValueError, TypeError, AttributeError, csv.Error) as error:
        raise AreaTableRefused("places.shipped_table", f"Bảng đơn vị hành chính đi kèm bị hỏng: {error}.") from error
    return AreaTable(rows_read=len(areas) + len(links), areas=areas, links=links)


def _read_shipped_area(row: dict[str, str]) -> AreaRow:
    return AreaRow(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        parent_code=row["parent"],
        valid_from=_read_date(row["valid_from"]),
        valid_to=_read_date(row["valid_to"]),
        legal_ref=row["legal_ref"],
    )


def _read_shipped_link(row: dict[str, str]) -> LinkRow:
    on = date.fromisoformat(row["on"])
    return LinkRow(
        old_code=row["old_code"],
        new_code=row["new_code"],
        share=_read_share(row["share"]),
        on=on,
        legal_ref=row["legal_ref"],
    )


def _read_date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _read_share(text: str) -> Share:
    if text == "whole":
        return "whole"
    if text == "part":
        return "part"
    raise ValueError(f"share {text!r}")
