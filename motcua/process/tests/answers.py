"""Answers to any form by its own rules: as stored data and as a browser posts them."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from motcua.process.public import Field, Form, check_form, visible_fields, visible_pages

KINDS = {
    "person_name": ["Nguyễn Thị Lan", "H’Hen Niê", "Trần Lê Minh Khôi"],
    "personal_id": ["079190001234", "079301000012"],
    "phone": ["+84912345678", "+842838222222"],
    "email": ["lan@example.com"],
    "tax_code": ["0316794479"],
    "area": ["26743"],
    "address": ["12 Lê Lợi", "45/3 Nguyễn Trãi, khu phố 2"],
}
WARDS = {"area": {"26743": "Phường Bến Thành"}}


TRIES = 400


def make_data(form: Form, chance: random.Random, *, today: date, fill_all: bool = False) -> dict[str, Any]:
    """Answer until the form's rules across answers are content as well; the last try is given back in any case."""
    data: dict[str, Any] = {}
    for _ in range(TRIES):
        data = _make_once(form, chance, today=today, fill_all=fill_all)
        files = {item.key: ["giay.pdf"] for item in form.fields if item.type == "filepicker"}
        if not check_form(form, data, files=files, choices=WARDS, today=today):
            break
    return data


def _make_once(form: Form, chance: random.Random, *, today: date, fill_all: bool) -> dict[str, Any]:
    """Answer question after question, as each answer may hide or show the next."""
    data: dict[str, Any] = {}
    for page in form.pages:
        for item in page.fields:
            asked = any(shown.key == item.key for shown in visible_fields(form, page.key, data))
            if not asked or not item.is_input or item.type == "filepicker":
                continue
            if item.type == "dynamiclist":
                data[item.key] = _make_rows(item, chance, today)
            elif item.required or fill_all or chance.random() < 0.6:
                data[item.key] = make_value(item, chance, today)
    return data


def _make_rows(item: Field, chance: random.Random, today: date) -> list[dict[str, Any]]:
    assert item.repetition is not None
    asked = [inner for inner in item.fields if inner.is_input]
    fewest, most = item.repetition.fewest, min(item.repetition.most, 3)
    count = chance.randint(fewest, max(fewest, most))
    share = [100] if count == 1 else [100 - 10 * (count - 1), *[10] * (count - 1)]  # shares of a whole add up
    return [
        {inner.key: share[number] if inner.suffix == "%" else make_value(inner, chance, today) for inner in asked}
        for number in range(count)
    ]


def make_value(item: Field, chance: random.Random, today: date) -> Any:
    if item.kind in KINDS:
        return chance.choice(KINDS[item.kind])
    if item.type in ("select", "radio"):
        return chance.choice(item.options).value
    if item.type == "checklist":
        return [option.value for option in chance.sample(item.options, chance.randint(1, len(item.options)))]
    if item.type == "checkbox":
        return True if item.required else chance.random() < 0.5
    if item.type == "datetime":
        days = chance.randint(1, 300)
        return (today + timedelta(days=days if item.when == "future" else -days)).isoformat()
    if item.type == "number":
        low = int(item.minimum or 0)
        return chance.randint(low, min(int(item.maximum or low + 9), low + 9))
    return item.properties.get("example") or "Như giấy tờ"


def to_post(form: Form, data: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
    """Turn stored data into what a browser posts, page by page; dates in three parts."""
    pages: dict[str, dict[str, list[str]]] = {}
    for page in visible_pages(form, data):
        raw: dict[str, list[str]] = {}
        for item in visible_fields(form, page.key, data):
            value = data.get(item.key)
            if item.type == "datetime" and value:
                parts = dict(zip(("year", "month", "day"), value.split("-"), strict=True))
                raw |= {f"{item.key}-{part}": [text] for part, text in parts.items()}
            elif item.type == "dynamiclist":
                raw |= _post_rows(item, value or [])
            elif isinstance(value, list):
                raw[item.key] = value
            elif value is not None and value is not False:
                raw[item.key] = ["on" if value is True else str(value)]
        pages[page.key] = raw
    return pages


def _post_rows(item: Field, rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    raw = {f"{item.key}[]": [str(number) for number in range(len(rows))]}
    for number, row in enumerate(rows):
        for inner in item.fields:
            name, value = f"{item.key}[{number}].{inner.key}", row.get(inner.key)
            if inner.type == "datetime" and value:
                parts = dict(zip(("year", "month", "day"), value.split("-"), strict=True))
                raw |= {f"{name}-{part}": [text] for part, text in parts.items()}
            elif value is not None:
                raw[name] = [str(value)]
    return raw
