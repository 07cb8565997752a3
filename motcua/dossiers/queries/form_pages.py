"""What dossiers ask of a process form: its pages for a draft, its papers, its answers in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from motcua.dossiers.rules.facts import bind_form, claimed_data, read_facts
from motcua.dossiers.types import AttachedFile, DraftInfo, SolvedPaper
from motcua.places.public import list_wards
from motcua.procedures.public import Paper, get_form
from motcua.process.public import (
    Choices,
    CleanResult,
    Field,
    Form,
    SummaryPage,
    check_form,
    clean_page,
    judge_form,
    place_fields,
    put_answers,
    read_answer_at,
    root_of,
    show_value,
    summarise,
    visible_data,
    visible_fields,
    visible_pages,
)

FormErrors = tuple[tuple[str, str, str], ...]


_wards: dict[date, dict[str, str]] = {}


def list_choices(*, on: date) -> Choices:
    """Return the lists that forms refer to by kind: the wards of the day, which change by law and never within it."""
    wards = _wards.get(on)
    if wards is None:
        wards = {ward.code: ward.name for ward in list_wards(on=on)}
        if wards:
            _wards.clear()
            _wards[on] = wards
    return {"area": wards}


def list_file_names(files: Iterable[AttachedFile]) -> dict[str, list[str]]:
    """Return the names of files by the key of their field, as forms count them."""
    names: dict[str, list[str]] = {}
    for file in files:
        names.setdefault(file.field_key, []).append(file.filename)
    return names


def list_draft_files(files: Iterable[AttachedFile], spared: Iterable[SolvedPaper] = ()) -> dict[str, Sequence[str]]:
    """Return what is at hand, as forms count it: files by the key of their field, held papers by their code."""
    held: dict[str, Sequence[str]] = {paper.paper_code: (paper.says,) for paper in spared if paper.is_held}
    return held | list_file_names(files)


class Draftlike(Protocol):
    """A draft's row or value: both say of which form they are and which facts stand in them."""

    @property
    def procedure_version_id(self) -> int: ...
    @property
    def facts(self) -> Mapping[str, Mapping[str, Any]]: ...


def get_draft_form(draft: Draftlike) -> Form:
    """Return the draft's form with its facts in place: what a register answered can only be read."""
    return bind_form(get_form(draft.procedure_version_id), read_facts(draft.facts))


def list_asked_keys(form: Form, data: Mapping[str, Any]) -> frozenset[str]:
    """Return the keys of the questions that are asked, given these answers."""
    return frozenset(
        item.key for page in visible_pages(form, data) for item in visible_fields(form, page.key, data) if item.is_input
    )


def clean_draft_page(
    form: Form,
    page_key: str,
    raw: Mapping[str, Sequence[str]],
    *,
    data: Mapping[str, Any],
    files: Iterable[AttachedFile],
    spared: Iterable[SolvedPaper] = (),
    on: date,
) -> CleanResult:
    """Read one posted page of a draft against the answers of its other pages."""
    return clean_page(
        form, page_key, raw, data=data, files=list_draft_files(files, spared), choices=list_choices(on=on), today=on
    )


def check_draft_form(draft: DraftInfo, *, on: date) -> tuple[dict[str, Any], FormErrors]:
    """Return what would be filed (answers to questions that are asked), and each error with the page it is on.

    What is disputed is checked as the applicant says it is, and filed as the register says it.
    """
    form, facts = get_draft_form(draft), read_facts(draft.facts)
    data = {key: value for key, value in draft.data.items() if key in form.names}
    files = list_draft_files(draft.files, draft.spared)
    claimed = claimed_data(data, facts)
    verdict = judge_form(form, claimed, files=files, choices=list_choices(on=on), today=on)
    page_of = {item.key: page.key for page in form.pages for item in page.fields}
    errors = tuple((page_of.get(root_of(error.key), ""), error.key, error.message_vi) for error in verdict.errors)
    return verdict.data if claimed == data else visible_data(form, data), errors


