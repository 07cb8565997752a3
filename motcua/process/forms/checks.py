"""Check one typed value against its question; sentences say what to do."""

from __future__ import annotations

import re
from datetime import time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from motcua.kernel.messages import N_
from motcua.kernel.money import format_vnd
from motcua.kernel.text import to_nfc
from motcua.process.forms.answers import (
    DEFAULT_LENGTH,
    bad_date,
    bad_moment,
    bad_time,
    clean_text,
    named,
    not_a_number,
    too_long,
)
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
        return N_("“%(label)s” không đọc được; hãy nhập lại.", label=N_(item.label))
    if count < repetition.fewest:
        return too_few(item)
    if len(written or ()) > repetition.most:
        return N_("“%(label)s” nhận nhiều nhất %(most)s mục; hãy bớt đi.", label=N_(item.label), most=repetition.most)
    return ""


def too_few(item: Field) -> str:
    """Ask for more rows."""
    fewest = item.repetition.fewest if item.repetition else 0
    return N_("Hãy điền ít nhất %(fewest)s mục ở “%(label)s”.", fewest=fewest, label=N_(item.label))


def missing(item: Field) -> str:
    """Ask for an answer."""
    label = item.label.rstrip(" ?.:")
    if item.type != "checkbox" and item.label.rstrip().endswith("?"):
        return N_("Hãy trả lời câu hỏi “%(label)s”.", label=N_(item.label.rstrip()))
    if item.type in CHOSEN:
        return N_("Hãy chọn “%(label)s”.", label=N_(label))
    if item.type == "checkbox":
        return N_("Hãy đánh dấu vào ô “%(label)s” để tiếp tục.", label=N_(label))
    return N_("Hãy nhập “%(label)s”.", label=N_(label))


def too_short(item: Field) -> str:
    return N_(
        "“%(label)s” cần ít nhất %(shortest)s ký tự; hãy nhập đầy đủ hơn.",
        label=N_(item.label),
        shortest=item.min_length,
    )


def misfit(item: Field) -> str:
    return item.pattern_hint or N_(
        "“%(label)s” chưa đúng mẫu; hãy xem hướng dẫn bên dưới câu hỏi.", label=N_(item.label)
    )


def too_small(item: Field) -> str:
    return N_(
        "“%(label)s” phải từ %(amount)s trở lên; hãy kiểm tra lại.",
        label=N_(item.label),
        amount=_show(item, item.minimum),
    )


def too_great(item: Field) -> str:
    return N_(
        "“%(label)s” không được quá %(amount)s; hãy kiểm tra lại.",
        label=N_(item.label),
        amount=_show(item, item.maximum),
    )


def not_past(item: Field) -> str:
    return N_("“%(label)s” không được sau hôm nay; hãy kiểm tra lại năm.", label=N_(item.label))


def not_future(item: Field) -> str:
    return N_("“%(label)s” không được trước hôm nay; hãy chọn ngày khác.", label=N_(item.label))


def too_fine(item: Field) -> str:
    lasting = (
        N_("tối đa %(decimals)s chữ số sau dấu phẩy", decimals=item.decimals)
        if item.decimals
        else N_("số nguyên, không có phần lẻ")
    )
    return N_("“%(label)s” phải là %(lasting)s; hãy nhập lại.", label=N_(item.label), lasting=lasting)


def _check_text(item: Field, value: Any, _around: Surroundings) -> str:
    if not isinstance(value, str):
        return N_("“%(label)s” phải là chữ; hãy nhập lại.", label=N_(item.label))
    if len(value) > (item.max_length or DEFAULT_LENGTH[item.type]):
        return too_long(item, len(value))
    if item.min_length and len(value) < item.min_length:
        return too_short(item)
    if clean_text(item, value) != value or to_nfc(value) != value:
        return N_("“%(label)s” có ký tự lạ không đọc được; hãy xóa và gõ lại.", label=N_(item.label))
    if item.pattern and (len(value) > MAX_INPUT or not _fits(item.pattern).fullmatch(value)):
        return misfit(item)
    verdict = KINDS[item.kind](value) if item.kind in KINDS else None
    return named(item, verdict.error_vi) if verdict is not None else ""


def _check_number(item: Field, value: Any, _around: Surroundings) -> str:
    number = _as_decimal(item, value)
    if number is None:
        return not_a_number(item)
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > item.decimals:
        return too_fine(item)
    if item.minimum is not None and number < item.minimum:
        return too_small(item)
    if item.maximum is not None and number > item.maximum:
        return too_great(item)
    if item.step is not None and (number - (item.minimum or 0)) % item.step != 0:
        low = number - (number - (item.minimum or 0)) % item.step
        return N_(
            "“%(label)s” phải chia thành nấc %(amount)s; số gần nhất là %(nearest)s.",
            label=N_(item.label),
            amount=_show(item, item.step),
            nearest=_show(item, low),
        )
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
        return N_(
            "“%(label)s” chỉ nhận giờ cách nhau %(minutes)s phút; hãy chọn giờ khác.",
            label=N_(item.label),
            minutes=item.minutes_step,
        )
    return ""


def _check_choice(item: Field, value: Any, around: Surroundings) -> str:
    if not isinstance(value, str) or not _is_choice(item, value, around):
        return N_("Hãy chọn “%(label)s” trong danh sách.", label=N_(item.label))
    return ""


def _check_choices(item: Field, value: Any, around: Surroundings) -> str:
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        return N_("Hãy chọn “%(label)s” trong danh sách.", label=N_(item.label))
    good = len(set(value)) == len(value) and all(_is_choice(item, part, around) for part in value)
    return "" if good else N_("Hãy chọn “%(label)s” trong danh sách.", label=N_(item.label))


def _is_choice(item: Field, value: str, around: Surroundings) -> bool:
    if item.options or item.options_from is not None:
        return any(option.value == value for option in item.options)
    if item.kind in around.choices:
        return value in around.choices[item.kind]
    return item.kind in KINDS and not KINDS[item.kind](value).error_vi


def _check_flag(item: Field, value: Any, _around: Surroundings) -> str:
    return "" if isinstance(value, bool) else N_("Hãy đánh dấu hoặc bỏ trống ô “%(label)s”.", label=N_(item.label))


def _check_files(item: Field, around: Surroundings) -> str:
    """Files are kept beside the answers; here only their presence counts."""
    if around.files is None or not item.required:
        return ""
    at_hand = around.files.get(item.key) or (around.files.get(item.paper) if item.paper else None)
    return "" if at_hand else N_("Hãy tải lên “%(label)s”.", label=N_(item.label))
