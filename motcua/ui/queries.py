"""Sentences in the language that the reader chose."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext

from motcua.kernel import messages
from motcua.kernel.clock import format_moment


def say(message: str) -> str:
    """Say a sentence in the reader's language: a `Message` by its template, a text as the catalogue knows it."""
    return messages.say(message, translate=gettext)


def say_moment(at: datetime) -> str:
    """Write a moment as the reader's language does: '17:00 ngày 23/11/2026'."""
    return say(format_moment(at))
