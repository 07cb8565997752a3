"""The law of the running case: when its clock stops and goes on, who may work on it, what may be asked."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal, Protocol

from motcua.cases.types import ClockKind, ExtensionRefused, Lateness, MigrationRule, MigrationRuleUnreadable
from motcua.kernel.clock import local_date
from motcua.kernel.messages import N_
from motcua.kernel.workdays import Budget, ClockEntry, WorkCalendar
from motcua.process.public import parse_duration

WAITING_STAGES = frozenset({"waiting_applicant", "waiting_payment"})
ENDING_STAGES = frozenset({"decided", "delivered", "refused", "withdrawn", "stopped"})
OFFICE_ROLES = frozenset({"counter", "specialist", "leader"})
RECEPTION_ROLE = "counter"  # works at the unit that received the case; all others at the deciding agency
MAX_EXTENSIONS = 1
WORK_MINUTES_A_DAY = 480
DAY_UNITS = 480  # one working day on the calendar's axis, however long that office's day is
SOON = timedelta(days=2)

LEGAL_CLOCK: dict[str, str] = {
    "start": "Nghị định 118/2025/NĐ-CP, Điều 17",
    "pause": "Nghị định 118/2025/NĐ-CP, Điều 11",
    "resume": "Nghị định 118/2025/NĐ-CP, Điều 11",
    "restart": "Nghị định 118/2025/NĐ-CP, Điều 19",
    "stop": "Nghị định 118/2025/NĐ-CP, Điều 19",
}


class HeldRole(Protocol):
    """A role held today at one agency (identity's Grant)."""

    @property
    def role(self) -> str: ...
    @property
    def agency_id(self) -> int: ...


# ---- The clock -----------------------------------------------------------------------------------------------------


def plan_clock(*, clock_state: str, clock_rule: str, stage_from: str, stage_to: str) -> tuple[ClockKind, ...]:
    """Say what a change of stage does to the clock, one move after the other.

    Waiting stages pause it. Back from the applicant it restarts from zero or goes on, by the rule frozen at filing;
    back from payment it always goes on. A dossier that was completed and now waits for payment has restarted, and
    waits with its whole term. Decided, refused, withdrawn, stopped: it stops for good.
    The wording was read in the decree that it replaced, 61/2018/NĐ-CP, Art. 19(4).
    Source: Decree 118/2025/NĐ-CP, Art. 19; in force 2025-07-01.
    """
    if clock_state == "stopped":
        return ()
    if stage_to in ENDING_STAGES:
        return ("stop",)
    restarts = clock_state == "paused" and stage_from == "waiting_applicant" and clock_rule == "restart"
    if stage_to in WAITING_STAGES:
        if clock_state == "running":
            return ("pause",)
        return ("restart", "pause") if restarts and stage_to != stage_from else ()
    if clock_state == "paused" and stage_from in WAITING_STAGES:
        return ("restart",) if restarts else ("resume",)
    return ()


def check_extension(
    entries: Sequence[ClockEntry],
    *,
    clock_state: str,
    due_at: datetime | None,
    new_due_at: datetime,
    reason: str,
    now: datetime,
) -> datetime:
    """Return the due time that may be moved; at most one re-appointment, before the due time, with its reason.

    Raises: ExtensionRefused with a code for each ground.
    The wording was read in the decree that it replaced, 61/2018/NĐ-CP, Art. 19(9).
    Source: Decree 118/2025/NĐ-CP, Art. 19; in force 2025-07-01.
    """
    if sum(entry.kind == "extend" for entry in entries) >= MAX_EXTENSIONS:
        raise ExtensionRefused(
            "extension_used",
            N_("Hồ sơ này đã được hẹn lại một lần. Pháp luật chỉ cho hẹn lại một lần; hãy giải quyết ngay."),
        )
    if clock_state != "running" or due_at is None:
        raise ExtensionRefused(
            "extension_not_running",
            N_("Hồ sơ đang tạm dừng tính thời hạn hoặc không có thời hạn nên không cần hẹn lại."),
        )
    if now >= due_at:
        raise ExtensionRefused(
            "extension_too_late",
            N_("Hồ sơ đã quá hạn nên không hẹn lại được nữa. Hãy xin lỗi người nộp và giải quyết ngay."),
        )
    if not reason.strip():
        raise ExtensionRefused("extension_no_reason", N_("Vui lòng ghi lý do chậm; lý do này được gửi cho người nộp."))
    if new_due_at <= due_at:
        raise ExtensionRefused("extension_not_later", N_("Ngày hẹn mới phải sau ngày hẹn hiện tại."))
    return due_at


def is_notice_late(calendar: WorkCalendar, *, due_at: datetime, now: datetime) -> bool:
    """True when the apology comes less than one working day before the due time: allowed, but flagged.

    The wording was read in the decree that it replaced, 61/2018/NĐ-CP, Art. 19(9).
    Source: Decree 118/2025/NĐ-CP, Art. 19; in force 2025-07-01.
    """
    return calendar.measure(now, due_at, unit="workday") < DAY_UNITS


def read_work_duration(duration_iso: str) -> Budget:
    """Read an ISO 8601 duration that counts working time: P15D = 15 working days, PT8H = 8 working hours.

    Raises: ValueError for what a working calendar cannot count (months, minutes, days and hours together).
    """
    duration = parse_duration(duration_iso)
    if duration is not None and not (duration.years or duration.months or duration.minutes or duration.seconds):
        if duration.days and not duration.hours:
            return Budget(amount=duration.days, unit="workday")
        if duration.hours and not duration.days:
            return Budget(amount=duration.hours, unit="work_hour")
    raise ValueError(f"Thời gian {duration_iso} không tính được bằng ngày hoặc giờ làm việc.")


def read_lateness(*, due_at: datetime | None, clock_state: str, now: datetime) -> Lateness:
    """Name how near the due time is; a paused clock is never late."""
    if clock_state == "paused":
        return "paused"
    if due_at is None or clock_state == "stopped":
        return "none"
    if due_at < now:
        return "late"
    if local_date(due_at) == local_date(now):
        return "today"
    return "soon" if due_at - now <= SOON else "later"


# ---- Who -----------------------------------------------------------------------------------------------------------


def place_task(role: str, *, agency_id: int, reception_agency_id: int) -> int:
    """Return the agency whose officials do a step of this role."""
    return reception_agency_id if role == RECEPTION_ROLE else agency_id


def can_work(grants: Iterable[HeldRole], *, role: str, agency_id: int) -> bool:
    """True when a task of this role at this agency may be seen in full and done by the holder of `grants`."""
    return any(grant.role == role and grant.agency_id == agency_id for grant in grants)


def can_release(grants: Iterable[HeldRole], *, agency_id: int, is_assignee: bool) -> bool:
    """True for the assignee, and for a leader of the agency."""
    return is_assignee or can_work(grants, role="leader", agency_id=agency_id)


def can_see_office_side(grants: Iterable[HeldRole], *, agency_ids: Iterable[int]) -> bool:
    """True when an official works at the agency that decides or at the one that received the case."""
    here = frozenset(agency_ids)
    return any(grant.role in OFFICE_ROLES and grant.agency_id in here for grant in grants)


def inbox_scope(grants: Iterable[HeldRole]) -> tuple[tuple[int, str], ...]:
    """Return the (agency, role) pairs whose open tasks make the inbox."""
    return tuple(sorted({(grant.agency_id, grant.role) for grant in grants if grant.role in OFFICE_ROLES}))


def overview_scope(grants: Iterable[HeldRole]) -> frozenset[int] | Literal["city"]:
    """Return the agencies whose figures may be seen: a leader's own, or all for a city leader."""
    held = tuple(grants)
    if any(grant.role == "city_leader" for grant in held):
        return "city"
    return frozenset(grant.agency_id for grant in held if grant.role == "leader")


def read_migration_rule(text: bytes) -> MigrationRule:
    """Read the written rule by which running cases move to another version of their process.

    Shape: TOML with process, from_version, to_version, condition (FEEL, optional), [elements] old = "new".
    Raises: MigrationRuleUnreadable.
    """
    try:
        written = tomllib.loads(text.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _unreadable(str(error)) from error
    unknown = written.keys() - {"process", "from_version", "to_version", "condition", "elements"}
    if unknown:
        raise _unreadable(", ".join(sorted(unknown)))
    process, elements = written.get("process"), written.get("elements", {})
    versions = (written.get("from_version"), written.get("to_version"))
    condition = written.get("condition", "")
    if not isinstance(process, str) or not process or not isinstance(condition, str):
        raise _unreadable("process, condition")
    if any(type(version) is not int or version < 1 for version in versions) or versions[0] == versions[1]:
        raise _unreadable("from_version, to_version")
    if not isinstance(elements, dict) or not all(isinstance(new, str) and new for new in elements.values()):
        raise _unreadable("elements")
    return MigrationRule(
        process=process,
        from_version=int(versions[0] or 0),
        to_version=int(versions[1] or 0),
        element_map=elements,
        condition=condition,
    )


def _unreadable(why: str) -> MigrationRuleUnreadable:
    return MigrationRuleUnreadable(
        "migration_rule_unreadable", N_("Quy tắc chuyển phiên bản chưa đúng ở chỗ: %(why)s. Hãy sửa tệp.", why=why)
    )
