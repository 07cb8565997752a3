"""Rules across answers: `check`, `check_hint` (`check_2`, `check_hint_2` …) of a question, group, page or form."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.forms.reading import Reading, read_properties
from motcua.process.forms.types import Check, Field, FormPage

MAX_CHECKS = 20
_NAME = re.compile(r"check(_[0-9]{1,2})?")


def read_checks(component: Mapping[str, Any], key: str, reading: Reading) -> tuple[Check, ...]:
    """Read the rules of a component; each needs the sentence that is shown when it does not hold."""
    properties = read_properties(component)
    found: list[Check] = []
    for name in sorted(properties):
        parts = _NAME.fullmatch(name)
        if parts is None or len(found) >= MAX_CHECKS:
            continue
        expression = reading.expression(properties[name], key, N_("điều kiện kiểm tra (check)"))
        hint = properties.get(f"check_hint{parts[1] or ''}", "")
        if not hint:
            reading.report(
                key,
                "check_without_hint",
                N_("điều kiện %(name)s thiếu câu nói rõ phải sửa gì (check_hint).", name=name),
            )
        elif expression is not None:
            found.append(Check(expression, hint))
    return tuple(found)


def attach_checks(
    pages: Sequence[FormPage], checks: Sequence[tuple[str, Check]], reading: Reading
) -> tuple[FormPage, ...]:
    """Give each rule of a page or form to the last question that it reads: by then all its answers are there."""
    extra: dict[str, list[Check]] = {}
    for page_key, check in checks:
        reader = _find_last_read(pages, check)
        if reader is None:
            reading.report(
                page_key, "check_reads_nothing", N_("điều kiện kiểm tra (check) không đọc câu hỏi nào của biểu mẫu.")
            )
        else:
            extra.setdefault(reader.key, []).append(check)
    if not extra:
        return tuple(pages)
    return tuple(
        replace(
            page,
            fields=tuple(
                replace(item, checks=(*item.checks, *extra[item.key])) if item.key in extra and item.has_value else item
                for item in page.fields
            ),
        )
        for page in pages
    )


def _find_last_read(pages: Sequence[FormPage], check: Check) -> Field | None:
    found = None
    for page in pages:
        for item in page.fields:
            if item.has_value and any(is_about(path, item) for path in check.expression.paths):
                found = item
    return found


def is_about(path: tuple[str, ...], item: Field) -> bool:
    """Tell whether a path that an expression reads leads to, into or through this question."""
    own = item.path
    shorter = min(len(path), len(own))
    return path[:shorter] == own[:shorter]
