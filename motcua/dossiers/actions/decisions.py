"""What officials decide on a task: receive, refuse, ask for the one supplement, appraise, sign, return, deliver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.cases.public import CaseInfo, StaleTask, TaskInfo, complete_task, get_task
from motcua.dossiers import rules
from motcua.dossiers.actions.common import lock_dossier, read_state, require
from motcua.dossiers.actions.slips import issue_slip
from motcua.dossiers.models import Appraisal, Dossier, DraftResult, SupplementRequest
from motcua.dossiers.queries.facts import list_facts, list_held_items
from motcua.dossiers.queries.form_pages import is_file_field, list_field_labels
from motcua.dossiers.rules.facts import may_ask_applicant, may_decide, may_sign
from motcua.dossiers.types import NotAllowedNow, SupplementItems
from motcua.kernel.messages import N_
from motcua.kernel.workdays import Budget
from motcua.places.public import get_calendar

FINAL_APPRAISAL = "appraise"  # the element of every process whose proposal counts; other checks go on meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """The official at work: the task as it was opened, and who acts. `revision` is what the page was shown with."""

    task: TaskInfo
    revision: int
    user_id: int
    name: str
    actor: Actor


def accept_dossier(hand: Hand, *, note: str, now: datetime) -> CaseInfo:
    """Receive the dossier; from here the office must solve it. Raises: StaleTask."""
    with transaction.atomic():
        dossier, _case = lock_dossier(case_id=hand.task.case_id)
        return _complete(hand, dossier, outcome="accept", note=note, now=now, details={})


def refuse_dossier(hand: Hand, *, reason: str, now: datetime) -> CaseInfo:
    """Refuse the dossier in writing, with the reason (slip 03).

    Raises: NotAllowedNow; StaleTask.
    The wording was read in the decree that it replaced, 61/2018/NĐ-CP, Art. 19(8).
    Source: Decree 118/2025/NĐ-CP, Art. 19; in force 2025-07-01.
    """
    with transaction.atomic():
        dossier, case = lock_dossier(case_id=hand.task.case_id)
        done = _complete(hand, dossier, outcome="refuse", note=reason, now=now, details={"reason": reason})
        require(rules.may_refuse(state=read_state(case), reason=reason))
        issue_slip(dossier, 3, data={"reason": reason}, issued_by_id=hand.user_id, issued_by_name=hand.name, now=now)
        return done


def request_supplement(hand: Hand, *, items: SupplementItems, reason: str, now: datetime) -> CaseInfo:
    """Ask, once, for exactly named fields and papers (slip 02). The applicant has 15 working days.

    What a register holds and papers that were spared are never asked for. Raises: NotAllowedNow; StaleTask.
    Source: Decree 118/2025/NĐ-CP, Art. 11(2); in force 2025-07-01.
    """
    with transaction.atomic():
        dossier, case = lock_dossier(case_id=hand.task.case_id)
        done = _complete(hand, dossier, outcome="supplement", note=reason, now=now, details={"reason": reason})
        asked = SupplementRequest.objects.filter(dossier=dossier).count()
        require(rules.may_request_supplement(requests_so_far=asked, state=read_state(case)))
        items = _keep_known(items, version_id=dossier.procedure_version_id)
        require(rules.may_name_items(has_items=bool(items), reason=reason))
        fields, papers = list_held_items(dossier.id, version_id=dossier.procedure_version_id)
        require(may_ask_applicant({*items.field_keys, *items.paper_keys}, held=fields | papers))
        calendar = get_calendar(case.calendar_code)  # by which the process counts before it stops the dossier
        due_at = calendar.add(now, Budget(rules.SUPPLEMENT_ANSWER_WORKDAYS, "workday"))
        SupplementRequest.objects.create(
            dossier=dossier,
            field_keys=list(items.field_keys),
            paper_keys=list(items.paper_keys),
            reason=reason,
            requested_at=now,
            requested_by_name=hand.name,
            due_at=due_at,
        )
        issue_slip(
            dossier,
            2,
            data={
                "reason": reason,
                "field_keys": list(items.field_keys),
                "paper_keys": list(items.paper_keys),
                "due_at": due_at.isoformat(),
            },
            issued_by_id=hand.user_id,
            issued_by_name=hand.name,
            now=now,
        )
        return done


def _keep_known(items: SupplementItems, *, version_id: int) -> SupplementItems:
    """Drop what the form does not ask: the applicant could never answer it."""
    known = list_field_labels(version_id)
    return SupplementItems(
        field_keys=tuple(key for key in dict.fromkeys(items.field_keys) if key in known),
        paper_keys=tuple(key for key in dict.fromkeys(items.paper_keys) if is_file_field(version_id, key)),
    )


def appraise_dossier(
    hand: Hand, *, outcome: str, note: str, result_fields: Mapping[str, Any], now: datetime
) -> CaseInfo:
    """Record what the specialist proposes; the draft result is made from it in the background.

    Raises: NotAllowedNow for an unknown outcome, a rejection without a reason, or while a register has still to
    answer; StaleTask.
    """
    decision = rules.DECISION_OF_OUTCOME.get(outcome)
    require(rules.may_appraise(decision=decision, note=note))
    assert decision is not None
    with transaction.atomic():
        dossier, _case = lock_dossier(case_id=hand.task.case_id)
        if hand.task.element_id == FINAL_APPRAISAL:
            require(may_decide(list_facts(dossier.id)))
        done = _complete(
            hand,
            dossier,
            outcome=outcome,
            note=note,
            now=now,
            details={"decision": decision},
            data={"decision": decision},
        )
        Appraisal.objects.create(
            dossier=dossier,
            task_uuid=hand.task.uuid,
            decision=decision,
            note=note,
            result_fields=dict(result_fields),
            official_id=hand.user_id,
            official_name=hand.name,
            decided_at=now,
        )
        return done


def sign_result(hand: Hand, *, shown_sha256: str, note: str, now: datetime) -> CaseInfo:
    """Approve exactly the paper that was shown: the approval binds its hash. The signature follows in the background.

    Raises: NotAllowedNow when the draft shown is no longer the newest; StaleTask.
    """
    with transaction.atomic():
        dossier, _case = lock_dossier(case_id=hand.task.case_id)
        newest = DraftResult.objects.select_for_update(of=("self",)).filter(dossier=dossier).first()
        check_task_fresh(hand)
        if newest is None or newest.sha256 != shown_sha256:
            raise NotAllowedNow(
                "result_changed",
                N_("Dự thảo kết quả đã thay đổi sau khi bạn mở trang. Hãy xem lại dự thảo mới rồi ký."),
            )
        require(may_sign(list_facts(dossier.id), drawn_at=newest.created_at))
        newest.approved_sha256 = shown_sha256
        newest.approved_at = now
        newest.approved_by_id = hand.user_id
        newest.approved_by_name = hand.name
        newest.save(update_fields=["approved_sha256", "approved_at", "approved_by", "approved_by_name"])
        return _complete(
            hand,
            dossier,
            outcome="sign",
            note=note,
            now=now,
            details={"sha256": shown_sha256, "result_no": newest.result_no, "decision": newest.decision},
            data={"decision": newest.decision},
        )


def return_to_appraisal(hand: Hand, *, note: str, now: datetime) -> CaseInfo:
    """Send the draft result back to the specialist, saying what to change. Raises: NotAllowedNow; StaleTask."""
    if not note.strip():
        raise NotAllowedNow("return_needs_reason", N_("Hãy ghi điều cần sửa để chuyên viên biết và làm lại."))
    with transaction.atomic():
        dossier, _case = lock_dossier(case_id=hand.task.case_id)
        return _complete(hand, dossier, outcome="return", note=note, now=now, details={"note": note})


def deliver_result(hand: Hand, *, delivered_to: str, note: str, now: datetime) -> CaseInfo:
    """Record that the result was handed over and to whom. Raises: NotAllowedNow; StaleTask."""
    if not delivered_to.strip():
        raise NotAllowedNow("delivery_needs_name", N_("Hãy ghi họ tên người nhận kết quả."))
    with transaction.atomic():
        dossier, _case = lock_dossier(case_id=hand.task.case_id)
        dossier.delivered_at = now
        dossier.delivered_to = delivered_to
        dossier.save(update_fields=["delivered_at", "delivered_to"])
        outcome = next(iter(hand.task.outcomes), "delivered")
        return _complete(hand, dossier, outcome=outcome, note=note, now=now, details={})


def check_task_fresh(hand: Hand) -> None:
    """Raise StaleTask before anything else is said, when somebody else has done the task."""
    task = get_task(hand.task.uuid)
    if task.completed_at is not None:
        raise StaleTask(task_uuid=task.uuid, who=task.completed_by_name, when=task.completed_at, outcome=task.outcome)


def _complete(
    hand: Hand,
    dossier: Dossier,
    *,
    outcome: str,
    note: str,
    now: datetime,
    details: Mapping[str, Any],
    data: Mapping[str, Any] | None = None,
) -> CaseInfo:
    done = complete_task(
        hand.task.uuid,
        revision=hand.revision,
        actor=hand.actor,
        user_id=hand.user_id,
        outcome=outcome,
        data=dict(data or {}),
        note=note,
        now=now,
    )
    record_decision(
        hand.actor,
        subject=f"dossier:{dossier.uuid}",
        action=f"dossier.{outcome}",
        details={"task": str(hand.task.uuid)} | dict(details),
        now=now,
    )
    return done
