"""Whose facts a form asks for, which of them are to be asked now, and how an answer is put into a draft. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from motcua.dossiers.rules.facts import BLANK, MAX_TYPED_ASKS
from motcua.dossiers.types.facts import HeldFact
from motcua.kernel.messages import Message
from motcua.kernel.text import fold
from motcua.process.public import Form, put_answers, read_answer_at

if TYPE_CHECKING:  # rules reach no Django, even through a neighbour
    from motcua.exchange.public import FactCatalogue, FactValue

RELATED = "@"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactPlan:
    """What to ask for a form with these answers: subjects, what proves that they are known, facts by question."""

    subjects: Mapping[str, str]
    proofs: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)

    def how(self, subject: str) -> dict[str, Any]:
        """Return what is needed to ask for one subject again, and nothing of the others."""
        named = {subject}
        value = self.subjects.get(subject, "")
        if value.startswith(RELATED):
            owner = value.removeprefix(RELATED)
            named |= {owner, owner.rpartition(".")[0]}
        kept = {name: self.subjects[name] for name in sorted(named) if name in self.subjects}
        return {"subjects": kept, "proofs": {name: self.proofs[name] for name in sorted(named) if name in self.proofs}}


def plan_facts(form: Form, data: Mapping[str, Any], *, catalogue: FactCatalogue, known: Mapping[str, str]) -> FactPlan:
    """Return what this form asks of registers. `known`: who is signed in ("applicant": personal id)."""
    facts = {item.key: item.fact for item in form.fields if item.fact and catalogue.find(item.fact)}
    split = {key: catalogue.split(fact) for key, fact in facts.items()}
    wanted = {names[0] for names in split.values() if names}
    subjects = dict(known)
    said = _evaluate(form, data)
    for name in sorted(wanted - known.keys()):
        subject = catalogue.subjects[name]
        if name not in said and subject.is_trusted:
            continue  # who is signed in is not named by typing
        via = subject.via
        value = said[name] if name in said else f"{RELATED}{via}" if via else _typed(form, data, name, catalogue)
        if value:
            subjects[name] = _own(value, known)
    proofs = {}
    for name, value in subjects.items():
        if name in known or value.startswith(RELATED):
            continue
        proof = _proof(form, data, name, catalogue, known)
        if proof:
            proofs[name] = proof
    return FactPlan(
        subjects=subjects,
        proofs=proofs,
        facts={key: fact for key, fact in facts.items() if (names := split[key]) and names[0] in subjects},
    )


def _evaluate(form: Form, data: Mapping[str, Any]) -> dict[str, str]:
    if form.subjects is None:
        return {}
    found = form.subjects.evaluate(data)
    return {str(name): str(value or "") for name, value in found.items()} if isinstance(found, Mapping) else {}


def _own(value: str, known: Mapping[str, str]) -> str:
    """A number typed that is the applicant's own means the applicant."""
    return next((f"{RELATED}{name}" for name, key in known.items() if key == value), value)


def _answer(form: Form, data: Mapping[str, Any], fact: str) -> str:
    key = form.facts.get(fact)
    value = read_answer_at(data, key) if key else None
    return str(value).strip() if value not in BLANK else ""


def _typed(form: Form, data: Mapping[str, Any], subject: str, catalogue: FactCatalogue) -> str:
    """Return the key that the answers make: a personal id, "area|sheet|parcel"; "" while one is missing."""
    kind = catalogue.kinds[catalogue.subjects[subject].kind]
    parts = [_answer(form, data, f"{subject}.{attribute}") for attribute in kind.typed]
    return "|".join(parts) if all(parts) else ""


def _proof(
    form: Form, data: Mapping[str, Any], subject: str, catalogue: FactCatalogue, known: Mapping[str, str]
) -> str:
    kind = catalogue.kinds[catalogue.subjects[subject].kind]
    if kind.proof_by == "name":
        return _answer(form, data, f"{subject}.{kind.proof[0]}")
    return known.get("organisation") or known.get("applicant", "")


