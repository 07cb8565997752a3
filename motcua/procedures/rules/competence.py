"""Who is competent: read from what the source says about levels and agencies, matched with the city's agencies."""

from __future__ import annotations

from collections.abc import Sequence

from motcua.kernel.text import fold
from motcua.procedures.types import CompetenceRule, Level

_COMMUNE_WORDS = ("cap xa", "phuong", "xa,", "uy ban nhan dan xa", "ubnd xa", "thue co so", "cap huyen")
_CITY_WORDS = ("cap tinh", "cap tinh", "so ", "chi cuc", "thanh pho truc thuoc", "cong an tinh", "van phong dang ky")
_MINISTRY_WORDS = ("bo ", "cuc ", "tong cuc", "ngan hang nha nuoc", "uy ban chung khoan", "toa an", "vu ", "thu tuong")


def derive_competence(levels: Sequence[Level], *, agency: str, field: str) -> CompetenceRule:
    """Derive the rule from a source's levels and agency names. Several levels: the lowest is tried, marked unsure."""
    folded = fold(agency)
    own_level = _level_from(folded)
    level = levels[0] if levels and own_level != "ministry" else own_level
    is_agreed = own_level in (level, "other")  # the agency's name and the stated level say the same
    kind = _kind_from(folded, fold(field), level)
    named = [name.strip() for name in agency.split(";") if name.strip()]
    what = f"lĩnh vực {field}" if field else "việc này"
    unstated = f"dữ liệu nguồn chưa nêu cơ quan thực hiện {what}"
    return CompetenceRule(
        level=level,
        agency_kind=kind,
        agency_name=_pick_name(named, level),
        basis=f"{what} do {', '.join(named)} thực hiện" if named else unstated,
        mark="sure" if len(levels) == 1 and len(named) == 1 and is_agreed else "unsure",
    )


def _level_from(folded: str) -> Level:
    if "hai quan" in folded:  # customs offices are the state's, whatever level a record states
        return "ministry"
    if any(word in folded for word in _COMMUNE_WORDS):
        return "commune"
    if any(folded.startswith(word) or f"; {word}" in folded or word in folded for word in _CITY_WORDS):
        return "city"
    if any(folded.startswith(word) or f"; {word}" in folded for word in _MINISTRY_WORDS):
        return "ministry"
    return "other"


def _kind_from(agency: str, field: str, level: Level) -> str:
    if "cong an" in agency or "canh sat" in agency or "xuat nhap canh" in agency:
        return "police"
    if "thue" in agency or field == "thue":
        return "tax"
    if level == "commune":
        return "people_committee"
    if level == "city":
        return "people_committee" if "uy ban nhan dan" in agency and "so " not in agency else "department"
    return "other"


def _pick_name(named: Sequence[str], level: Level) -> str:
    """Pick the first agency whose own words put it at the level; else the first named one."""
    for name in named:
        if _level_from(fold(name)) == level:
            return name
    return named[0] if named else ""


def name_matches(agency_name: str, wanted: str) -> bool:
    """Tell whether a city agency answers to the name in the law ('Sở Xây dựng' in 'Sở Xây dựng Thành phố ...')."""
    have, want = fold(agency_name), fold(wanted)
    return bool(want) and (have == want or have.startswith(f"{want} ") or want.startswith(f"{have} "))
