"""Believable answers to any form: what an invented person would type, by the form's own rules."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from typing import Any

from motcua.process.public import Field, Form, check_form, visible_fields
from motcua.project.demo_city.people import RESIDENTS, DemoResident

_TRIES = 200
_TEXTS: dict[str, Callable[[DemoResident], str]] = {
    "person_name": lambda who: who.full_name,
    "personal_id": lambda who: who.personal_id,
    "phone": lambda who: who.phone,
    "email": lambda who: who.email,
    "area": lambda who: who.area_code,
    "address": lambda who: who.address,
    "tax_code": lambda who: "0319900012",
    "province": lambda who: "79",
}
_APPLICANT_FACTS: dict[str, Callable[[DemoResident], str]] = {
    "applicant.full_name": lambda who: who.full_name,
    "applicant.personal_id": lambda who: who.personal_id,
    "applicant.birth_on": lambda who: who.birth_on.isoformat(),
    "applicant.phone": lambda who: who.phone,
    "applicant.email": lambda who: who.email,
    "applicant.sex": lambda who: who.sex,
}


def make_answers(
    form: Form,
    *,
    who: DemoResident,
    chance: random.Random,
    today: date,
    area_codes: Collection[str] = (),
    given: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return answers that `check_form` accepts; every question that is asked is answered, files left out.

    `given`: answers already chosen; the questions that hang on them follow.
    """
    files = {field.key: ["giay.pdf"] for field in form.fields if field.type == "filepicker"}
    choices = {"area": dict.fromkeys(area_codes or (who.area_code,), "")}
    data: dict[str, Any] = {}
    for _try in range(_TRIES):  # some forms compare answers with each other: try until all of them agree
        data = _make_once(form, who=who, chance=chance, today=today, area_codes=area_codes, given=given or {})
        if not check_form(form, data, files=files, choices=choices, today=today):
            break
    return data


def _make_once(
    form: Form,
    *,
    who: DemoResident,
    chance: random.Random,
    today: date,
    area_codes: Collection[str],
    given: Mapping[str, Any],
) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for page in form.pages:
        for field in page.fields:  # one at a time: an answer may hide or show the next question
            is_asked = any(shown.key == field.key for shown in visible_fields(form, page.key, data))
            if is_asked and field.is_input and field.type != "filepicker":
                value = given.get(field.key)
                if value is None:
                    value = _answer(field, who=who, chance=chance, today=today, area_codes=area_codes)
                if value is not None:
                    data[field.key] = value
    return data


def _make_rows(
    field: Field, *, who: DemoResident, chance: random.Random, today: date, area_codes: Collection[str]
) -> list[dict[str, Any]]:
    """Return the fewest rows that the list takes, at least one; shares of a whole add up."""
    asked = [inner for inner in field.fields if inner.is_input]
    count = max(1, field.repetition.fewest if field.repetition else 1)
    share = [100 - 10 * (count - 1), *[10] * (count - 1)]
    return [
        {
            inner.key: share[number]
            if inner.suffix == "%"
            else _answer(inner, who=who, chance=chance, today=today, area_codes=area_codes)
            for inner in asked
        }
        for number in range(count)
    ]


def _answer(field: Field, *, who: DemoResident, chance: random.Random, today: date, area_codes: Collection[str]) -> Any:
    if field.type == "dynamiclist":
        return _make_rows(field, who=who, chance=chance, today=today, area_codes=area_codes)
    if field.fact in _APPLICANT_FACTS and field.type in ("textfield", "datetime"):
        return _APPLICANT_FACTS[field.fact](who)
    other = who if field.fact.startswith("applicant.") else chance.choice(RESIDENTS)
    if field.type == "textfield" and field.kind in _TEXTS:
        return _TEXTS[field.kind](other)
    if field.type in ("select", "radio"):
        values = [option.value for option in field.options] or sorted(area_codes)
        return other.area_code if field.kind == "area" else chance.choice(values) if values else None
    if field.type == "datetime" and "birth" in field.key and "child" not in field.key:
        return other.birth_on.isoformat()
    answers: Mapping[str, Callable[[], Any]] = {
        "textfield": lambda: _fit(field, "Như giấy tờ đã nộp"),
        "textarea": lambda: _fit(field, "Kính đề nghị cơ quan xem xét, giải quyết theo quy định."),
        "number": lambda: _number(field, chance),
        "datetime": lambda: _date(field, chance, today),
        "checkbox": lambda: True,
        "checklist": lambda: [chance.choice(field.options).value],
        "taglist": lambda: [chance.choice(field.options).value],
    }
    return answers[field.type]()


def _fit(field: Field, text: str) -> str:
    """Return the text within the field's limits; a pattern gets the example that the form itself gives."""
    example = field.properties.get("example", "")
    text = example or text
    if field.min_length and len(text) < field.min_length:
        text = (text + " ") * field.min_length
    return text[: field.max_length].strip() if field.max_length else text


def _number(field: Field, chance: random.Random) -> int:
    low = int(field.minimum) if field.minimum is not None else 1
    high = int(field.maximum) if field.maximum is not None else low + 9
    return chance.randint(low, max(low, min(high, low + 9)))


def _date(field: Field, chance: random.Random, today: date) -> str:
    """Return a date on the side of today that the field allows ("past", "future" or any)."""
    if field.when == "future":
        return (today + timedelta(days=chance.randint(10, 40))).isoformat()
    return (today - timedelta(days=chance.randint(3, 30))).isoformat()
