"""Read one raw answer into its typed value; what it must keep to is checked in `checks`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from motcua.kernel.messages import N_, join
from motcua.kernel.text import clean_line
from motcua.process.forms.kinds import KINDS
from motcua.process.forms.moments import date_parts, keep_moment, keep_time, make_date, make_time, split_date
from motcua.process.forms.types import SEVERAL, Field

__all__ = ["Answer", "clean_text", "date_parts", "read_answer", "read_number"]
MAX_RAW = 20_000
_TRUE = frozenset({"on", "true", "1", "yes", "co", "có"})
_THOUSANDS = re.compile(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_PLAIN_NUMBER = re.compile(r"-?\d{1,18}(?:[.,]\d{1,9})?")


@dataclass(frozen=True, slots=True)
class Answer:
    """A typed value (None: not answered), as typed, with what cannot be read of it and warnings."""

    value: Any
    typed: Any
    error: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def kept(self) -> Any:
        """What a draft keeps: the value, or what was typed instead of one."""
        return self.typed if self.value is None else self.value


def read_answer(item: Field, raw: Mapping[str, Any], name: str = "") -> Answer:
    """Read what was posted for one question under its name (its key, or its address in a list)."""
    name = name or item.key
    if item.type == "checkbox":
        value = _first(raw.get(name)).casefold() in _TRUE
        return Answer(value, value)
    if item.type in SEVERAL:
        chosen = list(dict.fromkeys(clean_line(part) for part in _all(raw.get(name)) if part.strip()))
        return Answer(chosen or None, chosen)
    if item.type == "datetime":
        return _read_moment(item, raw, name)
    text = _first(raw.get(name))
    if len(text) > MAX_RAW:
        return Answer(None, clean_text(item, text[:MAX_RAW]), too_long(item, len(text)))
    typed = clean_text(item, text)
    if not typed:
        return Answer(None, "")
    if item.type == "number":
        return _read_number_answer(item, typed)
    return _read_text(item, typed)


def _first(raw: Any) -> str:
    found = _all(raw)
    return found[0] if found else ""


def _all(raw: Any) -> list[str]:
    if isinstance(raw, str):
        return [raw]
    if isinstance(raw, (list, tuple)):
        return [part for part in raw[:200] if isinstance(part, str)]
    return []


def clean_text(item: Field, text: str) -> str:
    """Return the text without unreadable signs: one line, or several for a text area."""
    if item.type != "textarea":
        return clean_line(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(clean_line(line) for line in lines)).strip()


def _read_text(item: Field, typed: str) -> Answer:
    if item.kind not in KINDS:
        return Answer(typed, typed)
    verdict = KINDS[item.kind](typed)
    if verdict.error_vi:
        return Answer(None, typed, named(item, verdict.error_vi))
    return Answer(verdict.value, typed, "", verdict.warnings)


def named(item: Field, sentence: str) -> str:
    """Return the sentence with the question's name before it."""
    return f"{item.label}: {sentence[0].lower()}{sentence[1:]}" if sentence else ""


def too_long(item: Field, length: int | str) -> str:
    """Say by how much to shorten a text."""
    limit = item.max_length or DEFAULT_LENGTH.get(item.type, 500)
    return N_(
        "“%(label)s” dài %(length)s ký tự; hãy rút ngắn còn tối đa %(limit)s ký tự.",
        label=N_(item.label),
        length=length,
        limit=limit,
    )


DEFAULT_LENGTH = {"textfield": 500, "textarea": 5_000}


def _read_number_answer(item: Field, typed: str) -> Answer:
    number = read_number(typed, is_money=item.kind == "money")
    if number is None:
        return Answer(None, typed, not_a_number(item))
    if item.as_text:
        return Answer(_plain_text(number), typed)
    whole = number == number.to_integral_value()
    return Answer(int(number) if whole else float(number), typed)


def not_a_number(item: Field) -> str:
    return N_("“%(label)s” phải là số; hãy nhập bằng chữ số, ví dụ 12.", label=N_(item.label))


def read_number(text: str, *, is_money: bool = False) -> Decimal | None:
    """Read a number as people here write it: 1.200.000, 82,5, 82.5, "2.000 đồng" where it is money."""
    text = unicodedata.normalize("NFKC", text).replace(" ", "")
    text = re.sub(r"(?:đồng|đ|vnd|vnđ)$", "", text, flags=re.IGNORECASE) if is_money else text
    if not text.isascii():
        return None
    if _THOUSANDS.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    return Decimal(text.replace(",", ".")) if _PLAIN_NUMBER.fullmatch(text) else None


def _plain_text(number: Decimal) -> str:
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) if number else "0"


def _read_moment(item: Field, raw: Mapping[str, Any], name: str) -> Answer:
    """Read a date (YYYY-MM-DD, d/m/yyyy, or name-day …), a time (13:30, 13h30), or both (also name-time)."""
    text = clean_line(_first(raw.get(name))[:40])
    if item.subtype == "time":
        return _read_time(item, text)
    clock = clean_line(_first(raw.get(f"{name}-time"))[:20])
    if item.subtype == "datetime" and not clock:
        text, _, clock = text.replace("T", " ").partition(" ")
    day, month, year = split_date(raw, name, text)
    if not (day or month or year) and not clock:
        return Answer(None, "")
    found, typed = make_date(day, month, year), f"{year}-{month}-{day}"
    if item.subtype == "datetime":
        return _read_both(item, found, clock, typed)
    if found is None:
        return Answer(None, typed, _bad_date(item, day, month, year))
    return Answer(found.isoformat(), found.isoformat())


def _read_time(item: Field, text: str) -> Answer:
    if not text:
        return Answer(None, "")
    found = make_time(re.sub(r"(?:Z|\+07:00)$", "", text))
    if found is None:
        return Answer(None, text, bad_time(item))
    kept = keep_time(found, item.time_format)
    return Answer(kept, kept)


def _read_both(item: Field, day: Any, clock: str, typed: str) -> Answer:
    found = make_time(clock)
    if day is None or found is None:
        return Answer(None, f"{typed}T{clock}", bad_moment(item))
    kept = keep_moment(day, found, item.time_format)
    return Answer(kept, kept)


def bad_time(item: Field) -> str:
    return N_("“%(label)s” không phải giờ có thật; hãy nhập như 13:30.", label=N_(item.label))


def bad_moment(item: Field) -> str:
    return N_(
        "“%(label)s” cần đủ ngày, tháng, năm và giờ có thật; hãy nhập như 27 3 1990, 13:30.", label=N_(item.label)
    )


def _bad_date(item: Field, day: str, month: str, year: str) -> str:
    missing = [name for name, part in ((N_("ngày"), day), (N_("tháng"), month), (N_("năm"), year)) if not part]
    if missing and len(missing) < 3 and (month or year):
        return N_(
            "“%(label)s” còn thiếu %(missing)s; hãy nhập đủ ngày, tháng, năm.",
            label=N_(item.label),
            missing=join(missing, separator=", "),
        )
    return bad_date(item)


def bad_date(item: Field) -> str:
    return N_("“%(label)s” không phải ngày có thật; hãy nhập như 27 3 1990.", label=N_(item.label))
