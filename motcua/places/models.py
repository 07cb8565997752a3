"""Areas and agencies, each with the time in which it exists. Periods are half-open: [valid_from, valid_to)."""

from __future__ import annotations

import uuid
from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q

AREA_CODE_PATTERN = r"^([0-9]{2}|[0-9]{3}|[0-9]{5})$"
# Source: Decision 20/2020/QĐ-TTg, Art. 4; in force 2020-09-15.
AGENCY_CODE_PATTERN = r"^([A-Y][0-9]{2}(\.[0-9A-Z]+)*|Z[0-9]{2}\.[0-9A-Z.]{1,32}|[0-9]{10}(-[0-9]{3})?)$"


class AreaKind(models.TextChoices):
    """The kinds of administrative unit, old and new."""

    WARD = "ward", "Phường"
    COMMUNE = "commune", "Xã"
    TOWNSHIP = "township", "Thị trấn"
    SPECIAL_ZONE = "special_zone", "Đặc khu"
    DISTRICT = "district", "Quận, huyện"
    PROVINCE = "province", "Tỉnh, thành phố"


class AgencyKind(models.TextChoices):
    """The kinds of office that answer residents."""

    PEOPLE_COMMITTEE = "people_committee", "Ủy ban nhân dân"
    POLICE = "police", "Công an"
    DEPARTMENT = "department", "Sở, ban, ngành"
    SERVICE_CENTRE = "service_centre", "Trung tâm phục vụ hành chính công"
    TAX = "tax", "Cơ quan thuế"
    OTHER = "other", "Cơ quan khác"


class AgencyLevel(models.TextChoices):
    """Where the office stands."""

    MINISTRY = "ministry", "Bộ, ngành"
    CITY = "city", "Thành phố"
    COMMUNE = "commune", "Phường, xã, đặc khu"


class _Period(Func):
    function = "daterange"
    output_field = DateRangeField()


def _no_overlap(name: str) -> ExclusionConstraint:
    return ExclusionConstraint(
        name=name,
        expressions=[
            ("code", RangeOperators.EQUAL),
            (_Period(F("valid_from"), F("valid_to")), RangeOperators.OVERLAPS),
        ],
    )


class AreaQuerySet(models.QuerySet["Area"]):
    """Filters that belong to the table of areas."""

    def valid_on(self, on: date) -> AreaQuerySet:
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gt=on))


class Area(models.Model):
    """One administrative unit under one name, kind and parent.

    `valid_from` null: since before our sources begin. `legal_ref`: the act of its last change.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=5)
    name = models.CharField(max_length=120)
    name_folded = models.CharField(max_length=120)
    sort_key = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=AreaKind.choices)
    parent_code = models.CharField(max_length=5, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    legal_ref = models.CharField(max_length=120, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="places_area_code", condition=Q(code__regex=AREA_CODE_PATTERN)),
            models.CheckConstraint(name="places_area_kind", condition=Q(kind__in=AreaKind.values)),
            models.CheckConstraint(
                name="places_area_period",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
            ),
            _no_overlap("places_area_no_overlap"),
            models.UniqueConstraint(name="places_area_code_from", fields=["code", "valid_from"], nulls_distinct=False),
        ]
        indexes = [
            GinIndex(name="places_area_name_trgm", fields=["name_folded"], opclasses=["gin_trgm_ops"]),
            models.Index(name="places_area_parent", fields=["parent_code", "kind"]),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class AreaSuccession(models.Model):
    """One link from a unit to a unit that took it over on a day, whole or in part."""

    class Share(models.TextChoices):
        WHOLE = "whole", "Toàn bộ"
        PART = "part", "Một phần"

    old_code = models.CharField(max_length=5, db_index=True)
    new_code = models.CharField(max_length=5, db_index=True)
    share = models.CharField(max_length=5, choices=Share.choices)
    on = models.DateField()
    legal_ref = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="places_succession_once", fields=["old_code", "new_code", "on"]),
            models.CheckConstraint(
                name="places_succession_codes",
                condition=Q(old_code__regex=AREA_CODE_PATTERN) & Q(new_code__regex=AREA_CODE_PATTERN),
            ),
            models.CheckConstraint(name="places_succession_share", condition=Q(share__in=["whole", "part"])),
        ]

    def __str__(self) -> str:
        return f"{self.old_code} → {self.new_code}"


class AgencyQuerySet(models.QuerySet["Agency"]):
    """Filters that belong to the table of agencies."""

    def valid_on(self, on: date) -> AgencyQuerySet:
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)


class Agency(models.Model):
    """One office of the State under its identification code, with its time and its successor."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=35)
    name = models.CharField(max_length=200)
    name_folded = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=300)
    short_name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=AgencyKind.choices)
    level = models.CharField(max_length=10, choices=AgencyLevel.choices)
    area_code = models.CharField(max_length=5, db_index=True)
    parent = models.ForeignKey("places.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("places.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=250, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    calendar_code = models.CharField(max_length=40, default="hcm")

    objects = AgencyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="places_agency_code", fields=["code"]),
            models.CheckConstraint(name="places_agency_code_form", condition=Q(code__regex=AGENCY_CODE_PATTERN)),
            models.CheckConstraint(name="places_agency_area", condition=Q(area_code__regex=AREA_CODE_PATTERN)),
            models.CheckConstraint(name="places_agency_kind", condition=Q(kind__in=AgencyKind.values)),
            models.CheckConstraint(name="places_agency_level", condition=Q(level__in=AgencyLevel.values)),
            models.CheckConstraint(
                name="places_agency_period", condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from"))
            ),
            models.CheckConstraint(
                name="places_agency_successor",
                condition=Q(successor=None) | (Q(valid_to__isnull=False) & ~Q(successor=F("id"))),
            ),
        ]
        indexes = [models.Index(name="places_agency_finder", fields=["area_code", "kind"])]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class AgencyFormerName(models.Model):
    """A name that an office bore until a day; papers of that time bear it still."""

    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=120)
    until = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="places_former_name_day", fields=["agency", "until"]),
            models.CheckConstraint(name="places_former_name_said", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.until})"
