"""Clean a posted page, check a whole form, and say what of it is asked at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.forms.answers import Answer, read_answer
from motcua.process.forms.checks import check_across, check_rows, check_value
from motcua.process.forms.paths import merge_answers, write_at
from motcua.process.forms.rows import list_rows
from motcua.process.forms.settle import settle
from motcua.process.forms.types import (
    Choices,
    CleanResult,
    Field,
    FieldError,
    Files,
    Form,
    FormPage,
    FormVerdict,
    Surroundings,
)
from motcua.process.forms.walk import Asked, flatten, is_fixed, is_hidden, walk

_UNKNOWN = N_("Biểu mẫu không có câu hỏi này; hãy bỏ ra.")
Answers = dict[str, Answer]


def visible_pages(form: Form, data: Mapping[str, Any]) -> tuple[FormPage, ...]:
    """Return the pages that are asked, given the answers so far."""
    scope = walk(form, data).scope
    return tuple(
        page
        for page in form.pages
        if not is_hidden(page.hidden_when, scope)
        and any(not is_hidden(item.hidden_when, scope) for item in page.fields)
    )


def visible_fields(form: Form, page_key: str, data: Mapping[str, Any]) -> tuple[Field, ...]:
    """Return the questions and what is shown between them of a page, as asked. Raises: UnknownPageError."""
    page = form.get_page(page_key)
    scope = walk(form, data).scope
    return tuple(item for item in page.fields if not is_hidden(item.hidden_when, scope))


def visible_data(form: Form, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that count, computed ones among them: what is filed and shown.

    Answers to questions that are not asked are left out, and so are rows that were left blank.
    """
    return walk(form, data).data


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

    `raw`: name → text or list of texts; dates also as name-day, name-month, name-year; a list's rows as
    "list[0].key". `data`: the answers so far, for conditions and for what can only be read. `files`: component key
    or paper code → files at hand (None: do not check files). `choices`: kind → value → label, for lists that the
    form does not hold (wards). Raises: UnknownPageError.
    """
    page = form.get_page(page_key)
    around = Surroundings(files, choices or {}, today)
    known = data or {}
    scope = walk(form, known).scope
    answers: Answers = {}
    posted: dict[str, Any] = {}
    for item in page.fields:
        if item.is_input and item.type != "filepicker" and not is_fixed(item, scope):
            write_at(posted, item.path, _read(item, item.key, raw, answers, kept=False))
    walked = walk(form, merge_answers(known, posted))
    errors: list[FieldError] = []
    warnings: list[FieldError] = []
    values: dict[str, Any] = {}
    typed: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    for item in page.fields:
        asked = walked.asked.get(item.key) if item.is_input or item.expression else None
        if asked is None:
            continue
        faults = list(_check(asked, answers, around))
        errors += faults
        warnings += [FieldError(a, text) for a in _addresses(asked) if a in answers for text in answers[a].warnings]
        if item.key in answers:
            _collect(asked, raw, answers, {error.key for error in faults}, (values, typed, kept))
    return CleanResult(values, tuple(errors), typed, tuple(warnings), kept)


def check_answer(item: Field, value: Any, *, choices: Choices | None = None, today: date | None = None) -> str:
    """Return what is wrong with one answer by itself, or ""; rules across answers are not asked."""
    return check_value(settle(item, {}), value, Surroundings(None, choices or {}, today))


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
    return judge_form(form, data, files=files, choices=choices, today=today).errors


def judge_form(
    form: Form,
    data: Mapping[str, Any],
    *,
    files: Files | None = None,
    choices: Choices | None = None,
    today: date | None = None,
) -> FormVerdict:
    """Return what `check_form` and `visible_data` say, worked out once."""
    around = Surroundings(files, choices or {}, today)
    walked = walk(form, data)
    errors: list[FieldError] = []
    for page in form.pages:
        for item in page.fields:
            asked = walked.asked.get(item.key) if item.has_value else None
            if asked is not None:
                errors += _check(asked, {}, around)
    return FormVerdict((*errors, *_find_unknown(form, data)), walked.data)


def _read(item: Field, name: str, raw: Mapping[str, Any], answers: Answers, *, kept: bool) -> Any:
    """Read one question, or each row of a list; note each answer under its address; return the value."""
    if item.type != "dynamiclist":
        answer = answers[name] = read_answer(item, raw, name)
        return answer.kept if kept else answer.value
    rows: list[dict[str, Any]] = []
    for place, index in enumerate(list_rows(raw, name)):
        row: dict[str, Any] = {}
        for inner in item.fields:
            if inner.is_input and inner.type != "filepicker":
                address = f"{name}[{place}].{inner.key}"
                value = _read_moved(inner, f"{name}[{index}].{inner.key}", address, raw, answers, kept=kept)
                write_at(row, inner.path, value)
        rows.append(row)
    answers[name] = Answer(rows, rows)
    return rows


def _read_moved(item: Field, name: str, address: str, raw: Mapping[str, Any], answers: Answers, *, kept: bool) -> Any:
    """Read what was posted under one row number and note it under another: rows close up when one was taken out."""
    if name == address:
        return _read(item, name, raw, answers, kept=kept)
    found: Answers = {}
    value = _read(item, name, raw, found, kept=kept)
    answers |= {address + key[len(name) :]: answer for key, answer in found.items()}
    return value


def _check(asked: Asked, answers: Answers, around: Surroundings) -> Iterator[FieldError]:
    """Yield what is wrong with a question and with everything in its rows."""
    if not asked.counts:
        yield from (FieldError(a, answers[a].error) for a in _addresses(asked) if a in answers and answers[a].error)
        return
    item = settle(asked.field, asked.scope)
    error = answers[asked.address].error if asked.address in answers else ""
    if item.type == "dynamiclist":
        counted = sum(1 for row in asked.rows if any(part.counts for part in row))
        error = check_rows(item, asked.value, counted)
    error = error or check_value(item, asked.value, around) or check_across(item, asked.scope, around)
    if error:
        yield FieldError(asked.address, error)
    for row in asked.rows:
        for part in row:
            yield from _check(part, answers, around)


def _addresses(asked: Asked) -> Iterator[str]:
    return (part.address for part in flatten(asked))


def _collect(
    asked: Asked,
    raw: Mapping[str, Any],
    answers: Answers,
    wrong: set[str],
    into: tuple[dict[str, Any], dict[str, Any], dict[str, Any]],
) -> None:
    """Put one question's answer among the good values, the typed ones and the kept ones."""
    values, typed, kept = into
    item, answer = asked.field, answers[asked.address]
    if item.type == "dynamiclist":
        write_at(kept, item.path, _read(item, item.key, raw, {}, kept=True))
        write_at(typed, item.path, _read(item, item.key, raw, {}, kept=True))
        write_at(values, item.path, _good_rows(asked, wrong))
        return
    write_at(typed, item.path, answer.typed)
    good = asked.address not in wrong and answer.value is not None
    write_at(kept, item.path, answer.kept)
    if good:
        write_at(values, item.path, answer.value)


