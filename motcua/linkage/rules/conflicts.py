"""When two records speak against being one person, whatever their neighbours say. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FIELDS = ("name", "family", "given", "birth", "id12", "id9", "idno", "sex", "given_common")
_FEW = 2  # signs: more than these are no slip


def conflict(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """True when two of number, given name, birth date and sex contradict each other beyond a slip."""
    against = sum(
        (
            _differ(one["id12"], other["id12"])
            or _differ(one["id9"], other["id9"])
            or _differ(one["idno"], other["idno"]),
            _differ_in_name(one, other),
            _differ_in_birth(one["birth"], other["birth"]),
            bool(one["sex"] and other["sex"] and one["sex"] != other["sex"]),
        )
    )
    return against >= 2


def count_unlike(one: str, other: str) -> int:
    """Return at how many places two texts differ, their lengths' difference included: never less than the slips."""
    return sum(a != b for a, b in zip(one, other, strict=False)) + abs(len(one) - len(other))


def _differ(one: str | None, other: str | None) -> bool:
    return bool(one and other) and count_unlike(str(one), str(other)) > _FEW


def _differ_in_name(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if not one["given"] or not other["given"] or one["given"] == other["given"]:
        return False
    words = set(str(one["name"] or "").split()) == set(str(other["name"] or "").split())
    if words:  # the same words in another order
        return False
    return bool(one["given_common"] and other["given_common"]) or count_unlike(one["given"], other["given"]) > _FEW


def _differ_in_birth(one: str | None, other: str | None) -> bool:
    if not one or not other or one == other:
        return False
    if one[:4] == other[:4] and ("0101" in (one[4:], other[4:]) or one[4:] == other[6:] + other[4:6]):
        return False
    return count_unlike(one, other) > _FEW
