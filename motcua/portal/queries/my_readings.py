"""Who read a person's data: officials by office and role, members of the exchange by name; so many queries, no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _

from motcua.audit.public import (
    AuditEntryInfo,
    ReadingFilter,
    SeenReading,
    SubjectSpans,
    iterate_readings,
    list_readings,
)
from motcua.exchange.public import name_national_subject
from motcua.identity.public import Party, Role, RoleHeld, list_accounts_serving, list_roles_held
from motcua.kernel.clock import HCM, local_date
from motcua.kernel.paging import Page
from motcua.kernel.text import fold
from motcua.places.public import AgencyInfo, get_agencies, list_agencies
from motcua.portal.queries.my_data import list_reading_subjects
from motcua.portal.types import ReadingRow, ReadingWish

MAX_AGENCIES = 200  # as many offices as a searched name may mean


def list_my_readings(party: Party, wish: ReadingWish, *, own_id: str, page: int, now: datetime) -> Page[ReadingRow]:
    """Return one page of who read the data of a party, the latest first. `own_id`: whose looks count as one's own."""
    subjects, at_times, names = _list_subjects(party)
    seen = list_readings(
        subjects,
        party=f"{party.ref.kind}:{party.uuid}",
        at_times=at_times,
        wanted=_to_filter(wish, own_id=own_id, now=now),
        page=page,
        now=now,
    )
    describe = _Describer(seen.items, names=names, own_id=own_id, now=now)
    return seen.map(describe.to_row)


def list_all_readings(party: Party, *, own_id: str, now: datetime) -> tuple[ReadingRow, ...]:
    """Return every reading that may be seen now, for the party's own copy."""
    subjects, at_times, names = _list_subjects(party)
    whose = f"{party.ref.kind}:{party.uuid}"
    seen = tuple(iterate_readings(subjects, party=whose, at_times=at_times, now=now))
    describe = _Describer(seen, names=names, own_id=own_id, now=now)
    return tuple(describe.to_row(each) for each in seen)


def _list_subjects(party: Party) -> tuple[frozenset[str], tuple[SubjectSpans, ...], dict[str, str]]:
    subjects, at_times, names = list_reading_subjects(party)
    service: Literal["enterprise", "population"] = "enterprise" if party.ref.kind == "organisation" else "population"
    if party.identifier:
        subjects |= {name_national_subject(service, party.identifier)}
    return subjects, at_times, names


def _to_filter(wish: ReadingWish, *, own_id: str, now: datetime) -> ReadingFilter:
    agencies = _find_agencies(wish.reader, on=local_date(now)) if wish.reader else ()
    return ReadingFilter(
        from_at=_begin_of(wish.from_on) if wish.from_on else None,
        to_at=_begin_of(wish.to_on + timedelta(days=1)) if wish.to_on else None,
        reader_text=wish.reader,
        agency_codes=tuple(agency.code for agency in agencies),
        reader_ids=tuple(map(str, list_accounts_serving(agency.id for agency in agencies))) if agencies else (),
        without_actor="" if wish.with_own else own_id,
    )


def _begin_of(on: date) -> datetime:
    return datetime.combine(on, time.min, tzinfo=HCM)


def _find_agencies(text: str, *, on: date) -> tuple[AgencyInfo, ...]:
    """Return the offices whose name holds these words, marks and case aside."""
    wanted = fold(text)
    found = [each for each in list_agencies(on=on) if wanted in fold(f"{each.name} {each.short_name}")]
    return tuple(found[:MAX_AGENCIES])


class _Describer:
    """Puts readings of one page into words; offices and roles are looked up once for all of them."""

    def __init__(self, seen: Sequence[SeenReading], *, names: Mapping[str, str], own_id: str, now: datetime) -> None:
        self.names, self.own_id = names, own_id
        officials = {each.entry.actor.id for each in seen if each.entry.actor.kind == "official"}
        self.roles: dict[UUID, list[RoleHeld]] = {}
        for held in list_roles_held(_read_uuids(officials)):
            self.roles.setdefault(held.user_uuid, []).append(held)
        self.agencies = get_agencies({held.agency_id for group in self.roles.values() for held in group})
        self.labels = list_role_names()

    def to_row(self, seen: SeenReading) -> ReadingRow:
        entry = seen.entry
        reader, role = self._name_reader(entry)
        return ReadingRow(
            at=entry.at,
            reader=reader,
            role=role,
            is_own=entry.actor.id == self.own_id,
            what=self._say_what(entry),
            of=self._say_of(entry),
            purpose=entry.purpose,
            legal_ground=entry.legal_ground,
            delayed_by=seen.delayed_by,
        )

    def _name_reader(self, entry: AuditEntryInfo) -> tuple[str, str]:
        """Name an official by office and role on that day, never by name; programs and people by their names."""
        actor = entry.actor
        if actor.id == self.own_id:
            return _("Chính bạn"), ""
        if actor.kind != "official":
            return actor.name, ""
        on = local_date(entry.at)
        held = [each for uuid in _read_uuids([actor.id]) for each in self.roles.get(uuid, ())]
        held = [each for each in held if each.valid_from <= on and (each.valid_to is None or on < each.valid_to)]
        at_agency = [each for each in held if self.agencies[each.agency_id].code == actor.agency_code] or held
        offices = dict.fromkeys(self.agencies[each.agency_id].name for each in at_agency)
        roles = dict.fromkeys(self.labels.get(each.role, each.role) for each in at_agency)
        return "; ".join(offices) or actor.agency_code or _("Cơ quan không còn trong danh bạ"), ", ".join(roles)

    def _say_what(self, entry: AuditEntryInfo) -> str:
        register, colon, fields = entry.what.partition(":")
        if colon and register in self.names:
            return _("toàn bộ bản ghi") if fields == "*" else fields.replace(",", ", ")
        return entry.what

    def _say_of(self, entry: AuditEntryInfo) -> str:
        if entry.subject in self.names:
            return _("Hồ sơ %(no)s") % {"no": self.names[entry.subject]}
        register = entry.what.partition(":")[0]
        if entry.subject.startswith(("record:", "national:")) and register in self.names:
            return _("Sổ “%(register)s”") % {"register": self.names[register]}
        if entry.subject.startswith("national:"):
            return _("Cơ sở dữ liệu quốc gia")
        return _("Thông tin tài khoản và giấy tờ")


def list_role_names() -> dict[str, str]:
    """Return the roles of officials as a resident reads them."""
    return {
        Role.COUNTER: _("cán bộ Bộ phận Một Cửa"),
        Role.SPECIALIST: _("chuyên viên thụ lý"),
        Role.LEADER: _("lãnh đạo cơ quan"),
        Role.CITY_LEADER: _("lãnh đạo Thành phố"),
        Role.OPERATOR: _("quản trị hệ thống"),
        Role.PROCESS_OWNER: _("người thiết kế quy trình"),
        Role.PROCESS_APPROVER: _("người duyệt quy trình"),
        Role.DATA_STEWARD: _("người quản lý dữ liệu dùng chung"),
        Role.DATA_PROTECTION: _("cán bộ bảo vệ dữ liệu cá nhân"),
    }


def _read_uuids(texts: Iterable[str]) -> list[UUID]:
    """Return the ids that are accounts'; other programs' names are passed over."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