def _good_rows(asked: Asked, wrong: set[str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for parts in asked.rows:
        row: dict[str, Any] = {}
        for part in parts:
            if part.field.type == "dynamiclist":
                write_at(row, part.field.path, _good_rows(part, wrong))
            elif part.field.is_input and part.value is not None and part.address not in wrong:
                write_at(row, part.field.path, part.value)
        if not parts or any(part.counts for part in parts):
            rows.append(row)
    return rows


def _find_unknown(form: Form, data: Mapping[str, Any]) -> Iterator[FieldError]:
    """Yield an error for each answer that no question of the form asks for."""
    yield from _unknown_in(list(form.order), data, "")


def _unknown_in(fields: list[Field], data: Mapping[str, Any], before: str) -> Iterator[FieldError]:
    known: dict[str, Any] = {}
    for item in fields:
        write_at(known, item.path, item)
    yield from _compare(known, data, before)


def _compare(known: Mapping[str, Any], data: Mapping[str, Any], before: str) -> Iterator[FieldError]:
    for key, value in data.items():
        expected = known.get(key)
        address = f"{before}{str(key)[:64]}"
        if expected is None:
            yield FieldError(address, _UNKNOWN)
        elif isinstance(expected, Mapping):
            if isinstance(value, Mapping):
                yield from _compare(expected, value, f"{address}.")
            elif value is not None:
                yield FieldError(address, _UNKNOWN)
        elif expected.type == "dynamiclist" and isinstance(value, list):
            for index, row in enumerate(value[:100]):
                if isinstance(row, Mapping):
                    yield from _unknown_in(list(expected.order), row, f"{address}[{index}].")
                else:
                    yield FieldError(f"{address}[{index}]", _UNKNOWN)
