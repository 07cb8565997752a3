"""What the plain screens send, read and cleaned; each answers values and errors by the key of the field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from motcua.kernel.text import to_nfc

Errors = dict[str, str]
_NUMBER = re.compile(r"^\d{1,12}$")
_CODE = re.compile(r"^[a-z0-9_\-]{1,60}$")
MAX_ROWS = 100
UNITS = ("workday", "work_hour", "calendar_day", "month")
CLOCK_RULES = ("restart", "pause")
CHANNELS = ("any", "online", "in_person", "post")
APPLICANTS = ("any", "person", "organisation")
PAPER_KINDS = ("original", "copy", "either", "form")


def read_text(post: QueryDict, key: str, *, limit: int = 4_000) -> str:
    """Return the field's text, trimmed, in one form of Unicode."""
    return to_nfc(post.get(key, "")).replace("\r\n", "\n").strip()[:limit]


def read_number(post: QueryDict, key: str) -> int | None:
    """Return a whole number as people write it (1.200.000), or None."""
    text = re.sub(r"[.\s]", "", post.get(key, ""))
    return int(text) if _NUMBER.match(text) else None


def read_lines(post: QueryDict, key: str) -> list[str]:
    """Return the lines that say something."""
    return [line.strip() for line in read_text(post, key, limit=40_000).split("\n") if line.strip()]


def read_term(post: QueryDict) -> tuple[dict[str, Any], Errors]:
    """Read the term."""
    values: dict[str, Any] = {
        "amount": read_number(post, "amount"),
        "unit": post.get("unit", ""),
        "clock_rule": post.get("clock_rule", ""),
        "text": read_text(post, "text", limit=300),
        "legal_ref": read_text(post, "legal_ref", limit=300),
    }
    errors: Errors = {}
    if not values["amount"] or values["amount"] > 1_000:
        errors["amount"] = _("Hãy ghi số ngày hoặc giờ, từ 1 đến 1.000.")
    if values["unit"] not in UNITS:
        errors["unit"] = _("Hãy chọn đơn vị tính.")
    if values["clock_rule"] not in CLOCK_RULES:
        errors["clock_rule"] = _("Hãy chọn cách tính khi hồ sơ phải bổ sung.")
    return values, errors


def read_texts(post: QueryDict) -> tuple[dict[str, Any], Errors]:
    """Read the words of the procedure."""
    values: dict[str, Any] = {
        "name": read_text(post, "name", limit=1_000),
        "aliases": read_lines(post, "aliases"),
        "steps": read_lines(post, "steps"),
        "requirements": read_lines(post, "requirements"),
        "results": read_lines(post, "results"),
    }
    errors: Errors = {} if values["name"] else {"name": _("Hãy ghi tên thủ tục.")}
    return values, errors


def read_fee_rows(post: QueryDict) -> tuple[list[dict[str, Any]], Errors]:
    """Read the fee rows of procedure.toml; a row marked for removal or wholly empty is left out."""
    rows: list[dict[str, Any]] = []
    errors: Errors = {}
    for number in _row_numbers(post):
        label, amount = read_text(post, f"label-{number}", limit=300), post.get(f"amount-{number}", "").strip()
        if post.get(f"remove-{number}") or not (label or amount):
            continue
        value = read_number(post, f"amount-{number}")
        if amount and value is None:
            errors[f"amount-{number}"] = _("Hãy ghi số tiền bằng chữ số, ví dụ 25.000; để trống nếu cán bộ xác định.")
        if not label:
            errors[f"label-{number}"] = _("Hãy ghi tên khoản phí, lệ phí.")
        rows.append(
            {
                "_index": _index(post, number),
                "label": label,
                "amount_vnd": value,
                "channel": _one_of(post.get(f"channel-{number}"), CHANNELS),
                "applicant_kind": _one_of(post.get(f"applicant-{number}"), APPLICANTS),
                "per": read_text(post, f"per-{number}", limit=60),
                "legal_ref": read_text(post, f"ref-{number}", limit=300),
                "text": read_text(post, f"text-{number}", limit=1_000),
            }
        )
    return rows, errors


