"""Tables of the vault. What a paper says of a person (title, name, content) is sealed under that person's key."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from motcua.vault.types import ORIGINS, Recipient

_SHA256 = r"^[0-9a-f]{64}$"


class Vault(models.Model):
    """The store of one person or firm."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner_kind = models.CharField(max_length=12)
    owner_id = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_kind", "owner_id"], name="vault_one_for_each_owner"),
            models.CheckConstraint(condition=Q(owner_kind__in=["person", "organisation"]), name="vault_owner_known"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class DataKey(models.Model):
    """The key of one person, enciphered by the keeper's; destroyed means that no bytes of it are left here."""

    vault = models.ForeignKey(Vault, models.PROTECT, related_name="+")
    generation = models.PositiveIntegerField()
    kek_id = models.CharField(max_length=80)
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vault", "generation"], name="data_key_generation_once"),
            models.UniqueConstraint(
                fields=["vault"], condition=Q(destroyed_at__isnull=True), name="data_key_one_alive"
            ),
            models.CheckConstraint(
                condition=Q(destroyed_at__isnull=True, wrapped__isnull=False)
                | Q(destroyed_at__isnull=False, wrapped__isnull=True),
                name="data_key_destroyed_is_gone",
            ),
        ]
        indexes = [models.Index(fields=["kek_id"], name="data_key_by_kek", condition=Q(destroyed_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.vault_id}/{self.generation}"


class Paper(models.Model):
    """One paper. `sealed` holds title, name and hash; `wrapped_key` opens the stored file; both go at its deletion."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vault = models.ForeignKey(Vault, models.PROTECT, related_name="+")
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=80)
    origin = models.CharField(max_length=16)
    origin_ref = models.CharField(max_length=160)
    issued_on = models.DateField()
    valid_to = models.DateField(null=True)
    sealed = models.BinaryField(null=True)
    wrapped_key = models.BinaryField(null=True)
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")  # the ciphertext
    size_bytes = models.PositiveBigIntegerField()
    deposited_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vault", "origin_ref"], name="vault_paper_deposited_once"),
            models.CheckConstraint(condition=Q(origin__in=ORIGINS), name="vault_paper_origin_known"),
            models.CheckConstraint(condition=~Q(kind="") & ~Q(origin_ref=""), name="vault_paper_named"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("issued_on")), name="vault_paper_valid_later"
            ),
            models.CheckConstraint(
                condition=Q(destroyed_at__isnull=True, sealed__isnull=False, wrapped_key__isnull=False)
                | Q(destroyed_at__isnull=False, sealed__isnull=True, wrapped_key__isnull=True),
                name="vault_paper_destroyed_is_gone",
            ),
        ]
        indexes = [models.Index(fields=["vault", "-issued_on", "-id"], name="vault_paper_newest")]

    def __str__(self) -> str:
        return str(self.uuid)


class Share(models.Model):
    """A paper lent by link. The link's secret and the code are not kept, only what proves them."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, blank=True)
    recipient_kind = models.CharField(max_length=8)
    recipient_name = models.CharField(max_length=200)
    recipient_agency = models.ForeignKey("places.Agency", models.PROTECT, related_name="+", null=True)
    recipient_hash = models.CharField(max_length=64, blank=True)  # of the personal number of who must sign in
    purpose = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=64)
    ends_at = models.DateTimeField()
    max_openings = models.PositiveIntegerField()
    openings = models.PositiveIntegerField(default=0)
    wrong_codes = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True)
    locked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(token_hash__regex=_SHA256), name="share_token_hash_shape"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("created_at")), name="share_ends_later"),
            models.CheckConstraint(
                condition=Q(max_openings__gte=1, openings__lte=F("max_openings")), name="share_within_its_limit"
            ),
            models.CheckConstraint(condition=~Q(purpose=""), name="share_has_purpose"),
            models.CheckConstraint(
                condition=Q(recipient_kind=Recipient.OFFICE, recipient_agency__isnull=False, code_hash="")
                | Q(recipient_kind=Recipient.PERSON, recipient_hash__regex=_SHA256, code_hash="")
                | Q(recipient_kind=Recipient.CODE, code_hash__regex=_SHA256),
                name="share_recipient_is_proved",
            ),
        ]
        indexes = [models.Index(fields=["paper", "-id"], name="share_of_paper")]

    def __str__(self) -> str:
        return str(self.uuid)


class ShareOpening(models.Model):
    """One try to open a shared paper: who, when, what for, and whether it opened; append-only (trigger)."""

    share = models.ForeignKey(Share, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    who = models.CharField(max_length=300)
    purpose = models.CharField(max_length=300)
    outcome = models.CharField(max_length=12)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["opened", "wrong_code", "not_for_you", "too_late"]),
                name="share_opening_outcome_known",
            )
        ]
        indexes = [models.Index(fields=["share", "-id"], name="share_opening_newest")]

    def __str__(self) -> str:
        return f"{self.share_id} {self.outcome}"


class Deletion(models.Model):
    """A deletion: asked for, undone or carried out after the days of grace; its record is signed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vault = models.ForeignKey(Vault, models.PROTECT, related_name="+")
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", null=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=64)
    execute_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    executed_at = models.DateTimeField(null=True)
    record = models.JSONField(default=dict)
    signature = models.TextField(blank=True, default="")
    signer_code = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(execute_at__gt=F("asked_at")), name="deletion_has_grace"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(executed_at__isnull=True), name="deletion_undone_or_executed"
            ),
            models.CheckConstraint(
                condition=Q(executed_at__isnull=True) | (Q(executed_at__gte=F("execute_at")) & ~Q(record={})),
                name="deletion_executed_with_record",
            ),
            models.UniqueConstraint(
                fields=["paper"],
                condition=Q(undone_at__isnull=True, executed_at__isnull=True, paper__isnull=False),
                name="deletion_of_paper_one_waiting",
            ),
            models.UniqueConstraint(
                fields=["vault"],
                condition=Q(undone_at__isnull=True, executed_at__isnull=True, paper__isnull=True),
                name="deletion_of_vault_one_waiting",
            ),
        ]
        indexes = [
            models.Index(
                fields=["execute_at"],
                name="deletion_due",
                condition=Q(undone_at__isnull=True, executed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return str(self.uuid)
