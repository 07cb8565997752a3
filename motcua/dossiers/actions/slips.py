"""Issue a statutory slip: its number, its own facts and who signed it. The PDF is drawn later and stored once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from motcua.documents.public import store_document
from motcua.dossiers.actions.numbers import next_slip_no
from motcua.dossiers.models import Dossier, Slip
from motcua.dossiers.rules import SLIP_NAMES
from motcua.dossiers.types import NotAllowedNow
from motcua.kernel.messages import N_
from motcua.places.public import get_agency


def issue_slip(
    dossier: Dossier,
    kind: int,
    *,
    data: Mapping[str, Any],
    issued_by_id: int | None,
    issued_by_name: str,
    now: datetime,
) -> Slip:
    """Issue a slip of a dossier inside the caller's transaction.

    Raises: NotAllowedNow when this kind was issued before: the database allows each kind once.
    """
    agency = get_agency(dossier.reception_agency_id)
    try:
        with transaction.atomic():
            return Slip.objects.create(
                dossier=dossier,
                kind=kind,
                no=next_slip_no(kind, agency_code=agency.code, now=now),
                data=dict(data),
                issued_at=now,
                issued_by_id=issued_by_id,
                issued_by_name=issued_by_name,
            )
    except IntegrityError as error:
        raise NotAllowedNow(
            "slip_already_issued",
            N_(
                "%(slip)s của hồ sơ này đã được ban hành. Hãy mở lại trang hồ sơ để xem.",
                slip=SLIP_NAMES[kind],
            ),
        ) from error


def store_slip_pdf(slip_uuid: UUID, *, pdf: bytes, filename: str, now: datetime) -> int:
    """Keep the drawn PDF of a slip; return the id of its file. The first one stored stays the slip's for good."""
    file = store_document(pdf, filename=filename, media_type="application/pdf", purpose="slip", now=now)
    with transaction.atomic():
        Slip.objects.filter(uuid=slip_uuid, file__isnull=True).update(file_id=file.id)
        file_id = Slip.objects.values_list("file_id", flat=True).get(uuid=slip_uuid)
    assert file_id is not None
    return file_id