def typed_keys(form: Form, plan: FactPlan, catalogue: FactCatalogue) -> frozenset[str]:
    """Return the questions that name a subject by typing, and those whose answer is only suggested: they stay open."""
    keys = {item.key for item in form.fields if item.properties.get("fact_use") == "suggested"}
    for subject in plan.proofs:
        kind = catalogue.kinds[catalogue.subjects[subject].kind]
        names = (*kind.typed, kind.proof[0]) if kind.proof_by == "name" else kind.typed
        keys |= {form.facts[fact] for name in names if (fact := f"{subject}.{name}") in form.facts}
    return frozenset(keys)


def choose_asks(
    plan: FactPlan, facts: Mapping[str, HeldFact], *, catalogue: FactCatalogue, asks_so_far: int
) -> dict[str, str]:
    """Return the facts to ask for now, by question: new ones, those of another subject, those still awaited.

    Once a draft has looked up too many typed numbers, no more are.
    """
    asked: dict[str, str] = {}
    for key, fact in plan.facts.items():
        names = catalogue.split(fact)
        assert names is not None  # the plan holds known facts only
        before = facts.get(key)
        if names[0] in plan.proofs and asks_so_far >= MAX_TYPED_ASKS:
            continue
        if before is None or before.state == "awaited" or dict(before.asked) != plan.how(names[0]):
            asked[key] = fact
    return asked


def put_facts(
    data: Mapping[str, Any],
    facts: Mapping[str, HeldFact],
    *,
    plan: FactPlan,
    found: Mapping[str, FactValue],
    open_keys: Collection[str],
    is_fit: Callable[[str, Any], bool],
    catalogue: FactCatalogue,
) -> tuple[dict[str, Any], dict[str, HeldFact]]:
    """Return the answers and facts of a draft after registers were asked. What the person disputed stays disputed.

    `found`: by question. `open_keys`: questions that stay open. `is_fit`: whether the form takes this value.
    """
    kept = {key: fact for key, fact in facts.items() if _still_meant(key, fact, plan, catalogue)}
    gone = [key for key, fact in facts.items() if key not in kept and fact.value is not None and key not in open_keys]
    new_data = put_answers(data, dict.fromkeys(gone)) if gone else dict(data)
    for key, answer in found.items():
        names = catalogue.split(answer.fact)
        if names is None or (key in kept and kept[key].state in ("held", "disputed", "suggested")):
            continue
        fact, value = _hold(key, answer, how=plan.how(names[0]), typed=read_answer_at(new_data, key),
                            is_open=key in open_keys, is_fit=is_fit)  # fmt: skip
        kept[key] = fact
        if value is not None:
            new_data = put_answers(new_data, {key: value})
    return new_data, kept


def _still_meant(key: str, fact: HeldFact, plan: FactPlan, catalogue: FactCatalogue) -> bool:
    names = catalogue.split(fact.fact)
    return names is not None and key in plan.facts and dict(fact.asked) == plan.how(names[0])


def _hold(
    key: str,
    answer: FactValue,
    *,
    how: Mapping[str, Any],
    typed: Any,
    is_open: bool,
    is_fit: Callable[[str, Any], bool],
) -> tuple[HeldFact, Any]:
    """Return the fact for a draft, and the value to put into the answers (None: leave them)."""
    fact = HeldFact(
        key=key, fact=answer.fact, state="unknown", register=answer.register, asked=how,
        register_name=answer.register_name, record_field=answer.field, held_by=answer.held_by,
        is_cached=answer.is_cached,
    )  # fmt: skip
    if answer.state == "unavailable":
        return (fact if is_open or answer.use == "suggested" else replace(fact, state="awaited")), None
    if answer.state == "none" or not is_fit(key, answer.value):
        return fact, None
    assert answer.record_uuid is not None and answer.as_of is not None and answer.known_at is not None
    fact = replace(
        fact, value=answer.value, record_uuid=str(answer.record_uuid), source=answer.source,
        as_of=answer.as_of.isoformat(), known_at=answer.known_at.isoformat(), sha256=answer.sha256,
    )  # fmt: skip
    if answer.use == "suggested" or is_open:
        is_same = isinstance(typed, str) and isinstance(answer.value, str) and fold(typed) == fold(answer.value)
        return replace(fact, state="suggested"), answer.value if typed in BLANK or is_same else None
    said = None if typed in BLANK or typed == answer.value else str(typed) if isinstance(typed, Message) else typed
    return replace(fact, state="held", typed=said), answer.value
