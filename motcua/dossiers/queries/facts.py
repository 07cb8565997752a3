"""Facts that the city already knows, put into the questions that ask for them: from the account, from registers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, cast

from motcua.audit.public import Actor
from motcua.dossiers.models import DossierFact, SparedPaper
from motcua.dossiers.queries.form_pages import list_choices
from motcua.dossiers.rules.asking import FactPlan, choose_asks, plan_facts
from motcua.dossiers.rules.facts import list_held_fields, read_facts
from motcua.dossiers.types import DraftInfo, FactInfo
from motcua.dossiers.types.facts import FactState, Settled
from motcua.exchange.public import FACT_GROUND, FACT_PURPOSE, FactValue, KnownOf, get_fact_catalogue, resolve_facts
from motcua.identity.public import Party, PartyRef, get_person
from motcua.procedures.public import get_form
from motcua.process.public import Form, check_answer, read_answer_at
from motcua.registers.public import Reading

LEVEL_FOR_FACTS = 2  # registers answer whom an electronic identity of level 2 has named, or an official at the counter


def list_known_facts(party: Party, *, submitter_person_id: int | None) -> dict[str, str]:
    """Return the facts of the applicant; for a firm also those of the person who acts for it."""
    person_id = party.ref.id if party.ref.kind == "person" else submitter_person_id
    facts: dict[str, str] = {}
    if person_id is not None:
        person = get_person(person_id)
        facts = {
            "applicant.full_name": person.full_name,
            "applicant.personal_id": person.personal_id or "",
            "applicant.birth_on": person.birth_on.isoformat() if isinstance(person.birth_on, date) else "",
            "applicant.sex": person.sex,
            "applicant.phone": person.phone,
            "applicant.email": person.email,
            "applicant.address": person.address,
            "applicant.area_code": person.area_code,
        }
    if party.ref.kind == "organisation":
        facts |= {
            "organisation.name": party.name,
            "organisation.tax_code": party.identifier,
            "organisation.address": party.address,
            "organisation.area_code": party.area_code,
            "organisation.phone": party.phone,
            "organisation.email": party.email,
        }
    return {fact: value for fact, value in facts.items() if value}


def prefill_answers(version_id: int, party: Party, *, submitter_person_id: int | None) -> dict[str, Any]:
    """Return answers for the questions of this form whose facts are known; the person may change each of them."""
    form = get_form(version_id)
    known = list_known_facts(party, submitter_person_id=submitter_person_id)
    answers: dict[str, Any] = {form.facts[fact]: value for fact, value in known.items() if fact in form.facts}
    if form.find_field("applicant_kind") is not None:
        answers["applicant_kind"] = party.ref.kind
    return answers


def find_party(parties: tuple[Party, ...], *, uuid_text: str) -> PartyRef | None:
    """Return the chosen one of these parties, or None."""
    return next((party.ref for party in parties if str(party.uuid) == uuid_text), None)


def make_reading(actor: Actor) -> Reading:
    """Return who reads facts for a form, what for, on what ground: what the grants of the one-stop system name."""
    return Reading(actor=actor, purpose=FACT_PURPOSE, legal_ground=FACT_GROUND)


def list_signed_in(party: Party, *, submitter_person_id: int | None) -> dict[str, str]:
    """Return the keys of those who need no proof: the applicant; for a firm also who acts for it."""
    person_id = party.ref.id if party.ref.kind == "person" else submitter_person_id
    known = {}
    if person_id is not None:
        personal_id = get_person(person_id).personal_id
        if personal_id:
            known["applicant"] = personal_id
    if party.ref.kind == "organisation" and party.identifier:
        known["organisation"] = party.identifier
    return known


def plan_draft_facts(draft: DraftInfo, *, known: Mapping[str, str]) -> FactPlan:
    """Return what this draft's form asks of registers, given its answers so far."""
    form = get_form(draft.procedure_version_id)
    return plan_facts(form, draft.data, catalogue=get_fact_catalogue(), known=known)


