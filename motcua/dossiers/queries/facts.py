"""Facts that the city already knows of an applicant, put into the questions that ask for them."""

from __future__ import annotations

from datetime import date
from typing import Any

from motcua.identity.public import Party, PartyRef, get_person
from motcua.procedures.public import get_form


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
