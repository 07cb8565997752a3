"""Read one raw answer into its typed value, and check a typed value; sentences say what to do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from motcua.kernel.money import format_vnd
from motcua.kernel.text import clean_line, to_nfc
from motcua.process.forms.kinds import KINDS
from motcua.process.forms.types import Field, Surroundings

MAX_RAW = 20_000
DEFAULT_LENGTH = {"textfield": 500, "textarea": 5_000}
_MAX_PATTERN_INPUT = 500
_TRUE = frozenset({"on", "true", "1", "yes", "co", "có"})
_THOUSANDS = re.compile(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_PLAIN_NUMBER = re.compile(r"-?\d{1,18}(?:[.,]\d{1,9})?")
_FIRST_YEAR, _LAST_YEAR = 1850, 2200


@dataclass(frozen=True, slots=True)
class Answer:
    """A typed value (None: not answered), as typed, with its error and warnings."""

    value: Any
    typed: Any
    error: str = ""
    warnings: tuple[str, ...] = ()


def read_answer(item: Field, raw: Mapping[str, Any], around: Surroundings) -> Answer:
    """Read what was posted for one question."""
    if item.type == "checkbox":
        value = _first(raw.get(item.key)).casefold() in _TRUE
        return Answer(value, value, check_value(item, value, around))
    if item.type == "checklist":
        chosen = list(dict.fromkeys(clean_line(part) for part in _all(raw.get(item.key)) if part.strip()))
        return _checked(item, chosen or None, chosen, around)
    if item.type == "datetime":
        return _read_date(item, raw, around)
    text = _first(raw.get(item.key))
    if len(text) > MAX_RAW:
        return Answer(None, _clean(item, text[:MAX_RAW]), _too_long(item, len(text)))
    typed = _clean(item, text)
    if not typed:
        return _checked(item, None, "", around)
    if item.type == "number":
        return _read_number(item, typed, around)
    return _read_text(item, typed, around)


def check_value(item: Field, value: Any, around: Surroundings) -> str:
    """Return what is wrong with a typed value, or an empty text."""
    if item.type == "filepicker":
        return _check_files(item, around)
    if value is None or value == "" or value == [] or (item.type == "checkbox" and value is False):
        return _missing(item) if item.required else ""
    checks = {
        "textfield": _check_text,
        "textarea": _check_text,
        "number": _check_number,
        "datetime": _check_date,
        "select": _check_choice,
        "radio": _check_choice,
        "checklist": _check_choices,
        "checkbox": _check_flag,
    }
    return checks[item.type](item, value, around)


def _checked(item: Field, value: Any, typed: Any, around: Surroundings, warnings: tuple[str, ...] = ()) -> Answer:
    return Answer(value, typed, check_value(item, value, around), warnings)


def _first(raw: Any) -> str:
    found = _all(raw)
    return found[0] if found else ""


def _all(raw: Any) -> list[str]:
    if isinstance(raw, str):
        return [raw]
    if isinstance(raw, (list, tuple)):
        return [part for part in raw[:200] if isinstance(part, str)]
    return []


def _clean(item: Field, text: str) -> str:
    if item.type != "textarea":
        return clean_line(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(clean_line(line) for line in lines)).strip()


def _read_text(item: Field, typed: str, around: Surroundings) -> Answer:
    if item.kind not in KINDS:
        return _checked(item, typed, typed, around)
    verdict = KINDS[item.kind](typed)
    if verdict.error_vi:
        return Answer(None, typed, _named(item, verdict.error_vi))
    return _checked(item, verdict.value, typed, around, verdict.warnings)


def _read_number(item: Field, typed: str, around: Surroundings) -> Answer:
    text = unicodedata.normalize("NFKC", typed).replace(" ", "")
    text = re.sub(r"(?:đồng|đ|vnd|vnđ)$", "", text, flags=re.IGNORECASE) if item.kind == "money" else text
    if _THOUSANDS.fullmatch(text):
        number = Decimal(text.replace(".", "").replace(",", "."))
    elif _PLAIN_NUMBER.fullmatch(text) and text.isascii():
        number = Decimal(text.replace(",", "."))
    else:
        return Answer(None, typed, f"“{item.label}” phải là số; hãy nhập bằng chữ số, ví dụ 12.")
    whole = number == number.to_integral_value()
    return _checked(item, int(number) if whole else float(number), typed, around)


def _read_date(item: Field, raw: Mapping[str, Any], around: Surroundings) -> Answer:
    """Read a date from one answer (YYYY-MM-DD or d/m/yyyy) or from the three parts key-day, key-month, key-year."""
    parts = [clean_line(_first(raw.get(f"{item.key}-{part}"))[:10]) for part in ("day", "month", "year")]
    if not any(parts):
        text = clean_line(_first(raw.get(item.key))[:40])
        if not text:
            return _checked(item, None, "", around)
        iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text, re.ASCII)
        local = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text, re.ASCII)
        parts = [iso[3], iso[2], iso[1]] if iso else [local[1], local[2], local[3]] if local else [text, "", ""]
    day, month, year = parts
    typed = f"{year}-{month}-{day}"
    found = _make_date(day, month, year)
    if found is None:
        return Answer(None, typed, _bad_date(item, day, month, year))
    return _checked(item, found.isoformat(), found.isoformat(), around)


def _make_date(day: str, month: str, year: str) -> date | None:
    if not all(re.fullmatch(r"\d{1,4}", part, re.ASCII) for part in (day, month, year)):
        return None
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def _bad_date(item: Field, day: str, month: str, year: str) -> str:
    missing = [name for name, part in (("ngày", day), ("tháng", month), ("năm", year)) if not part]
    if missing and len(missing) < 3 and (month or year):
        return f"“{item.label}” còn thiếu {' và '.join(missing)}; hãy nhập đủ ngày, tháng, năm."
    return f"“{item.label}” không phải ngày có thật; hãy nhập như 27 3 1990."


def date_parts(value: object) -> tuple[str, str, str]:
    """Split a stored or half-typed date ("1990-03-27", "-3-27") into day, month and year to show again."""
    parts = str(value or "").split("-")
    if len(parts) != 3:
        return "", "", ""
    year, month, day = parts
    return day.lstrip("0"), month.lstrip("0"), year


def _named(item: Field, sentence: str) -> str:
    return f"{item.label}: {sentence[0].lower()}{sentence[1:]}" if sentence else ""


def _missing(item: Field) -> str:
    label = item.label.rstrip(" ?.:")
    if item.type in ("select", "radio", "checklist"):
        return f"Hãy chọn “{label}”."
    if item.type == "checkbox":
        return f"Hãy đánh dấu vào ô “{label}” để tiếp tục."
    return f"Hãy nhập “{label}”."


def _too_long(item: Field, length: int) -> str:
    limit = item.max_length or DEFAULT_LENGTH.get(item.type, 500)
    return f"“{item.label}” dài {length} ký tự; hãy rút ngắn còn tối đa {limit} ký tự."


def _check_text(item: Field, value: Any, _around: Surroundings) -> str:
    if not isinstance(value, str):
        return f"“{item.label}” phải là chữ; hãy nhập lại."
    limit = item.max_length or DEFAULT_LENGTH[item.type]
    if len(value) > limit:
        return _too_long(item, len(value))
    if item.min_length and len(value) < item.min_length:
        return f"“{item.label}” cần ít nhất {item.min_length} ký tự; hãy nhập đầy đủ hơn."
    if _clean(item, value) != value or to_nfc(value) != value:
        return f"“{item.label}” có ký tự lạ không đọc được; hãy xoá và gõ lại."
    if item.pattern and not re.fullmatch(item.pattern, value[:_MAX_PATTERN_INPUT]):
        return item.pattern_hint or f"“{item.label}” chưa đúng mẫu; hãy xem hướng dẫn bên dưới câu hỏi."
    verdict = KINDS[item.kind](value) if item.kind in KINDS else None
    return _named(item, verdict.error_vi) if verdict is not None else ""


def _check_number(item: Field, value: Any, _around: Surroundings) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -1e18 < value < 1e18:
        return f"“{item.label}” phải là số; hãy nhập bằng chữ số, ví dụ 12."
    number = Decimal(str(value))
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > item.decimals:
        lasting = f"tối đa {item.decimals} chữ số sau dấu phẩy" if item.decimals else "số nguyên, không có phần lẻ"
        return f"“{item.label}” phải là {lasting}; hãy nhập lại."
    if item.minimum is not None and number < item.minimum:
        return f"“{item.label}” phải từ {_show(item, item.minimum)} trở lên; hãy kiểm tra lại."
    if item.maximum is not None and number > item.maximum:
        return f"“{item.label}” không được quá {_show(item, item.maximum)}; hãy kiểm tra lại."
    return ""


def _show(item: Field, number: Decimal) -> str:
    if item.kind == "money" and number >= 0:
        return format_vnd(int(number))
    return format(number.normalize(), "f").replace(".", ",")


def _check_date(item: Field, value: Any, around: Surroundings) -> str:
    parts = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", value, re.ASCII) if isinstance(value, str) else None
    found = _make_date(parts[3], parts[2], parts[1]) if parts else None
    if found is None:
        return _bad_date(item, "", "", "")
    if around.today is not None and item.when == "past" and found > around.today:
        return f"“{item.label}” không được sau hôm nay; hãy kiểm tra lại năm."
    if around.today is not None and item.when == "future" and found < around.today:
        return f"“{item.label}” không được trước hôm nay; hãy chọn ngày khác."
    return ""


def _check_choice(item: Field, value: Any, around: Surroundings) -> str:
    if not isinstance(value, str) or not _is_choice(item, value, around):
        return f"Hãy chọn “{item.label}” trong danh sách."
    return ""


def _check_choices(item: Field, value: Any, around: Surroundings) -> str:
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        return f"Hãy chọn “{item.label}” trong danh sách."
    good = len(set(value)) == len(value) and all(_is_choice(item, part, around) for part in value)
    return "" if good else f"Hãy chọn “{item.label}” trong danh sách."


def _is_choice(item: Field, value: str, around: Surroundings) -> bool:
    if item.options:
        return any(option.value == value for option in item.options)
    if item.kind in around.choices:
        return value in around.choices[item.kind]
    return item.kind in KINDS and not KINDS[item.kind](value).error_vi


def _check_flag(item: Field, value: Any, _around: Surroundings) -> str:
    return "" if isinstance(value, bool) else f"Hãy đánh dấu hoặc bỏ trống ô “{item.label}”."


def _check_files(item: Field, around: Surroundings) -> str:
    """Files are kept beside the answers; here only their presence counts."""
    if around.files is None or not item.required:
        return ""
    at_hand = around.files.get(item.key) or (around.files.get(item.paper) if item.paper else None)
    return "" if at_hand else f"Hãy tải lên “{item.label}”."
