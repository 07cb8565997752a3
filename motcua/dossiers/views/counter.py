"""Filing at the counter for a person who came in or sent papers by post: the same draft, the same pages."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.audit.public import record_read
from motcua.dossiers import rules
from motcua.dossiers.public import start_draft
from motcua.dossiers.queries.facts import prefill_answers
from motcua.dossiers.queries.form_pages import list_page_keys
from motcua.dossiers.views.desk import open_desk
from motcua.dossiers.views.draft import page_address
from motcua.dossiers.views.facts import bring_facts
from motcua.dossiers.views.resident import principal_of
from motcua.identity.public import (
    IdentityTaken,
    InvalidIdentityData,
    PartyRef,
    Principal,
    Role,
    create_organisation,
    create_person,
    find_organisation_by_tax_code,
    find_person_by_personal_id,
    get_party,
    official_required,
)
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.kernel.codes import check_personal_id, check_tax_code
from motcua.kernel.text import fold
from motcua.places.public import AgencyInfo, get_agencies, list_wards
from motcua.procedures.public import ProcedureDetail, find_procedure, get_procedure_version, list_filing_rules

CHANNELS = ("direct", "post")
FIELDS = ("ma", "channel", "agency", "kind", "identifier", "full_name", "birth_on", "phone", "address", "area_code")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@official_required("counter")
def counter_file(request: HttpRequest) -> HttpResponse:
    """Begin a dossier on paper's behalf: which procedure, which channel, for whom."""
    principal, now = principal_of(request), clock.now()
    offices = tuple(get_agencies(principal.agency_ids(Role.COUNTER)).values())
    sent = request.POST if request.method == "POST" else request.GET
    typed = {key: sent.get(key, "").strip() for key in FIELDS}
    on = local_date(now)
    offered = [(row.code, row.name) for row in list_filing_rules(on=on) if row.is_fileable]
    wards = list_wards(on=on)
    errors: dict[str, str] = {}
    if request.method == "POST":
        by_name = {fold(ward.name): ward.code for ward in wards}
        read = typed | {"area_code": by_name.get(fold(typed["area_code"]), typed["area_code"])}
        code = _read_code(typed["ma"], offered)
        procedure = find_procedure(code, on=on) if code else None
        office = next((office for office in offices if str(office.id) == typed["agency"]), None)
        errors = _check(typed, procedure=procedure, office=office)
        if procedure is not None and office is not None and not errors:
            ref, errors = find_or_create_party(read, now=now)
            if ref is not None:
                return _begin(principal, procedure, office, ref=ref, channel=typed["channel"], now=now)
    context = {"typed": typed, "errors": errors, "offices": offices, "offered": offered, "wards": wards}
    return render(request, "dossiers/counter.html", context, status=422 if errors else 200)


def _read_code(text: str, offered: list[tuple[str, str]]) -> str:
    """Return the code of a procedure chosen from the list ("1.001193 – Đăng ký khai sinh"), typed, or named in full."""
    named = {fold(name): code for code, name in offered}
    return named.get(fold(text)) or text.split(" ", 1)[0]


def _check(typed: dict[str, str], *, procedure: ProcedureDetail | None, office: AgencyInfo | None) -> dict[str, str]:
    errors: dict[str, str] = {}
    if procedure is None:
        errors["ma"] = _("Không có thủ tục mang mã này. Hãy tìm thủ tục rồi bấm “Tiếp nhận tại quầy”.")
    elif not procedure.is_fileable:
        errors["ma"] = _("Thủ tục này chưa nhận hồ sơ trên hệ thống.")
    if office is None:
        errors["agency"] = _("Hãy chọn bộ phận Một Cửa nơi bạn đang làm việc.")
    if typed["channel"] not in CHANNELS:
        errors["channel"] = _("Hãy chọn hồ sơ nộp trực tiếp hay qua bưu chính.")
    if typed["kind"] not in ("person", "organisation"):
        errors["kind"] = _("Hãy chọn người nộp là cá nhân hay tổ chức.")
        return errors
    check = check_personal_id if typed["kind"] == "person" else check_tax_code
    found = check(typed["identifier"])
    if not found.ok:
        errors["identifier"] = found.message
    return errors


def find_or_create_party(typed: dict[str, str], *, now: datetime) -> tuple[PartyRef | None, dict[str, str]]:
    """Return the person or firm with this number; make one from what was typed when the city does not know it yet."""
    is_person = typed["kind"] == "person"
    if is_person:
        person = find_person_by_personal_id(check_personal_id(typed["identifier"]).value)
        if person is not None:
            return PartyRef("person", person.id), {}
    else:
        party = find_organisation_by_tax_code(check_tax_code(typed["identifier"]).value)
        if party is not None:
            return party.ref, {}
    if not typed["full_name"]:
        return None, {
            "full_name": _("Chưa có ai mang số này trong hệ thống. Hãy nhập họ tên (hoặc tên tổ chức) để ghi mới.")
        }
    try:
        return (_create_person(typed, now=now) if is_person else _create_firm(typed, now=now)), {}
    except (InvalidIdentityData, IdentityTaken) as error:
        return None, {"full_name": error.message}


def _create_person(typed: dict[str, str], *, now: datetime) -> PartyRef:
    person = create_person(
        typed["full_name"],
        personal_id=typed["identifier"],
        birth_on=read_day(typed["birth_on"]),
        phone=typed["phone"],
        address=typed["address"],
        area_code=typed["area_code"] if typed["area_code"].isdigit() and len(typed["area_code"]) == 5 else "",
        now=now,
    )
    return PartyRef("person", person.id)


def _create_firm(typed: dict[str, str], *, now: datetime) -> PartyRef:
    return create_organisation(
        typed["full_name"], tax_code=typed["identifier"], address=typed["address"], phone=typed["phone"], now=now
    ).ref


def read_day(text: str) -> date | None:
    """Read a day as people write it; None when it cannot be read."""
    for pattern in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007  a birthday has no zone
        except ValueError:
            continue
    return None


def _begin(
    principal: Principal,
    procedure: ProcedureDetail,
    office: AgencyInfo,
    *,
    ref: PartyRef,
    channel: str,
    now: datetime,
) -> HttpResponse:
    party = get_party(ref)
    record_read(
        principal.to_actor(agency_code=office.code),
        subject=f"{ref.kind}:{party.uuid}",
        what="thông tin người nộp để điền tờ khai",
        purpose="Tiếp nhận hồ sơ tại quầy",
        legal_ground="Nghị định 118/2025/NĐ-CP, Điều 17(1)",
        now=now,
    )
    draft, _code = start_draft(
        procedure.version_id,
        owner_id=principal.user_id,
        channel=channel,
        reception_agency_id=office.id,
        applicant=ref,
        data=prefill_answers(procedure.version_id, party, submitter_person_id=None),
        now=now,
    )
    draft = bring_facts(draft, principal, now=now)
    first = list_page_keys(draft.procedure_version_id, draft.data)[0][0]
    return HttpResponseRedirect(page_address(draft, first))


@never_cache
@require_safe
@official_required("counter")
def counter_filed(request: HttpRequest, dossier_no: str) -> HttpResponse:
    """Confirm a filing at the counter: the code, and the receipt to print and hand over."""
    folder, case, _principal = open_desk(request, dossier_no, what="giấy tiếp nhận", now=clock.now())
    context = {
        "folder": folder,
        "dossier": folder.dossier,
        "case": case,
        "state": rules.derive_national_state(case.stage, case.outcome),
        "procedure": get_procedure_version(folder.dossier.procedure_version_id),
    }
    return render(request, "dossiers/counter_filed.html", context)
