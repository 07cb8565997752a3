"""What screens say about codes: stages, steps of the clock, outcomes, and the sentences of the timeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from motcua.kernel.clock import format_moment
from motcua.kernel.workdays import ClockEntry

STAGE_LABELS: dict[str, str] = {
    "submitted": gettext_noop("Mới đăng ký"),
    "accepted": gettext_noop("Được tiếp nhận"),
    "in_progress": gettext_noop("Đang xử lý"),
    "waiting_applicant": gettext_noop("Chờ người nộp bổ sung"),
    "waiting_payment": gettext_noop("Chờ thực hiện nghĩa vụ tài chính"),
    "withdrawing": gettext_noop("Người nộp yêu cầu rút hồ sơ"),
    "stopped": gettext_noop("Dừng xử lý"),
    "decided": gettext_noop("Đã có kết quả"),
    "delivered": gettext_noop("Đã trả kết quả"),
    "refused": gettext_noop("Không được tiếp nhận"),
    "withdrawn": gettext_noop("Đã rút hồ sơ"),
}
LATENESS_LABELS: dict[str, str] = {
    "late": gettext_noop("Quá hạn"),
    "today": gettext_noop("Hạn hôm nay"),
    "soon": gettext_noop("Sắp đến hạn"),
    "later": gettext_noop("Trong hạn"),
    "paused": gettext_noop("Tạm dừng tính hạn"),
    "none": gettext_noop("Không tính hạn"),
}
CHANNEL_LABELS: dict[str, str] = {
    "online": gettext_noop("Trực tuyến"),
    "counter": gettext_noop("Trực tiếp"),
    "direct": gettext_noop("Trực tiếp"),
    "post": gettext_noop("Bưu chính"),
}
ROLE_LABELS: dict[str, str] = {
    "counter": gettext_noop("Cán bộ một cửa"),
    "specialist": gettext_noop("Chuyên viên"),
    "leader": gettext_noop("Lãnh đạo"),
}
OUTCOME_LABELS: dict[str, str] = {
    "approved": gettext_noop("đồng ý"),
    "rejected": gettext_noop("không đồng ý"),
    "withdrawn": gettext_noop("người nộp rút hồ sơ"),
    "stopped": gettext_noop("dừng xử lý"),
    "returned": gettext_noop("trả lại"),
    "refused": gettext_noop("từ chối tiếp nhận"),
}
TERM_LABELS: dict[str, str] = {
    "workday": gettext_noop("%(amount)s ngày làm việc"),
    "work_hour": gettext_noop("%(amount)s giờ làm việc"),
    "calendar_day": gettext_noop("%(amount)s ngày"),
    "month": gettext_noop("%(amount)s tháng"),
}
CLOCK_LABELS: dict[str, str] = {
    "start": gettext_noop("Bắt đầu tính"),
    "pause": gettext_noop("Tạm dừng"),
    "resume": gettext_noop("Tính tiếp"),
    "restart": gettext_noop("Tính lại từ đầu"),
    "extend": gettext_noop("Xin lỗi và hẹn lại"),
    "stop": gettext_noop("Kết thúc"),
}
_TIMELINE: dict[str, str] = {
    "opened": gettext_noop("Hồ sơ đã được ghi nhận."),
    "stage": gettext_noop("Tình trạng mới: %(stage)s."),
    "task_completed": gettext_noop("Đã xong bước “%(step)s”."),
    "task_claimed": gettext_noop("Nhận xử lý bước “%(step)s”."),
    "task_released": gettext_noop("Trả bước “%(step)s” về hàng chờ."),
    "clock_pause": gettext_noop("Tạm dừng tính thời hạn giải quyết."),
    "clock_resume": gettext_noop("Tiếp tục tính thời hạn giải quyết."),
    "clock_restart": gettext_noop("Tính lại thời hạn giải quyết từ đầu."),
    "clock_stop": gettext_noop("Kết thúc tính thời hạn giải quyết."),
    "extended": gettext_noop("Cơ quan xin lỗi vì chậm và hẹn lại vào %(new_due)s. Lý do: %(reason)s"),
    "timer": gettext_noop("Đã hết thời gian chờ của bước “%(step)s”."),
    "message": gettext_noop("Đã nhận yêu cầu của người nộp."),
    "closed": gettext_noop("Hồ sơ kết thúc: %(outcome)s."),
}


def label(labels: Mapping[str, str], code: str) -> str:
    """Return the label of a code in the reader's language, the code itself when it has none."""
    return _(labels[code]) if code in labels else code


def write_sentence(kind: str, *, data: Mapping[str, Any]) -> str:
    """Return the Vietnamese sentence stored with an entry of one of our kinds."""
    return _TIMELINE[kind] % _named(data, translate=False)


def read_sentence(kind: str, *, data: Mapping[str, Any], text: str) -> str:
    """Return the entry's sentence in the reader's language; entries of other modules keep their own text."""
    return _(_TIMELINE[kind]) % _named(data, translate=True) if kind in _TIMELINE else text


def read_stage(code: str) -> str:
    """Name a stage in the reader's language."""
    return label(STAGE_LABELS, code)


def read_channel(code: str) -> str:
    """Name a channel in the reader's language."""
    return label(CHANNEL_LABELS, code)


def read_outcome(code: str) -> str:
    """Name the outcome of a case in the reader's language."""
    return label(OUTCOME_LABELS, code)


def read_clock_kind(kind: str) -> str:
    """Name a line of the ledger in the reader's language."""
    return label(CLOCK_LABELS, kind)


def read_clock_reason(line: ClockEntry) -> str:
    """Write why the clock moved: the stage that moved it, or the words that were given."""
    reason = label(STAGE_LABELS, line.reason)
    if line.new_due_at is None:
        return reason
    return _("%(reason)s Hẹn mới: %(moment)s.") % {"reason": reason, "moment": format_moment(line.new_due_at)}


def read_term(amount: int | None, *, unit: str) -> str:
    """Write a term as the procedure page does: '15 ngày làm việc'."""
    return _(TERM_LABELS[unit]) % {"amount": amount} if amount is not None else _("Không quy định thời hạn")


def read_amount(minutes: int, *, unit: str) -> str:
    """Write a part of a budget in its own unit: '2 ngày 4 giờ làm việc'. Unit of `minutes`: the budget's axis."""
    if unit == "work_hour":
        return _("%(hours)s giờ %(minutes)s phút làm việc") % {"hours": minutes // 60, "minutes": minutes % 60}
    if unit == "workday":
        return _("%(days)s ngày %(hours)s giờ làm việc") % {"days": minutes // 480, "hours": minutes % 480 // 60}
    return _("%(days)s ngày") % {"days": minutes // 1440}


def _named(data: Mapping[str, Any], *, translate: bool) -> dict[str, Any]:
    named = dict(data)
    for key, labels in (("stage", STAGE_LABELS), ("outcome", OUTCOME_LABELS)):
        if key in named:
            code = str(named[key])
            named[key] = label(labels, code) if translate else labels.get(code, code)
    return named
