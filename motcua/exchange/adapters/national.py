"""The national databases as sources of facts: by contract, through a driver, each question noted.

Called from tasks and views, outside transactions. An answer is kept for a while only where the operator's agreement
with the owner allows it (MOTCUA_NATIONAL_CACHE_SECONDS), in this process only, and is marked.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import tomllib
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils.module_loading import import_string

from motcua.audit.public import record_read
from motcua.exchange.types.national import (
    NationalAnswer,
    NationalQuestion,
    NationalRefused,
    NationalReply,
    NationalService,
    NationalUnavailable,
)
from motcua.kernel.messages import N_
from motcua.registers.public import Reading

OPEN_AFTER = 5  # failures in a row
OPEN_FOR = timedelta(seconds=30)
MAX_KEPT = 500
_WHAT = 120  # as long as the log's column


class NationalQueries(ABC):
    """A way to ask the national databases: one class a vendor, chosen by MOTCUA_NATIONAL_QUERY_DRIVER."""

    @abstractmethod
    def ask(self, question: NationalQuestion) -> NationalReply:
        """Ask once; the driver keeps to its time-out. Raises: NationalUnavailable, NationalRefused."""


@cache
def read_names() -> dict[str, Any]:
    """Return how the other side names its services, keys and fields: data, since no specification is public."""
    return tomllib.loads((Path(__file__).parent / "national_fields.toml").read_text("utf-8"))


def query_population(
    *, personal_id: str, full_name: str, birth_on: date, fields: Sequence[str], reading: Reading, now: datetime
) -> NationalAnswer:
    """Ask the population database about one person, named by number, name and birth date together.

    Raises: NationalUnavailable, NationalRefused.
    """
    keys = name_person(personal_id, full_name=full_name, birth_on=birth_on)
    return _query("population", keys, fields, reading, now)


def query_enterprise(*, code: str, fields: Sequence[str], reading: Reading, now: datetime) -> NationalAnswer:
    """Ask the business-registration database by tax or enterprise code.

    Raises: NationalUnavailable, NationalRefused.
    """
    return _query("enterprise", name_enterprise(code), fields, reading, now)


def query_parcel(
    *,
    fields: Sequence[str],
    reading: Reading,
    now: datetime,
    parcel_id: str = "",
    area_code: str = "",
    sheet_no: str = "",
    parcel_no: str = "",
) -> NationalAnswer:
    """Ask the land database by the parcel's own id, or by commune, map sheet and number.

    Raises: NationalUnavailable, NationalRefused.
    """
    keys = name_parcel(parcel_id=parcel_id, area_code=area_code, sheet_no=sheet_no, parcel_no=parcel_no)
    return _query("land", keys, fields, reading, now)


def name_person(personal_id: str, *, full_name: str, birth_on: date) -> Mapping[str, str]:
    """Return the keys of a question about a person."""
    return {"personal_id": personal_id, "full_name": full_name, "birth_on": f"{birth_on:%Y%m%d}"}


def name_enterprise(code: str) -> Mapping[str, str]:
    """Return the keys of a question about an enterprise."""
    return {"tax_code": code}


def name_parcel(
    *, parcel_id: str = "", area_code: str = "", sheet_no: str = "", parcel_no: str = ""
) -> Mapping[str, str]:
    """Return the keys of a question about a parcel."""
    return {"parcel_id": parcel_id, "area_code": area_code, "sheet_no": sheet_no, "parcel_no": parcel_no}


def name_national_subject(service: NationalService, key: str) -> str:
    """Return how the audit log names whom a question was about: by a keyed hash, never by the number."""
    made = hmac.new(settings.SECRET_KEY.encode(), f"national:{service}:{key}".encode(), hashlib.sha256)
    return f"national:{service}:{made.hexdigest()[:32]}"


@dataclass(slots=True)
class Sources:
    """What this process knows of the other side: which service fails, and answers that may be given again."""

    failures: dict[str, int] = field(default_factory=dict)
    open_until: dict[str, datetime] = field(default_factory=dict)
    kept: OrderedDict[str, NationalAnswer] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def check_open(self, service: str, now: datetime) -> None:
        """Raises: NationalUnavailable while the breaker is open; afterwards one question at a time tries again."""
        with self.lock:
            until = self.open_until.get(service)
            if until is None:
                return
            if now < until:
                raise NationalUnavailable("open")
            self.open_until[service] = now + OPEN_FOR

    def note(self, service: str, *, is_good: bool, now: datetime) -> None:
        """Count what happened."""
        with self.lock:
            self.failures[service] = 0 if is_good else self.failures.get(service, 0) + 1
            if is_good:
                self.open_until.pop(service, None)
            elif self.failures[service] >= OPEN_AFTER:
                self.open_until[service] = now + OPEN_FOR

    def find(self, key: str, *, max_age: timedelta, now: datetime) -> NationalAnswer | None:
        """Return an answer that may be given again."""
        with self.lock:
            answer = self.kept.get(key)
        return answer if answer is not None and timedelta(0) <= now - answer.fetched_at < max_age else None

    def keep(self, key: str, answer: NationalAnswer) -> None:
        """Keep an answer; the oldest go first."""
        with self.lock:
            self.kept[key] = replace(answer, is_cached=True)
            self.kept.move_to_end(key)
            while len(self.kept) > MAX_KEPT:
                self.kept.popitem(last=False)

    def forget(self) -> None:
        """Begin anew."""
        with self.lock:
            self.failures.clear()
            self.open_until.clear()
            self.kept.clear()


SOURCES = Sources()


def _query(
    service: NationalService, keys: Mapping[str, str], fields: Sequence[str], reading: Reading, now: datetime
) -> NationalAnswer:
    question = make_question(service, keys=keys, fields=fields, reading=reading)
    answer = ask_question(question, now=now)
    note_answer(question, answer, reading=reading, now=now)
    return answer


def ask_question(question: NationalQuestion, *, now: datetime) -> NationalAnswer:
    """Return the answer, a kept one where that is allowed; touches no database. Whoever calls notes it.

    Raises: NationalUnavailable, NationalRefused.
    """
    place = _place_of(question)
    max_age = timedelta(seconds=settings.MOTCUA_NATIONAL_CACHE_SECONDS)
    answer = SOURCES.find(place, max_age=max_age, now=now)
    if answer is None:
        answer = _ask(question, now)
        if max_age and answer.state == "found":
            SOURCES.keep(place, answer)
    return answer


def note_answer(question: NationalQuestion, answer: NationalAnswer, *, reading: Reading, now: datetime) -> None:
    """Note in the log of readings who was told what of whom."""
    record_read(
        reading.actor,
        subject=name_national_subject(question.service, next(value for value in question.keys.values() if value)),
        what=f"national.{question.service}:{answer.state}:{','.join(question.fields)}"[:_WHAT],
        purpose=reading.purpose,
        legal_ground=reading.legal_ground,
        now=now,
    )


def make_question(
    service: NationalService, *, keys: Mapping[str, str], fields: Sequence[str], reading: Reading
) -> NationalQuestion:
    """Return the question, or raise NationalRefused: it has no purpose, no key, or an unknown field."""
    known = read_names()[service]["fields"]
    wanted = tuple(dict.fromkeys(fields))
    if not reading.purpose.strip() or not reading.legal_ground.strip():
        raise NationalRefused("no_purpose", N_("Mỗi lần tra cứu phải nêu mục đích và căn cứ pháp luật."))
    if not wanted or not set(wanted) <= known.keys():
        raise NationalRefused("unknown_field", N_("Trường dữ liệu này không có trong cơ sở dữ liệu quốc gia được hỏi."))
    if not any(keys.values()) or any(len(value) > 200 for value in keys.values()):
        raise NationalRefused("no_key", N_("Hãy nêu mã số để tra cứu."))
    return NationalQuestion(
        service=service,
        keys=dict(keys),
        fields=wanted,
        purpose=reading.purpose,
        legal_ground=reading.legal_ground,
        reader=f"{reading.actor.kind}:{reading.actor.id}",
        request_id=str(uuid4()),
    )


def _ask(question: NationalQuestion, now: datetime) -> NationalAnswer:
    if not settings.MOTCUA_NATIONAL_URL:
        raise NationalUnavailable("not_configured")
    SOURCES.check_open(question.service, now)
    try:
        reply = _get_driver().ask(question)
    except NationalUnavailable:
        SOURCES.note(question.service, is_good=False, now=now)
        raise
    SOURCES.note(question.service, is_good=True, now=now)
    content = json.dumps([question.service, dict(reply.values)], sort_keys=True, ensure_ascii=False)
    return NationalAnswer(
        service=question.service,
        source=read_names()[question.service]["source"],
        state=reply.state,
        values=reply.values,
        as_of=reply.as_of,
        fetched_at=now,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        request_id=question.request_id,
    )


def _get_driver() -> NationalQueries:
    made = import_string(settings.MOTCUA_NATIONAL_QUERY_DRIVER)()
    if not isinstance(made, NationalQueries):
        raise TypeError(f"{settings.MOTCUA_NATIONAL_QUERY_DRIVER} is no NationalQueries")
    return made


def _place_of(question: NationalQuestion) -> str:
    """Name an answer that may be given again by a hash: the keys themselves are not kept."""
    text = json.dumps([question.service, sorted(question.keys.items()), sorted(question.fields)])
    return hashlib.sha256(f"{settings.SECRET_KEY}{text}".encode()).hexdigest()
