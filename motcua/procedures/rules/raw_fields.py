"""Make texts of what a record's file holds: a crawl leaves nulls, numbers, lists, entities of HTML and broken signs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

from motcua.procedures.rules.glued import MAX_TEXT
from motcua.procedures.types import Doubt

MAX_NAME = 1_000  # characters of a name; the longest known is 400
_LIMITS = {"ten_thu_tuc": MAX_NAME, "linh_vuc": MAX_NAME}
_BROKEN = re.compile("[\ud800-\udfff]")  # half a pair: JSON may hold it, UTF-8 may not
_LINE_TAG = re.compile(r"<(?:br|/p|/div|/li|/tr)\b[^<>]{0,200}>", re.I)
_TAG = re.compile(r"</?(?:p|div|span|ul|ol|li|b|i|u|em|strong|a|table|tbody|tr|td|font)\b[^<>]{0,400}>", re.I)


@dataclass(frozen=True, slots=True)
class RawFields:
    """The texts of a record, and for each field that was no plain text or too long what to tell people."""

    texts: Mapping[str, str]
    doubts: Mapping[str, Doubt]


def read_raw_fields(raw: Mapping[str, object]) -> RawFields:
    """Read every field as text. A field that is nothing is empty; one of another shape is doubtful, never a refusal."""
    texts: dict[str, str] = {}
    doubts: dict[str, Doubt] = {}
    for name, value in raw.items():
        text, is_plain = _to_text(value)
        limit = _LIMITS.get(name, MAX_TEXT)
        texts[name] = clean_source_text(text[:limit])
        if not is_plain:
            doubts[name] = _doubt(name, "wrong_type", "không phải là chữ nên có thể chưa đọc hết")
        elif len(text) > limit:
            doubts[name] = _doubt(name, "text_cut", f"dài quá {limit} ký tự nên chỉ đọc phần đầu")
    return RawFields(texts, doubts)


def clean_source_text(text: str) -> str:
    """Return the text without tags and entities of HTML and without signs that cannot be stored."""
    if "<" in text:
        text = _TAG.sub("", _LINE_TAG.sub("\n", text))
    return _BROKEN.sub("\ufffd", unescape(text) if "&" in text else text)


def _to_text(value: object) -> tuple[str, bool]:
    if value is None:
        return "", True
    if isinstance(value, str):
        return value, True
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value), True
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "\n".join(value), False
    return "", False


def _doubt(field: str, code: str, why: str) -> Doubt:
    return Doubt(field=field, code=code, message=f"Trường {field} trong dữ liệu nguồn {why}; xem bản ghi gốc.")
