"""Tables of the exchange: who takes part, what is offered, who may ask for it, what was said."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Subsystem(models.Model):
    """One system of one member: what calls and what is called. The code may be empty: the member itself."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    instance = models.CharField(max_length=20)
    member_class = models.CharField(max_length=20)
    member_code = models.CharField(max_length=60)
    subsystem_code = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=300)
    agency_code = models.CharField(max_length=80, blank=True)  # when the member is one of the city's agencies
    addresses = ArrayField(models.CharField(max_length=60), default=list)  # networks that may call without a signature
    may_describe = models.BooleanField(default=False)  # may describe registers of its own by the Database API
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["instance", "member_class", "member_code", "subsystem_code"], name="subsystem_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.instance}/{self.member_class}/{self.member_code}/{self.subsystem_code}"


class Epoch(models.Model):
    """One row: a number that triggers change with who takes part, their keys, services and grants."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    number = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.number)


class SubsystemKey(models.Model):
    """A key that signs a subsystem's requests, or its connections' certificate; several at a time while changing."""

    subsystem = models.ForeignKey(Subsystem, models.PROTECT, related_name="+")
    key_id = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=12)  # signature | certificate
    public_pem = models.TextField()
    sha256 = models.CharField(max_length=64, db_index=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["signature", "certificate"]), name="subsystemkey_kind_known"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="subsystemkey_valid_some_time",
            ),
        ]

    def __str__(self) -> str:
        return self.key_id


class UsedNonce(models.Model):
    """A signed request that was taken: the same one again is refused, until it would be too old anyway."""

    key = models.ForeignKey(SubsystemKey, models.CASCADE, related_name="+", db_index=False)
    nonce = models.CharField(max_length=128)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "nonce"], name="usednonce_once")]

    def __str__(self) -> str:
        return self.nonce


class Service(models.Model):
    """What a subsystem offers: a register of ours, or an agency's own HTTP service behind the gateway."""

    subsystem = models.ForeignKey(Subsystem, models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=300)
    version = models.CharField(max_length=20, default="1")
    register = models.CharField(max_length=60, blank=True)
    base_url = models.URLField(max_length=500, blank=True)
    endpoints = models.JSONField()  # [{"method", "path"}]
    openapi = models.JSONField()
    timeout_seconds = models.FloatField(default=10.0)
    cache_seconds = models.PositiveIntegerField(default=0)
    max_bytes = models.PositiveIntegerField(default=1_000_000)
    is_active = models.BooleanField(default=True)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subsystem", "code"], name="service_once"),
            models.CheckConstraint(
                condition=(Q(kind="register", base_url="") & ~Q(register=""))
                | (Q(kind="http", register="") & ~Q(base_url="")),
                name="service_has_its_source",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Database(models.Model):
    """A register that its owner described by the GovStack Database API, in the words in which it was sent."""

    number = models.BigIntegerField(unique=True)  # the id by which the interface names it
    subsystem = models.ForeignKey(Subsystem, models.PROTECT, related_name="+")  # whose it is
    code = models.CharField(max_length=60, unique=True)
    group_name = models.CharField(max_length=200, blank=True)
    catalog_name = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    sent_schema = models.JSONField()
    steps = models.JSONField(default=list)  # how a record of an earlier version becomes one of this
    last_index = models.BigIntegerField(default=0)  # of the numbers that its schema gives out
    modified_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(version__gte=1), name="database_version_from_one")]

    def __str__(self) -> str:
        return self.code


class Grant(models.Model):
    """Who may call what, what for, on which ground, which fields. Without the owner's approval it is a wish."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consumer = models.ForeignKey(Subsystem, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=300)
    legal_ground = models.CharField(max_length=300)
    endpoints = models.JSONField()
    fields = ArrayField(models.CharField(max_length=120), default=list)
    consent_purpose = models.CharField(max_length=60, blank=True)  # the ground is the person's consent to this purpose
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    rate_per_minute = models.PositiveIntegerField(default=600)
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    approved_by = models.CharField(max_length=120, blank=True)
    approved_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(purpose="") & ~Q(legal_ground=""), name="grant_has_purpose_and_ground"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="grant_valid_some_time"
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by="")
                | (Q(approved_at__isnull=False) & ~Q(approved_by="")),
                name="grant_approved_by_somebody",
            ),
            models.CheckConstraint(condition=Q(rate_per_minute__gte=1), name="grant_rate_above_zero"),
        ]
        indexes = [models.Index(fields=["consumer", "service"], name="grant_by_pair")]

    def __str__(self) -> str:
        return str(self.uuid)


class GrantUse(models.Model):
    """How often a grant was used in one minute: a counter, not a count."""

    grant = models.ForeignKey(Grant, models.CASCADE, related_name="+", db_index=False)
    minute = models.DateTimeField()
    calls = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["grant", "minute"], name="grantuse_once_a_minute")]

    def __str__(self) -> str:
        return f"{self.grant_id} {self.minute:%H:%M}"


class Message(models.Model):
    """One call as it is kept: hashes and who asked what for, never the content. The sequencer links it later."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField()
    message_id = models.CharField(max_length=128)
    client = models.CharField(max_length=200)
    service = models.CharField(max_length=260)
    purpose = models.CharField(max_length=300, blank=True)
    legal_ground = models.CharField(max_length=300, blank=True)
    user_id = models.CharField(max_length=200, blank=True)
    issue = models.CharField(max_length=200, blank=True)
    status = models.PositiveSmallIntegerField()
    fault = models.CharField(max_length=120, blank=True)
    request_sha512 = models.CharField(max_length=128)
    response_sha512 = models.CharField(max_length=128)
    record_uuid = models.UUIDField(null=True, db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["client", "at"], name="message_by_client"),
            models.Index(fields=["service", "at"], name="message_by_service"),
        ]

    def __str__(self) -> str:
        return self.message_id


class MessagePending(models.Model):
    """A message that waits for its place; a trigger puts it here when the message is written."""

    message = models.OneToOneField(Message, models.PROTECT, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return str(self.pk)


class MessageLink(models.Model):
    """The place of a message in the one chain."""

    seq = models.BigIntegerField(primary_key=True)
    message = models.OneToOneField(Message, models.PROTECT, related_name="link")
    previous = models.CharField(max_length=64, unique=True)  # the chain cannot fork
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return str(self.seq)


class MessageBatch(models.Model):
    """A stretch of the chain that was signed and time-stamped together."""

    first_seq = models.BigIntegerField(unique=True)
    last_seq = models.BigIntegerField(unique=True)
    previous = models.CharField(max_length=64, unique=True)  # digest of the last line of the batch before
    digest = models.CharField(max_length=64)  # of the last line
    root = models.CharField(max_length=64)  # of the Merkle tree over the lines' digests
    jws = models.TextField()  # detached, over the statement that names all of the above; certificates inside
    timestamp = models.BinaryField(null=True)  # RFC 3161 token over the signature; none while no service answered
    signed_at = models.DateTimeField()
    stamped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_seq__gte=F("first_seq")), name="messagebatch_not_backwards"),
            models.CheckConstraint(
                condition=Q(timestamp__isnull=True, stamped_at__isnull=True)
                | Q(timestamp__isnull=False, stamped_at__isnull=False),
                name="messagebatch_stamped_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_seq}-{self.last_seq}"
