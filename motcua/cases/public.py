"""The face of the spine: cases, their process, tasks, clock, timeline, inbox."""

from __future__ import annotations

from motcua.cases.actions.clock import (
    extend_deadline,
    pause_clock,
    recompute_deadlines,
    restart_clock,
    resume_clock,
    stop_clock,
)
from motcua.cases.actions.messages import add_timeline, complete_service, fire_due_timers, receive_message
from motcua.cases.actions.opening import deploy_process, open_case
from motcua.cases.actions.tasks import claim_task, complete_task, release_task
from motcua.cases.queries.access import can_extend_deadline, can_view_case, can_work_task, read_audience
from motcua.cases.queries.inbox import count_inbox, list_inbox
from motcua.cases.queries.kinds import get_case_url, get_task_url, register_kind
from motcua.cases.queries.ledger import describe_deadline, explain_case_deadline, get_deadline, list_clock_entries
from motcua.cases.queries.overview import iterate_late_cases, list_late_cases, list_overview
from motcua.cases.queries.processes import find_process_version, get_process_definition, get_process_xml
from motcua.cases.queries.reads import (
    can_receive_message,
    find_case_by_code,
    get_case,
    get_case_for,
    get_cases,
    get_service_call,
    get_task,
    get_task_for,
    list_cases_of_parties,
    list_tasks,
    list_timeline,
)
from motcua.cases.queries.texts import (
    read_channel,
    read_clock_kind,
    read_clock_reason,
    read_outcome,
    read_stage,
    read_term,
)
from motcua.cases.types import (
    CaseClosed,
    CaseInfo,
    CaseNotFound,
    CaseOpened,
    ClockMoveRefused,
    DeadlineExtended,
    DeadlineView,
    ExtensionInfo,
    ExtensionRefused,
    InboxCount,
    InboxFilter,
    InboxRow,
    LateCaseRow,
    LateFilter,
    OpenCase,
    OverviewRow,
    Participant,
    ProcessVersionInfo,
    ProcessVersionUnknown,
    RecomputeReport,
    ServiceCallInfo,
    ServiceRequested,
    StageEntered,
    StaleTask,
    TaskCompleted,
    TaskInfo,
    TaskNotFound,
    TaskNotYours,
    TaskTaken,
    TimelineItem,
)
from motcua.process.public import MessageNotExpectedError, OutcomeNotOfferedError

__all__ = [
    "CaseClosed", "CaseInfo", "CaseNotFound", "CaseOpened", "ClockMoveRefused", "DeadlineExtended", "DeadlineView",
    "ExtensionInfo", "ExtensionRefused", "InboxCount", "InboxFilter", "InboxRow", "LateCaseRow", "LateFilter",
    "MessageNotExpectedError", "OpenCase", "OutcomeNotOfferedError", "OverviewRow", "Participant",
    "ProcessVersionInfo", "ProcessVersionUnknown", "RecomputeReport", "ServiceCallInfo", "ServiceRequested",
    "StageEntered", "StaleTask", "TaskCompleted", "TaskInfo", "TaskNotFound", "TaskNotYours", "TaskTaken",
    "TimelineItem", "add_timeline", "can_extend_deadline", "can_receive_message", "can_view_case", "can_work_task",
    "claim_task", "complete_service", "complete_task", "count_inbox", "deploy_process", "describe_deadline",
    "explain_case_deadline", "extend_deadline", "find_case_by_code", "find_process_version", "fire_due_timers",
    "get_case", "get_case_for", "get_case_url", "get_cases", "get_deadline", "get_process_definition",
    "get_process_xml", "get_service_call", "get_task", "get_task_for", "get_task_url", "iterate_late_cases",
    "list_cases_of_parties", "list_clock_entries", "list_inbox", "list_late_cases", "list_overview", "list_tasks",
    "list_timeline", "open_case", "pause_clock", "read_audience", "read_channel", "read_clock_kind",
    "read_clock_reason", "read_outcome", "read_stage", "read_term", "receive_message", "recompute_deadlines",
    "register_kind", "release_task", "restart_clock", "resume_clock", "stop_clock",
]  # fmt: skip
