"""Tables of the spine. What must always hold is a constraint here; each has a test in tests/test_constraints.py."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from motcua.cases.types import (
    AUDIENCES,
    CLOCK_KINDS,
    CLOCK_RULES,
    CLOCK_STATES,
    SERVICE_STATES,
    STAGES,
    TERM_UNITS,
    TIMER_COUNTS,
)

OPEN_TASK = Q(completed_at__isnull=True, cancelled_at__isnull=True)


class ProcessVersion(models.Model):
    """One deployed text of a process. Never changed: running cases stand on it (trigger)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=120)
    version = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    bpmn_xml = models.TextField()
    deployed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="process_version_once"),
            models.UniqueConstraint(fields=["key", "sha256"], name="process_text_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="process_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"


class DecisionText(models.Model):
    """A decision model that a process version asks. Never changed: it belongs to the version (trigger)."""

    process_version = models.ForeignKey(ProcessVersion, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    dmn_xml = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["process_version", "name"], name="decision_text_once")]

    def __str__(self) -> str:
        return self.name


class CalledVersion(models.Model):
    """The version of another process that a version calls, frozen when it was deployed (trigger)."""

    process_version = models.ForeignKey(ProcessVersion, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=120)
    called_version = models.ForeignKey(ProcessVersion, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["process_version", "key"], name="called_version_once"),
            models.CheckConstraint(condition=~Q(process_version=F("called_version")), name="called_version_is_another"),
        ]

    def __str__(self) -> str:
        return self.key


class Case(models.Model):
    """One request to the city. Rules frozen at filing: process version, term, clock rule, calendar (trigger)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=500)
    subject_code = models.CharField(max_length=80)
    subject_title = models.CharField(max_length=1000)
    subject_folded = models.TextField()  # search key of code and title; scanned inside one scope, so no index
    process_version = models.ForeignKey(ProcessVersion, models.PROTECT, related_name="+", db_index=False)
    state = models.JSONField()
    revision = models.PositiveIntegerField(default=0)
    stage = models.CharField(max_length=40)
    agency = models.ForeignKey("places.Agency", models.PROTECT, related_name="+", db_index=False)
    reception_agency = models.ForeignKey("places.Agency", models.PROTECT, related_name="+", db_index=False)
    area_code = models.CharField(max_length=10, blank=True)
    applicant_kind = models.CharField(max_length=20)
    applicant_id = models.BigIntegerField(null=True)
    applicant_name = models.CharField(max_length=500)  # as it stood at filing
    term_amount = models.PositiveIntegerField(null=True)  # none: the law sets no term
    term_unit = models.CharField(max_length=20, blank=True)
    clock_rule = models.CharField(max_length=10)
    calendar_code = models.CharField(max_length=80)
    channel = models.CharField(max_length=20)
    origin_code = models.CharField(max_length=80, null=True, unique=True)  # what another front door calls it
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # cache of the ledger (recompute_deadlines); none while paused or no term
    clock_state = models.CharField(max_length=10)
    stopped_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="case_closed_iff_outcome",
            ),
            models.CheckConstraint(
                condition=Q(term_amount__isnull=True, term_unit="")
                | Q(term_amount__isnull=False, term_amount__gte=1, term_unit__in=sorted(TERM_UNITS)),
                name="case_term_whole",
            ),
            models.CheckConstraint(condition=Q(clock_rule__in=sorted(CLOCK_RULES)), name="case_clock_rule_known"),
            models.CheckConstraint(condition=Q(clock_state__in=sorted(CLOCK_STATES)), name="case_clock_state_known"),
            models.CheckConstraint(condition=Q(stage__in=sorted(STAGES)), name="case_stage_known"),
            models.CheckConstraint(
                condition=Q(clock_state="stopped", stopped_at__isnull=False)
                | (~Q(clock_state="stopped") & Q(stopped_at__isnull=True)),
                name="case_stopped_iff_moment",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(clock_state="stopped"), name="case_closed_stops_clock"
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(term_amount__isnull=False), name="case_due_needs_term"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")), name="case_closed_after_opened"
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "due_at", "id"], condition=Q(closed_at__isnull=True), name="case_open_by_agency"
            ),
            models.Index(
                fields=["due_at", "id"], condition=Q(closed_at__isnull=True, clock_state="running"), name="case_running"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ClockLine(models.Model):
    """One line of the deadline's ledger. Append-only (trigger); a wrong line is answered by another."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    at = models.DateTimeField()
    reason = models.TextField()
    legal_ref = models.CharField(max_length=300, blank=True)
    new_due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="clock_line_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(kind="extend"), name="clock_extended_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(kind="start"), name="clock_started_once"),
            models.CheckConstraint(condition=Q(kind__in=sorted(CLOCK_KINDS)), name="clock_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="extend", new_due_at__isnull=False) | (~Q(kind="extend") & Q(new_due_at__isnull=True)),
                name="clock_new_due_iff_extend",
            ),
            models.CheckConstraint(condition=~Q(kind="extend", reason=""), name="clock_extend_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class Task(models.Model):
    """One piece of work for one role of one agency."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    token = models.CharField(max_length=120)
    element_id = models.CharField(max_length=200)
    name = models.CharField(max_length=500)
    role = models.CharField(max_length=40)
    agency = models.ForeignKey("places.Agency", models.PROTECT, related_name="+", db_index=False)
    screen = models.CharField(max_length=200, blank=True)
    outcomes = models.JSONField(default=list)
    properties = models.JSONField(default=dict)
    share_minutes = models.PositiveIntegerField(null=True)  # working minutes the internal process gives this step
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_index=False)
    assignee_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # the case's, copied so that one index orders the inbox
    completed_at = models.DateTimeField(null=True)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_index=False
    )
    completed_by_name = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=80, blank=True)
    note = models.TextField(blank=True)
    cancelled_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "token"], condition=OPEN_TASK, name="task_open_once_per_token"),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True, completed_by__isnull=True, outcome="")
                | (Q(completed_at__isnull=False, completed_by__isnull=False) & ~Q(outcome="")),
                name="task_completed_iff_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | Q(cancelled_at__isnull=True),
                name="task_not_done_and_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | Q(completed_at__gte=F("created_at")),
                name="task_done_after_created",
            ),
            models.CheckConstraint(
                condition=Q(assignee__isnull=True, assignee_name="")
                | (Q(assignee__isnull=False) & ~Q(assignee_name="")),
                name="task_assignee_named",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "role", "due_at", "id"], condition=OPEN_TASK, name="task_inbox"),
            models.Index(
                fields=["assignee", "due_at", "id"],
                condition=OPEN_TASK & Q(assignee__isnull=False),
                name="task_mine",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Timer(models.Model):
    """A moment at which the process goes on by itself."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    token = models.CharField(max_length=120)
    element_id = models.CharField(max_length=200)
    counts = models.CharField(max_length=10)
    duration = models.CharField(max_length=40)  # ISO 8601 duration or moment, as the process says it
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()  # recomputed with the deadlines when the calendar changes
    fired_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "token"],
                condition=Q(fired_at__isnull=True, cancelled_at__isnull=True),
                name="timer_open_once_per_token",
            ),
            models.CheckConstraint(
                condition=Q(fired_at__isnull=True) | Q(cancelled_at__isnull=True), name="timer_not_fired_and_cancelled"
            ),
            models.CheckConstraint(condition=Q(counts__in=sorted(TIMER_COUNTS)), name="timer_counts_known"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(fired_at__isnull=True, cancelled_at__isnull=True), name="timer_next"
            )
        ]

    def __str__(self) -> str:
        return f"{self.element_id} {self.duration}"


