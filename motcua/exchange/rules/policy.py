"""Who may see and do what in the exchange's office screens. One place, asked by every view.

An official of a member's agency sees that member's part; the platform's operator sees all, but gives no data away:
only the owner of the data approves.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: an operator of the platform or not; agencies that the person leads, and those whose data it tends."""

    is_operator: bool
    leads: frozenset[str]
    tends: frozenset[str]

    @property
    def agencies(self) -> frozenset[str]:
        return self.leads | self.tends


def may_see(viewer: Viewer, *agency_codes: str) -> bool:
    """Tell whether the viewer may see what belongs to any of these agencies."""
    return viewer.is_operator or not viewer.agencies.isdisjoint(code for code in agency_codes if code)


def may_manage(viewer: Viewer, agency_code: str) -> bool:
    """Tell whether the viewer may change a member's keys and services, and ask in its name."""
    return viewer.is_operator or (bool(agency_code) and agency_code in viewer.agencies)


def may_approve(viewer: Viewer, owner_agency: str) -> bool:
    """Tell whether the viewer speaks for the owner: its leader; for a member that is no agency, the operator."""
    return owner_agency in viewer.leads if owner_agency else viewer.is_operator


def may_revoke(viewer: Viewer, *, owner_agency: str, consumer_agency: str) -> bool:
    """Tell whether the viewer may end a grant: either side, or the operator in need."""
    return viewer.is_operator or bool(viewer.leads & ({owner_agency, consumer_agency} - {""}))
