"""What was typed: saved by two windows, read back as a person would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from motcua.dossiers.types import FieldConflict
from motcua.kernel.messages import N_


def is_page_stale(mark: Sequence[Any] | None, *, revision: int, editor: str) -> bool:
    """Return whether another window saved this page after `revision`.

    `mark`: (revision of the page's last save, the window that saved it). The same window is never stale: the answer
    to its own earlier save may have been lost on the way.
    """
    if not mark:
        return False
    saved_revision, saved_by = mark
    return bool(saved_revision > revision and (not editor or saved_by != editor))


def find_conflicts(
    saved: Mapping[str, Any], typed: Mapping[str, Any], *, labels: Mapping[str, str]
) -> tuple[FieldConflict, ...]:
    """Return the fields whose saved value is another than the one typed here. Two windows never overwrite silently."""
    return tuple(
        FieldConflict(key=key, label=labels.get(key, key), saved=text_of(saved[key]), typed=text_of(value))
        for key, value in typed.items()
        if key in saved and saved[key] != value
    )


def text_of(value: object) -> str:
    """Return a form value as a person would read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return N_("Có") if value else N_("Không")
    if isinstance(value, Mapping):
        return ", ".join(text for text in map(text_of, value.values()) if text)
    if isinstance(value, (list, tuple)):
        return "; ".join(text_of(item) for item in value)
    return str(value)
