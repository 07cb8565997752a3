"""What a draft would become if it were filed now: checked form, applicant, competent office, fee. Writes nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal

from django.utils.translation import gettext as _

from motcua.dossiers.queries.fee_groups import ProvedFee, compute_proved_fee
from motcua.dossiers.queries.form_pages import check_draft_form, find_field_by_fact, list_paper_fields
from motcua.dossiers.types import ApplicantSnapshot, DraftIncomplete, DraftInfo
from motcua.identity.public import Party, PartyRef, get_party, get_person
from motcua.kernel.clock import local_date
from motcua.places.public import AgencyInfo, get_agency
from motcua.procedures.public import (
    Competence,
    EligibilityMessage,
    Fee,
    ProcedureDetail,
    check_eligibility,
    find_competence,
    get_procedure_version,
)
from motcua.process.public import read_answer_at

MAX_KEPT = 2_000
FEE_CHANNELS: dict[str, Literal["online", "in_person", "post"]] = {
    "online": "online",
    "direct": "in_person",
    "post": "post",
    "national": "online",
}


@dataclass(frozen=True, slots=True)
class Ready:
    """What a filing cannot do without, all of it known."""

    party: Party
    agency: AgencyInfo
    reception: AgencyInfo
    process_version_id: int


@dataclass(frozen=True, slots=True)
class Preparation:
    """A draft ready to be filed, or the errors that stand in the way as (page key, field key, sentence)."""

    version: ProcedureDetail
    errors: tuple[tuple[str, str, str], ...]
    data: dict[str, Any]
    party: Party | None
    submitter: dict[str, Any]
    competence: Competence | None
    agency: AgencyInfo | None
    reception: AgencyInfo | None
    fee: Fee
    area_code: str
    paper_names: Mapping[str, str]
    paper_codes: Mapping[str, str]
    proved_fee: ProvedFee
    warnings: tuple[EligibilityMessage, ...] = ()  # what the applicant should know, without stopping the filing

    def require_ready(self) -> Ready:
        """Return what a filing cannot do without. Raises: DraftIncomplete with every error of every page."""
        process_version_id = self.version.process_version_id
        if self.errors or self.party is None or self.agency is None or self.reception is None:
            raise DraftIncomplete(self.errors)
        if process_version_id is None:
            raise DraftIncomplete((("", "procedure", _("Thủ tục này chưa nhận hồ sơ trên hệ thống.")),))
        return Ready(
            party=self.party, agency=self.agency, reception=self.reception, process_version_id=process_version_id
        )


def prepare_filing(draft: DraftInfo, *, submitter_person_id: int | None, now: datetime) -> Preparation:
    """Check everything that a filing needs.

    Raises: ProcedureVersionNotFound.
    """
    on = local_date(now)
    version = get_frozen_version(draft.procedure_version_id)
    data, errors = check_draft_form(draft, on=on)
    party = _read_party(draft)
    area_code = _choose_area(version, data=data, party=party)
    competence = _find_competence(version, area_code=area_code, on=on)
    agency, reception = choose_offices(draft, competence)
    if party is None:
        errors = (*errors, ("", "applicant", _("Hãy chọn người đứng tên hồ sơ.")))
    if agency is None:
        errors = (*errors, ("", "competence", _competence_error(competence)))
    messages = _check_eligibility(version, draft=draft, data=data, party=party, on=on) if not errors else ()
    errors = (*errors, *(("", f"eligibility.{each.code}", each.message) for each in messages if each.blocks))
    proved_fee = compute_draft_fee(version, draft=draft, data=data, party=None if errors else party, now=now)
    paper_fields = list_paper_fields(draft.procedure_version_id, papers=version.papers)
    return Preparation(
        version=version,
        errors=errors,
        data=data,
        party=party,
        submitter=_read_submitter(draft, submitter_person_id=submitter_person_id),
        competence=competence,
        agency=agency,
        reception=reception,
        fee=proved_fee.fee,
        proved_fee=proved_fee,
        area_code=area_code,
        paper_names={key: name for key, _code, name in paper_fields},
        paper_codes={key: code for key, code, _name in paper_fields},
        warnings=tuple(each for each in messages if not each.blocks),
    )


def _check_eligibility(
    version: ProcedureDetail, *, draft: DraftInfo, data: Mapping[str, Any], party: Party | None, on: date
) -> tuple[EligibilityMessage, ...]:
    """Ask the procedure's own table who may file; asked of answers without faults only, so nothing is said twice."""
    return check_eligibility(
        version,
        channel=FEE_CHANNELS[draft.channel],
        applicant_kind=_read_kind(party),
        on=on,
        answers=data,
    )


