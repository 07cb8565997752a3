"""Loads and what they did not take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from motcua.registers.models import LoadRun, RejectedRow
from motcua.registers.types import FieldProblem, LoadNotFound, LoadReport, RejectedRowInfo


def list_loads(registers: Sequence[str], *, first: int = 0, count: int = 50) -> tuple[LoadReport, ...]:
    """Return loads into these registers, the newest first."""
    rows = LoadRun.objects.filter(register__code__in=registers).select_related("register")
    return tuple(to_load_report(row) for row in rows.order_by("-started_at", "-pk")[first : first + count])


def get_load(run_uuid: UUID, *, registers: Sequence[str] | None = None) -> LoadReport:
    """Return a load, into these registers only if they are given. Raises: LoadNotFound."""
    rows = LoadRun.objects.select_related("register").filter(uuid=run_uuid)
    row = rows.filter(register__code__in=registers).first() if registers is not None else rows.first()
    if row is None:
        raise LoadNotFound()
    return to_load_report(row)


def list_rejected_rows(run_uuid: UUID, *, first: int = 0, count: int | None = None) -> Iterator[RejectedRowInfo]:
    """Yield the rows of a load that were not taken, in the order of the file; streamed, however many."""
    rows = RejectedRow.objects.filter(run__uuid=run_uuid).order_by("line_no")
    wanted = rows[first:] if count is None else rows[first : first + count]
    for row in wanted.iterator(chunk_size=1_000):
        problems = tuple(FieldProblem(**each) for each in row.problems)
        yield RejectedRowInfo(line_no=row.line_no, raw=row.raw, problems=problems)


def to_load_report(run: LoadRun) -> LoadReport:
    """Return how a file fared so far."""
    return LoadReport(
        run_uuid=run.uuid,
        register=run.register.code,
        rows_read=run.done_lines,
        rows_new=run.rows_new,
        rows_changed=run.rows_changed,
        rows_same=run.rows_same,
        rows_rejected=run.rows_rejected,
        is_quarantined=run.is_quarantined,
        is_finished=run.finished_at is not None,
        rows_checked=run.done_lines,
        source=run.source,
        file_name=run.file_name,
        started_at=run.started_at,
    )
