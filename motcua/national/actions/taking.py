"""A package becomes a dossier, or waits for a person with every reason said at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from motcua.audit.public import Actor
from motcua.documents.public import get_files, read_file
from motcua.dossiers.public import ChannelFiling, DraftIncomplete, file_dossier_from_channel
from motcua.identity.public import (
    PartyRef,
    create_organisation,
    create_person,
    find_organisation_by_tax_code,
    find_person_by_personal_id,
)
from motcua.kernel.clock import local_date
from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_
from motcua.kernel.text import fold
from motcua.national.models import FieldName, Intake
from motcua.national.rules.answers import Placed, place_answers
from motcua.national.rules.packages import read_package
from motcua.national.rules.said import to_json
from motcua.national.types import IntakeNotFound, Package, PackageParty, PackageUnreadable, Reason
from motcua.places.public import find_agency_by_code
from motcua.procedures.public import ProcedureDetail, find_competence, find_procedure, get_form

CHANNEL = "national"
AHEAD = timedelta(hours=1)  # how far the other side's clock may run before ours
_MAY_SET_ASIDE = ("unknown_part", "unknown_version", "too_many")
Reasons = list[Reason]


def take_in(intake_uuid: UUID, *, actor: Actor, now: datetime) -> str:
    """File the dossier of a package, or write down why not; return the package's state. Done twice, it is once.

    Raises: IntakeNotFound.
    """
    with transaction.atomic():
        row = Intake.objects.select_for_update(of=("self",)).filter(uuid=intake_uuid).first()
        if row is None:
            raise IntakeNotFound
        if row.state not in ("new", "waiting"):
            return row.state
        try:
            package = read_package(read_file(row.package_id))
        except PackageUnreadable:
            return row.state
        reasons = _take(row, package, actor=actor, now=now)
        if row.case_id is None:
            row.state = "waiting"
        row.reasons = [to_json(each) for each in reasons]
        row.revision += 1
        row.save(update_fields=["state", "reasons", "revision", "case_id", "agency_id"])
    return row.state


def _take(row: Intake, package: Package, *, actor: Actor, now: datetime) -> Reasons:
    """Return why it cannot be filed; nothing when it was."""
    procedure = find_procedure(package.procedure_code, on=local_date(package.filed_at))
    reasons = _list_plain_reasons(row, package, procedure, now=now)
    if procedure is None:
        return reasons
    named = dict(FieldName.objects.filter(procedure_code=procedure.code).values_list("name", "form_key"))
    decisions: Mapping[str, Any] = row.decisions
    placed = place_answers(
        get_form(procedure.version_id),
        package,
        named=named,
        set_aside=decisions.get("set_aside", ()),
        values=decisions.get("values"),
    )
    reasons += placed.reasons
    _place_office(row, package, procedure)
    reasons += _check_files(row)
    if reasons:
        return reasons
    try:
        with transaction.atomic():
            ref = _find_applicant(package.applicant, is_confirmed=bool(decisions.get("applicant")), now=now)
            filed = file_dossier_from_channel(_make_filing(row, package, procedure, placed, ref), actor=actor, now=now)
    except DraftIncomplete as incomplete:
        return [Reason("form", field, says) for _page, field, says in incomplete.errors]
    except DomainError as refused:
        return [Reason(refused.code, "", refused.message)]
    row.state, row.case_id = "taken", filed.case_id
    return []


def _list_plain_reasons(row: Intake, package: Package, procedure: ProcedureDetail | None, *, now: datetime) -> Reasons:
    set_aside = row.decisions.get("set_aside", ())
    reasons = [each for each in package.problems if not (each.code in _MAY_SET_ASIDE and each.field in set_aside)]
    if package.kind != "dossier":
        says = N_("Gói này là “%(kind)s”, không phải hồ sơ mới; cần người xem.", kind=package.kind[:40])
        reasons.append(Reason("other_kind", "Loai", says))
    if procedure is None and package.procedure_code:
        says = N_("Thủ tục “%(code)s” chưa được công bố ở đây vào ngày nộp.", code=package.procedure_code[:40])
        reasons.append(Reason("unknown_procedure", "MaTTHC", says))
    if package.agency_code and find_agency_by_code(package.agency_code) is None:
        says = N_("Nơi tiếp nhận “%(code)s” không có trong danh mục cơ quan.", code=package.agency_code[:40])
        reasons.append(Reason("unknown_agency", "DonViTiepNhan", says))
    if package.filed_at > now + AHEAD:
        says = N_("Thời điểm tiếp nhận ghi trong gói ở tương lai; hãy hỏi lại nơi gửi.")
        reasons.append(Reason("moment_ahead", "ThoiDiemTiepNhan", says))
    taken = Intake.objects.filter(source=row.source, national_code=row.national_code, state="taken")
    if taken.exists():
        says = N_("Mã này đã được tiếp nhận với nội dung khác. Hãy so sánh, rồi trả lại hoặc liên hệ người nộp.")
        reasons.append(Reason("taken_before", "MaHoSoQuocGia", says))
    return reasons


def _place_office(row: Intake, package: Package, procedure: ProcedureDetail) -> None:
    """Let the office see it that would receive it, as soon as that is known."""
    if row.agency_id is None:
        area, on = package.applicant.area_code, local_date(package.filed_at)
        competence = find_competence(procedure, area_code=area, on=on)
        office = competence.reception or competence.agency
        row.agency_id = office.id if office else None


def _check_files(row: Intake) -> Reasons:
    rows = list(row.files.all())
    stored = get_files([each.file_id for each in rows if each.file_id is not None])
    reasons = [Reason("file_refused", each.paper, each.refusal) for each in rows if each.refusal]
    for each in rows:
        if each.file_id is not None and stored[each.file_id].scan_state == "infected":
            says = N_("Tệp “%(name)s” nhiễm mã độc nên bị khóa; hãy yêu cầu người nộp gửi tệp khác.", name=each.name)
            reasons.append(Reason("file_infected", each.paper, says))
    return reasons


def _find_applicant(party: PackageParty, *, is_confirmed: bool, now: datetime) -> PartyRef:
    """Return the applicant, registered when new. Raises: DomainError, also when the number is another person's."""
    if party.kind == "organisation" or (party.kind == "household" and party.tax_code):
        found = find_organisation_by_tax_code(party.tax_code) or create_organisation(
            party.organisation_name or party.name, tax_code=party.tax_code, address=party.address,
            area_code=party.area_code, phone=party.phone, email=party.email, now=now,
        )  # fmt: skip
        return found.ref
    person = find_person_by_personal_id(party.identifier)
    if person is None:
        person = create_person(
            party.name, personal_id=party.identifier, birth_on=party.birth_on, sex=party.sex, phone=party.phone,
            email=party.email, address=party.address, area_code=party.area_code, now=now,
        )  # fmt: skip
    is_born_alike = None in (party.birth_on, person.birth_on) or party.birth_on == person.birth_on
    is_same = fold(person.full_name) == fold(party.name) and is_born_alike
    if not is_same and not is_confirmed:
        raise DomainError(
            "applicant_differs",
            N_("Số định danh này ở đây mang họ tên hoặc ngày sinh khác. Hãy đối chiếu rồi xác nhận, hoặc trả lại."),
        )
    return person.ref


def _make_filing(
    row: Intake, package: Package, procedure: ProcedureDetail, placed: Placed, ref: PartyRef
) -> ChannelFiling:
    office = find_agency_by_code(package.agency_code) if package.agency_code else None
    files = zip(row.files.all(), placed.file_keys, strict=True)
    return ChannelFiling(
        channel=CHANNEL,
        origin_code=row.national_code,
        received_at=package.filed_at,
        procedure_version_id=procedure.version_id,
        applicant_kind=ref.kind,
        applicant_id=ref.id,
        data=placed.data,
        client_key=uuid5(NAMESPACE_URL, f"national:{row.source}:{row.national_code}"),
        files=tuple((key, file.file_id) for file, key in files if key and file.file_id is not None),
        submitter={"name": package.submitter_name} if package.submitter_name else {},
        result_channel=package.result_channel,
        reception_agency_id=office.id if office else None,
    )
