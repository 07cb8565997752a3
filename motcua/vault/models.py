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


class PaperTail(models.Model):
    """What a signed paper got behind it later (validation data, archive time-stamps), sealed with the paper's key."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")  # the ciphertext
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "position"], name="vault_tail_in_order")]

    def __str__(self) -> str:
        return f"{self.paper_id}/{self.position}"


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


class CertificationBook(models.Model):
    """The book of certified copies of one agency and year (sổ chứng thực); its last number, taken under a lock."""

    agency = models.ForeignKey("places.Agency", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last_no = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "year"], name="certification_book_one_a_year"),
            models.CheckConstraint(condition=Q(year__gte=2025, year__lte=2999), name="certification_book_year_sane"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}/{self.year}"


class CertifiedCopy(models.Model):
    """One line of the book: what was shown, who checked it, who certified it. A number once taken stays in the book."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey("places.Agency", models.PROTECT, related_name="+")
    book = models.ForeignKey(CertificationBook, models.PROTECT, related_name="+", null=True)
    no = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=12)
    owner_kind = models.CharField(max_length=12)
    owner_id = models.BigIntegerField()
    requester_name = models.CharField(max_length=300)
    what = models.CharField(max_length=40)  # diploma, licence, ...: the end of the kind in the vault
    title = models.CharField(max_length=300)
    issuer = models.CharField(max_length=300)
    original_no = models.CharField(max_length=120, blank=True)
    original_issued_on = models.DateField(null=True)
    scan_file_ids = models.JSONField(default=list)
    checks = models.JSONField(default=list)
    received_by = models.CharField(max_length=64)
    received_by_name = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    verification_code = models.CharField(max_length=40, unique=True)
    pages = models.PositiveIntegerField(default=0)
    draft_file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+", null=True)
    draft_sha256 = models.CharField(max_length=64, blank=True)
    drawn_on = models.DateField(null=True)
    approved_by = models.CharField(max_length=64, blank=True)
    approved_by_name = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True)
    approved_sha256 = models.CharField(max_length=64, blank=True)
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+", null=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    certified_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "no"], name="certified_copy_no_once"),
            models.CheckConstraint(
                condition=Q(state__in=["received", "waiting", "approved", "certified", "cancelled"]),
                name="certified_copy_state_known",
            ),
            models.CheckConstraint(
                condition=Q(book__isnull=True, no__isnull=True) | Q(book__isnull=False, no__gte=1),
                name="certified_copy_no_in_a_book",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["received", "cancelled"]) | Q(no__isnull=False, checked_at__isnull=False),
                name="certified_copy_numbered_when_checked",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "certified"])
                | (Q(approved_sha256=F("draft_sha256"), approved_at__isnull=False) & ~Q(approved_sha256="")),
                name="certified_copy_approval_binds_hash",
            ),
            models.CheckConstraint(
                condition=Q(state="certified", file__isnull=False, certified_at__isnull=False, sha256__regex=_SHA256)
                | (~Q(state="certified") & Q(file__isnull=True)),
                name="certified_copy_signed_or_not",
            ),
            models.CheckConstraint(
                condition=(Q(state="cancelled", cancelled_at__isnull=False) & ~Q(cancelled_reason=""))
                | (~Q(state="cancelled") & Q(cancelled_at__isnull=True)),
                name="certified_copy_cancelled_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["agency", "state", "-id"], name="certified_copy_of_office")]

    def __str__(self) -> str:
        return str(self.uuid)
