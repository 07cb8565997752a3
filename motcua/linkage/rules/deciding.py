"""What a pair must show beside its weight before a machine may link it, as SQL over its levels. Pure.

Two strong, independent things that are the person's own: number, name, birth date (or two contacts in western files).
A household shares address, telephone, ward and family name; twins the birth date too. None of these may link alone.
"""

from __future__ import annotations

from motcua.linkage.rules.comparing import COMPARISONS
from motcua.linkage.rules.modelling import number_of

_OWN: dict[str, dict[str, tuple[str, ...]]] = {
    "vietnamese": {
        "id": ("same_new", "same_old", "slip"),
        "name": (
            "same",
            "same_without_marks",
            "other_marks",
            "other_order",
            "slip",
            "short_middle",
            "two_slips",
            "other_middle",
        ),
        "birth": ("same", "same_first_january", "swapped", "year_and_first_january", "slip"),
    },
    "general": {
        "idno": ("same", "slip", "two_slips"),
        "given": ("same", "slip", "turned", "short", "two_slips"),
        "family": ("same", "slip", "turned", "two_slips"),
        "birth": ("same", "same_first_january", "swapped", "year_and_first_january", "slip", "two_slips"),
        "email": ("same", "same_mailbox", "two_slips", "near_mailbox"),
        "phone": ("same", "slip"),
        "address": ("same", "near", "two_slips"),
        "city": ("same",),
    },
}
NEEDED = 2
# Twins are born on one day in one house, and their numbers may be neighbours: a near number needs a name beside it.
_ALONE = {"vietnamese": (("id", "slip"), ("name", ("given_only", "family_only", "other")))}


def own_agreements(kind: str) -> str:
    """Return the SQL of how many of the person's own things agree in a pair."""
    terms = []
    for name, codes in _OWN[kind].items():
        numbers = ", ".join(str(number_of(COMPARISONS[kind][name], code)) for code in codes)
        terms.append(f"CASE WHEN {name} IN ({numbers}) THEN 1 ELSE 0 END")
    return " + ".join(terms)


def may_link(kind: str) -> str:
    """Return the SQL condition under which a machine may link a pair that is heavy enough."""
    condition = f"({own_agreements(kind)}) >= {NEEDED}"
    if kind not in _ALONE:
        return condition
    (number, near), (name, unlike) = _ALONE[kind]
    levels = COMPARISONS[kind]
    others = ", ".join(str(number_of(levels[name], code)) for code in unlike)
    return f"{condition} AND NOT ({number} = {number_of(levels[number], near)} AND {name} IN ({others}))"
