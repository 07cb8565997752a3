"""Fields of a process form, ready for `ui/forms.html`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from motcua.dossiers.types import SolvedPaper
from motcua.process.public import Choices, Field


def prepare_fields(
    fields: Iterable[Field], *, choices: Choices, spared: Iterable[SolvedPaper] = ()
) -> tuple[Field, ...]:
    """Return the fields; a choice whose list the form does not hold (the ward) is taken from `choices` by its kind.

    A paper that is held is asked for no more, but may still be handed in.
    """
    held = {paper.paper_code for paper in spared if paper.is_held}
    return tuple(_prepare(item, choices=choices, is_held=item.paper in held) for item in fields)


def _prepare(item: Field, *, choices: Choices, is_held: bool) -> Field:
    if item.type == "select" and not item.options and item.kind in choices:
        return replace(item, type="textfield")
    if item.type == "filepicker" and is_held:
        return replace(item, required=False, description=_("Không cần nộp. Bạn vẫn tải lên được nếu muốn."))
    return item
