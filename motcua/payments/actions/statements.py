"""Take in a statement: the same file twice is one, a movement that two files show is one."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.payments.models import Statement, StatementRow
from motcua.payments.rules.statements import read_statement
from motcua.payments.types import StatementInfo, StatementSource


def import_statement(
    content: bytes, *, name: str, source: StatementSource, agency_code: str, actor: Actor, now: datetime
) -> StatementInfo:
    """Read a bank's statement or a gateway's report and keep its movements, all of them or none.

    Raises: StatementRefused.
    """
    digest = hashlib.sha256(content).hexdigest()
    lines = read_statement(content, source=source)
    with transaction.atomic():
        statement = Statement(source=source, agency_code=agency_code, sha256=digest, name=name[:200], read_at=now)
        Statement.objects.bulk_create([statement], ignore_conflicts=True)
        kept = Statement.objects.select_for_update(of=("self",), no_key=True).get(sha256=digest)
        if kept.uuid != statement.uuid:
            return StatementInfo(
                uuid=kept.uuid, name=kept.name, source=source, lines=len(lines), new_lines=0, is_repeat=True
            )
        before = StatementRow.objects.filter(statement=kept).count()
        rows = [
            StatementRow(
                statement=kept, source=source, kind=line.kind, external_id=line.external_id,
                amount_vnd=line.amount_vnd, on=line.on, reference=line.reference, text=line.text,
            )
            for line in lines
        ]  # fmt: skip
        StatementRow.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2_000)
        new = StatementRow.objects.filter(statement=kept).count() - before
        record_decision(
            actor,
            subject=f"statement:{kept.uuid}",
            action="payments.import_statement",
            details={"sha256": digest, "lines": len(lines), "new_lines": new},
            now=now,
        )
    return StatementInfo(uuid=kept.uuid, name=kept.name, source=source, lines=len(lines), new_lines=new)