def fold_answers(version_id: int, data: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return filed answers with changed ones put in by key, everything that hangs on them worked out again."""
    return visible_data(get_form(version_id), put_answers(data, answers))


def answers_of_page(form: Form, page_key: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that stand on one page, by the key of the question."""
    found = {item.key: read_answer_at(data, item.key) for item in form.get_page(page_key).fields if item.is_input}
    return {key: value for key, value in found.items() if value is not None}


def summarise_answers(
    version_id: int, data: Mapping[str, Any], *, file_names: Mapping[str, Sequence[str]], on: date
) -> tuple[SummaryPage, ...]:
    """Return the asked questions with their answers as text, page by page."""
    return summarise(get_form(version_id), data, files=file_names, choices=list_choices(on=on))


def list_page_keys(version_id: int, data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return (key, title) of the pages that are asked, given the answers so far."""
    return tuple((page.key, page.title) for page in visible_pages(get_form(version_id), data))


def list_asked_papers(version_id: int, data: Mapping[str, Any]) -> dict[str, str]:
    """Return the code of each paper that the form asks for, given these answers, with the key of its question."""
    form = get_form(version_id)
    return {
        item.paper: item.key
        for page in visible_pages(form, data)
        for item in place_fields(form, page.key, data)
        if item.type == "filepicker" and item.paper
    }


def find_field_by_fact(version_id: int, fact: str) -> str | None:
    """Return the key of the question that asks for this fact, or None."""
    return get_form(version_id).facts.get(fact)


def list_paper_fields(version_id: int, *, papers: Sequence[Paper]) -> tuple[tuple[str, str, str], ...]:
    """Return (field key, paper code, paper name) of each field that takes files."""
    names = {paper.code: paper.name for paper in papers}
    return tuple(
        (item.key, item.paper, names.get(item.paper) or item.label)
        for item in get_form(version_id).fields
        if item.type == "filepicker"
    )


def list_field_labels(version_id: int) -> dict[str, str]:
    """Return the label of each question."""
    return {item.key: item.label for item in get_form(version_id).fields}


def list_fields_by_key(version_id: int, *, keys: Collection[str], data: Mapping[str, Any]) -> tuple[Field, ...]:
    """Return these questions in the order of the form, as they are shown for these answers."""
    form = get_form(version_id)
    pages = [page for page in form.pages if any(item.key in keys for item in page.fields)]
    return tuple(
        replace(item, is_hidden=False)
        for page in pages
        for item in place_fields(form, page.key, data, with_hidden=True)
        if item.key in keys and item.is_input
    )


def list_answer_texts(version_id: int, data: Mapping[str, Any], *, on: date) -> dict[str, str]:
    """Return every answer as people read it, by the key of its question."""
    choices = list_choices(on=on)
    found = {item.key: (item, read_answer_at(data, item.key)) for item in get_form(version_id).fields}
    return {key: show_value(item, value, choices=choices) for key, (item, value) in found.items() if value is not None}


def is_file_field(version_id: int, field_key: str) -> bool:
    """Return whether the form has this field and it takes files."""
    item = get_form(version_id).find_field(field_key)
    return item is not None and item.type == "filepicker"


def text_of_value(version_id: int, field_key: str, value: object, *, on: date) -> str:
    """Return one answer as people read it."""
    item = get_form(version_id).find_field(field_key)
    return "" if item is None else show_value(item, value, choices=list_choices(on=on))


def clean_fields(
    version_id: int, *, keys: frozenset[str], raw: Mapping[str, Sequence[str]], data: Mapping[str, Any], on: date
) -> tuple[dict[str, Any], tuple[tuple[str, str], ...]]:
    """Read only these questions from what was posted; return their answers, as typed where wrong, and their errors."""
    form = get_form(version_id)
    values: dict[str, Any] = {}
    errors: list[tuple[str, str]] = []
    for page in form.pages:
        if not keys.intersection(item.key for item in page.fields):
            continue
        result = clean_page(form, page.key, raw, data=data, choices=list_choices(on=on), today=on)
        kept = {item.key: read_answer_at(result.kept, item.key) for item in page.fields if item.key in keys}
        values |= {key: value for key, value in kept.items() if value is not None}
        errors += [(error.key, error.message_vi) for error in result.errors if root_of(error.key) in keys]
    return values, tuple(errors)


def check_fields(
    version_id: int, *, keys: frozenset[str], data: Mapping[str, Any], on: date
) -> tuple[tuple[str, str], ...]:
    """Return what is wrong with these answers as they are stored."""
    found = check_form(get_form(version_id), data, choices=list_choices(on=on), today=on)
    return tuple((error.key, error.message_vi) for error in found if root_of(error.key) in keys)
