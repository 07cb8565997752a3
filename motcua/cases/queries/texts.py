"""What screens say about codes: stages, steps of the clock, outcomes, and the sentences of the timeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy, override

from motcua.kernel.messages import Message
from motcua.kernel.workdays import ClockEntry
from motcua.ui.public import say, say_moment

STAGE_LABELS: dict[str, object] = {
    "submitted": gettext_lazy("Mới đăng ký"),
    "accepted": gettext_lazy("Được tiếp nhận"),
    "in_progress": gettext_lazy("Đang xử lý"),
    "waiting_applicant": gettext_lazy("Chờ người nộp bổ sung"),
    "waiting_payment": gettext_lazy("Chờ thực hiện nghĩa vụ tài chính"),
    "withdrawing": gettext_lazy("Người nộp yêu cầu rút hồ sơ"),
    "stopped": gettext_lazy("Dừng xử lý"),
    "decided": gettext_lazy("Đã có kết quả"),
    "delivered": gettext_lazy("Đã trả kết quả"),
    "refused": gettext_lazy("Không được tiếp nhận"),
    "withdrawn": gettext_lazy("Đã rút hồ sơ"),
}
CHANNEL_LABELS: dict[str, object] = {
    "online": gettext_lazy("Trực tuyến"),
    "counter": gettext_lazy("Trực tiếp"),
    "direct": gettext_lazy("Trực tiếp"),
    "post": gettext_lazy("Bưu chính"),
    "national": gettext_lazy("Cổng Dịch vụ công quốc gia"),
}
ROLE_LABELS: dict[str, object] = {
    "counter": gettext_lazy("Cán bộ một cửa"),
    "specialist": gettext_lazy("Chuyên viên"),
    "leader": gettext_lazy("Lãnh đạo"),
}
OUTCOME_LABELS: dict[str, object] = {
    "approved": gettext_lazy("đồng ý"),
    "rejected": gettext_lazy("không đồng ý"),
    "withdrawn": gettext_lazy("người nộp rút hồ sơ"),
    "stopped": gettext_lazy("dừng xử lý"),
    "returned": gettext_lazy("trả lại"),
    "refused": gettext_lazy("từ chối tiếp nhận"),
}
TERM_LABELS: dict[str, Any] = {
    "workday": ngettext_lazy("%(amount)s ngày làm việc", "%(amount)s ngày làm việc", "amount"),
    "work_hour": ngettext_lazy("%(amount)s giờ làm việc", "%(amount)s giờ làm việc", "amount"),
    "calendar_day": ngettext_lazy("%(amount)s ngày", "%(amount)s ngày", "amount"),
    "month": ngettext_lazy("%(amount)s tháng", "%(amount)s tháng", "amount"),
}
CLOCK_LABELS: dict[str, object] = {
    "start": gettext_lazy("Bắt đầu tính"),
    "pause": gettext_lazy("Tạm dừng"),
    "resume": gettext_lazy("Tính tiếp"),
    "restart": gettext_lazy("Tính lại từ đầu"),
    "extend": gettext_lazy("Xin lỗi và hẹn lại"),
    "stop": gettext_lazy("Kết thúc"),
}
_TIMELINE: dict[str, object] = {
    "opened": gettext_lazy("Hồ sơ đã được ghi nhận."),
    "stage": gettext_lazy("Tình trạng mới: %(stage)s."),
    "task_completed": gettext_lazy("Đã xong bước “%(step)s”."),
    "task_claimed": gettext_lazy("Nhận xử lý bước “%(step)s”."),
    "task_released": gettext_lazy("Trả bước “%(step)s” về hàng chờ."),
    "clock_pause": gettext_lazy("Tạm dừng tính thời hạn giải quyết."),
    "clock_resume": gettext_lazy("Tiếp tục tính thời hạn giải quyết."),
    "clock_restart": gettext_lazy("Tính lại thời hạn giải quyết từ đầu."),
    "clock_stop": gettext_lazy("Kết thúc tính thời hạn giải quyết."),
    "extended": gettext_lazy("Cơ quan xin lỗi vì chậm và hẹn lại vào %(new_due)s. Lý do: %(reason)s"),
    "timer": gettext_lazy("Đã hết thời gian chờ của bước “%(step)s”."),
    "message": gettext_lazy("Đã nhận yêu cầu của người nộp."),
    "signal": gettext_lazy("Đã nhận tín hiệu “%(signal)s”."),
    "message_sent": gettext_lazy("Đã gửi tin “%(message)s” tới cơ quan phối hợp."),
    "escalated": gettext_lazy("Đã báo lên cấp trên: “%(escalation)s”."),
    "incident": gettext_lazy("Quy trình chưa tự đi tiếp được và đã báo người vận hành. Lý do: %(reason)s"),
    "incident_resolved": gettext_lazy("Quy trình đã đi tiếp sau khi được người vận hành xử lý."),
    "migrated": gettext_lazy("Hồ sơ chuyển từ phiên bản %(from_version)s sang phiên bản %(to_version)s của quy trình."),
    "closed": gettext_lazy("Hồ sơ kết thúc: %(outcome)s."),
}


def label(labels: Mapping[str, object], code: str) -> str:
    """Return the label of a code in the reader's language, the code itself when it has none."""
    return str(labels.get(code, code))


def write_sentence(kind: str, *, data: Mapping[str, Any]) -> str:
    """Return the Vietnamese sentence stored with an entry of one of our kinds."""
    with override("vi"):
        return str(_TIMELINE[kind]) % _named(data)


def read_sentence(kind: str, *, data: Mapping[str, Any], text: str) -> str:
    """Return the entry's sentence in the reader's language; what others wrote is said from its template."""
    if kind in _TIMELINE:
        return str(_TIMELINE[kind]) % _named(data)
    return say(Message(**data["said"]) if "said" in data else text)


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
    return _("%(reason)s Hẹn mới: %(moment)s.") % {"reason": reason, "moment": say_moment(line.new_due_at)}


def read_term(amount: int | None, *, unit: str) -> str:
    """Write a term as the procedure page does: '15 ngày làm việc'."""
    return str(TERM_LABELS[unit] % {"amount": amount}) if amount is not None else _("Không quy định thời hạn")


def read_amount(minutes: int, *, unit: str) -> str:
    """Write a part of a budget in its own unit: '2 ngày 4 giờ làm việc'. Unit of `minutes`: the budget's axis."""
    if unit == "work_hour":
        hours, rest = divmod(minutes, 60)
        first = ngettext("%(hours)s giờ", "%(hours)s giờ", hours) % {"hours": hours}
        second = ngettext("%(minutes)s phút làm việc", "%(minutes)s phút làm việc", rest) % {"minutes": rest}
        return f"{first} {second}"
    if unit == "workday":
        days, rest = minutes // 480, minutes % 480 // 60
        return f"{_count_days(days)} {TERM_LABELS['work_hour'] % {'amount': rest}}"
    return _count_days(minutes // 1440)


def _count_days(days: int) -> str:
    return ngettext("%(days)s ngày", "%(days)s ngày", days) % {"days": days}


def _named(data: Mapping[str, Any]) -> dict[str, Any]:
    named = dict(data)
    for key, labels in (("stage", STAGE_LABELS), ("outcome", OUTCOME_LABELS)):
        if key in named:
            named[key] = label(labels, str(named[key]))
    return named
