"""Tables of the designer: drafts, their files, every save, comments, requests for approval."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from motcua.designer.types.drafts import DRAFT_STATES, FILE_NAME_PATTERN, SUBMISSION_STATES

SLUG_PATTERN = r"^[a-z0-9][a-z0-9-]{1,78}[a-z0-9]$"
SHA256_PATTERN = r"^[0-9a-f]{64}$"


class Draft(models.Model):
    """A procedure's package while it is being worked on. `revision` grows with every change of any file."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.CharField(max_length=80)
    procedure_code = models.CharField(max_length=32, blank=True)
    title = models.CharField(max_length=1000)
    title_folded = models.TextField()
    origin = models.CharField(max_length=12)  # in_force | old_version | standard | import
    origin_note = models.CharField(max_length=300, blank=True)
    base_version_id = models.BigIntegerField(null=True)  # procedures.ProcedureVersion; a plain id: versions never go
    agency = models.ForeignKey("places.Agency", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="open")
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()
    published_version_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(name="designer_draft_list", fields=["agency", "state", "-updated_at"])]
        constraints = [
            models.CheckConstraint(name="designer_draft_slug", condition=Q(slug__regex=SLUG_PATTERN)),
            models.CheckConstraint(name="designer_draft_state", condition=Q(state__in=DRAFT_STATES)),
            models.CheckConstraint(name="designer_draft_revision", condition=Q(revision__gte=1)),
            models.CheckConstraint(
                name="designer_draft_published_version",
                condition=Q(state="published", published_version_id__isnull=False)
                | (~Q(state="published") & Q(published_version_id__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug} r{self.revision}"


class DraftFile(models.Model):
    """A file of a draft as it stands now. Its own revision lets two people work on two files at once."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    name = models.CharField(max_length=120)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="designer_file_once", fields=["draft", "name"]),
            models.CheckConstraint(name="designer_file_name", condition=Q(name__regex=FILE_NAME_PATTERN)),
            models.CheckConstraint(name="designer_file_sha256", condition=Q(sha256__regex=SHA256_PATTERN)),
        ]

    def __str__(self) -> str:
        return f"{self.name} r{self.revision}"


class DraftSave(models.Model):
    """One save of one file, kept for going back. `kind` aside: a second tab's text, not taken and not lost."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="saves")
    name = models.CharField(max_length=120)
    revision = models.PositiveIntegerField()
    kind = models.CharField(max_length=8)  # saved | aside | removed | opened | restored
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="designer_save_history", fields=["draft", "-id"])]
        constraints = [
            models.CheckConstraint(
                name="designer_save_kind", condition=Q(kind__in=["opened", "saved", "aside", "removed", "restored"])
            ),
        ]


class Comment(models.Model):
    """A remark on one element of one file. Resolved, it stays readable."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="comments")
    file = models.CharField(max_length=120)
    element_id = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="designer_comment_draft", fields=["draft", "-id"])]
        constraints = [
            models.CheckConstraint(name="designer_comment_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="designer_comment_resolved",
                condition=Q(resolved_by__isnull=True, resolved_at__isnull=True)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
            ),
        ]


class Submission(models.Model):
    """A request that a second person approve exactly these files: `files_hash` says which. An edit voids it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="submissions")
    state = models.CharField(max_length=10, default="waiting")
    files_hash = models.CharField(max_length=64)
    draft_revision = models.PositiveIntegerField()
    note = models.TextField(blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    last_editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    decision_no = models.CharField(max_length=60, blank=True)
    decision_on = models.DateField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(name="designer_submission_waiting", fields=["state", "-submitted_at"])]
        constraints = [
            models.CheckConstraint(name="designer_submission_state", condition=Q(state__in=SUBMISSION_STATES)),
            models.CheckConstraint(name="designer_submission_hash", condition=Q(files_hash__regex=SHA256_PATTERN)),
            models.UniqueConstraint(
                name="designer_submission_one_waiting", fields=["draft"], condition=Q(state="waiting")
            ),
            # The second person: neither who asked for approval nor who edited last.
            models.CheckConstraint(
                name="designer_submission_second_person",
                condition=Q(decided_by__isnull=True)
                | (~Q(decided_by=F("submitted_by")) & ~Q(decided_by=F("last_editor"))),
            ),
            models.CheckConstraint(
                name="designer_submission_decision",
                condition=(
                    Q(state="published", decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decision_no="")
                    & Q(decision_on__isnull=False)
                )
                | (Q(state="returned", decided_by__isnull=False, decided_at__isnull=False) & ~Q(reason=""))
                | Q(state__in=["waiting", "voided"], decided_by__isnull=True, decision_no=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.state}"