def _read_kind(party: Party | None) -> Literal["person", "organisation"]:
    return "organisation" if party is not None and party.ref.kind == "organisation" else "person"


@lru_cache(maxsize=1024)
def get_frozen_version(version_id: int) -> ProcedureDetail:
    """Return the version; its text never changes once it is in force, so one reading serves the process."""
    return get_procedure_version(version_id)


_competences: OrderedDict[tuple[int, str, date], Competence] = OrderedDict()


def _find_competence(version: ProcedureDetail, *, area_code: str, on: date) -> Competence:
    """Return who is competent; an answer that is sure holds for its day, since offices open and close by dates."""
    key = (version.version_id, area_code, on)
    found = _competences.get(key)
    if found is None:
        found = find_competence(version, area_code=area_code, on=on)
        if found.agency is not None:
            _competences[key] = found
            while len(_competences) > MAX_KEPT:
                _competences.popitem(last=False)
    return found


def choose_offices(draft: DraftInfo, competence: Competence) -> tuple[AgencyInfo | None, AgencyInfo | None]:
    """Return who solves and who receives. A counter receives what was handed in at it, whoever solves it.

    Source: Decree 118/2025/NĐ-CP, Art. 14; in force 2025-07-01.
    """
    agency = competence.agency or competence.reception
    if draft.reception_agency_id is not None:
        counter = get_agency(draft.reception_agency_id)
        return agency or counter, counter
    return agency, competence.reception or agency


def compute_draft_fee(
    version: ProcedureDetail, *, draft: DraftInfo, data: Mapping[str, Any], party: Party | None, now: datetime
) -> ProvedFee:
    """Return the fee as it would be frozen on the dossier; without a party nobody's registers are read."""
    return compute_proved_fee(
        version,
        channel=FEE_CHANNELS[draft.channel],
        applicant_kind="organisation" if draft.applicant_kind == "organisation" else "person",
        copies=read_copies(draft.procedure_version_id, data),
        answers=data,
        party=party,
        now=now,
    )


def read_copies(procedure_version_id: int, data: Mapping[str, Any]) -> int:
    """Return how many copies the form asks for; 1 where it does not ask."""
    key = find_field_by_fact(procedure_version_id, "request.copies")
    copies = read_answer_at(data, key) or 1 if key else 1
    return copies if isinstance(copies, int) and copies > 0 else 1


def snapshot_party(party: Party) -> ApplicantSnapshot:
    """Return the applicant as the slips will print him."""
    return ApplicantSnapshot(
        name=party.name, identifier=party.identifier, address=party.address, phone=party.phone, email=party.email
    )


def _read_party(draft: DraftInfo) -> Party | None:
    if draft.applicant_id is None:
        return None
    return get_party(PartyRef(draft.applicant_kind, draft.applicant_id))


def _read_submitter(draft: DraftInfo, *, submitter_person_id: int | None) -> dict[str, Any]:
    """Return the delegate's facts when somebody files for another; the account that counts is the delegator's."""
    if submitter_person_id is None or draft.channel != "online":
        return {}
    if draft.applicant_kind == "person" and draft.applicant_id == submitter_person_id:
        return {}
    person = get_person(submitter_person_id)
    return asdict(
        ApplicantSnapshot(
            name=person.full_name,
            identifier=person.personal_id or "",
            address=person.address,
            phone=person.phone,
            email=person.email,
        )
    )


def _choose_area(version: ProcedureDetail, *, data: Mapping[str, Any], party: Party | None) -> str:
    source = version.competence.area_from
    if source.startswith("form:"):
        value = read_answer_at(data, source.removeprefix("form:"))
        if isinstance(value, str) and value:
            return value
    return party.area_code if party else ""


def _competence_error(competence: Competence) -> str:
    return competence.reason_vi or _(
        "Chưa xác định được cơ quan giải quyết. Hãy kiểm tra phường, xã đã chọn trong tờ khai."
    )
