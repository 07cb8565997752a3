"""Statutory slips as PDF: drawn from stored facts the first time that they are asked for, then kept."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse

from motcua.cases.public import CaseInfo
from motcua.documents.public import FileUnknown
from motcua.dossiers.actions.slips import store_slip_pdf
from motcua.dossiers.public import DossierFolder
from motcua.dossiers.queries.slip_data import draw_control_slip, draw_slip
from motcua.dossiers.rules import SLIP_NAMES
from motcua.dossiers.views.uploads import send_bytes, send_file
from motcua.kernel.text import slugify

CONTROL_SLIP = 6
PDF = "application/pdf"


def send_slip(
    folder: DossierFolder, case: CaseInfo, *, kind: int, now: datetime, for_office: bool = False
) -> HttpResponse:
    """Send an issued slip; the control slip is drawn anew each time, for the office only.

    Raises: FileUnknown when no such slip was issued.
    """
    filename = f"{slugify(SLIP_NAMES.get(kind, 'phieu'))}-{folder.dossier.dossier_no}.pdf"
    if kind == CONTROL_SLIP and for_office:
        return send_bytes(draw_control_slip(folder, case, now=now), filename=filename, media_type=PDF)
    slip = folder.find_slip(kind)
    if slip is None:
        raise FileUnknown
    if slip.file_id is not None:
        return send_file(slip.file_id)
    return send_file(store_slip_pdf(slip.uuid, pdf=draw_slip(folder, slip), filename=filename, now=now))
