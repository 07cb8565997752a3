"""Reading the official national tables, with their faults mended and named. Pure."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from motcua.kernel.text import clean_line, compare_key
from motcua.places.rules.tables import AreaRow, AreaTable, LinkRow
from motcua.places.rules.typed import read_name
from motcua.places.types import AreaTableRefused

MERGER_ON = date(2025, 7, 1)
_CODE_IN_BRACKETS = re.compile(r"(.*\S)\s*\(([0-9]{2,3})\)")
_CODE = re.compile(r"[0-9]{5}")
_OLD, _NEW = "Đơn vị hành chính trước ngày 01/7/2025", "Đơn vị hành chính từ ngày 01/7/2025"


def is_conversion_table(text: str) -> bool:
    """True for the official table of 1 July 2025 (old ward to new ward)."""
    head = clean_line(text[:300])
    return _OLD in head and _NEW in head


def is_ward_list(text: str) -> bool:
    """True for the official list of wards with their districts."""
    return clean_line(text[:200]).startswith("Tỉnh Thành Phố,Mã TP,Quận Huyện,Mã QH,Phường Xã,Mã PX")


def list_code_differences(areas: Iterable[AreaRow], units_json: str) -> list[str]:
    """Say where a JSON list of provinces and wards (another publisher's) contradicts the official new units."""
    try:
        provinces = json.loads(units_json) if units_json.lstrip().startswith("[") else []
        other = {ward["Code"]: ward["FullName"] for province in provinces for ward in province["Wards"]}
    except (ValueError, KeyError, TypeError, AttributeError):
        return ["Tệp JSON về đơn vị mới không đọc được; bỏ qua vì chỉ dùng để đối chiếu."]
    if not other:
        return []
    ours = {row.code: row.name for row in areas if row.valid_from is not None}
    found = [f"Mã mới {code} ({other[code]}) chỉ có trong tệp JSON đối chiếu." for code in sorted(other.keys() - ours)]
    found += [
        f"Mã mới {code} ({ours[code]}) không có trong tệp JSON đối chiếu." for code in sorted(ours.keys() - other)
    ]
    return found + [
        f"Mã mới {code}: bảng chính thức ghi {ours[code]}, tệp JSON đối chiếu ghi {other[code]}."
        for code in sorted(ours.keys() & other)
        if compare_key(ours[code]) != compare_key(other[code])
    ]


def read_rows(text: str) -> list[list[str]]:
    """Read CSV whose cells may hold line breaks; clean every cell. Raises: AreaTableRefused."""
    try:
        return [[clean_line(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
    except csv.Error as error:
        raise AreaTableRefused("places.table_csv", f"Tệp không phải bảng CSV đọc được: {error}.") from error


def read_official(conversion_csv: str, *, ward_list_csv: str = "") -> AreaTable:
    """Read the official conversion table, mended by the official list of wards before it where that is given.

    Raises: AreaTableRefused when a file is not such a table.
    """
    rows = read_rows(conversion_csv)
    listed = _read_ward_list(read_rows(ward_list_csv)) if ward_list_csv else {}
    reader = _ConversionReader(listed)
    for number, row in enumerate(rows, start=1):
        reader.read(number, row)
    table = reader.finish()
    extra = len(listed)
    return AreaTable(rows_read=len(rows) + extra, areas=table.areas, links=table.links, problems=table.problems)


@dataclass(frozen=True, slots=True)
class _Listed:
    name: str
    district_code: str
    district_name: str
    province_code: str
    province_name: str


def _read_ward_list(rows: Sequence[Sequence[str]]) -> dict[str, _Listed]:
    found = {}
    for row in rows[1:]:
        if len(row) >= 6 and _CODE.fullmatch(row[5]):
            found[row[5]] = _Listed(
                name=row[4], district_code=row[3], district_name=row[2], province_code=row[1], province_name=row[0]
            )
    return found


class _ConversionReader:
    """Gathers the rows of the conversion table; says what it mends."""

    def __init__(self, listed: dict[str, _Listed]) -> None:
        self.listed = listed
        self.code_by_place = {(item.district_code, compare_key(item.name)): code for code, item in listed.items()}
        self.areas: dict[tuple[str, bool], AreaRow] = {}
        self.links: dict[tuple[str, str], str] = {}
        self.problems: list[str] = []

    def read(self, number: int, row: Sequence[str]) -> None:
        cells = [*row, *[""] * 8][:8]
        if not cells[1] or cells[2] in ("", "Mã Xã mới"):
            return
        province = _CODE_IN_BRACKETS.fullmatch(cells[0])
        if province is None or not _CODE.fullmatch(cells[2]):
            self.problems.append(f"Dòng {number}: không đọc được tỉnh hoặc mã xã mới ({cells[0]}, {cells[2]}).")
            return
        self.add(province[2], province[1], "", is_new=True, number=number, is_province=True)
        self.add(cells[2], cells[1], province[2], is_new=True, number=number)
        old_code = self.read_old(number, cells)
        if old_code:
            self.links[old_code, cells[2]] = "part" if "một phần" in cells[5].lower() else "whole"

    def read_old(self, number: int, cells: Sequence[str]) -> str:
        district, province = _CODE_IN_BRACKETS.fullmatch(cells[6]), _CODE_IN_BRACKETS.fullmatch(cells[7])
        if district is None or province is None:
            self.problems.append(f"Dòng {number}: không đọc được huyện hoặc tỉnh cũ ({cells[6]}, {cells[7]}).")
            return ""
        self.add(province[2], province[1], "", is_new=False, number=number, is_province=True)
        self.add(district[2], district[1], province[2], is_new=False, number=number)
        if not cells[4] and not cells[3]:
            return district[2]  # an island district without wards became one unit
        code = self.mend_code(number, cells[4], cells[3], district[2])
        if not _CODE.fullmatch(code):
            self.problems.append(f"Dòng {number}: {cells[3]} không có mã cũ, chỉ ghi đơn vị mới {cells[1]}.")
            return ""
        self.add(code, cells[3], district[2], is_new=False, number=number)
        return code

    def mend_code(self, number: int, code: str, name: str, district_code: str) -> str:
        """Where the list gives this code to another ward and this ward another code, the list is right."""
        other = self.code_by_place.get((district_code, compare_key(name)))
        here = self.listed.get(code)
        if other is None or other == code or here is None or compare_key(here.name) == compare_key(name):
            return code
        self.problems.append(f"Dòng {number}: mã cũ {code} là của {here.name}; {name} được hiểu là mã {other}.")
        return other

    def add(self, code: str, name: str, parent: str, *, is_new: bool, number: int, is_province: bool = False) -> None:
        known = self.areas.get((code, is_new))
        if known is not None:
            name, _ = (name, None) if is_province else read_name(name)
            if compare_key(known.name) != compare_key(name) and not is_province:
                self.problems.append(f"Dòng {number}: mã {code} đã mang tên {known.name}, nay ghi {name}.")
            return
        name, kind = (name, "province") if is_province else read_name(name)
        if kind is None and not is_new and code in self.listed:
            self.problems.append(f"Dòng {number}: {name} thiếu loại đơn vị, lấy tên {self.listed[code].name}.")
            name, kind = read_name(self.listed[code].name)
        if kind is None:
            self.problems.append(f"Dòng {number}: {name} (mã {code}) thiếu loại đơn vị, chưa ghi được.")
            return
        self.areas[code, is_new] = AreaRow(
            code=code,
            name=name,
            kind=kind,
            parent_code=parent,
            valid_from=MERGER_ON if is_new else None,
            valid_to=None if is_new else MERGER_ON,
        )

    def finish(self) -> AreaTable:
        self.add_listed_codes()
        went_to = Counter(old for old, _ in self.links)
        links = []
        for (old, new), share in self.links.items():
            whole = share == "whole" and went_to[old] == 1
            links.append(LinkRow(old_code=old, new_code=new, share="whole" if whole else "part", on=MERGER_ON))
        links += self.link_provinces()
        return AreaTable(
            rows_read=0, areas=tuple(self.join_provinces()), links=tuple(links), problems=tuple(self.problems)
        )

    def add_listed_codes(self) -> None:
        """A code that only the list knows: the same ward under its other code, or a ward that the table left out."""
        by_place = {
            (row.parent_code, compare_key(row.name)): code
            for (code, is_new), row in self.areas.items()
            if not is_new and len(code) == 5
        }
        for code, item in self.listed.items():
            if (code, False) in self.areas:
                continue
            twin = by_place.get((item.district_code, compare_key(item.name)))
            if twin is None:
                self.problems.append(
                    f"{item.name}, {item.district_name} (mã {code}) có trong danh sách nhưng không có trong bảng "
                    "chuyển đổi: chưa biết đơn vị mới."
                )
            else:
                self.problems.append(f"{item.name}, {item.district_name} có hai mã cũ: {twin} và {code}.")
                for (old, new), share in list(self.links.items()):
                    if old == twin:
                        self.links[code, new] = share
            self.add(code, item.name, item.district_code, is_new=False, number=0)

    def join_provinces(self) -> Iterable[AreaRow]:
        """A province whose code goes on is one unit through the merger, under its name of today."""
        for (code, is_new), row in self.areas.items():
            if len(code) == 2 and (code, not is_new) in self.areas:
                if is_new:
                    yield AreaRow(
                        code=code, name=row.name, kind=row.kind, parent_code="", valid_from=None, valid_to=None
                    )
            else:
                yield row

    def link_provinces(self) -> list[LinkRow]:
        parent = {code: row.parent_code for (code, is_new), row in self.areas.items() if is_new}
        district = {code: row.parent_code for (code, is_new), row in self.areas.items() if not is_new}
        found: dict[tuple[str, str], None] = {}
        for old, new in self.links:
            province = district.get(district.get(old, ""), "") if len(old) == 5 else district.get(old, "")
            if province and parent.get(new, province) != province and (province, True) not in self.areas:
                found[province, parent[new]] = None
        return [LinkRow(old_code=old, new_code=new, share="whole", on=MERGER_ON) for old, new in found]
