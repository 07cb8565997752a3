"""Draw the result paper of a dossier from the template that was frozen with its procedure."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from motcua.documents.public import SigningPlace, find_signing_places, make_qr_svg, render_pdf
from motcua.dossiers.models import Dossier
from motcua.dossiers.queries.facts import list_facts
from motcua.dossiers.queries.form_pages import list_answer_texts
from motcua.dossiers.rules.facts import settled_answers
from motcua.kernel.clock import local_date
from motcua.places.public import find_area, get_agency
from motcua.procedures.public import get_procedure_version, get_result_template

PACKAGE = Path(__file__).resolve().parents[2]
LIBRARIES = ("documents/typst", "procedures/designed/_standard")  # what result templates may import


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPaper:
    """An unsigned paper, and where it leaves room for the hand and the seal."""

    pdf: bytes
    place: SigningPlace | None


def draw_result(
    dossier_id: int,
    *,
    decision: str,
    note: str,
    result_fields: Mapping[str, object],
    result_no: str,
    verification_code: str,
    now: datetime,
) -> DrawnPaper:
    """Return the unsigned result: the form's answers, the decision, the number, the way to verify it.

    Raises: RenderFailed.
    """
    dossier = Dossier.objects.get(id=dossier_id)
    template = get_result_template(dossier.procedure_version_id)
    data = build_result_data(dossier, decision=decision, note=note, result_fields=result_fields, now=now) | {
        "result_no": result_no,
        "verification_code": verification_code,
        "verify_url": f"{settings.PUBLIC_URL}/xac-minh/{verification_code}/",
    }
    data["verify_qr_svg"] = make_qr_svg(str(data["verify_url"]))
    return _render_frozen(template.text, data)


def _render_frozen(template: str, data: Mapping[str, object]) -> DrawnPaper:
    """Draw with the template as it was when the procedure was published, beside the shared libraries of papers."""
    with TemporaryDirectory(prefix="motcua-paper-") as folder:
        root = Path(folder)
        for library in LIBRARIES:
            shutil.copytree(PACKAGE / library, root / library)
        (root / "result.typ").write_text(template, encoding="utf-8")
        path = root / "result.typ"
        places = find_signing_places(path, data, root=root)
        return DrawnPaper(pdf=render_pdf(path, data, root=root), place=places[-1] if places else None)


def build_result_data(
    dossier: Dossier, *, decision: str, note: str, result_fields: Mapping[str, object], now: datetime
) -> dict[str, Any]:
    """Return what every result template may read."""
    version = get_procedure_version(dossier.procedure_version_id)
    form_data = settled_answers(dossier.form_data, list_facts(dossier.id))
    agency = get_agency(dossier.agency_id)
    parent = get_agency(agency.parent_id) if agency.parent_id is not None else None
    on = local_date(now)
    area = find_area(agency.area_code, on=on)
    return {
        "form": form_data,
        "answers": list_answer_texts(dossier.procedure_version_id, form_data, on=local_date(dossier.received_at)),
        "result": dict(result_fields),
        "decision": decision,
        "note": note,
        "agency": {"name": agency.name, "parent": parent.name if parent else "", "address": agency.address},
        "place": area.name if area else "",
        "procedure": {"code": version.code, "name": version.name},
        "dossier_no": dossier.dossier_no,
        "applicant": dossier.applicant,
        "on": on.isoformat(),
    }
