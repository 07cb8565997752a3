"""Clean a posted page, check a whole form, and say what of it is asked at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from motcua.process.feel import Expression
from motcua.process.forms.answers import check_value, read_answer
from motcua.process.forms.types import (
    Choices,
    CleanResult,
    Field,
    FieldError,
    Files,
    Form,
    FormPage,
    Surroundings,
)


def visible_pages(form: Form, data: Mapping[str, Any]) -> tuple[FormPage, ...]:
    """Return the pages that are asked, given the answers so far."""
    shown = visible_data(form, data)
    return tuple(
        page
        for page in form.pages
        if not _is_hidden(page.hidden_when, shown)
        and any(not _is_hidden(item.hidden_when, shown) for item in page.fields)
    )


def visible_fields(form: Form, page_key: str, data: Mapping[str, Any]) -> tuple[Field, ...]:
    """Return the questions and static texts of a page that are asked. Raises: UnknownPageError."""
    shown = visible_data(form, data)
    return tuple(item for item in form.get_page(page_key).fields if not _is_hidden(item.hidden_when, shown))


def visible_data(form: Form, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers without those of questions that are not asked: what is filed and shown."""
    return {key: value for key, value, _ in _walk(form, data) if key in data}


def clean_page(
    form: Form,
    page_key: str,
    raw: Mapping[str, Any],
    *,
    data: Mapping[str, Any] | None = None,
    files: Files | None = None,
    choices: Choices | None = None,
    today: date | None = None,
) -> CleanResult:
    """Read and check what was posted for one page.

    `raw`: name → text or list of texts; dates also as name-day, name-month, name-year. `data`: the answers of the
    other pages, for conditions. `files`: component key or paper code → files at hand (None: do not check files).
    `choices`: kind → value → label, for lists that the form does not hold (wards).
    Raises: UnknownPageError.
    """
    page = form.get_page(page_key)
    around = Surroundings(files, choices or {}, today)
    inputs = [item for item in page.fields if item.is_input and item.type != "filepicker"]
    answers = {item.key: read_answer(item, raw, around) for item in inputs}
    merged = {**(data or {}), **{key: answer.value for key, answer in answers.items()}}
    shown = {item.key: item for _, _, item in _walk(form, merged)}
    errors: list[FieldError] = []
    warnings: list[FieldError] = []
    for item in page.fields:
        if item.key not in shown:
            continue
        answer = answers.get(item.key)
        error = answer.error if answer is not None else check_value(item, None, around)
        if error:
            errors.append(FieldError(item.key, error))
        warnings += [FieldError(item.key, text) for text in (answer.warnings if answer is not None else ())]
    good = {key: answer.value for key, answer in answers.items() if key in shown and not answer.error}
    values = {key: value for key, value in good.items() if value is not None}
    typed = {key: answer.typed for key, answer in answers.items() if key in shown}
    return CleanResult(values, tuple(errors), typed, tuple(warnings))


def check_form(
    form: Form,
    data: Mapping[str, Any],
    *,
    files: Files | None = None,
    choices: Choices | None = None,
    today: date | None = None,
) -> tuple[FieldError, ...]:
    """Check all answers as they would be filed: types, rules, conditions, and keys that the form does not know.

    Answers to questions that are not asked are passed over: file `visible_data`.
    """
    around = Surroundings(files, choices or {}, today)
    found = [(item.key, check_value(item, value, around)) for _, value, item in _walk(form, data)]
    errors = [FieldError(key, message) for key, message in found if message]
    known = {item.key for item in form.fields}
    for key in data:
        if key not in known:
            errors.append(FieldError(str(key)[:64], "Biểu mẫu không có câu hỏi này; hãy bỏ ra."))
    return tuple(errors)


def _walk(form: Form, data: Mapping[str, Any]) -> Iterator[tuple[str, Any, Field]]:
    """Yield the questions that are asked with their answers; what is hidden counts as unanswered for the rest."""
    current = dict(data)
    for page in form.pages:
        for item in page.fields:
            if not item.is_input:
                continue
            if _is_hidden(item.hidden_when, current):
                current.pop(item.key, None)
            else:
                yield item.key, current.get(item.key), item


def _is_hidden(conditions: tuple[Expression, ...], data: Mapping[str, Any]) -> bool:
    return any(condition.is_true(data) for condition in conditions)
