"""Tables of registers: descriptions, records in two times, keys, merges, loads."""

from __future__ import annotations

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value


class MomentRange(Func):
    """PostgreSQL's half-open tstzrange of two columns."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


class Register(models.Model):
    """A register: a description as data (`data/<code>/register.toml`), versions of its schema beside it."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    description = models.JSONField()
    version = models.PositiveIntegerField()
    described_at = models.DateTimeField()
    owner_agency = models.ForeignKey("places.Agency", models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(version__gte=1), name="register_version_from_one")]

    def __str__(self) -> str:
        return self.code


class RegisterVersion(models.Model):
    """One version of what a record looks like; never changed (trigger)."""

    register = models.ForeignKey(Register, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    schema = models.JSONField()
    upgrade = models.JSONField(default=list)  # how a record of the version before becomes one of this
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["register", "version"], name="register_version_once")]

    def __str__(self) -> str:
        return f"{self.register_id} v{self.version}"


class Record(models.Model):
    """One thing that a register keeps. Its identity outlives every change of what is known of it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    register = models.ForeignKey(Register, models.PROTECT, related_name="+", db_index=False)
    merged_into = models.ForeignKey("self", models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(merged_into=F("id")), name="record_not_into_itself")]
        indexes = [models.Index(fields=["register", "id"], name="record_by_register")]

    def __str__(self) -> str:
        return str(self.uuid)


class RecordVersion(models.Model):
    """What a record says, when it was true, and when we knew it. Only `known_to` is ever set (trigger)."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="+", db_index=False)
    valid_from = models.DateTimeField()  # both periods half-open; no end: until further notice
    valid_to = models.DateTimeField(null=True)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    data = models.JSONField()
    schema_version = models.PositiveIntegerField()
    source = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    is_correction = models.BooleanField(default=False)
    actor = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="record_one_truth_at_a_time",
                expressions=[
                    ("record", RangeOperators.EQUAL),
                    (MomentRange("valid_from", "valid_to", Value("[)")), RangeOperators.OVERLAPS),
                    (MomentRange("known_from", "known_to", Value("[)")), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="version_true_some_time"
            ),
            models.CheckConstraint(
                condition=Q(known_to__isnull=True) | Q(known_to__gt=F("known_from")), name="version_known_some_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.valid_from:%Y-%m-%d}"


class RecordKey(models.Model):
    """What a record is found by: a natural key while it holds (old ones stay, to find it by an old number), or a link.

    A link is a value that many records may share; it stays for ever, and the reader checks that it holds at his time.
    """

    register = models.ForeignKey(Register, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    value = models.CharField(max_length=200)
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    is_current = models.BooleanField(default=True)
    is_unique = models.BooleanField(default=True)  # false: a link
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["register", "name", "value"],
                condition=Q(is_current=True, is_unique=True),
                name="record_key_of_one",
            ),
            models.UniqueConstraint(
                fields=["register", "name", "value", "record"], condition=Q(is_unique=False), name="record_link_once"
            ),
            models.CheckConstraint(
                condition=Q(is_current=True, closed_at__isnull=True) | Q(is_current=False, closed_at__isnull=False),
                name="record_key_closed_iff_old",
            ),
        ]
        indexes = [
            models.Index(
                fields=["register", "name", "value"], condition=Q(is_current=False), name="record_key_once_held"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


class Merge(models.Model):
    """Two records found to be one, who said so, and whether it was undone."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kept = models.ForeignKey(Record, models.PROTECT, related_name="+")
    merged = models.ForeignKey(Record, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    score = models.FloatField(null=True)
    merged_by = models.CharField(max_length=120)
    merged_at = models.DateTimeField()
    undone_by = models.CharField(max_length=120, blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="merge_of_two"),
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at__isnull=True), name="merge_into_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} -> {self.kept_id}"


class Split(models.Model):
    """One record found to be of two things: what was taken out of it, who said so. Its undoing is a merge."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    origin = models.ForeignKey(Record, models.PROTECT, related_name="+")
    made = models.OneToOneField(Record, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    split_by = models.CharField(max_length=120)
    split_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(origin=F("made")), name="split_into_two")]

    def __str__(self) -> str:
        return f"{self.origin_id} -> {self.made_id}"


class CaseRecord(models.Model):
    """A record that a finished case gave: written, or waiting for a steward with what is wrong with it."""

    case_ref = models.CharField(max_length=80)  # the dossier's number
    rule = models.CharField(max_length=80)  # which rule of its procedure, and for which item
    register = models.ForeignKey(Register, models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="+", null=True)
    data = models.JSONField()
    problems = models.JSONField(default=list)
    valid_from = models.DateTimeField()
    created_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)
    written_by = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=200, blank=True)
    dismissed_at = models.DateTimeField(null=True)
    dismissed_by = models.CharField(max_length=120, blank=True)
    dismissed_why = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_ref", "rule"], name="case_gives_a_record_once"),
            models.CheckConstraint(
                condition=Q(record__isnull=True, written_at__isnull=True)
                | Q(record__isnull=False, written_at__isnull=False, dismissed_at__isnull=True),
                name="case_record_written_or_waiting",
            ),
            models.CheckConstraint(
                condition=Q(dismissed_at__isnull=True) | ~Q(dismissed_why=""), name="case_record_dismissed_with_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["register", "id"],
                condition=Q(record__isnull=True, dismissed_at__isnull=True),
                name="case_record_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_ref} {self.rule}"


class LoadRun(models.Model):
    """One reading of one file. `done_lines` is where it goes on after a stop."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    register = models.ForeignKey(Register, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=300)
    file_sha256 = models.CharField(max_length=64)
    source = models.CharField(max_length=200)
    valid_from = models.DateTimeField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    done_lines = models.PositiveBigIntegerField(default=0)
    rows_new = models.PositiveBigIntegerField(default=0)
    rows_changed = models.PositiveBigIntegerField(default=0)
    rows_same = models.PositiveBigIntegerField(default=0)
    rows_rejected = models.PositiveBigIntegerField(default=0)
    is_quarantined = models.BooleanField(default=False)
    measured_at = models.DateTimeField(null=True)  # when the quality rules had run over it
    erased_at = models.DateTimeField(null=True)  # when what it did not take was forgotten, as its retention says

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "file_sha256"], name="load_a_file_once"),
            models.CheckConstraint(
                condition=Q(done_lines=F("rows_new") + F("rows_changed") + F("rows_same") + F("rows_rejected")),
                name="load_no_row_unexplained",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.started_at:%Y-%m-%d}"


class RejectedRow(models.Model):
    """A row that was not taken, as it came, with what is wrong with it: its sender can act on it."""

    run = models.ForeignKey(LoadRun, models.CASCADE, related_name="+", db_index=False)
    line_no = models.PositiveBigIntegerField()
    raw = models.JSONField()
    problems = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "line_no"], name="rejected_row_once")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.line_no}"


class QualityFigure(models.Model):
    """How one rule stood on one day, by who sent the data; of one load where `run` is given."""

    register = models.ForeignKey(Register, models.PROTECT, related_name="+")
    run = models.ForeignKey(LoadRun, models.CASCADE, related_name="+", null=True)
    rule = models.CharField(max_length=80)
    field = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=200)
    measured_on = models.DateField()
    checked = models.PositiveBigIntegerField()
    failed = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["register", "rule", "source", "measured_on"],
                condition=Q(run__isnull=True),
                name="quality_once_a_day",
            ),
            models.UniqueConstraint(fields=["run", "rule"], condition=Q(run__isnull=False), name="quality_once_a_load"),
            models.CheckConstraint(condition=Q(failed__lte=F("checked")), name="quality_failed_of_checked"),
        ]

    def __str__(self) -> str:
        return f"{self.register_id} {self.rule} {self.measured_on}"
