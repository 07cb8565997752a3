"""The face of ui for Python code; its face for pages are the templates (see README)."""

from __future__ import annotations

from motcua.ui.homes import find_home
from motcua.ui.middleware import build_policy
from motcua.ui.queries import say, say_all, say_moment
from motcua.ui.rules import error_items, errors_by_key, field_view
from motcua.ui.types import FieldView, PageLinks, TooManyRequestsError

__all__ = [
    "FieldView",
    "PageLinks",
    "TooManyRequestsError",
    "build_policy",
    "error_items",
    "errors_by_key",
    "field_view",
    "find_home",
    "say",
    "say_all",
    "say_moment",
]