def ask_draft_facts(
    draft: DraftInfo, plan: FactPlan, *, know: Callable[[str], KnownOf], reading: Reading, now: datetime
) -> tuple[dict[str, FactValue], int]:
    """Ask registers for what is not yet known; return the answers by question, and how many typed numbers it took."""
    catalogue = get_fact_catalogue()
    asked = choose_asks(plan, read_facts(draft.facts), catalogue=catalogue, asks_so_far=draft.fact_asks)
    if not asked:
        return {}, 0
    wanted = frozenset(asked.values())
    found = resolve_facts(wanted, subjects=plan.subjects, proofs=plan.proofs, know=know, reading=reading, now=now)
    named = {names[0] for fact in wanted if (names := catalogue.split(fact))}
    return {key: found[fact] for key, fact in asked.items()}, len(named & plan.proofs.keys())


def make_know(
    form: Form, data: Mapping[str, Any], *, list_known: Callable[[], Mapping[str, str]]
) -> Callable[[str], KnownOf]:
    """Return what says name and birth date of a subject: of who is signed in by `list_known`, of others as typed."""

    def know(subject: str) -> KnownOf:
        facts = list_known() if subject == "applicant" else _list_typed(form, data, subject)
        return KnownOf(full_name=facts.get(f"{subject}.full_name", ""), birth_on=facts.get(f"{subject}.birth_on", ""))

    return know


def _list_typed(form: Form, data: Mapping[str, Any], subject: str) -> dict[str, str]:
    names = [f"{subject}.{attribute}" for attribute in ("full_name", "birth_on")]
    values = {name: read_answer_at(data, form.facts[name]) for name in names if name in form.facts}
    return {name: value for name, value in values.items() if isinstance(value, str)}


def is_answer_fit(version_id: int, key: str, value: Any, *, on: date) -> bool:
    """Return whether the form takes what a register says; what it does not take is asked as before."""
    item = get_form(version_id).find_field(key)
    if item is None or not item.is_input or item.disabled:
        return False
    if item.type in ("textfield", "textarea") and not isinstance(value, str):
        return False
    return not check_answer(item, value, choices=list_choices(on=on), today=on)


def list_facts(dossier_id: int) -> tuple[FactInfo, ...]:
    """Return the facts of a dossier with the codes of their corrections: one query."""
    rows = DossierFact.objects.select_related("correction__case").filter(dossier_id=dossier_id)
    return tuple(to_fact_info(row) for row in rows.order_by("id"))


def list_held_items(dossier_id: int, *, version_id: int) -> tuple[dict[str, str], dict[str, str]]:
    """Return what nobody may ask the applicant for: questions by the register that answers, papers by what says it.

    Papers are named by their question. Two queries.
    """
    fields = list_held_fields(list_facts(dossier_id))
    says = dict(SparedPaper.objects.filter(dossier_id=dossier_id).values_list("code", "says"))
    papers = {item.key: says[item.paper] for item in get_form(version_id).fields
              if item.type == "filepicker" and item.paper in says}  # fmt: skip
    return fields, papers


def to_fact_info(row: DossierFact) -> FactInfo:
    """Return the value that crosses the boundary."""
    case = row.correction.case if row.correction else None
    return FactInfo(
        uuid=row.uuid,
        field_key=row.field_key,
        fact=row.fact,
        label=row.label,
        register=row.register,
        register_name=row.register_name,
        record_field=row.record_field,
        state=cast("FactState", row.state),
        shown_value=row.shown_value,
        record_uuid=row.record_uuid,
        source=row.source,
        as_of=row.as_of,
        known_at=row.known_at,
        held_by=row.held_by,
        sha256=row.sha256,
        typed_value=row.typed_value,
        reason=row.reason,
        settled_state=cast("Settled", row.settled_state),
        settled_value=row.settled_value,
        settled_source=row.settled_source,
        settled_known_at=row.settled_known_at,
        settled_at=row.settled_at,
        correction_code=case.code if case else "",
        correction_uuid=case.uuid if case else None,
    )
