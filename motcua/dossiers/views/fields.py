"""Fields of a process form, ready for `ui/forms.html`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from motcua.process.public import Choices, Field


def prepare_fields(fields: Iterable[Field], *, choices: Choices) -> tuple[Field, ...]:
    """Return the fields; a choice whose list the form does not hold (the ward) is taken from `choices` by its kind."""
    return tuple(
        replace(item, type="textfield") if item.type == "select" and not item.options and item.kind in choices else item
        for item in fields
    )
