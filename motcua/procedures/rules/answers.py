"""Read `answered_by` of a paper: what proves it, so that nobody is asked for what the city already holds. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import get_args
from urllib.parse import parse_qsl

from motcua.kernel.messages import N_
from motcua.procedures.types.answers import Of, PaperSource, SourceKind

MAX_DAYS = 36_500
_SHAPE = re.compile(r"^(register|vault|result):([A-Za-z0-9_.:\-]{2,80})(?:/([a-z0-9_]{1,60}))?(?:\?(.{1,300}))?$")
_NAME = re.compile(r"^[a-z][a-z0-9_]{0,59}$")
_OPTIONS = ("of", "named", "until", "days", "on", "is", "when", "where")
_KINDS: dict[str, SourceKind] = {name: name for name in get_args(SourceKind)}
_OF: dict[str, Of] = {name: name for name in get_args(Of)}


class PaperSourceUnreadable(ValueError):
    """The text names no source; its only argument is a Vietnamese sentence."""


@lru_cache(maxsize=2_048)
def parse_paper_source(text: str) -> PaperSource:
    """Return the source that a text of the package names.

    Shape: `register:<code>/<key or link>`, `vault:<kind>`, `result:<procedure code>`, each with `?of=…&until=…&days=…
    &on=…&is=<field>:<value>|<value>&when=<field>:<value>|<value>&named=<form field>&where=<record field>:<form field>`.
    Raises: PaperSourceUnreadable.
    """
    found = _SHAPE.match(text)
    if found is None:
        raise PaperSourceUnreadable(
            N_("“%(text)s” phải có dạng register:SỔ/KHÓA, vault:LOẠI hoặc result:MÃ_THỦ_TỤC", text=text)
        )
    kind, name, key, query = found.groups()
    if (kind == "register") != bool(key):
        raise PaperSourceUnreadable(N_("“%(text)s”: chỉ nguồn register có /KHÓA, và phải có", text=text))
    options = parse_qsl(query or "", keep_blank_values=True)
    unknown = sorted({option for option, _value in options} - set(_OPTIONS))
    if unknown:
        raise PaperSourceUnreadable(
            N_("“%(text)s”: không có tùy chọn %(options)s", text=text, options=", ".join(unknown))
        )
    values = dict(options)
    is_field, is_values = _split_values(values.get("is", ""))
    when_field, when_values = _split_values(values.get("when", ""))
    source = PaperSource(
        kind=_KINDS[kind],
        name=name,
        key=key or "",
        of=_read_of(values.get("of", "applicant"), text),
        until=values.get("until", ""),
        days=_read_days(values.get("days"), text),
        on=values.get("on", ""),
        when_field=when_field,
        when_values=when_values,
        named=values.get("named", ""),
        is_field=is_field,
        is_values=is_values,
        where=tuple(_read_pair(value, text) for option, value in options if option == "where"),
    )
    _check_fields(source, text)
    return source


def _read_of(value: str, text: str) -> Of:
    if value not in _OF:
        raise PaperSourceUnreadable(
            N_("“%(text)s”: of phải là một trong %(allowed)s", text=text, allowed=", ".join(_OF))
        )
    return _OF[value]


def _read_days(value: str | None, text: str) -> int | None:
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 6 and 0 < int(value) <= MAX_DAYS):
        raise PaperSourceUnreadable(N_("“%(text)s”: days phải là số ngày lớn hơn 0", text=text))
    return int(value)


def _split_values(text: str) -> tuple[str, tuple[str, ...]]:
    field, _colon, values = text.partition(":")
    return field, tuple(value for value in values.split("|") if value)


def _read_pair(value: str, text: str) -> tuple[str, str]:
    record_field, _colon, form_field = value.partition(":")
    if not _NAME.match(record_field) or not _NAME.match(form_field):
        raise PaperSourceUnreadable(N_("“%(text)s”: where phải có dạng TRƯỜNG_SỔ:CÂU_HỎI", text=text))
    return record_field, form_field


def _check_fields(source: PaperSource, text: str) -> None:
    named = [name for name in (source.until, source.on, source.when_field, source.is_field, source.named) if name]
    lacks_values = bool(source.when_field) != bool(source.when_values) or bool(source.is_field) != bool(
        source.is_values
    )
    if not all(_NAME.match(name) for name in named) or lacks_values:
        raise PaperSourceUnreadable(N_("“%(text)s”: tên trường không đúng, hoặc is, when thiếu giá trị", text=text))
    if source.kind != "register" and (named or source.where or source.of != "applicant"):
        raise PaperSourceUnreadable(
            N_("“%(text)s”: of, named, until, on, is, when, where chỉ dùng cho register", text=text)
        )
