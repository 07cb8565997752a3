"""Reads that join the catalogue with places for one page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from motcua.places.public import AreaInfo, list_wards, resolve_area, search_areas
from motcua.portal.types import ChannelFee, LocalFacts, WardChoice
from motcua.procedures.public import Paper, ProcedureDetail, compute_fee, find_competence

MAX_GUESSES = 8


def choose_ward(typed: str, wards: Sequence[AreaInfo], *, on: date) -> WardChoice:
    """Read a ward of the city as a person names it: code or name, of today or from before the mergers.

    What cannot be read with certainty becomes a question: the heirs of a split ward, or the wards of like name.
    """
    text = typed.strip()[:100]
    if not text:
        return WardChoice(typed="")
    ours = {ward.code: ward for ward in wards}
    meant = {each.area.code for each in resolve_area(text, on=on).candidates} & ours.keys()
    if len(meant) == 1:
        return WardChoice(typed=text, ward=ours[meant.pop()])
    if meant:
        return WardChoice(typed=text, candidates=tuple(ward for ward in wards if ward.code in meant), is_split=True)
    alike = tuple(area for area in search_areas(text, on=on, limit=MAX_GUESSES) if area.code in ours)
    return WardChoice(typed=text, candidates=alike)


def get_local_facts(procedure: ProcedureDetail, *, ward: str, on: date) -> LocalFacts:
    """Say who solves this procedure for a person of this ward, and list the wards where that makes a difference."""
    wards = list_wards(on=on) if procedure.competence.level == "commune" else ()
    choice = choose_ward(ward if wards else "", wards, on=on)
    competence = find_competence(procedure, area_code=choice.ward.code if choice.ward else "", on=on)
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
