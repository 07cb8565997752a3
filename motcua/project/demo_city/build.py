"""Build the demonstration city: areas, agencies, people, firms, staff, procedures, then two hundred stories."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from motcua.audit.public import SYSTEM, Actor
from motcua.documents.public import ensure_demo_key, render_pdf
from motcua.identity.public import (
    DelegationGround,
    PartyRef,
    PersonInfo,
    create_official,
    create_organisation,
    create_person,
    delegate,
    find_official_by_username,
    find_person_by_personal_id,
    grant_role,
)
from motcua.kernel.clock import local_date
from motcua.places.public import AgencyInfo, create_agency, ensure_city_areas, find_agency_by_code, get_work_calendar
from motcua.procedures.public import find_procedure, load_designed_procedures
from motcua.project.demo_city import PAPER_TEMPLATE
from motcua.project.demo_city.facts import build_facts
from motcua.project.demo_city.families import FAMILY_CHILDREN
from motcua.project.demo_city.held import PROTECTOR, build_held
from motcua.project.demo_city.national import build_national
from motcua.project.demo_city.people import AGENCIES, CHILDREN, DESIGNERS, FIRMS, RESIDENTS, STAFF_NAMES, STEWARDS
from motcua.project.demo_city.registers import OWNERS, build_registers
from motcua.project.demo_city.stories import Stage, run_stories

SINCE = date(2025, 7, 1)  # the two-level city
DOSSIERS = 200
SEED = 20261122
OPERATOR = "vanhanh"
ROLES = ("counter", "specialist", "leader")
ROLE_WORDS = {"counter": "motcua", "specialist": "chuyenvien", "leader": "lanhdao"}
Tell = Callable[[str], None]


def is_city_built() -> bool:
    """Return whether the building ended: the operator is hired last."""
    return find_official_by_username(OPERATOR) is not None


def build_city(*, now: datetime, tell: Tell, dossiers: int = DOSSIERS) -> None:
    """Build what is missing of the city; nothing is done twice.

    Raises: ImproperlyConfigured outside demonstration mode: invented people do not belong beside real ones.
    """
    if not settings.DEMO_MODE:
        raise ImproperlyConfigured("Thành phố trình diễn chỉ dựng được ở chế độ trình diễn (DEMO_MODE).")
    if is_city_built():
        tell("Thành phố trình diễn đã có sẵn.")
        return
    tell("Nạp 168 phường, xã, đặc khu và các đơn vị tiền thân…")
    ensure_city_areas()
    tell("Lập các cơ quan và khóa ký trình diễn…")
    agencies = _build_agencies(now=now)
    tell("Nạp các thủ tục được thiết kế sẵn…")
    loaded = load_designed_procedures(now=now)
    staff = _build_staff(agencies, now=now)
    people = _build_people(now=now)
    tell("Lập các sổ dữ liệu dùng chung…")
    build_registers(agencies, now=now)
    build_facts(now=now)
    build_held(agencies, now=now)
    username, name, role = PROTECTOR
    _hire(username, name, role=role, agency=_city_committee(agencies), now=now)
    today = local_date(now)
    codes = sorted({*loaded.created, *loaded.changed, *loaded.unchanged})
    procedures = tuple(found for code in codes if (found := find_procedure(code, on=today)))
    stage = Stage(
        procedures=procedures,
        people=people,
        staff=staff,
        agencies={agency.id: agency for agency in agencies},
        calendar=get_work_calendar(agencies[0].id),
        paper=_draw_paper(),
        until=now - timedelta(minutes=5),
    )
    run_stories(stage, count=dossiers, seed=SEED, tell=lambda done, of: _tell_progress(tell, done, of))
    tell("Nhận hồ sơ nộp trên Cổng Dịch vụ công quốc gia (giả)…")
    build_national(stage, now=now)
    _hire(OPERATOR, STAFF_NAMES[-1], role="operator", agency=_city_committee(agencies), now=now)


def _tell_progress(tell: Tell, done: int, of: int) -> None:
    if done % 25 == 0 or done == of:
        tell(f"Kể {done}/{of} hồ sơ…")


def _build_agencies(*, now: datetime) -> tuple[AgencyInfo, ...]:
    found = []
    for demo in AGENCIES:
        agency = find_agency_by_code(demo.code) or create_agency(
            demo.code,
            name=demo.name,
            short_name=demo.short_name,
            kind=demo.kind,
            level=demo.level,
            area_code=demo.area_code,
            address=demo.address,
            phone="1022",
            valid_from=SINCE,
        )
        ensure_demo_key(agency.code, agency.name, now=now)
        found.append(agency)
    return tuple(found)


def _build_staff(agencies: tuple[AgencyInfo, ...], *, now: datetime) -> dict[tuple[int, str], tuple[int, Actor]]:
    """Create a counter official, a specialist and a leader in each agency, and a city leader."""
    staff = {}
    names = iter(STAFF_NAMES)
    for agency in agencies:
        for role in ROLES:
            username = f"{ROLE_WORDS[role]}.{agency.code.lower().replace('.', '-')}"
            staff[(agency.id, role)] = _hire(username, next(names), role=role, agency=agency, now=now)
    _hire("lanhdao.thanhpho", next(names), role="city_leader", agency=_city_committee(agencies), now=now)
    for code, name in zip(sorted(set(OWNERS.values())), STEWARDS, strict=True):
        owner = next(agency for agency in agencies if agency.code == code)
        _hire(f"dulieu.{code.lower().replace('.', '-')}", name, role="data_steward", agency=owner, now=now)
    for username, name, role in DESIGNERS:
        _hire(username, name, role=role, agency=_city_committee(agencies), now=now)
    return staff


def _city_committee(agencies: tuple[AgencyInfo, ...]) -> AgencyInfo:
    return next(agency for agency in agencies if agency.kind == "people_committee" and agency.level == "city")


def _hire(username: str, name: str, *, role: str, agency: AgencyInfo, now: datetime) -> tuple[int, Actor]:
    official = find_official_by_username(username)
    if official is None:
        with transaction.atomic():
            official = create_official(username, full_name=name, now=now)
            grant_role(official.user_id, role=role, agency_id=agency.id, valid_from=SINCE, actor=SYSTEM, now=now)
    actor = Actor(kind="official", id=str(official.user_uuid), name=name, agency_code=agency.code)
    return official.user_id, actor


@transaction.atomic
def _build_people(*, now: datetime) -> tuple[PersonInfo, ...]:
    if find_person_by_personal_id(RESIDENTS[-1].personal_id) is not None:
        return tuple(found for demo in RESIDENTS if (found := find_person_by_personal_id(demo.personal_id)))
    people = tuple(
        create_person(
            demo.full_name,
            now=now,
            personal_id=demo.personal_id,
            birth_on=demo.birth_on,
            sex=demo.sex,
            phone=demo.phone,
            email=demo.email,
            address=demo.address,
            area_code=demo.area_code,
            with_account=True,
        )
        for demo in RESIDENTS
    )
    for (parent, _name, born), demo_child in zip(CHILDREN, FAMILY_CHILDREN, strict=True):
        home = people[parent]
        child = create_person(
            demo_child.full_name,
            now=now,
            personal_id=demo_child.personal_id,
            birth_on=born,
            sex=demo_child.sex,
            address=home.address,
            area_code=home.area_code,
        )
        delegate(
            PartyRef(kind="person", id=child.id),
            delegate_person_id=home.id,
            ground=DelegationGround.PARENT,
            valid_from=max(born, SINCE),
            actor=SYSTEM,
            now=now,
        )
    for firm in FIRMS:
        create_organisation(
            firm.name,
            tax_code=firm.tax_code,
            now=now,
            address=firm.address,
            area_code=firm.area_code,
            legal_representative_id=people[firm.representative].id,
        )
    return people


def _draw_paper() -> bytes:
    """Return the one-page PDF that stands for every paper in the demonstration."""
    return render_pdf(PAPER_TEMPLATE, {"title": "Giấy tờ trình diễn"})
