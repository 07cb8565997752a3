"""Run the quality rules: nightly over every register, and over each batch of a file once it is loaded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from motcua.kernel.clock import local_date
from motcua.registers.models import LoadRun, QualityFigure, RecordVersion
from motcua.registers.queries.registers import bring_up, get_check, get_quality_rules, get_register, list_registers
from motcua.registers.rules.quality import QualityCheck, Tally
from motcua.registers.types import RegisterInfo

CHUNK = 2_000


def measure_register(code: str, *, now: datetime) -> int:
    """Measure all that is true and known now, by who sent it; return how many records. Twice a day: the last counts.

    Raises: RegisterNotFound.
    """
    info = get_register(code)
    rows = RecordVersion.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=now), valid_from__lte=now, known_to__isnull=True,
        record__register=info.id, record__merged_into__isnull=True,
    )  # fmt: skip
    tallies = _measure(info, rows)
    with transaction.atomic():
        _replace(info, tallies, local_date(now))
    return sum(tally.checked for tally in tallies.values())


def measure_all(*, now: datetime) -> dict[str, int]:
    """Measure every register that was not measured today; return how many records each has."""
    done = set(
        QualityFigure.objects.filter(measured_on=local_date(now), run__isnull=True).values_list(
            "register_id", flat=True
        )
    )
    return {info.code: measure_register(info.code, now=now) for info in list_registers() if info.id not in done}


def measure_batch(run_uuid: UUID, *, first_id: int, last_id: int, now: datetime) -> None:
    """Add a loaded batch to the figures of its load. Called once for each batch: its event is handled once."""
    run = LoadRun.objects.select_related("register").get(uuid=run_uuid)
    info = get_register(run.register.code)
    rows = RecordVersion.objects.filter(
        pk__gte=first_id, pk__lte=last_id, record__register=info.id, source=run.source, actor="load"
    )
    tallies = _measure(info, rows)
    for tally in tallies.values():
        for (rule, field), failed in tally.failed.items():
            figure, is_new = QualityFigure.objects.get_or_create(
                run=run, rule=rule,
                defaults={"register_id": info.id, "field": field, "source": run.source, "measured_on": local_date(now),
                          "checked": tally.checked, "failed": failed},
            )  # fmt: skip
            if not is_new:
                QualityFigure.objects.filter(pk=figure.pk).update(
                    checked=F("checked") + tally.checked, failed=F("failed") + failed
                )
    LoadRun.objects.filter(pk=run.pk).update(measured_at=now)


def _measure(info: RegisterInfo, rows: QuerySet[RecordVersion]) -> dict[str, Tally]:
    asked = QualityCheck(get_quality_rules(info), info.fields, get_check(info))
    tallies: dict[str, Tally] = {}
    values = rows.order_by("pk").values_list("data", "schema_version", "source")
    for data, version, source in values.iterator(chunk_size=CHUNK):
        asked.measure(tallies, source, bring_up(info, data, written_in=version))
    return tallies


def _replace(info: RegisterInfo, tallies: dict[str, Tally], on: date) -> None:
    QualityFigure.objects.filter(register=info.id, measured_on=on, run__isnull=True).delete()
    QualityFigure.objects.bulk_create(_to_figures(info, tallies, on), batch_size=1_000)


def _to_figures(info: RegisterInfo, tallies: dict[str, Tally], on: date) -> Iterable[QualityFigure]:
    return [
        QualityFigure(
            register_id=info.id, rule=rule, field=field, source=source, measured_on=on, checked=tally.checked,
            failed=failed,
        )
        for source, tally in tallies.items()
        for (rule, field), failed in tally.failed.items()
    ]  # fmt: skip
