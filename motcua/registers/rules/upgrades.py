"""How a record of one version of a register becomes one of the next: rename, set, drop. Data, not code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def upgrade(data: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the record after the steps.

    Shape: {"rename": [from, to]}, {"set": [field, value]} where it is absent, {"drop": field}.
    Raises: ValueError for any other step.
    """
    result = dict(data)
    for step in steps:
        if "rename" in step:
            before, after = step["rename"]
            if before in result:
                result[after] = result.pop(before)
        elif "set" in step:
            field, value = step["set"]
            result.setdefault(field, value)
        elif "drop" in step:
            result.pop(step["drop"], None)
        else:
            raise ValueError(f"unknown step {sorted(step)}")
    return result
