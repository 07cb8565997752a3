"""Figures by procedure: a filing of linked procedures is one dossier, and is told as a part of each that it settles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Count

from motcua.dossiers.models import Dossier, LinkedRegistration
from motcua.dossiers.types import FilingCount
from motcua.kernel.clock import HCM
from motcua.procedures.public import get_procedure_versions


def count_filings(*, agency_ids: Sequence[int], first_on: date, last_on: date) -> tuple[FilingCount, ...]:
    """Count the dossiers that these offices received between two days, both included, by procedure: three queries.

    `dossiers` adds up to the number of dossiers; `linked` counts registrations inside dossiers of other procedures and
    is never added to it.
    """
    received = Dossier.objects.filter(
        reception_agency_id__in=agency_ids,
        received_at__gte=datetime.combine(first_on, time.min, tzinfo=HCM),
        received_at__lt=datetime.combine(last_on + timedelta(days=1), time.min, tzinfo=HCM),
    )
    by_version = dict(received.order_by().values_list("procedure_version_id").annotate(size=Count("pk")))
    versions = get_procedure_versions(by_version)
    names: dict[str, str] = {}
    dossiers: dict[str, int] = {}
    linked: dict[str, int] = {}
    for version_id, size in by_version.items():
        version = versions[version_id]
        names[version.code] = version.name
        dossiers[version.code] = dossiers.get(version.code, 0) + size
    rows = LinkedRegistration.objects.filter(dossier__in=received).order_by().values_list("procedure_code", "name")
    for code, name, size in rows.annotate(size=Count("pk")):
        names.setdefault(code, name)
        linked[code] = linked.get(code, 0) + size
    return tuple(
        FilingCount(code=code, name=names[code], dossiers=dossiers.get(code, 0), linked=linked.get(code, 0))
        for code in sorted(names, key=lambda each: (-dossiers.get(each, 0), each))
    )
