"""Find out which papers of a draft need not be handed in, and keep the answer for a while."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction

from motcua.audit.public import Actor
from motcua.dossiers.models import Dossier, Draft, SparedPaper
from motcua.dossiers.queries.form_pages import list_asked_papers
from motcua.dossiers.queries.preparing import get_frozen_version
from motcua.dossiers.queries.solving import solve_papers
from motcua.dossiers.rules.solving import SOLVED_FOR
from motcua.dossiers.types import DraftInfo, Solved, SolvedPaper
from motcua.identity.public import PartyRef, get_party
from motcua.procedures.public import ProcedureDetail, parse_paper_source
from motcua.process.public import read_answer_at


def spare_papers(draft: DraftInfo, *, actor: Actor, now: datetime) -> DraftInfo:
    """Return the draft with what is known of papers that need not be handed in; the sources are asked when the last
    answer is old, or was given for another applicant or other answers. Nothing is asked before somebody is chosen.
    """
    version = get_frozen_version(draft.procedure_version_id)
    has_sources = any(paper.answered_by for paper in version.papers)
    if draft.applicant_id is None or draft.submitted_case_id is not None or not has_sources:
        return draft
    answers = _read_compared(version, draft.data)
    digest = hashlib.sha256(orjson.dumps(answers, option=orjson.OPT_SORT_KEYS)).hexdigest()
    whose = f"{draft.applicant_kind}:{draft.applicant_id}"
    solved = Solved(whose, digest, now)
    if _is_fresh(draft.solved, solved):
        return draft
    party = get_party(PartyRef(draft.applicant_kind, draft.applicant_id))
    with transaction.atomic():
        papers = solve_papers(version, party=party, answers=answers, actor=actor, now=now)
        kept = {"for": whose, "answers": digest, "at": now.isoformat(), "papers": [_to_plain(each) for each in papers]}
        Draft.objects.filter(uuid=draft.uuid, submitted_case__isnull=True).update(spared=kept)
    return replace(draft, spared=papers, solved=solved)


def make_spared_rows(
    dossier: Dossier, *, draft: DraftInfo, data: Mapping[str, Any], now: datetime
) -> list[SparedPaper]:
    """Return the papers that this filing asked for and did not need: held, and not handed in all the same."""
    handed_in = {file.field_key for file in draft.files}
    held = {paper.paper_code: paper for paper in draft.spared if paper.is_held}
    if not held:
        return []
    return [
        SparedPaper(
            dossier=dossier,
            code=code,
            name=held[code].name,
            by=held[code].by,
            says=held[code].says,
            dated_on=held[code].dated_on,
            reference=dict(held[code].reference),
            solved_at=now,
        )
        for code, field_key in list_asked_papers(draft.procedure_version_id, data).items()
        if code in held and field_key not in handed_in
    ]


def _read_compared(version: ProcedureDetail, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that a record must agree with."""
    sources = [parse_paper_source(text) for paper in version.papers for text in paper.answered_by]
    questions = {question for source in sources for question in source.questions}
    return {question: read_answer_at(data, question) for question in sorted(questions)}


def _is_fresh(kept: Solved | None, wanted: Solved) -> bool:
    if kept is None or (kept.whose, kept.answers) != (wanted.whose, wanted.answers):
        return False
    return wanted.at - kept.at < SOLVED_FOR


def _to_plain(paper: SolvedPaper) -> dict[str, Any]:
    return asdict(paper) | {
        "says": str(paper.says),
        "name": str(paper.name),
        "dated_on": paper.dated_on.isoformat() if paper.dated_on else None,
    }
