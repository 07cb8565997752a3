"""The law of a dossier: its national state, who may do what and when. Pure: no Django, no clock, no network."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from motcua.dossiers.types import FieldConflict, NationalState, Verdict
from motcua.kernel.messages import N_

MAX_SUPPLEMENT_REQUESTS: Final = 1
MAX_REAPPOINTMENTS: Final = 1
SUPPLEMENT_ANSWER_WORKDAYS: Final = 15
DRAFT_LIFETIME: Final = timedelta(days=30)
MAX_FILES_PER_FIELD: Final = 10
MAX_FILES_PER_DRAFT: Final = 60


_STATE_BY_STAGE: Final[dict[str, NationalState]] = {
    "submitted": NationalState.NEW,
    "accepted": NationalState.RECEIVED,
    "in_progress": NationalState.IN_PROGRESS,
    "waiting_applicant": NationalState.SUPPLEMENT,
    "waiting_payment": NationalState.PAYMENT,
    "withdrawing": NationalState.WITHDRAWN,
    "withdrawn": NationalState.WITHDRAWN,
    "stopped": NationalState.STOPPED,
    "decided": NationalState.DONE,
    "delivered": NationalState.DELIVERED,
    "refused": NationalState.NOT_RECEIVED,
}
_STATE_BY_OUTCOME: Final[dict[str, NationalState]] = {
    "refused": NationalState.NOT_RECEIVED,
    "returned": NationalState.NOT_RECEIVED,
    "withdrawn": NationalState.WITHDRAWN,
    "stopped": NationalState.STOPPED,
}
STAGES: Final = tuple(_STATE_BY_STAGE)
OUTCOMES: Final = ("approved", "rejected", *_STATE_BY_OUTCOME)

# (from, to) pairs that may be reported one after the other.
NATIONAL_TRANSITIONS: Final[frozenset[tuple[int, int]]] = frozenset(
    {(1, 2), (1, 3), (1, 4), (1, 5), (1, 7), (1, 8)}
    | {(2, 4), (2, 5), (2, 7), (2, 8), (2, 9)}
    | {(4, 5), (4, 6), (4, 7), (4, 8), (4, 9)}
    | {(5, 1), (5, 2), (5, 3), (5, 4), (5, 7), (5, 8)}
    | {(6, 4), (6, 7), (6, 8), (9, 4), (9, 10)}
)


def derive_national_state(stage: str, outcome: str | None) -> NationalState:
    """Return the national state of a case in this stage with this outcome.

    An ending outcome that overrides the stage (withdrawn, stopped, refused) wins: the case may have ended
    while its last stage was still "in progress". An approved or rejected case that ended is delivered, unless
    its stage says that the result still waits at the counter.

    Raises: ValueError for a stage or an outcome that no process may use.
    Source: Circular 01/2018/TT-VPCP, Art. 16; in force 2019-01-06.
    """
    if stage not in _STATE_BY_STAGE:
        raise ValueError(f"unknown stage: {stage}")
    if outcome:
        if outcome not in OUTCOMES:
            raise ValueError(f"unknown outcome: {outcome}")
        if outcome in _STATE_BY_OUTCOME:
            return _STATE_BY_OUTCOME[outcome]
        if _STATE_BY_STAGE[stage] != NationalState.DELIVERED:
            return NationalState.DONE
    return _STATE_BY_STAGE[stage]


def is_national_transition(before: NationalState, after: NationalState) -> bool:
    """Return whether the second state may be reported after the first."""
    return before == after or (int(before), int(after)) in NATIONAL_TRANSITIONS


ALLOWED: Final = Verdict(allowed=True)
_DECIDED: Final = (NationalState.DONE, NationalState.DELIVERED)


def may_request_supplement(*, requests_so_far: int, state: NationalState) -> Verdict:
    """Return whether the office may ask the applicant to complete the dossier.

    Source: Decree 118/2025/NĐ-CP, Art. 11(2); in force 2025-07-01.
    """
    if requests_so_far >= MAX_SUPPLEMENT_REQUESTS:
        return Verdict(
            allowed=False,
            code="supplement_only_once",
            message=N_(
                "Hồ sơ này đã được yêu cầu bổ sung một lần. Theo quy định chỉ được yêu cầu bổ sung một lần; hãy tiếp "
                "nhận, hoặc từ chối kèm lý do."
            ),
        )
    if state not in (NationalState.NEW, NationalState.RECEIVED, NationalState.IN_PROGRESS):
        return Verdict(
            allowed=False,
            code="supplement_not_now",
            message=N_("Chỉ yêu cầu bổ sung khi hồ sơ đang chờ tiếp nhận hoặc đang xử lý."),
        )
    return ALLOWED


def may_answer_supplement(*, requested: bool, answered: bool, state: NationalState) -> Verdict:
    """Return whether the applicant may still complete the dossier.

    Source: Decree 118/2025/NĐ-CP, Art. 11(2); in force 2025-07-01.
    """
    if not requested:
        return Verdict(
            allowed=False,
            code="supplement_not_requested",
            message=N_("Hồ sơ này không có yêu cầu bổ sung. Nếu muốn thay đổi nội dung, hãy rút hồ sơ và nộp lại."),
        )
    if answered:
        return Verdict(
            allowed=False,
            code="supplement_already_answered",
            message=N_("Bạn đã gửi bổ sung cho hồ sơ này. Cơ quan đang xem xét, bạn không cần làm gì thêm."),
        )
    if state != NationalState.SUPPLEMENT:
        return Verdict(
            allowed=False,
            code="supplement_over",
            message=N_("Thời hạn bổ sung đã hết hoặc hồ sơ đã kết thúc. Bạn có thể nộp hồ sơ mới."),
        )
    return ALLOWED


def may_withdraw(*, state: NationalState, has_decision: bool) -> Verdict:
    """Return whether the applicant may stop the procedure: only while there is no decision.

    Source: Decree 118/2025/NĐ-CP, Art. 21; in force 2025-07-01.
    """
    if has_decision or state in _DECIDED:
        return Verdict(
            allowed=False,
            code="withdraw_after_decision",
            message=N_(
                "Cơ quan đã có quyết định đối với hồ sơ này nên không thể rút. Bạn có thể tải kết quả ở trang hồ sơ."
            ),
        )
    if state.is_ended:
        return Verdict(allowed=False, code="withdraw_after_end", message=N_("Hồ sơ này đã kết thúc nên không cần rút."))
    return ALLOWED


def may_reappoint(
    *, reappointments_so_far: int, due_at: datetime | None, new_due_at: datetime, now: datetime, state: NationalState
) -> Verdict:
    """Return whether an apology with a new date may be issued: once, before the due time, to a later time.

    The wording was read in the decree that it replaced, 61/2018/NĐ-CP, Art. 19(9).
    Source: Decree 118/2025/NĐ-CP, Art. 19; in force 2025-07-01.
    """
    if state.is_ended:
        return Verdict(allowed=False, code="reappoint_ended", message=N_("Hồ sơ đã kết thúc nên không cần hẹn lại."))
    if reappointments_so_far >= MAX_REAPPOINTMENTS:
        return Verdict(
            allowed=False,
            code="reappoint_only_once",
            message=N_("Hồ sơ này đã được hẹn lại một lần. Theo quy định chỉ được hẹn lại một lần."),
        )
    if due_at is None:
        return Verdict(
            allowed=False,
            code="reappoint_clock_stopped",
            message=N_("Thời hạn đang tạm dừng nên chưa thể hẹn lại. Hãy chờ người nộp bổ sung hồ sơ."),
        )
    if now >= due_at:
        return Verdict(
            allowed=False,
            code="reappoint_too_late",
            message=N_(
                "Đã quá hạn trả kết quả nên không thể hẹn lại. Hãy giải quyết ngay và nêu lý do chậm trong phiếu "
                "kiểm soát."
            ),
        )
    if new_due_at <= due_at:
        return Verdict(
            allowed=False,
            code="reappoint_not_later",
            message=N_("Thời điểm hẹn lại phải sau thời hạn đang ghi trên giấy hẹn."),
        )
    return ALLOWED


def is_apology_in_good_time(*, due_at: datetime, now: datetime) -> bool:
    """Return whether the apology leaves the applicant at least one day before the due time.

    The wording was read in the decree that it replaced, 61/2018/NĐ-CP, Art. 19(9).
    Source: Decree 118/2025/NĐ-CP, Art. 19; in force 2025-07-01.
    """
    return due_at - now >= timedelta(days=1)


def may_refuse(*, state: NationalState, reason: str) -> Verdict:
    """Return whether the counter may refuse the dossier: before it is received, in writing, with the reason.

    The wording was read in the decree that it replaced, 61/2018/NĐ-CP, Art. 19(8).
    Source: Decree 118/2025/NĐ-CP, Art. 19; in force 2025-07-01.
    """
    if not reason.strip():
        return Verdict(
            allowed=False, code="refusal_needs_reason", message=N_("Hãy ghi rõ lý do từ chối tiếp nhận hồ sơ.")
        )
    if state.is_ended:
        return Verdict(allowed=False, code="refusal_after_end", message=N_("Hồ sơ đã kết thúc nên không thể từ chối."))
    return ALLOWED


def may_name_items(*, has_items: bool, reason: str) -> Verdict:
    """Return whether a supplement request is complete: exact fields or papers, and why.

    Source: Decree 118/2025/NĐ-CP, Art. 11(2); in force 2025-07-01.
    """
    if not has_items:
        return Verdict(
            allowed=False,
            code="supplement_names_nothing",
            message=N_("Hãy chọn ít nhất một nội dung hoặc giấy tờ mà người nộp phải bổ sung."),
        )
    if not reason.strip():
        return Verdict(
            allowed=False,
            code="supplement_needs_reason",
            message=N_("Hãy ghi lý do và hướng dẫn cụ thể để người nộp bổ sung đúng trong một lần."),
        )
    return ALLOWED


def may_appraise(*, decision: str | None, note: str) -> Verdict:
    """Return whether a proposal is complete: a rejection must say why.

    The wording was read in the decree that it replaced, 61/2018/NĐ-CP, Art. 19(8).
    Source: Decree 118/2025/NĐ-CP, Art. 19; in force 2025-07-01.
    """
    if decision is None:
        return Verdict(
            allowed=False, code="appraisal_unknown", message=N_("Hãy chọn đồng ý hoặc không đồng ý giải quyết.")
        )
    if decision == "rejected" and not note.strip():
        return Verdict(
            allowed=False, code="appraisal_needs_reason", message=N_("Hãy ghi rõ lý do không đồng ý giải quyết hồ sơ.")
        )
    return ALLOWED


def is_page_stale(mark: Sequence[Any] | None, *, revision: int, editor: str) -> bool:
    """Return whether another window saved this page after `revision`.

    `mark`: (revision of the page's last save, the window that saved it). The same window is never stale: the answer
    to its own earlier save may have been lost on the way.
    """
    if not mark:
        return False
    saved_revision, saved_by = mark
    return bool(saved_revision > revision and (not editor or saved_by != editor))


def find_conflicts(
    saved: Mapping[str, Any], typed: Mapping[str, Any], *, labels: Mapping[str, str]
) -> tuple[FieldConflict, ...]:
    """Return the fields whose saved value is another than the one typed here. Two windows never overwrite silently."""
    return tuple(
        FieldConflict(key=key, label=labels.get(key, key), saved=text_of(saved[key]), typed=text_of(value))
        for key, value in typed.items()
        if key in saved and saved[key] != value
    )


def text_of(value: object) -> str:
    """Return a form value as a person would read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return N_("Có") if value else N_("Không")
    if isinstance(value, Mapping):
        return ", ".join(text for text in map(text_of, value.values()) if text)
    if isinstance(value, (list, tuple)):
        return "; ".join(text_of(item) for item in value)
    return str(value)


DECISION_OF_OUTCOME: Final[dict[str, str]] = {"approve": "approved", "reject": "rejected"}
SLIP_NAMES: Final[dict[int, str]] = {
    1: N_("Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
    2: N_("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"),
    3: N_("Phiếu từ chối tiếp nhận giải quyết hồ sơ"),
    4: N_("Phiếu xin lỗi và đề nghị gia hạn thời gian giải quyết"),
    5: N_("Thông báo dừng giải quyết hồ sơ"),
    6: N_("Phiếu kiểm soát quá trình giải quyết hồ sơ"),
    7: N_("Sổ theo dõi hồ sơ"),
}
_SLIP_MARKS: Final[dict[int, str]] = {2: "PBS", 3: "PTC", 4: "PXL", 5: "TBD", 6: "PKS", 7: "STD"}


_ENTERED = re.compile(r'field\(\s*"([^"\\]{1,120})"\s*,\s*entered\(\s*"([A-Za-z_][A-Za-z0-9_]{0,63})"')


def read_result_fields(template: str, *, listed: str = "") -> tuple[tuple[str, str], ...]:
    """Return (key, label) of what the specialist writes onto the result.

    `listed`: the task's property `result_fields`, as `key:Label|key:Label`; without it, the lines of the result's
    template that print what was entered: `field("Label", entered("key"))`.
    """
    if listed:
        pairs = (part.partition(":") for part in listed.split("|"))
        return tuple((key.strip(), label.strip() or key.strip()) for key, _colon, label in pairs if key.strip())
    return tuple(dict((key, label) for label, key in _ENTERED.findall(template)).items())


def format_result_no(number: int, *, decision: str, agency_code: str) -> str:
    """Return the number of a result paper, as `05/KQ-H29.12` or, for a rejection, `05/TB-H29.12`.

    Source: Decree 30/2020/NĐ-CP, Annex I; in force 2020-03-05.
    """
    return f"{number:02d}/{'KQ' if decision == 'approved' else 'TB'}-{agency_code}"


def format_slip_no(kind: int, *, number: int | str) -> str:
    """Return the printed number of a slip: `12/PBS-TTPVHCC`, the apology's `12/PXL`, the receipt's `12/TTPVHCC`.

    The apology is signed by the head of the agency that is late, not by the one-stop unit, so it names no unit.
    Source: Circular 03/2025/TT-VPCP, Annex I; in force 2025-09-15.
    """
    shown = f"{number:02d}" if isinstance(number, int) else number
    if kind == 4:
        return f"{shown}/{_SLIP_MARKS[kind]}"
    return "/".join((shown, "-".join(filter(None, (_SLIP_MARKS.get(kind), "TTPVHCC")))))
