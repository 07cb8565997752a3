"""Loading tables of areas: the shipped one and the official national ones, idempotently and with a report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from django.db import transaction

from motcua.kernel.text import compare_key, fold, sort_key
from motcua.places.models import Area, AreaSuccession
from motcua.places.rules import (
    MERGER_ON,
    AreaRow,
    AreaTable,
    LinkRow,
    is_conversion_table,
    is_ward_list,
    list_code_differences,
    read_official,
    read_shipped_areas,
)
from motcua.places.types import AreaTableRefused, LoadReport

SHIPPED = Path(__file__).resolve().parents[1] / "data"
MAX_FILE_BYTES = 20_000_000


def ensure_city_areas() -> LoadReport:
    """Load the table shipped with the project: the city's 168 units and what they were since 2021. Twice is once."""
    table = _read_shipped()
    with transaction.atomic():
        report = _Loader()
        report.apply_versions(table.areas)
        report.apply_links(table.links)
        return report.finish(rows_read=table.rows_read)


@cache
def _read_shipped() -> AreaTable:
    return read_shipped_areas(
        (SHIPPED / "areas.csv").read_text("utf-8"), (SHIPPED / "successions.csv").read_text("utf-8")
    )


def load_official_areas(path: Path) -> LoadReport:
    """Load the official national tables found in a folder (or one file), on top of the shipped table.

    Needs the conversion table of 1 July 2025; uses the list of wards before it to mend codes, and a JSON list of new
    units only to point out differences. Raises: AreaTableRefused.
    """
    texts = _read_files(path)
    conversion = next((text for text in texts if is_conversion_table(text)), None)
    if conversion is None:
        raise AreaTableRefused(
            "places.no_conversion_table",
            f"Không thấy bảng chuyển đổi đơn vị hành chính trong {path}; hãy chỉ đúng thư mục.",
        )
    table = read_official(conversion, ward_list_csv=next((text for text in texts if is_ward_list(text)), ""))
    problems = [problem for text in texts for problem in list_code_differences(table.areas, text)]
    with transaction.atomic():
        ensure_city_areas()
        report = _Loader(problems=[*table.problems, *problems])
        report.apply_witnesses(table.areas)
        report.apply_links(_keep_living(table))
        return report.finish(rows_read=table.rows_read)


def _read_files(path: Path) -> list[str]:
    files = [path] if path.is_file() else sorted([*path.glob("*.csv"), *path.glob("*.json")])
    texts = []
    for file in files:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise AreaTableRefused("places.table_size", f"Tệp {file.name} lớn hơn 20 MB; hãy kiểm tra lại tệp.")
        try:
            with file.open(encoding="utf-8-sig", newline="") as stream:
                texts.append(stream.read())
        except UnicodeDecodeError as error:
            raise AreaTableRefused("places.table_encoding", f"Tệp {file.name} không phải UTF-8.") from error
    return texts


def _keep_living(table: AreaTable) -> list[LinkRow]:
    """Leave out links of codes which our own table knows to have ended before the merger."""
    day_before = date.fromordinal(MERGER_ON.toordinal() - 1)
    living = set(Area.objects.valid_on(day_before).values_list("code", flat=True))
    return [link for link in table.links if link.old_code in living]


