"""A Vietnamese sentence born where nobody knows the reader's language, with what is needed to say it in another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any


class Message(str):
    """A sentence in Vietnamese that remembers its template and its values.

    It is the sentence itself (a `str`) for papers, logs and comparisons; a screen says it in the chosen language by
    `say`. What is stored or sent as text loses the template and stays Vietnamese.
    """

    __slots__ = ("number", "params", "template")

    template: str
    params: Mapping[str, Any]
    number: int | None

    def __new__(cls, template: str, params: Mapping[str, Any] | None = None, number: int | None = None) -> Message:
        message = super().__new__(cls, template % params if params else template)
        message.template = template
        message.params = dict(params or {})
        message.number = number
        return message

    def __reduce__(self) -> tuple[type[Message], tuple[str, Mapping[str, Any], int | None]]:
        return (Message, (self.template, self.params, self.number))


def N_(template: str, /, **params: object) -> Message:  # noqa: N802  the name that extractors of messages know
    """Mark a sentence for translation where it is born; values stand in it as %(name)s."""
    return Message(template, params)


def N_count(template: str, number: int, /, **params: object) -> Message:  # noqa: N802  as above
    """Mark a sentence that other languages say in one form for 1 and in another for 2; Vietnamese has one form."""
    return Message(template, params, number)


def join(parts: Iterable[str], *, separator: str = "; ") -> Message:
    """Return one message of several; each is said in its own words."""
    named = {f"part{number}": part for number, part in enumerate(parts)}
    return Message(separator.join(f"%({name})s" for name in named), named)


def say(
    message: str, *, translate: Callable[[str], str], translate_count: Callable[[str, str, int], str] | None = None
) -> str:
    """Return the sentence in the language of `translate` (gettext), values that are messages themselves included.

    `translate_count` (ngettext) chooses the form that fits the number of a sentence that counts.
    """
    if not isinstance(message, Message):
        return translate(message) if message else message
    text = message.template
    if message.number is not None and translate_count is not None:
        text = translate_count(text, text, message.number)
    elif text:
        text = translate(text)
    if not message.params:
        return text
    return text % {
        key: say(value, translate=translate, translate_count=translate_count) if isinstance(value, Message) else value
        for key, value in message.params.items()
    }
