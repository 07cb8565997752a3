"""Answers to any form by its own rules: as stored data and as a browser posts them."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from motcua.process.public import Field, Form, visible_fields, visible_pages

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


def make_data(form: Form, chance: random.Random, *, today: date, fill_all: bool = False) -> dict[str, Any]:
    """Answer question after question, as each answer may hide or show the next."""
    data: dict[str, Any] = {}
    for page in form.pages:
        for item in page.fields:
            asked = any(shown.key == item.key for shown in visible_fields(form, page.key, data))
            if (
                asked
                and item.is_input
                and item.type != "filepicker"
                and (item.required or fill_all or chance.random() < 0.6)
            ):
                data[item.key] = make_value(item, chance, today)
    return data


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
            elif isinstance(value, list):
                raw[item.key] = value
            elif value is not None and value is not False:
                raw[item.key] = ["on" if value is True else str(value)]
        pages[page.key] = raw
    return pages
