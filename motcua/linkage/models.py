"""Tables of linkage: runs, pairs with their scores, what people said of them, who stands for whom."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q


class LinkRun(models.Model):
    """One linkage of registers: with which model, what came of it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registers = models.JSONField()
    engine = models.CharField(max_length=20)
    model_sha256 = models.CharField(max_length=64)
    report = models.JSONField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    actor = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(finished_at__gte=F("started_at")), name="link_run_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"{self.registers} {self.started_at:%Y-%m-%d}"


class LinkPair(models.Model):
    """Two records that may be one person: the score, why, and where it stands. One row for two records, for ever."""

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ người xem"
        UNSURE = "unsure", "Chưa rõ"
        LINKED = "linked", "Cùng một người"
        DIFFERENT = "different", "Không phải một người"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    run = models.ForeignKey(LinkRun, models.PROTECT, related_name="+", db_index=False)
    left_register = models.CharField(max_length=60)
    left_uuid = models.UUIDField()
    right_register = models.CharField(max_length=60)
    right_uuid = models.UUIDField(db_index=True)
    weight = models.FloatField()
    levels = models.JSONField()  # comparison → level: what explains the score
    is_sure = models.BooleanField(default=False)  # the machine may link it by itself
    is_cut_bridge = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left_uuid", "right_uuid"], name="link_pair_once"),
            models.CheckConstraint(condition=Q(left_uuid__lt=F("right_uuid")), name="link_pair_in_order"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "unsure", "linked", "different"]), name="link_pair_state_known"
            ),
        ]
        indexes = [models.Index(fields=["state", "-weight", "id"], name="link_pair_queue")]

    def __str__(self) -> str:
        return f"{self.left_uuid} {self.right_uuid} {self.weight:.1f}"


class Verdict(models.Model):
    """What one steward said of a pair, or undid; never changed (trigger)."""

    class Said(models.TextChoices):
        SAME = "same", "Cùng một người"
        DIFFERENT = "different", "Không phải một người"
        UNSURE = "unsure", "Chưa rõ"
        UNLINK = "unlink", "Tách ra"

    pair = models.ForeignKey(LinkPair, models.PROTECT, related_name="+")
    said = models.CharField(max_length=10, choices=Said.choices)
    reason = models.CharField(max_length=500, blank=True)
    actor = models.CharField(max_length=120)
    actor_name = models.CharField(max_length=200)
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(said__in=["same", "different", "unsure", "unlink"]), name="link_verdict_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pair_id} {self.said}"


class Standing(models.Model):
    """A record that stands under another of its register because of links, and the merge that can be undone."""

    record_uuid = models.UUIDField(unique=True)
    kept_uuid = models.UUIDField(db_index=True)
    merge_uuid = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(record_uuid=F("kept_uuid")), name="link_standing_under_another")
        ]

    def __str__(self) -> str:
        return f"{self.record_uuid} -> {self.kept_uuid}"
