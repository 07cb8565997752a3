"""Where the day of whoever asks begins: the one table that the frames and the sign-in ask."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse

ROLE_HOMES = (  # the first role held decides; an official at a desk begins with the inbox
    (("counter", "specialist", "leader"), "cases:inbox"),
    (("operator",), "operations:home"),
    (("city_leader",), "cases:overview"),
    (("process_owner", "process_approver"), "designer:home"),
    (("data_steward",), "registers:home"),
    (("data_protection",), "portal:delays"),
)
KIND_HOMES = {"resident": "portal:my_page", "official": "cases:inbox"}  # an official of no role: an empty inbox


def find_home(principal: Any) -> str:
    """Return the address where this person's day begins, by kind of account and the roles held today.

    Nobody signed in begins at the first page, and so does whoever's own page is not mounted.
    """
    names = [KIND_HOMES.get(principal.kind, "")] if principal else []
    if principal and principal.kind == "official":
        names = [name for roles, name in ROLE_HOMES if any(map(principal.has_role, roles))] + names
    for name in (*names, "portal:home"):
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return "/"
