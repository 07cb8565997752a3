"""A file that the scanner found out late: whoever filed it and whoever works on it must know."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from motcua.audit.public import SYSTEM
from motcua.cases.public import add_timeline, list_timeline
from motcua.dossiers.models import Paper
from motcua.kernel.messages import N_

KIND = "dossier.file_infected"


def note_infected(file_uuid: UUID, *, filename: str, now: datetime) -> None:
    """Write into every dossier that holds the file what happened and what to do. Doing it twice changes nothing.

    A draft needs no note: its pages show the state of each file, and it cannot be filed with one that is locked.
    """
    with transaction.atomic():
        held = Paper.objects.filter(file__uuid=file_uuid, replaced_at=None).order_by("id")
        for case_id, name in held.values_list("dossier__case_id", "name"):
            if _is_noted(case_id, file_uuid):
                continue
            add_timeline(
                case_id,
                kind=KIND,
                text=N_(
                    "Tệp “%(filename)s” (%(paper)s) có mã độc nên đã bị khóa, không ai mở được. "
                    "Người nộp hãy quét máy rồi gửi bản sạch khi được yêu cầu bổ sung, hoặc mang đến bộ phận Một Cửa.",
                    filename=filename,
                    paper=name,
                ),
                audience="applicant",
                actor=SYSTEM,
                data={"file": str(file_uuid)},
                now=now,
            )


def _is_noted(case_id: int, file_uuid: UUID) -> bool:
    entries = list_timeline(case_id, audience="office")
    return any(entry.kind == KIND and entry.data.get("file") == str(file_uuid) for entry in entries)
