"""Turn stored facts into the seven statutory slips and draw them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from django.conf import settings
from django.utils.http import urlencode

from motcua.cases.public import CaseInfo, TaskInfo, list_tasks
from motcua.documents.public import make_qr_svg, render_pdf
from motcua.dossiers.queries.form_pages import list_field_labels
from motcua.dossiers.rules import format_slip_no
from motcua.dossiers.slips import (
    ApologySlip,
    BookRow,
    ControlRow,
    ControlSlip,
    ReceiptSlip,
    RefusalSlip,
    RegisterBook,
    SlipData,
    SlipDelegate,
    SlipHead,
    SlipParty,
    SlipSigning,
    StopSlip,
    SupplementSlip,
    Timeliness,
    slip_template,
    slip_to_data,
)
from motcua.dossiers.types import ONLINE_CHANNELS, DossierFolder, RegisterRow, SlipInfo
from motcua.kernel.clock import local_date
from motcua.places.public import AgencyInfo, find_area, get_agency
from motcua.procedures.public import get_procedure_version

RESULT_WAYS = {"online": "Bản điện tử", "counter": "Tại bộ phận Một Cửa", "post": "Qua bưu chính"}


def draw_slip(folder: DossierFolder, slip: SlipInfo) -> bytes:
    """Return an issued slip (1 to 5) as PDF. Raises: RenderFailed."""
    return _draw(_BUILDERS[slip.kind](folder, slip))


def draw_control_slip(folder: DossierFolder, case: CaseInfo, *, now: datetime) -> bytes:
    """Return the control slip (06) as PDF: every hand-over of the case so far. Raises: RenderFailed."""
    dossier = folder.dossier
    agency, reception = get_agency(dossier.agency_id), get_agency(dossier.reception_agency_id)
    slip = ControlSlip(
        head=_head(folder, no=format_slip_no(6, number=dossier.dossier_no), agency=reception, at=now),
        content=get_procedure_version(dossier.procedure_version_id).name,
        deciding_agency=agency.name,
        received_at=dossier.received_at,
        due_at=case.due_at or case.stopped_at,
        rows=_control_rows(list_tasks(case.id)),
    )
    return _draw(slip)


def draw_register_book(
    rows: Sequence[RegisterRow], *, agency_id: int, first_on: date, last_on: date, now: datetime
) -> bytes:
    """Return the register book (07) of one office as PDF. Raises: RenderFailed."""
    agency = get_agency(agency_id)
    on = local_date(now)
    book = RegisterBook(
        head=SlipHead(
            agency=agency.name,
            parent_agency=_parent_name(agency),
            no=format_slip_no(7, number=f"{on:%Y}"),
            on=on,
            place=_place(agency, on=on),
        ),
        book="Tất cả lĩnh vực",
        first_on=first_on,
        last_on=last_on,
        rows=tuple(
            BookRow(
                dossier_no=row.dossier_no,
                content=row.procedure_name,
                party_name=row.applicant_name,
                party_contact=row.applicant_contact,
                deciding_agency=row.agency_name,
                received_at=row.received_at,
                due_at=row.due_at,
                returned_at=row.returned_at,
                result_way=RESULT_WAYS[row.result_channel],
            )
            for row in rows
        ),
    )
    return _draw(book)


def _draw(slip: SlipData) -> bytes:
    qr_svg = make_qr_svg(slip.head.lookup_url) if slip.head.lookup_url else ""
    return render_pdf(slip_template(slip.kind), slip_to_data(slip, qr_svg=qr_svg))


def _receipt(folder: DossierFolder, slip: SlipInfo) -> SlipData:
    dossier = folder.dossier
    version = get_procedure_version(dossier.procedure_version_id)
    reception = get_agency(dossier.reception_agency_id)
    names = list(dict.fromkeys(paper.name for paper in folder.papers if paper.added_at == dossier.received_at))
    submitter = str(dossier.submitter.get("name", ""))
    online = dossier.channel in ONLINE_CHANNELS
    return ReceiptSlip(
        head=_head(folder, no=slip.no, agency=reception, at=slip.issued_at),
        party=_party(folder),
        content=version.name,
        papers=tuple(names),
        term=version.term.text,
        received_at=dossier.received_at,
        due_at=_moment(slip.data, "due_at"),
        result_place=RESULT_WAYS[dossier.result_channel],
        receiver_name="" if online else submitter,
        submitter_name=(submitter or dossier.applicant.name) if online else dossier.applicant.name,
        delegate=_delegate(folder),
        submitter_signing=SlipSigning(by=submitter, at=dossier.received_at) if online else None,
        receiver_signing=SlipSigning(by=slip.issued_by_name or reception.name, at=slip.issued_at),
        linked=tuple(each.name for each in version.linked),
    )


def _supplement(folder: DossierFolder, slip: SlipInfo) -> SlipData:
    dossier = folder.dossier
    reception = get_agency(dossier.reception_agency_id)
    labels = list_field_labels(dossier.procedure_version_id)
    keys = [*slip.data["paper_keys"], *slip.data["field_keys"]]
    return SupplementSlip(
        head=_head(folder, no=slip.no, agency=reception, at=slip.issued_at),
        party=_party(folder),
        content=get_procedure_version(dossier.procedure_version_id).name,
        items=tuple(labels.get(key, key) for key in keys),
        reason=slip.data["reason"],
        contact_name=slip.issued_by_name,
        contact_phone=reception.phone,
        guide_name=slip.issued_by_name,
        answer_by=_moment(slip.data, "due_at"),
        guide_signing=SlipSigning(by=slip.issued_by_name, at=slip.issued_at),
    )


def _refusal(folder: DossierFolder, slip: SlipInfo) -> SlipData:
    dossier = folder.dossier
    return RefusalSlip(
        head=_head(folder, no=slip.no, agency=get_agency(dossier.reception_agency_id), at=slip.issued_at),
        party=_party(folder),
        content=get_procedure_version(dossier.procedure_version_id).name,
        reason=slip.data["reason"],
        receiver_name=slip.issued_by_name,
        submitter_name=str(dossier.submitter.get("name", "")) or dossier.applicant.name,
        receiver_signing=SlipSigning(by=slip.issued_by_name, at=slip.issued_at),
    )


def _apology(folder: DossierFolder, slip: SlipInfo) -> SlipData:
    dossier = folder.dossier
    due_at, new_due_at = _moment(slip.data, "due_at"), _moment(slip.data, "new_due_at")
    assert due_at is not None
    assert new_due_at is not None
    return ApologySlip(
        head=_head(folder, no=slip.no, agency=get_agency(dossier.agency_id), at=slip.issued_at),
        party=_party(folder),
        content=get_procedure_version(dossier.procedure_version_id).name,
        received_at=dossier.received_at,
        due_at=due_at,
        new_due_at=new_due_at,
        reason=slip.data["reason"],
        signer_name=slip.issued_by_name,
        signing=SlipSigning(by=slip.issued_by_name, at=slip.issued_at),
    )


def _stop(folder: DossierFolder, slip: SlipInfo) -> SlipData:
    dossier = folder.dossier
    return StopSlip(
        head=_head(folder, no=slip.no, agency=get_agency(dossier.reception_agency_id), at=slip.issued_at),
        party=_party(folder),
        content=get_procedure_version(dossier.procedure_version_id).name,
        received_at=dossier.received_at,
        stopped_at=slip.issued_at,
        reason=slip.data["reason"],
        signer_name=slip.issued_by_name,
        signing=SlipSigning(by=slip.issued_by_name, at=slip.issued_at),
    )


_BUILDERS: Mapping[int, Callable[[DossierFolder, SlipInfo], SlipData]] = {
    1: _receipt,
    2: _supplement,
    3: _refusal,
    4: _apology,
    5: _stop,
}


def _control_rows(tasks: Sequence[TaskInfo]) -> tuple[ControlRow, ...]:
    """Return each hand-over: from who finished the step before to who takes up the next."""
    rows: list[ControlRow] = []
    giver, giver_name = "Người nộp hồ sơ", ""
    for task in tasks:
        if task.cancelled_at is not None:
            continue
        rows.append(
            ControlRow(
                giver=giver,
                taker=task.name,
                at=task.created_at,
                giver_name=giver_name,
                taker_name=task.completed_by_name or task.assignee_name,
                timeliness=_timeliness(task),
                note=task.note,
            )
        )
        giver, giver_name = task.name, task.completed_by_name
    return tuple(rows)


def _timeliness(task: TaskInfo) -> Timeliness:
    if task.completed_at is None or task.due_at is None:
        return ""
    if task.completed_at > task.due_at:
        return "late"
    return "early" if local_date(task.completed_at) < local_date(task.due_at) else "on_time"


def _head(folder: DossierFolder, *, no: str, agency: AgencyInfo, at: datetime) -> SlipHead:
    on = local_date(at)
    return SlipHead(
        agency=agency.name,
        parent_agency=_parent_name(agency),
        no=no,
        on=on,
        place=_place(agency, on=on),
        dossier_no=folder.dossier.dossier_no,
        lookup_url=f"{settings.PUBLIC_URL}/tra-cuu/?{urlencode({'ma': folder.dossier.dossier_no})}",
    )


def _parent_name(agency: AgencyInfo) -> str:
    return get_agency(agency.parent_id).name if agency.parent_id is not None else ""


def _place(agency: AgencyInfo, *, on: date) -> str:
    area = find_area(agency.area_code, on=on)
    return area.name if area else ""


def _party(folder: DossierFolder) -> SlipParty:
    applicant = folder.dossier.applicant
    return SlipParty(
        name=applicant.name,
        identifier=applicant.identifier,
        address=applicant.address,
        phone=applicant.phone,
        email=applicant.email,
    )


def _delegate(folder: DossierFolder) -> SlipDelegate | None:
    """Return who filed for the applicant. The account that counts is the applicant's; the delegate is named too."""
    submitter = folder.dossier.submitter
    if "identifier" not in submitter:
        return None
    return SlipDelegate(
        name=str(submitter["name"]),
        identifier=str(submitter["identifier"]),
        address=str(submitter["address"]),
        phone=str(submitter["phone"]),
        email=str(submitter["email"]),
    )


def _moment(data: Mapping[str, object], key: str) -> datetime | None:
    text = data.get(key)
    return datetime.fromisoformat(text) if isinstance(text, str) else None
