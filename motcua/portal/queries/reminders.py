"""What a person agreed to be told on her own page: nothing is looked at for it without consent, none before it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from motcua.audit.public import Actor
from motcua.identity.public import PersonInfo, has_consent
from motcua.kernel.clock import local_date
from motcua.kernel.messages import N_
from motcua.portal.types import Reminder
from motcua.registers.public import Reading, RecordInfo, Wanted, read_linked
from motcua.vault.public import find_papers

EXPIRY, SUGGESTIONS = "expiry_reminders", "procedure_suggestions"
SOON = timedelta(days=60)
GROUND = "Sự đồng ý của chủ thể dữ liệu (Luật 91/2025/QH15, Điều 9)"
BIRTH_REGISTRATION, LICENCE_EXCHANGE = "1.001193", "3.000347"
_ENDING = (  # register, link, field of its last day, words, procedure that helps
    ("driving_licences", "person", "expires_on", N_("Giấy phép lái xe"), LICENCE_EXCHANGE),
    ("health_cards", "person", "to_on", N_("Thẻ bảo hiểm y tế"), ""),
    ("business_licences", "holder", "expires_on", N_("Giấy phép kinh doanh"), ""),
)


def list_reminders(person: PersonInfo, *, actor: Actor, now: datetime) -> tuple[Reminder, ...]:
    """Return what the person agreed to be reminded of, the nearest day first. Each look is a reading like any other."""
    if not person.personal_id:
        return ()
    found: list[Reminder] = []
    if has_consent(person.id, purpose=EXPIRY, at=now):
        found += _list_ending(person, actor=actor, now=now)
    if has_consent(person.id, purpose=SUGGESTIONS, at=now):
        found += _suggest_birth_registration(person, actor=actor, now=now)
    return tuple(sorted(found, key=lambda each: each.on))


def _list_ending(person: PersonInfo, *, actor: Actor, now: datetime) -> Iterable[Reminder]:
    on = local_date(now)
    reading = Reading(actor=actor, purpose="Nhắc khi giấy tờ sắp hết hạn", legal_ground=GROUND)
    wanted = {
        Wanted(register=register, key=link, value=person.personal_id or "", fields=(field,)): (field, words, code)
        for register, link, field, words, code in _ENDING
    }
    for each, records in read_linked(tuple(wanted), reading=reading, now=now).items():
        field, words, code = wanted[each]
        for last in (_read_day(record, field) for record in records):
            if last is not None and on <= last <= on + SOON:
                yield Reminder(text=N_("%(paper)s hết hạn", paper=words), on=last, procedure=code)
    for paper in find_papers(person.ref, now=now):
        if paper.valid_to is not None and on <= paper.valid_to <= on + SOON:
            yield Reminder(text=N_("%(paper)s hết hạn", paper=paper.title), on=paper.valid_to)


def _suggest_birth_registration(person: PersonInfo, *, actor: Actor, now: datetime) -> Iterable[Reminder]:
    """Tell a mother of whose child a hospital has told, while the child has no number yet."""
    on = local_date(now)
    reading = Reading(actor=actor, purpose="Gợi ý thủ tục theo dữ liệu đang có", legal_ground=GROUND)
    fields = ("birth_on", "child_id", "status", "facility_name")
    wanted = Wanted(register="birth_notices", key="mother", value=person.personal_id or "", fields=fields)
    for record in read_linked([wanted], reading=reading, now=now).get(wanted, ()):
        born = _read_day(record, "birth_on")
        is_open = record.data.get("status") == "valid" and not record.data.get("child_id")
        if born is not None and is_open and on - SOON <= born <= on:
            place = record.data.get("facility_name", "")
            text = N_("%(place)s đã báo con bạn ra đời: hãy đăng ký khai sinh trong 60 ngày", place=place)
            yield Reminder(text=text, on=born, procedure=BIRTH_REGISTRATION)


def _read_day(record: RecordInfo, field: str) -> date | None:
    try:
        return date.fromisoformat(str(record.data.get(field, "")))
    except ValueError:
        return None
