"""Facts whose register was down at the filing: asked for again until it answers; the decision waits for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from motcua.audit.public import SYSTEM
from motcua.cases.public import add_timeline, get_case
from motcua.dossiers.models import Dossier, DossierFact
from motcua.dossiers.queries.facts import is_answer_fit, list_known_facts, make_know, make_reading
from motcua.dossiers.queries.form_pages import text_of_value
from motcua.dossiers.rules.facts import BLANK, minutes_until_retry
from motcua.exchange.public import FactValue, resolve_facts
from motcua.identity.public import PartyRef, get_party
from motcua.kernel.clock import local_date
from motcua.kernel.messages import N_
from motcua.procedures.public import get_form

MAX_FETCHED = 200
_SETTLED = (
    "settled_state", "settled_value", "settled_source", "settled_known_at", "settled_sha256", "settled_at",
    "next_try_at",
)  # fmt: skip


def fetch_awaited_facts(*, now: datetime) -> int:
    """Ask again the registers that were down at a filing; return how many facts were settled.

    What answers is put beside what was typed; who decides is told when the two differ. What stays down is asked
    again after a while, as long as the dossier is open.
    """
    due = DossierFact.objects.filter(state="awaited", settled_state="", next_try_at__lte=now)
    by_dossier: dict[int, list[int]] = {}
    for pk, dossier_id in due.order_by("next_try_at", "id").values_list("id", "dossier_id")[:MAX_FETCHED]:
        by_dossier.setdefault(dossier_id, []).append(pk)
    return sum(_fetch_for(dossier_id, ids, now=now) for dossier_id, ids in by_dossier.items())


def _fetch_for(dossier_id: int, fact_ids: list[int], *, now: datetime) -> int:
    dossier = Dossier.objects.get(id=dossier_id)
    if not get_case(dossier.case_id).is_open:
        DossierFact.objects.filter(id__in=fact_ids).update(next_try_at=None)
        return 0
    found = {row.pk: _ask(row, dossier, now=now) for row in DossierFact.objects.filter(id__in=fact_ids)}
    with transaction.atomic():
        rows = DossierFact.objects.select_for_update(of=("self",)).filter(id__in=fact_ids, settled_state="")
        return sum(_settle(row, dossier, found[row.pk], now=now) for row in rows.order_by("id"))


def _ask(row: DossierFact, dossier: Dossier, *, now: datetime) -> FactValue:
    subjects, proofs = row.asked.get("subjects", {}), row.asked.get("proofs", {})
    know = make_know(get_form(dossier.procedure_version_id), dossier.form_data, list_known=lambda: _list_known(dossier))
    found = resolve_facts(
        [row.fact], subjects=subjects, proofs=proofs, know=know, reading=make_reading(SYSTEM), now=now
    )
    return found[row.fact]


def _list_known(dossier: Dossier) -> dict[str, str]:
    """Return what the city knows of the applicant; of who acted for a firm nothing, for it may be somebody else."""
    party = get_party(PartyRef(dossier.applicant_kind, dossier.applicant_id))
    return list_known_facts(party, submitter_person_id=None)


def _settle(row: DossierFact, dossier: Dossier, answer: FactValue, *, now: datetime) -> int:
    if answer.state == "unavailable":
        row.tries += 1
        row.next_try_at = now + timedelta(minutes=minutes_until_retry(row.tries))
        row.save(update_fields=["tries", "next_try_at"])
        return 0
    on = local_date(now)
    fits = answer.state == "found" and is_answer_fit(dossier.procedure_version_id, row.field_key, answer.value, on=on)
    row.settled_state, row.settled_at, row.next_try_at = ("found" if fits else "none"), now, None
    if fits:
        row.settled_value, row.settled_source = answer.value, answer.source
        row.settled_known_at, row.settled_sha256 = answer.known_at, answer.sha256
    row.save(update_fields=_SETTLED)
    _tell(row, dossier, held_by=answer.held_by, now=now)
    return 1


def _tell(row: DossierFact, dossier: Dossier, *, held_by: str, now: datetime) -> None:
    """Tell the office what came; when it differs from what was typed, both are named."""
    version_id, on = dossier.procedure_version_id, local_date(dossier.received_at)
    said = text_of_value(version_id, row.field_key, row.settled_value, on=on)
    typed = text_of_value(version_id, row.field_key, row.typed_value, on=on)
    if row.settled_state == "none":
        text = N_(
            "Sổ %(register)s không có dữ liệu về “%(label)s”: dùng điều người nộp khai, hãy đối chiếu giấy tờ.",
            register=row.register_name, label=row.label,
        )  # fmt: skip
    elif row.typed_value not in BLANK and row.typed_value != row.settled_value:
        text = N_(
            "Sổ %(register)s ghi “%(label)s” là %(said)s, khác với người nộp khai: %(typed)s.",
            register=row.register_name, label=row.label, said=said, typed=typed,
        )  # fmt: skip
    elif held_by:
        text = N_("Đã lấy “%(label)s” từ %(holder)s.", label=row.label, holder=held_by)
    else:
        text = N_("Đã lấy “%(label)s” từ sổ %(register)s.", label=row.label, register=row.register_name)
    add_timeline(
        dossier.case_id, kind="dossier.fact_fetched", text=text, audience="office", actor=SYSTEM,
        data={"field": row.field_key}, now=now,
    )  # fmt: skip
