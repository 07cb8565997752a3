"""The catalogue's tables. A version never changes after it is in force: a new text is a new version."""

from __future__ import annotations

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Func, Q

PACKAGE_PATH_PATTERN = r"^([a-z]+/)?[a-zA-Z0-9_.\-]{1,80}$"
CODE_PATTERN = r"^[0-9A-Z][0-9A-Z.\-]{2,31}$"


class LifeEvent(models.Model):
    """A moment of life or of a business that people search by (sự kiện trong đời)."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=400)
    audience = models.CharField(max_length=12)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "code"]


class Procedure(models.Model):
    """An administrative procedure (thủ tục hành chính) under its national code."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=32, unique=True)
    life_events = models.ManyToManyField(LifeEvent, related_name="+", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="procedure_code_pattern", condition=Q(code__regex=CODE_PATTERN)),
        ]


class ProcedureVersion(models.Model):
    """What the procedure says in a period: half-open, never overlapping another version of the same procedure."""

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    version_no = models.PositiveIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    name = models.TextField()
    aliases = ArrayField(models.TextField(), default=list)
    field = models.TextField(blank=True)
    levels = ArrayField(models.CharField(max_length=12), default=list)
    issuing_agency = models.TextField(blank=True)
    executing_agency = models.TextField(blank=True)
    receiving_address = models.TextField(blank=True)
    decision_no = models.CharField(max_length=60, blank=True)
    subjects = ArrayField(models.TextField(), default=list)
    audiences = ArrayField(models.CharField(max_length=12), default=list)
    online_level = models.CharField(max_length=8)
    online_reason = models.TextField(blank=True)
    term_amount = models.PositiveIntegerField()
    term_unit = models.CharField(max_length=12)
    term_is_stated = models.BooleanField()
    term_text = models.TextField()
    term_mark = models.CharField(max_length=6)
    term_legal_ref = models.TextField(blank=True)
    clock_rule = models.CharField(max_length=8)
    channels = ArrayField(models.CharField(max_length=10), default=list)
    channel_rows = models.JSONField(default=list)
    papers = models.JSONField(default=list)
    fees = models.JSONField(default=list)
    steps = models.TextField(blank=True)
    requirements = models.TextField(blank=True)
    legal_bases = models.JSONField(default=list)
    result_names = ArrayField(models.TextField(), default=list)
    competence = models.JSONField()
    form_schema = models.JSONField(null=True)
    process_key = models.CharField(max_length=80, blank=True)
    process_version = models.ForeignKey("cases.ProcessVersion", on_delete=models.PROTECT, related_name="+", null=True)
    result_template_name = models.CharField(max_length=120, blank=True)
    result_template = models.TextField(blank=True)
    source = models.CharField(max_length=10)
    source_url = models.TextField(blank=True)
    mark = models.CharField(max_length=6)
    doubts = models.JSONField(default=list)
    source_texts = models.JSONField(default=dict)
    parse_report = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    linked = models.JSONField(default=list)
    decision_names = ArrayField(models.CharField(max_length=60), default=list)
    approved_by_decision_no = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="procedureversion_no", fields=["procedure", "version_no"]),
            models.CheckConstraint(
                # An empty period is a version that was replaced on its first day; dossiers may have begun with it.
                name="procedureversion_period",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
            ExclusionConstraint(
                name="procedureversion_no_overlap",
                expressions=[
                    ("procedure", RangeOperators.EQUAL),
                    (
                        Func(
                            "valid_from",
                            "valid_to",
                            RangeBoundary(),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(name="procedureversion_term", condition=Q(term_amount__gt=0)),
            models.CheckConstraint(
                name="procedureversion_term_unit",
                condition=Q(term_unit__in=["workday", "work_hour", "calendar_day", "month"]),
            ),
            models.CheckConstraint(name="procedureversion_clock", condition=Q(clock_rule__in=["restart", "pause"])),
            models.CheckConstraint(
                name="procedureversion_online", condition=Q(online_level__in=["full", "partial", "none"])
            ),
            models.CheckConstraint(
                name="procedureversion_source", condition=Q(source__in=["national", "designed", "list"])
            ),
            # What can be filed has a process and a form; what is only listed has neither.
            models.CheckConstraint(
                name="procedureversion_fileable",
                condition=Q(process_version__isnull=False, form_schema__isnull=False)
                | Q(process_version__isnull=True, form_schema__isnull=True),
            ),
        ]


class PackageFile(models.Model):
    """One file of the package that a version was published from, byte for byte: for comparing and rolling back."""

    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="package_files")
    path = models.CharField(max_length=120)
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="packagefile_path", fields=["version", "path"]),
            models.CheckConstraint(name="packagefile_path_pattern", condition=Q(path__regex=PACKAGE_PATH_PATTERN)),
        ]


class SourceRecord(models.Model):
    """What a source gave, byte for byte, so that nothing of it is ever lost.

    `version` null: the record came while a designed version was in force and did not replace it.
    """

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="source_records")
    version = models.OneToOneField(ProcedureVersion, on_delete=models.PROTECT, related_name="source_record", null=True)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="sourcerecord_kind", condition=Q(kind__in=["national", "designed", "list"])),
            models.CheckConstraint(name="sourcerecord_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
        ]


class SearchEntry(models.Model):
    """A slim row for each version: a search reads this table only."""

    version = models.OneToOneField(ProcedureVersion, on_delete=models.PROTECT, related_name="search_entry")
    uuid = models.UUIDField()
    code = models.CharField(max_length=32)
    name = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    field = models.TextField(blank=True)
    levels = ArrayField(models.CharField(max_length=12), default=list)
    audiences = ArrayField(models.CharField(max_length=12), default=list)
    life_events = ArrayField(models.CharField(max_length=60), default=list)
    online_level = models.CharField(max_length=8)
    term_text = models.TextField()
    source = models.CharField(max_length=10)
    is_fileable = models.BooleanField()
    rank = models.PositiveSmallIntegerField()  # lower first among equals: designed, national, list
    name_folded = models.TextField()
    name_sort_key = models.TextField()
    more_folded = models.TextField(blank=True)  # aliases, life-event words
    field_folded = models.TextField(blank=True)
    document = models.GeneratedField(
        expression=SearchVector("name_folded", config="simple", weight="A")
        + SearchVector("more_folded", config="simple", weight="B")
        + SearchVector("field_folded", config="simple", weight="C"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            GinIndex(
                name="searchentry_document", fields=["document"], fastupdate=False
            ),  # read often, written by import
            models.Index(name="searchentry_name", fields=["name_folded"], opclasses=["text_pattern_ops"]),
            models.Index(name="searchentry_code", fields=["code"]),
            models.Index(name="searchentry_field", fields=["field", "name_sort_key"]),
        ]


class SearchWord(models.Model):
    """A word of the catalogue and in how many versions it stands: what a typing slip is mended by."""

    word = models.TextField(primary_key=True)
    frequency = models.PositiveIntegerField()


class SearchMiss(models.Model):
    """A folded text that found nothing, counted; who searched is not recorded."""

    term_folded = models.CharField(max_length=100, unique=True)
    count = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="searchmiss_count", condition=Q(count__gte=1))]