def read_paper_rows(post: QueryDict) -> tuple[list[dict[str, Any]], Errors]:
    """Read the papers."""
    rows: list[dict[str, Any]] = []
    errors: Errors = {}
    for number in _row_numbers(post):
        code, name = read_text(post, f"code-{number}", limit=60), read_text(post, f"name-{number}", limit=1_000)
        if post.get(f"remove-{number}") or not (code or name):
            continue
        if not _CODE.match(code):
            errors[f"code-{number}"] = _("Mã giấy tờ chỉ gồm chữ thường không dấu, chữ số, gạch dưới.")
        if any(row["code"] == code for row in rows):
            errors[f"code-{number}"] = _("Mã giấy tờ này đã dùng ở dòng trên.")
        if not name:
            errors[f"name-{number}"] = _("Hãy ghi tên giấy tờ.")
        rows.append(
            {
                "_index": _index(post, number),
                "code": code,
                "name": name,
                "kind": _one_of(post.get(f"kind-{number}"), PAPER_KINDS, default="either"),
                "originals": read_number(post, f"originals-{number}"),
                "copies": read_number(post, f"copies-{number}"),
                "required": bool(post.get(f"required-{number}")),
                "condition": read_text(post, f"condition-{number}", limit=1_000),
            }
        )
    return rows, errors


def list_row_values(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows for the page: what the file holds, and one empty row for a new one."""
    return [*({"_index": index, **row} for index, row in enumerate(rows)), {"_index": ""}]


def _row_numbers(post: QueryDict) -> range:
    count = read_number(post, "rows") or 0
    return range(min(count, MAX_ROWS))


def _index(post: QueryDict, number: int) -> int | None:
    return read_number(post, f"index-{number}")


def _one_of(value: str | None, allowed: Sequence[str], *, default: str = "any") -> str:
    return value if value is not None and value in allowed else default


def read_table_rows(post: QueryDict, *, inputs: int, outputs: int) -> tuple[list[dict[str, Any]], Errors]:
    """Read the rows of a decision table: cells as FEEL, words and amounts as people write them."""
    rows: list[dict[str, Any]] = []
    errors: Errors = {}
    for number in _row_numbers(post):
        cells = [read_text(post, f"in-{number}-{i}", limit=2_000) for i in range(inputs)]
        results = [read_text(post, f"out-{number}-{i}", limit=2_000) for i in range(outputs)]
        if post.get(f"remove-{number}") or not any(results):
            continue
        kinds = [post.get(f"kind-{number}-{i}", "") for i in range(outputs)]
        for i, (kind, text) in enumerate(zip(kinds, results, strict=True)):
            if kind == "number" and text and read_number(post, f"out-{number}-{i}") is None:
                errors[f"out-{number}-{i}"] = _("Hãy ghi số tiền bằng chữ số, ví dụ 25.000.")
        rows.append(
            {
                "id": read_text(post, f"id-{number}", limit=120),
                "conditions": [cell or "-" for cell in cells],
                "outputs": results,
                "kinds": kinds,
            }
        )
    return rows, errors


def read_step_rows(post: QueryDict, *, roles: Sequence[str]) -> tuple[list[dict[str, Any]], Errors]:
    """Read names, roles and shares of the steps, and waiting times of the timers."""
    rows: list[dict[str, Any]] = []
    errors: Errors = {}
    for number in _row_numbers(post):
        name = read_text(post, f"name-{number}", limit=200)
        minutes = post.get(f"minutes-{number}", "").strip()
        row: dict[str, Any] = {
            "id": read_text(post, f"id-{number}", limit=120),
            "name": name,
            "role": _one_of(post.get(f"role-{number}"), roles, default=""),
            "minutes": read_number(post, f"minutes-{number}"),
        }
        if not name:
            errors[f"name-{number}"] = _("Hãy ghi tên bước.")
        if minutes and not row["minutes"]:
            errors[f"minutes-{number}"] = _("Hãy ghi số phút làm việc, lớn hơn 0. Một ngày làm việc là 480 phút.")
        rows.append(row)
    return rows, errors
