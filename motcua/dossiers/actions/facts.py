"""Facts from registers in a draft: asked for, held, disputed, the dispute taken back; frozen when it is filed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from motcua.dossiers.actions.common import require
from motcua.dossiers.actions.drafts import lock_draft, touch_draft
from motcua.dossiers.models import Dossier, DossierFact, Draft
from motcua.dossiers.queries.drafts import find_draft, read_draft_files, to_draft_info
from motcua.dossiers.queries.facts import (
    ask_draft_facts,
    is_answer_fit,
    list_known_facts,
    list_signed_in,
    make_know,
    plan_draft_facts,
)
from motcua.dossiers.rules.asking import plan_facts, put_facts, typed_keys
from motcua.dossiers.rules.facts import may_dispute, read_facts
from motcua.dossiers.types import DraftInfo, DraftNotFound, HeldFact
from motcua.exchange.public import FactValue, get_fact_catalogue
from motcua.identity.public import Party
from motcua.kernel.clock import local_date
from motcua.procedures.public import get_form
from motcua.process.public import read_answer_at
from motcua.registers.public import Reading

_TOUCHED = ("revision", "updated_at", "expires_at")


def refresh_facts(
    draft_uuid: UUID, *, party: Party, submitter_person_id: int | None, reading: Reading, now: datetime
) -> DraftInfo:
    """Ask registers for what the form may know by now, and put the answers into the draft.

    The caller has asked who signed in and how surely. Registers are read before the draft is locked, outside of any
    transaction: some lie elsewhere.
    Raises: DraftNotFound; NotAllowedNow once it was filed.
    """
    draft = find_draft(draft_uuid)
    if draft is None:
        raise DraftNotFound
    known = list_signed_in(party, submitter_person_id=submitter_person_id)
    plan = plan_draft_facts(draft, known=known)
    if not plan.facts and not draft.facts:
        return draft
    know = make_know(
        get_form(draft.procedure_version_id),
        draft.data,
        list_known=lambda: list_known_facts(party, submitter_person_id=submitter_person_id),
    )
    found, asks = ask_draft_facts(draft, plan, know=know, reading=reading, now=now)
    with transaction.atomic():
        row = lock_draft(draft_uuid, now=now)
        _put(row, known=known, found=found, now=now)
        row.fact_asks += asks
        touch_draft(row, now=now)
        row.save(update_fields=[*_TOUCHED, "data", "facts", "fact_asks"])
    return to_draft_info(row, files=read_draft_files(row))


def _put(row: Draft, *, known: Mapping[str, str], found: Mapping[str, FactValue], now: datetime) -> None:
    """Put answers into the draft as it is now: what was typed meanwhile may mean somebody else."""
    version_id, catalogue, on = row.procedure_version_id, get_fact_catalogue(), local_date(now)
    form = get_form(version_id)
    plan = plan_facts(form, row.data, catalogue=catalogue, known=known)
    row.data, facts = put_facts(
        row.data,
        read_facts(row.facts),
        plan=plan,
        found={key: answer for key, answer in found.items() if plan.facts.get(key) == answer.fact},
        open_keys=typed_keys(form, plan, catalogue),
        is_fit=lambda key, value: is_answer_fit(version_id, key, value, on=on),
        catalogue=catalogue,
    )
    row.facts = {key: fact.to_json() for key, fact in facts.items()}


def dispute_draft_fact(draft_uuid: UUID, *, key: str, claimed: Any, reason: str, now: datetime) -> DraftInfo:
    """Say that a register is wrong; its owner is asked once the dossier is filed. Raises: NotAllowedNow."""
    with transaction.atomic():
        row = lock_draft(draft_uuid, now=now)
        fact = read_facts(row.facts).get(key)
        require(may_dispute(fact, claimed=claimed, reason=reason))
        assert fact is not None
        _write(row, {**fact.to_json(), "state": "disputed", "typed": claimed, "reason": reason.strip()}, now=now)
    return to_draft_info(row, files=read_draft_files(row))


def take_back_dispute(draft_uuid: UUID, *, key: str, now: datetime) -> DraftInfo:
    """Agree with the register after all. Doing it twice is no fault."""
    with transaction.atomic():
        row = lock_draft(draft_uuid, now=now)
        fact = read_facts(row.facts).get(key)
        if fact is not None and fact.state == "disputed":
            _write(row, {**fact.to_json(), "state": "held", "typed": None, "reason": ""}, now=now)
    return to_draft_info(row, files=read_draft_files(row))


def _write(row: Draft, fact: dict[str, Any], *, now: datetime) -> None:
    row.facts = row.facts | {fact["key"]: fact}
    touch_draft(row, now=now)
    row.save(update_fields=[*_TOUCHED, "facts"])


def make_fact_rows(
    dossier: Dossier,
    stored: Mapping[str, Mapping[str, Any]],
    *,
    labels: Mapping[str, str],
    asked: frozenset[str],
    now: datetime,
) -> list[DossierFact]:
    """Return the rows that freeze what the applicant was shown, for the questions that are asked at all."""
    return [
        _make_row(dossier, fact, label=labels.get(key, key), now=now)
        for key, fact in read_facts(stored).items()
        if key in asked and fact.state in ("held", "disputed", "awaited")
    ]


def _make_row(dossier: Dossier, fact: HeldFact, *, label: str, now: datetime) -> DossierFact:
    is_awaited = fact.state == "awaited"
    return DossierFact(
        dossier=dossier,
        field_key=fact.key,
        fact=fact.fact,
        label=label[:300],
        register=fact.register,
        register_name=fact.register_name or fact.register,
        record_field=fact.record_field,
        asked=dict(fact.asked),
        state="awaited" if is_awaited else "disputed" if fact.state == "disputed" else "confirmed",
        shown_value=fact.value,
        record_uuid=UUID(fact.record_uuid) if fact.record_uuid else None,
        source=fact.source,
        as_of=datetime.fromisoformat(fact.as_of) if fact.as_of else None,
        known_at=fact.known_moment,
        held_by=fact.held_by[:200],
        sha256=fact.sha256,
        typed_value=read_answer_at(dossier.form_data, fact.key) if is_awaited else fact.typed,
        reason=fact.reason,
        next_try_at=now if is_awaited else None,
    )
