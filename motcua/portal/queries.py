"""Reads that join the catalogue with places for one page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from motcua.places.public import AreaInfo, list_wards, resolve_area
from motcua.portal.types import ChannelFee, LocalFacts, WardChoice
from motcua.procedures.public import Paper, ProcedureDetail, compute_fee, find_competence


def choose_ward(typed: str, *, on: date) -> WardChoice:
    """Read a ward as a person names it: code or name, of today or from before the mergers."""
    text = typed.strip()[:100]
    if not text:
        return WardChoice(typed="")
    resolution = resolve_area(text, on=on)
    if resolution.area is not None:
        return WardChoice(typed=text, ward=resolution.area)
    areas: dict[str, AreaInfo] = {each.area.code: each.area for each in resolution.candidates}
    return WardChoice(typed=text, candidates=tuple(areas.values()))


def get_local_facts(procedure: ProcedureDetail, *, ward: str, on: date) -> LocalFacts:
    """Say who solves this procedure for a person of this ward, and list the wards where that makes a difference."""
    choice = choose_ward(ward, on=on)
    competence = find_competence(procedure, area_code=choice.ward.code if choice.ward else "", on=on)
    wards = list_wards(on=on) if procedure.competence.level == "commune" else ()
    return LocalFacts(choice=choice, wards=wards, competence=competence)


def list_fees(procedure: ProcedureDetail, *, on: date) -> tuple[ChannelFee, ...]:
    """Return the fee of each way to file that the procedure offers."""
    return tuple(
        ChannelFee(channel=channel, fee=compute_fee(procedure, channel=channel, applicant_kind="any", on=on))
        for channel in procedure.channels
    )


def group_papers(papers: Iterable[Paper]) -> tuple[tuple[str, tuple[Paper, ...]], ...]:
    """Return (case, papers) groups: those always needed first, then each case in the source's order."""
    groups: dict[str, list[Paper]] = {"": []}
    for paper in papers:
        groups.setdefault(paper.condition, []).append(paper)
    return tuple((condition, tuple(found)) for condition, found in groups.items() if found)
