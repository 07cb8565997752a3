"""Loads and what they did not take."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from motcua.registers.models import RejectedRow
from motcua.registers.types import FieldProblem, RejectedRowInfo


def list_rejected_rows(run_uuid: UUID) -> Iterator[RejectedRowInfo]:
    """Yield the rows of a load that were not taken, in the order of the file; streamed, however many."""
    rows = RejectedRow.objects.filter(run__uuid=run_uuid).order_by("line_no")
    for row in rows.iterator(chunk_size=1_000):
        problems = tuple(FieldProblem(**each) for each in row.problems)
        yield RejectedRowInfo(line_no=row.line_no, raw=row.raw, problems=problems)
