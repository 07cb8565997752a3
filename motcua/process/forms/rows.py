"""Rows of a dynamic list as they are posted: found, added, taken out, with or without script.

Each row is named "list[0].key"; a hidden input "list[]" gives the numbers of the rows in their order, so that a row
of unticked boxes is a row too. The buttons `add_row` = "list" and `remove_row` = "list[1]" work without script.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from motcua.process.forms.paths import MAX_ROWS

ADD, REMOVE = "add_row", "remove_row"
_ADDRESS = re.compile(r"[A-Za-z_][\w.]{0,300}(?:\[\d{1,3}\][\w.]{1,300}){0,2}", re.ASCII)
_ROW = re.compile(r"(.{1,700})\[(\d{1,3})\]", re.ASCII | re.DOTALL)


def list_rows(raw: Mapping[str, Any], name: str) -> list[int]:
    """Return the numbers of the rows that were posted for a list, in their order."""
    marked = raw.get(f"{name}[]")
    if marked is not None:
        texts = [marked] if isinstance(marked, str) else marked if isinstance(marked, (list, tuple)) else []
        numbers = [int(text) for text in texts if isinstance(text, str) and re.fullmatch(r"[0-9]{1,3}", text)]
    else:
        start = f"{name}["
        found = (
            re.match(r"([0-9]{1,3})\]", key[len(start) :])
            for key in raw
            if isinstance(key, str) and key.startswith(start)
        )
        numbers = sorted(int(match[1]) for match in found if match)
    return list(dict.fromkeys(numbers))[:MAX_ROWS]


def change_rows(raw: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """Return what was posted with the row added or taken out that a button asked for, and the list's name.

    The name is empty when no such button was pressed.
    """
    changed = {key: value for key, value in raw.items() if key not in (ADD, REMOVE)}
    wanted, unwanted = _first(raw.get(ADD)), _first(raw.get(REMOVE))
    if wanted and _ADDRESS.fullmatch(wanted):
        numbers = list_rows(raw, wanted)
        free = next(number for number in range(1000) if number not in numbers)
        free = max(numbers, default=-1) + 1 if max(numbers, default=-1) < 999 else free
        if len(numbers) < MAX_ROWS:
            changed[f"{wanted}[]"] = [str(number) for number in (*numbers, free)]
        return changed, wanted
    row = _ROW.fullmatch(unwanted)
    if row is None or not _ADDRESS.fullmatch(row[1]):
        return changed, ""
    numbers = [number for number in list_rows(raw, row[1]) if number != int(row[2])]
    changed = {key: value for key, value in changed.items() if not str(key).startswith(f"{unwanted}.")}
    changed[f"{row[1]}[]"] = [str(number) for number in numbers]
    return changed, row[1]


def _first(raw: Any) -> str:
    if isinstance(raw, (list, tuple)):
        raw = raw[0] if raw else ""
    return raw if isinstance(raw, str) else ""