class ServiceCall(models.Model):
    """Work that the process asked of an upper module (prepare a paper, issue a result); answered once."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    token = models.CharField(max_length=120)
    element_id = models.CharField(max_length=200)
    topic = models.CharField(max_length=200)
    inputs = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="requested")
    created_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "token"], condition=Q(state="requested"), name="service_open_once_per_token"
            ),
            models.CheckConstraint(condition=Q(state__in=sorted(SERVICE_STATES)), name="service_state_known"),
            models.CheckConstraint(
                condition=Q(state="done", completed_at__isnull=False)
                | (~Q(state="done") & Q(completed_at__isnull=True)),
                name="service_done_iff_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.topic


class SignalListener(models.Model):
    """A case that listens for a signal now: kept beside the state so that a broadcast finds its hearers."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "case"], name="signal_listener_once")]

    def __str__(self) -> str:
        return self.name


class Incident(models.Model):
    """A step that a process could not take by itself: what happened is kept, so that it can be taken again."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    element_id = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=80)
    text = models.TextField()
    event = models.JSONField()  # what came to the process: {"kind": …, …}; taken again by retry_incident
    tries = models.PositiveIntegerField(default=1)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(tries__gte=1), name="incident_tried_once"),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by="")
                | (Q(resolved_at__isnull=False) & ~Q(resolved_by="")),
                name="incident_resolved_iff_by_whom",
            ),
        ]
        indexes = [
            models.Index(fields=["at", "id"], condition=Q(resolved_at__isnull=True), name="incident_open"),
            models.Index(fields=["case", "id"], name="incident_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.element_id}"


class TimelineEntry(models.Model):
    """What happened, for those who may read it. Append-only (trigger)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=20)
    actor_name = models.CharField(max_length=200)
    text = models.TextField()
    data = models.JSONField(default=dict)
    audience = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(audience__in=sorted(AUDIENCES)), name="timeline_audience_known")
        ]
        indexes = [models.Index(fields=["case", "id"], name="timeline_of_case")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


class Participation(models.Model):
    """Who stands outside the office in this case, and as what: applicant, submitter, delegate."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    party_kind = models.CharField(max_length=20)  # person | organisation | user
    party_id = models.BigIntegerField()
    role = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "party_kind", "party_id", "role"], name="participation_once"),
            models.CheckConstraint(
                condition=Q(party_kind__in=["person", "organisation", "user"]), name="participation_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["party_kind", "party_id", "case"], name="cases_of_party")]

    def __str__(self) -> str:
        return f"{self.role} {self.party_kind}"
