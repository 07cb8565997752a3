"""Tables of who: accounts, people, organisations, roles at an agency, delegations.

Dates are half-open: valid from `valid_from` up to, not including, `valid_to`; no `valid_to` means until further notice.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from motcua.identity.types import ConsentAct, DelegationGround, DelegationScope, Identity, Role, Sex, UserKind


class DateRange(Func):
    """PostgreSQL's half-open daterange of two date columns."""

    function = "daterange"
    output_field = DateRangeField()


def _period() -> tuple[DateRange, str]:
    return DateRange("valid_from", "valid_to", Value("[)")), RangeOperators.OVERLAPS


def _choices(field: str, values: type[Role] | type[UserKind] | type[DelegationGround] | type[DelegationScope]) -> Q:
    return Q(**{f"{field}__in": [str(value) for value in values]})


def _ends_after_start() -> Q:
    return Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))


class UserManager(DjangoUserManager["User"]):
    """Look-up by user name, as Django's sign-in backend asks for it; accounts are made by actions only."""


class User(AbstractBaseUser):
    """An account that can sign in. What the account may do is said by RoleGrant, never by a flag here."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    username = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10)
    full_name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    identity: Identity  # attached by queries.backend to the account of a session

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(name="identity_user_kind_known", condition=_choices("kind", UserKind)),
            models.CheckConstraint(name="identity_user_username_given", condition=~Q(username="")),
        ]

    def __str__(self) -> str:
        return self.username


class Person(models.Model):
    """A human being the city deals with; may have no account (a child, a paper applicant at the counter)."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    personal_id = models.CharField(max_length=12, unique=True, null=True, blank=True)
    full_name = models.CharField(max_length=150)
    name_folded = models.CharField(max_length=150)
    sort_key = models.CharField(max_length=600)
    birth_on = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=6, blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    address = models.CharField(max_length=300, blank=True, default="")
    area_code = models.CharField(max_length=5, blank=True, default="")
    user = models.OneToOneField("identity.User", null=True, blank=True, on_delete=models.PROTECT, related_name="person")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name_folded"], name="identity_person_name")]
        constraints = [
            models.CheckConstraint(
                name="identity_person_personal_id_format",
                condition=Q(personal_id__isnull=True) | Q(personal_id__regex=r"^[0-9]{12}$"),
            ),
            models.CheckConstraint(name="identity_person_name_given", condition=~Q(full_name="")),
            models.CheckConstraint(name="identity_person_sex_known", condition=Q(sex__in=["", *map(str, Sex)])),
            models.CheckConstraint(
                name="identity_person_area_code_format", condition=Q(area_code__regex=r"^([0-9]{5})?$")
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Organisation(models.Model):
    """A firm, household business or other body with a tax code (= enterprise code)."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    tax_code = models.CharField(max_length=14, unique=True)
    name = models.CharField(max_length=300)
    name_folded = models.CharField(max_length=300)
    address = models.CharField(max_length=300, blank=True, default="")
    area_code = models.CharField(max_length=5, blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    legal_representative = models.ForeignKey(
        "identity.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="identity_organisation_tax_code_format",
                condition=Q(tax_code__regex=r"^([0-9]{10}(-[0-9]{3})?|[0-9]{12})$"),
            ),
            models.CheckConstraint(name="identity_organisation_name_given", condition=~Q(name="")),
            models.CheckConstraint(
                name="identity_organisation_area_code_format", condition=Q(area_code__regex=r"^([0-9]{5})?$")
            ),
        ]

    def __str__(self) -> str:
        return self.tax_code


class RoleGrant(models.Model):
    """An official holds a role at one agency between two dates."""

    user = models.ForeignKey("identity.User", on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=20)
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["agency", "role"], name="identity_grant_agency_role")]
        constraints = [
            models.CheckConstraint(name="identity_grant_role_known", condition=_choices("role", Role)),
            models.CheckConstraint(name="identity_grant_dates_in_order", condition=_ends_after_start()),
            ExclusionConstraint(
                name="identity_grant_no_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("agency", RangeOperators.EQUAL),
                    _period(),
                ],
            ),
        ]


class Delegation(models.Model):
    """One person acts for another person or for an organisation, on a stated ground, between two dates."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    grantor_person = models.ForeignKey(
        "identity.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    grantor_organisation = models.ForeignKey(
        "identity.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    delegate = models.ForeignKey("identity.Person", on_delete=models.PROTECT, related_name="delegations")
    scope = models.CharField(max_length=20)
    ground = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="identity_delegation_one_grantor",
                condition=Q(grantor_person__isnull=False, grantor_organisation__isnull=True)
                | Q(grantor_person__isnull=True, grantor_organisation__isnull=False),
            ),
            models.CheckConstraint(
                name="identity_delegation_not_to_oneself",
                condition=Q(grantor_person__isnull=True) | ~Q(grantor_person=F("delegate")),
            ),
            models.CheckConstraint(
                name="identity_delegation_scope_known", condition=_choices("scope", DelegationScope)
            ),
            models.CheckConstraint(
                name="identity_delegation_ground_known", condition=_choices("ground", DelegationGround)
            ),
            models.CheckConstraint(name="identity_delegation_dates_in_order", condition=_ends_after_start()),
            ExclusionConstraint(
                name="identity_delegation_person_no_overlap",
                expressions=[
                    ("grantor_person", RangeOperators.EQUAL),
                    ("delegate", RangeOperators.EQUAL),
                    ("scope", RangeOperators.EQUAL),
                    _period(),
                ],
                condition=Q(revoked_at__isnull=True, grantor_person__isnull=False),
            ),
            ExclusionConstraint(
                name="identity_delegation_organisation_no_overlap",
                expressions=[
                    ("grantor_organisation", RangeOperators.EQUAL),
                    ("delegate", RangeOperators.EQUAL),
                    ("scope", RangeOperators.EQUAL),
                    _period(),
                ],
                condition=Q(revoked_at__isnull=True, grantor_organisation__isnull=False),
            ),
        ]


class Consent(models.Model):
    """One act of consent to one purpose: given or withdrawn. Never changed, never deleted (trigger).

    What counts at a moment is the last act before it, if it was given to the text that was in force.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    person = models.ForeignKey("identity.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    purpose = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    text_sha256 = models.CharField(max_length=64)  # of exactly what was shown
    act = models.CharField(max_length=10)
    number = models.PositiveIntegerField()  # 1, 2, 3 … for this person and purpose: two hands cannot both be next
    at = models.DateTimeField()
    by_user = models.ForeignKey("identity.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="identity_consent_act_known", condition=Q(act__in=[str(act) for act in ConsentAct])
            ),
            models.CheckConstraint(name="identity_consent_purpose_given", condition=~Q(purpose="")),
            models.CheckConstraint(name="identity_consent_version_from_one", condition=Q(version__gte=1)),
            models.CheckConstraint(
                name="identity_consent_hash_shape", condition=Q(text_sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.UniqueConstraint(name="identity_consent_one_after_another", fields=["person", "purpose", "number"]),
            models.CheckConstraint(
                name="identity_consent_begins_given", condition=Q(number__gt=1) | Q(number=1, act=str(ConsentAct.GIVEN))
            ),
        ]
        indexes = [models.Index(name="identity_consent_newest", fields=["person", "purpose", "-at"])]

    def __str__(self) -> str:
        return f"{self.act} {self.purpose} {self.number}"
