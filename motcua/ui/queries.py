"""Sentences in the language that the reader chose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext

from motcua.kernel import messages
from motcua.kernel.clock import format_moment
from motcua.kernel.money import format_vnd

TERM = re.compile(r"([0-9]+) (ngày làm việc|giờ làm việc|ngày|tháng)")  # cases.TERM_LABELS has the sentences


def say(message: str) -> str:
    """Say a sentence in the reader's language: a `Message` by its template, a text as the catalogue knows it."""
    return messages.say(message, translate=gettext, translate_count=ngettext)


def say_all(value: Any) -> Any:
    """Say every sentence inside lists and mappings, for what goes out as JSON."""
    if isinstance(value, messages.Message):
        return say(value)
    if isinstance(value, Mapping):
        return {key: say_all(item) for key, item in value.items()}
    return [say_all(item) for item in value] if isinstance(value, list | tuple) else value


def say_vnd(amount_vnd: int) -> str:
    """Write an amount as the reader's language does: '1.200.000 đồng'."""
    return gettext("%(amount)s đồng") % {"amount": format_vnd(amount_vnd).removesuffix(" đồng")}


def say_term(text: str) -> str:
    """Say a term that is a number and a unit ('3 ngày làm việc'); a procedure's longer wording stays as it is."""
    found = TERM.fullmatch(text)
    sentence = f"%(amount)s {found[2]}" if found else ""
    return ngettext(sentence, sentence, int(found[1])) % {"amount": found[1]} if found else text


def say_moment(at: datetime) -> str:
    """Write a moment as the reader's language does: '17:00 ngày 23/11/2026'."""
    return say(format_moment(at))