class _Loader:
    """Writes what differs and counts it."""

    def __init__(self, problems: Iterable[str] = ()) -> None:
        self.problems = list(problems)
        self.created = self.changed = self.unchanged = self.links_created = self.links_unchanged = 0

    def finish(self, *, rows_read: int) -> LoadReport:
        return LoadReport(
            rows_read=rows_read,
            areas_created=self.created,
            areas_changed=self.changed,
            areas_unchanged=self.unchanged,
            links_created=self.links_created,
            links_unchanged=self.links_unchanged,
            problems=tuple(self.problems),
        )

    def apply_versions(self, rows: Iterable[AreaRow]) -> None:
        """Write versions whose dates are known: those of our own table."""
        known: dict[tuple[str, date | None], Area] = {(area.code, area.valid_to): area for area in Area.objects.all()}
        fresh = []
        for row in rows:
            area = known.get((row.code, row.valid_to))
            if area is None:
                fresh.append(_to_area(row))
            else:
                self.update(area, row, with_dates=True)
        self.create(fresh)

    def apply_witnesses(self, rows: Iterable[AreaRow]) -> None:
        """Write versions of which only a day is known: the official tables; ours is believed first."""
        ours = {(row.code, row.valid_to) for row in _read_shipped().areas}
        known: dict[str, list[Area]] = {}
        for version in Area.objects.all():
            known.setdefault(version.code, []).append(version)
        fresh: list[Area] = []
        for row in rows:
            versions = known.get(row.code, [])
            area = next((version for version in versions if _is_valid(version, row.witness_on)), None)
            if area is not None and (area.code, area.valid_to) in ours and not _is_same(area, row):
                self.unchanged += 1
                self.problems.append(
                    f"{row.name} (mã {row.code}): bảng đi kèm ghi mã này là {area.name}; giữ theo bảng đi kèm."
                )
            elif area is not None:
                self.update(area, row, with_dates=False)
            elif any(_overlaps(version, row) for version in versions):
                ended = max(version.valid_to for version in versions if version.valid_to)
                self.problems.append(
                    f"{row.name} (mã {row.code}): bảng đi kèm ghi mã này hết hiệu lực từ {ended:%d/%m/%Y}."
                )
            else:
                fresh.append(_to_area(row))
        self.create(fresh)

    def update(self, area: Area, row: AreaRow, *, with_dates: bool) -> None:
        if _is_same(area, row) and not (with_dates and (area.valid_from, area.name) != (row.valid_from, row.name)):
            self.unchanged += 1
            return
        self.changed += 1
        area.name, area.kind, area.parent_code = row.name, row.kind, row.parent_code
        area.name_folded, area.sort_key = _search_keys(row.name)
        if with_dates:
            area.valid_from, area.legal_ref = row.valid_from, row.legal_ref
        area.save()

    def create(self, areas: list[Area]) -> None:
        Area.objects.bulk_create(areas, batch_size=2_000)
        self.created += len(areas)

    def apply_links(self, rows: Iterable[LinkRow]) -> None:
        known = set(AreaSuccession.objects.values_list("old_code", "new_code", "on"))
        fresh = [
            AreaSuccession(
                old_code=row.old_code, new_code=row.new_code, share=row.share, on=row.on, legal_ref=row.legal_ref
            )
            for row in rows
            if (row.old_code, row.new_code, row.on) not in known or self.count_known_link()
        ]
        AreaSuccession.objects.bulk_create(fresh, batch_size=2_000)
        self.links_created += len(fresh)

    def count_known_link(self) -> bool:
        self.links_unchanged += 1
        return False


@lru_cache(maxsize=2_000)
def _search_keys(name: str) -> tuple[str, str]:
    return fold(name), sort_key(name)


def _to_area(row: AreaRow) -> Area:
    name_folded, name_key = _search_keys(row.name)
    return Area(
        code=row.code,
        name=row.name,
        name_folded=name_folded,
        sort_key=name_key,
        kind=row.kind,
        parent_code=row.parent_code,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        legal_ref=row.legal_ref,
    )


def _is_same(area: Area, row: AreaRow) -> bool:
    has_name = area.name == row.name or compare_key(area.name) == compare_key(row.name)
    return has_name and (area.kind, area.parent_code) == (row.kind, row.parent_code)


def _is_valid(area: Area, on: date) -> bool:
    return (area.valid_from is None or area.valid_from <= on) and (area.valid_to is None or area.valid_to > on)


def _overlaps(area: Area, row: AreaRow) -> bool:
    starts_before_end = area.valid_from is None or row.valid_to is None or area.valid_from < row.valid_to
    ends_after_start = area.valid_to is None or row.valid_from is None or area.valid_to > row.valid_from
    return starts_before_end and ends_after_start
