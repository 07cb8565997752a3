"""What must always hold is held by the database."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from motcua.procedures.models import LifeEvent, PackageFile, Procedure, ProcedureVersion, SearchMiss, SourceRecord
from motcua.procedures.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


def copy_version(**changed: Any) -> ProcedureVersion:
    version = ProcedureVersion.objects.get(procedure__code="1.900001", version_no=1)
    version.pk = None
    version.version_no = 2
    version.valid_from, version.valid_to = TODAY - timedelta(days=10), TODAY
    for name, value in changed.items():
        setattr(version, name, value)
    return version


def test_a_version_before_it_is_allowed(small_catalogue: Path) -> None:
    copy_version().save()
    assert ProcedureVersion.objects.filter(procedure__code="1.900001").count() == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"version_no": 1},
        {"valid_to": TODAY + timedelta(days=1)},
        {"valid_to": None},
        {"valid_to": TODAY - timedelta(days=11)},
        {"term_amount": 0},
        {"term_unit": "fortnight"},
        {"clock_rule": "stop"},
        {"online_level": "half"},
        {"source": "hearsay"},
        {"form_schema": None},
        {"process_version_id": None},
    ],
)
def test_a_wrong_version_is_refused(small_catalogue: Path, changed: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_version(**changed).save()


def test_a_package_file_stands_once_under_a_plain_path(small_catalogue: Path) -> None:
    version = ProcedureVersion.objects.get(procedure__code="1.900001")
    PackageFile.objects.create(version=version, path="decisions/fee.dmn", content=b"x")
    for path in ("decisions/fee.dmn", "../x", "a/b/c", "", "/etc/passwd"):
        with pytest.raises(IntegrityError), transaction.atomic():
            PackageFile.objects.create(version=version, path=path, content=b"x")


def test_codes_are_unique_and_of_a_pattern() -> None:
    Procedure.objects.create(code="1.000001")
    for code in ("1.000001", "x y", "", "a"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Procedure.objects.create(code=code)


def test_sources_are_of_a_known_kind_with_a_hash() -> None:
    procedure = Procedure.objects.create(code="1.000001")
    good = {"procedure": procedure, "kind": "list", "name": "a", "content": b"", "sha256": "0" * 64, "imported_at": NOW}
    SourceRecord.objects.create(**good)
    for changed in ({"kind": "rumour"}, {"sha256": "xyz"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SourceRecord.objects.create(**good | changed)


def test_events_and_misses_are_unique() -> None:
    LifeEvent.objects.create(code="a", name="A", description="", audience="citizen", position=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        LifeEvent.objects.create(code="a", name="B", description="", audience="citizen", position=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        SearchMiss.objects.create(term_folded="a", count=0, last_at=NOW)


def test_an_empty_period_overlaps_nothing(small_catalogue: Path) -> None:
    copy_version(valid_from=date(2026, 1, 1), valid_to=date(2026, 1, 1)).save()
    copy_version(valid_from=date(2026, 1, 1), valid_to=date(2026, 2, 1), version_no=3).save()
