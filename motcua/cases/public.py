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
from motcua.cases.actions.incidents import retry_incident
from motcua.cases.actions.messages import (
    add_timeline,
    broadcast_signal,
    complete_service,
    deliver_message,
    fail_service,
    fire_due_timers,
    receive_message,
)
from motcua.cases.actions.migrating import migrate_cases
from motcua.cases.actions.opening import deploy_process, open_case
from motcua.cases.actions.tasks import claim_task, complete_task, release_task
from motcua.cases.queries.access import can_extend_deadline, can_view_case, can_work_task, read_audience
from motcua.cases.queries.history import list_openings, list_steps_done
from motcua.cases.queries.inbox import count_inbox, list_inbox
from motcua.cases.queries.incidents import count_open_incidents, get_incident, list_open_incidents
from motcua.cases.queries.kinds import get_case_url, get_task_url, register_kind
from motcua.cases.queries.ledger import describe_deadline, get_deadline, get_explained_deadline, list_clock_entries
from motcua.cases.queries.measures import list_case_ids, list_case_measures
from motcua.cases.queries.migrating import plan_migration
from motcua.cases.queries.overview import iterate_late_cases, list_late_cases, list_overview
from motcua.cases.queries.processes import (
    find_process_version,
    get_decision_texts,
    get_process_definition,
    get_process_xml,
)
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
from motcua.cases.rules import read_migration_rule

# One name a line would not fit on a screen.
# isort: off
# fmt: off
from motcua.cases.types import (
    CaseClosed, CaseEscalated, CaseInfo, CaseMeasure, CaseMigrated, CaseNotFound, CaseOpened, ClockMoveRefused,
    DeadlineExtended, DeadlineView, ExtensionInfo, ExtensionRefused, InboxCount, InboxFilter, InboxRow, IncidentInfo,
    IncidentNotFound, IncidentOpened, LateCaseRow, LateFilter, MessageSent, MigrationPlan, MigrationRule,
    MigrationRuleUnreadable, OpenCase, OverviewRow, Participant, PlannedMove, ProcessVersionInfo,
    ProcessVersionUnknown, RecomputeReport, ServiceCallInfo, ServiceRequested, SignalBroadcast, StageEntered,
    StaleTask, TaskCompleted, TaskInfo, TaskNotFound, TaskNotYours, TaskTaken, TimelineItem,
)
# fmt: on
# isort: on
from motcua.process.public import MessageNotExpectedError, OutcomeNotOfferedError

__all__ = [
    "CaseClosed", "CaseEscalated", "CaseInfo", "CaseMeasure", "CaseMigrated", "CaseNotFound", "CaseOpened",
    "ClockMoveRefused", "DeadlineExtended", "DeadlineView", "ExtensionInfo", "ExtensionRefused", "InboxCount",
    "InboxFilter", "InboxRow", "IncidentInfo", "IncidentNotFound", "IncidentOpened", "LateCaseRow", "LateFilter",
    "MessageNotExpectedError", "MessageSent", "MigrationPlan", "MigrationRule", "MigrationRuleUnreadable",
    "OpenCase", "OutcomeNotOfferedError", "OverviewRow", "Participant", "PlannedMove", "ProcessVersionInfo",
    "ProcessVersionUnknown", "RecomputeReport", "ServiceCallInfo", "ServiceRequested", "SignalBroadcast",
    "StageEntered", "StaleTask", "TaskCompleted", "TaskInfo", "TaskNotFound", "TaskNotYours", "TaskTaken",
    "TimelineItem", "add_timeline", "broadcast_signal", "can_extend_deadline", "can_receive_message",
    "can_view_case", "can_work_task", "claim_task", "complete_service", "complete_task", "count_inbox",
    "count_open_incidents", "deliver_message", "deploy_process", "describe_deadline", "extend_deadline", "fail_service",
    "find_case_by_code", "find_process_version", "fire_due_timers", "get_case", "get_case_for", "get_case_url",
    "get_cases", "get_deadline", "get_decision_texts", "get_explained_deadline", "get_incident",
    "get_process_definition", "get_process_xml", "get_service_call", "get_task", "get_task_for", "get_task_url",
    "iterate_late_cases", "list_cases_of_parties", "list_clock_entries", "list_inbox", "list_late_cases",
    "list_open_incidents",
    "list_overview", "list_tasks", "list_openings", "list_steps_done", "list_timeline", "migrate_cases",
    "open_case", "pause_clock", "list_case_ids", "list_case_measures", "plan_migration", "read_audience",
    "read_channel", "read_clock_kind", "read_clock_reason", "read_migration_rule", "read_outcome", "read_stage",
    "read_term", "receive_message", "recompute_deadlines", "register_kind", "release_task", "restart_clock",
    "resume_clock", "retry_incident", "stop_clock",
]  # fmt: skip
