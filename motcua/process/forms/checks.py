"""Check one typed value against its question; sentences say what to do."""

from __future__ import annotations

import re
from datetime import time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from motcua.kernel.money import format_vnd
from motcua.kernel.text import to_nfc
from motcua.process.forms.answers import DEFAULT_LENGTH, bad_date, bad_moment, bad_time, clean_text, named, too_long
from motcua.process.forms.kinds import KINDS
from motcua.process.forms.moments import read_date, read_moment, read_time
from motcua.process.forms.patterns import MAX_INPUT, compile_pattern
from motcua.process.forms.types import CHOSEN, Field, Surroundings
from motcua.process.forms.walk import Scope

_fits = lru_cache(maxsize=1024)(compile_pattern)


def check_value(item: Field, value: Any, around: Surroundings) -> str:
    """Return what is wrong with a typed value, or an empty text."""
    if item.type == "filepicker":
        return _check_files(item, around)
    if item.type in ("expression", "dynamiclist") or item.disabled:
        return ""
    if value is None or value == "" or value == [] or (item.type == "checkbox" and value is False):
        return missing(item) if item.required else ""
    checks = {
        "textfield": _check_text,
        "textarea": _check_text,
        "number": _check_number,
        "datetime": _check_moment,
        "select": _check_choice,
        "radio": _check_choice,
        "checklist": _check_choices,
        "taglist": _check_choices,
        "checkbox": _check_flag,
    }
    return checks[item.type](item, value, around)


def check_across(item: Field, scope: Scope, around: Surroundings) -> str:
    """Return the sentence of the first rule across answers that is false; what cannot be told is no fault."""
    if not item.checks:
        return ""
    reading = {"today": around.today.isoformat(), **scope} if around.today is not None else scope
    for check in item.checks:
        if check.expression.evaluate(reading) is False:
            return check.sentence
    return ""


def check_rows(item: Field, written: Any, count: int) -> str:
    """Return what is wrong with the number of rows of a list; `count`: rows that hold an answer."""
    repetition = item.repetition
    assert repetition is not None  # every list has one
    if written is not None and not isinstance(written, list):
        return f"“{item.label}” không đọc được; hãy nhập lại."
    if count < repetition.fewest:
        return f"Hãy điền ít nhất {repetition.fewest} mục ở “{item.label}”."
    if len(written or ()) > repetition.most:
        return f"“{item.label}” nhận nhiều nhất {repetition.most} mục; hãy bớt đi."
    return ""


def missing(item: Field) -> str:
    """Ask for an answer."""
    label = item.label.rstrip(" ?.:")
    if item.type in CHOSEN:
        return f"Hãy chọn “{label}”."
    if item.type == "checkbox":
        return f"Hãy đánh dấu vào ô “{label}” để tiếp tục."
    return f"Hãy nhập “{label}”."


def too_short(item: Field) -> str:
    return f"“{item.label}” cần ít nhất {item.min_length} ký tự; hãy nhập đầy đủ hơn."


def misfit(item: Field) -> str:
    return item.pattern_hint or f"“{item.label}” chưa đúng mẫu; hãy xem hướng dẫn bên dưới câu hỏi."


def too_small(item: Field) -> str:
    return f"“{item.label}” phải từ {_show(item, item.minimum)} trở lên; hãy kiểm tra lại."


def too_great(item: Field) -> str:
    return f"“{item.label}” không được quá {_show(item, item.maximum)}; hãy kiểm tra lại."


def not_past(item: Field) -> str:
    return f"“{item.label}” không được sau hôm nay; hãy kiểm tra lại năm."


def not_future(item: Field) -> str:
    return f"“{item.label}” không được trước hôm nay; hãy chọn ngày khác."


def too_fine(item: Field) -> str:
    lasting = f"tối đa {item.decimals} chữ số sau dấu phẩy" if item.decimals else "số nguyên, không có phần lẻ"
    return f"“{item.label}” phải là {lasting}; hãy nhập lại."


def _check_text(item: Field, value: Any, _around: Surroundings) -> str:
    if not isinstance(value, str):
        return f"“{item.label}” phải là chữ; hãy nhập lại."
    if len(value) > (item.max_length or DEFAULT_LENGTH[item.type]):
        return too_long(item, len(value))
    if item.min_length and len(value) < item.min_length:
        return too_short(item)
    if clean_text(item, value) != value or to_nfc(value) != value:
        return f"“{item.label}” có ký tự lạ không đọc được; hãy xoá và gõ lại."
    if item.pattern and (len(value) > MAX_INPUT or not _fits(item.pattern).fullmatch(value)):
        return misfit(item)
    verdict = KINDS[item.kind](value) if item.kind in KINDS else None
    return named(item, verdict.error_vi) if verdict is not None else ""


def _check_number(item: Field, value: Any, _around: Surroundings) -> str:
    number = _as_decimal(item, value)
    if number is None:
        return f"“{item.label}” phải là số; hãy nhập bằng chữ số, ví dụ 12."
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > item.decimals:
        return too_fine(item)
    if item.minimum is not None and number < item.minimum:
        return too_small(item)
    if item.maximum is not None and number > item.maximum:
        return too_great(item)
    if item.step is not None and (number - (item.minimum or 0)) % item.step != 0:
        low = number - (number - (item.minimum or 0)) % item.step
        return f"“{item.label}” phải chia thành nấc {_show(item, item.step)}; số gần nhất là {_show(item, low)}."
    return ""


def _as_decimal(item: Field, value: Any) -> Decimal | None:
    if item.as_text:
        good = isinstance(value, str) and re.fullmatch(r"-?\d{1,18}(?:\.\d{1,9})?", value, re.ASCII)
        return Decimal(value) if good else None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -1e18 < value < 1e18:
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _show(item: Field, number: Decimal | None) -> str:
    if number is None:
        return ""
    if item.kind == "money" and number >= 0:
        return format_vnd(int(number))
    return format(number.normalize(), "f").replace(".", ",")


def _check_moment(item: Field, value: Any, around: Surroundings) -> str:
    if item.subtype == "time":
        found = read_time(value, item.time_format)
        return bad_time(item) if found is None else _check_minutes(item, found)
    if item.subtype == "datetime":
        moment = read_moment(value, item.time_format)
        if moment is None:
            return bad_moment(item)
        day, at = moment
        return _check_side(item, day, around) or _check_minutes(item, at)
    day_only = read_date(value)
    return bad_date(item) if day_only is None else _check_side(item, day_only, around)


def _check_side(item: Field, day: Any, around: Surroundings) -> str:
    if around.today is not None and item.when == "past" and day > around.today:
        return not_past(item)
    if around.today is not None and item.when == "future" and day < around.today:
        return not_future(item)
    return ""


def _check_minutes(item: Field, found: time) -> str:
    if item.minutes_step > 1 and (found.hour * 60 + found.minute) % item.minutes_step:
        return f"“{item.label}” chỉ nhận giờ cách nhau {item.minutes_step} phút; hãy chọn giờ khác."
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
    if item.options or item.options_from is not None:
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
