"""Marks what is said in Vietnamese inside a page of another language, so that a screen reader says it in its own voice.

What a procedure, an office or a person wrote is data and stays Vietnamese. Whatever a template prints that is not a
sentence of the catalogue is put between two signs when it is printed; when the page is whole, the signs become
`lang="vi"` on the element that holds nothing else, or on a span of its own. Source: WCAG 2.2, 3.1.2 (AA).
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.utils import translation
from jinja2 import Template

from motcua.kernel.messages import Message

OPEN, CLOSE = "\ue000", "\ue001"  # of the private use area: no text has them
SIGNS = re.compile(f"[{OPEN}{CLOSE}]")
RUN = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
TAG = re.compile(r"(<[^>]*>)")  # a value inside a tag has its signs escaped
NAME = re.compile(r"<([a-z0-9]+)")
WORD = re.compile(r"[^\W\d_]+")
VIETNAMESE = re.compile(
    "[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE
)  # fmt: skip
PLAIN = frozenset({"title", "textarea", "option", "script", "style"})  # hold text only, no element
SVG_TEXT = frozenset({"text", "tspan"})

_is_marking: ContextVar[bool] = ContextVar("motcua_ui_is_marking", default=False)


class PageTemplate(Template):
    """A template whose page, in another language than Vietnamese, says which words are Vietnamese."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        if (translation.get_language() or settings.LANGUAGE_CODE) == settings.LANGUAGE_CODE:
            return super().render(*args, **kwargs)
        token = _is_marking.set(True)
        try:
            return show_marks(super().render(*args, **kwargs))
        finally:
            _is_marking.reset(token)


class Vietnamese(str):
    """A text known to be Vietnamese, with or without signs on its letters: what a form's author wrote."""

    __slots__ = ()


def mark(value: Any) -> Any:
    """Put a Vietnamese text between the signs; what is a translated sentence or HTML already stays as it is."""
    if not _is_marking.get() or not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    if isinstance(value, Message) and (value.params or translation.gettext(value.template) != value.template):
        # its sentence is translated, what stands in it may be data
        return Message(value.template, {key: mark(part) for key, part in value.params.items()}, value.number)
    text = str(value) if not isinstance(value, Vietnamese) else value  # the framework's lazy texts among them
    return f"{OPEN}{text}{CLOSE}" if OPEN not in text and is_vietnamese(text) else value


def is_vietnamese(text: str) -> bool:
    """Say whether a text is Vietnamese: an English sentence with one Vietnamese name in it is not."""
    if isinstance(text, Vietnamese):
        return bool(text)
    if not VIETNAMESE.search(text):
        return False
    words = WORD.findall(text)
    return 3 * sum(VIETNAMESE.search(word) is not None for word in words) >= len(words)


def show_marks(page: str) -> str:
    """Turn the signs of a whole page into `lang` attributes."""
    if OPEN not in page:
        return page
    parts = TAG.split(page)
    for index in range(1, len(parts), 2):
        parts[index] = SIGNS.sub("", parts[index])
    for index in range(0, len(parts), 2):
        if OPEN in parts[index]:
            before = parts[index - 1] if index else ""
            after = parts[index + 1] if index + 1 < len(parts) else ""
            _show_text(parts, index, name_of(before), after)
    return SIGNS.sub("", "".join(parts))


def _show_text(parts: list[str], index: int, name: str, after: str) -> None:
    """Say the language of one run of text: on its element when it is all that the element holds."""
    holds_only_this = RUN.fullmatch(parts[index].strip()) and name and after.startswith(f"</{name}>")
    if holds_only_this and name not in PLAIN - {"option"}:
        if " lang=" not in parts[index - 1]:
            parts[index - 1] = parts[index - 1][:-1] + ' lang="vi">'
    elif name not in PLAIN:
        inner = "tspan" if name in SVG_TEXT else "span"
        parts[index] = RUN.sub(rf'<{inner} lang="vi">\1</{inner}>', parts[index])


def name_of(tag: str) -> str:
    """Return the name of an opening tag, nothing for a closing one."""
    found = NAME.match(tag)
    return found[1] if found else ""
