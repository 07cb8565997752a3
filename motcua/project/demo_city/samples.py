"""Answers of the sample dossiers that travel with a procedure, moved to the day of a story."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from motcua.kernel.clock import local_date
from motcua.process.public import Form

_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")


def read_samples(files: Mapping[str, bytes], form: Form, *, on: date) -> tuple[dict[str, Any], ...]:
    """Return the answers of each sample that may be filed; who files and where is left to the story."""
    own = {field.key for field in form.fields if field.fact.startswith("applicant.") or field.kind == "area"}
    found = []
    for path in sorted(files):
        sample = json.loads(files[path]) if path.startswith("golden/") else None
        if sample and sample["expect"]["outcome"]:
            days = on - local_date(datetime.fromisoformat(sample["filed_at"]))
            found.append({key: _move(value, days) for key, value in sample["answers"].items() if key not in own})
    return tuple(found)


def _move(value: Any, days: timedelta) -> Any:
    if isinstance(value, list):
        return [_move(each, days) for each in value]
    if isinstance(value, dict):
        return {key: _move(each, days) for key, each in value.items()}
    if isinstance(value, str) and _DAY.match(value):
        return (date.fromisoformat(value) + days).isoformat()
    return value
