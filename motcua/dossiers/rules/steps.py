"""Who may do what with a dossier, and when."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from motcua.dossiers.rules.limits import (
    MAX_REAPPOINTMENTS,
    MAX_SUPPLEMENT_REQUESTS,
    ONLINE_NOTICE_HOURS,
    PAPER_HANDOVER_BEFORE,
)
from motcua.dossiers.types import ONLINE_CHANNELS, NationalState, Verdict
from motcua.kernel.messages import N_
from motcua.kernel.workdays import Budget, WorkCalendar

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


def find_reception_due(*, channel: str, at: datetime, calendar: WorkCalendar) -> datetime:
    """Return until when the counter must have acted on a dossier that came, or came back, at the moment `at`.

    Online: the applicant is answered within eight working hours. On paper: handed to those who solve it on the same
    day, or at the start of the next working day when it came after 15:00; the wording of that was read in the decree
    that was replaced, 61/2018/NĐ-CP, Art. 18.
    Source: Decree 45/2020/NĐ-CP, Art. 11; in force 2020-05-22.
    Source: Decree 118/2025/NĐ-CP, Art. 18; in force 2025-07-01.
    """
    if channel in ONLINE_CHANNELS:
        return calendar.add(at, Budget(ONLINE_NOTICE_HOURS, "work_hour"))
    opened = calendar.next_work_moment(at)
    if opened.time() >= PAPER_HANDOVER_BEFORE:
        return calendar.next_work_moment(opened.replace(hour=23, minute=59))
    return calendar.add(opened, Budget(0, "calendar_day"))
