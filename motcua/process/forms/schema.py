"""Read a form-js schema into a checked form: pages, groups, lists; the questions themselves in `questions`.

Source: form-js schema versions 4 to 19 (bpmn-io/form-js, `packages/form-json-schema`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.feel import Expression
from motcua.process.forms.crossing import attach_checks, read_checks
from motcua.process.forms.order import check_paths, sort_by_need
from motcua.process.forms.questions import read_hidden_when, read_list_facts, read_question
from motcua.process.forms.reading import (
    KEY,
    MAX_FIELDS,
    Place,
    Reading,
    as_list,
    as_mapping,
    as_text,
    read_properties,
)
from motcua.process.forms.types import Check, Field, Form, FormDefinitionError, FormPage
from motcua.process.types import Problem

__all__ = ["MAX_FIELDS", "parse_form"]
MAX_DEPTH = 5
MAX_LISTS = 2
LOOSE_QUESTIONS = 12  # a form without groups is cut into pages of at most so many questions
LONG_PAGE = 25  # a page with more questions is flagged
_IGNORED = frozenset({"spacer", "button"})  # looks, and the one button of a page is the platform's
_PAGE_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


def parse_form(schema: Mapping[str, Any]) -> Form:
    """Read a form-js schema (already decoded JSON). Raises: FormDefinitionError, with every problem found."""
    reading = Reading()
    read = as_mapping(schema)
    components = as_list(read.get("components"))
    if not components:
        reading.report("", "form_empty", N_("Biểu mẫu chưa có câu hỏi nào; hãy thêm ít nhất một."))
    checks: list[tuple[str, Check]] = [("", check) for check in read_checks(read, "", reading)]
    pages = tuple(_read_pages(components, reading, checks))
    pages = attach_checks(pages, checks, reading)
    fields = tuple(item for page in pages for item in page.fields if item.has_value)
    check_paths(fields, reading)
    for page in pages:
        asked = sum(1 for item in page.fields if item.is_input)
        if asked > LONG_PAGE:
            text = N_(
                "“%(title)s” có %(asked)s câu hỏi trên một trang; hãy chia thành các nhóm nhỏ hơn.",
                title=page.title,
                asked=asked,
            )
            reading.remarks.append(Problem(page.key, "page_too_long", text))
    subjects = _read_subjects(read, reading)
    order = sort_by_need(fields, reading) if not reading.problems else ()
    if reading.problems:
        raise FormDefinitionError(tuple(reading.problems))
    names = frozenset(item.path[0] for item in fields)
    remarks = tuple(reading.remarks)
    return Form(as_text(read.get("id")), pages, order=order, remarks=remarks, names=names, subjects=subjects)


def _read_subjects(schema: Mapping[str, Any], reading: Reading) -> Expression | None:
    """Read of whom the facts are that the form asks for, as far as its answers say so."""
    text = read_properties(schema).get("subjects", "")
    return reading.expression(text, "", N_("cách tìm người được hỏi (subjects)")) if text else None


def _read_pages(components: list[Any], reading: Reading, checks: list[tuple[str, Check]]) -> Iterator[FormPage]:
    loose: list[Any] = []
    for component in components:
        if isinstance(component, Mapping) and component.get("type") == "group" and not component.get("isRepeating"):
            yield from _loose_pages(loose, reading)
            loose = []
            page = _read_page(component, reading)
            checks += [(page.key, check) for check in read_checks(component, page.key, reading)]
            yield page
        else:
            loose.append(component)
    yield from _loose_pages(loose, reading)


def _loose_pages(components: list[Any], reading: Reading) -> Iterator[FormPage]:
    """Make the implied pages of components that stand in no group."""
    runs: list[list[Field]] = [[]]
    asked = 0
    for item in _read_components(components, Place(), reading):
        if item.is_input and asked == LOOSE_QUESTIONS:
            runs.append([])
            asked = 0
        asked += item.is_input
        runs[-1].append(item)
    for number, run in enumerate(runs, start=1):
        if run:
            title = (
                N_("Thông tin (%(number)s/%(count)s)", number=number, count=len(runs))
                if len(runs) > 1
                else N_("Thông tin")
            )
            yield FormPage(_page_key("", reading), title, "", tuple(run))


def _read_page(group: Mapping[str, Any], reading: Reading) -> FormPage:
    reading.count_component(is_field=False)
    properties = read_properties(group)
    key = _page_key(properties.get("page") or as_text(group.get("id")), reading)
    title = as_text(group.get("label"))
    if not title:
        reading.report(key, "page_without_title", N_("trang chưa có tên; hãy đặt tên cho nhóm."))
    hidden = read_hidden_when(group, key, reading)
    place = Place(prefix=_group_path(group, key, reading), hidden=hidden, depth=1)
    fields = tuple(_read_components(as_list(group.get("components")), place, reading))
    if not fields:
        reading.report(key, "page_empty", N_("trang chưa có câu hỏi nào."))
    return FormPage(key, title, properties.get("description", ""), fields, hidden)


def _page_key(wanted: str, reading: Reading) -> str:
    key = wanted if _PAGE_KEY.fullmatch(wanted) else f"trang-{len(reading.page_keys) + 1}"
    if key in reading.page_keys:
        reading.report(key, "page_twice", N_("hai trang trùng mã; hãy đặt mã riêng."))
    reading.page_keys.add(key)
    return key


def _group_path(group: Mapping[str, Any], key: str, reading: Reading) -> tuple[str, ...]:
    path = as_text(group.get("path"))
    if path and not KEY.fullmatch(path):
        reading.report(
            key, "path_unreadable", N_("đường dẫn (path) của nhóm chỉ gồm chữ không dấu, số, gạch dưới và chấm.")
        )
        return ()
    return tuple(path.split(".")) if path else ()


def _read_components(components: list[Any], place: Place, reading: Reading) -> Iterator[Field]:
    for component in components:
        if not isinstance(component, Mapping):
            reading.count_component(is_field=False)
            reading.report(
                "", "component_unreadable", N_("Biểu mẫu có phần không đọc được; hãy lưu lại từ công cụ vẽ.")
            )
            continue
        kind = component.get("type")
        if kind == "dynamiclist" or (kind == "group" and component.get("isRepeating") is True):
            reading.count_component(is_field=True)
            yield from _read_list(component, place, reading)
        elif kind == "group":
            reading.count_component(is_field=False)
            yield from _read_group(component, place, reading)
        elif as_text(kind) in _IGNORED:
            reading.count_component(is_field=False)
        else:
            found = read_question(component, place, reading)
            if found is not None:
                yield found


def _read_group(group: Mapping[str, Any], place: Place, reading: Reading) -> Iterator[Field]:
    """Flatten an inner group: its label becomes the section of its questions, its path part of their keys."""
    label = as_text(group.get("label"))
    if place.depth >= MAX_DEPTH:
        reading.report(label, "group_too_deep", N_("nhóm lồng nhau quá sâu."))
        return
    hidden: tuple[Expression, ...] = (*place.hidden, *read_hidden_when(group, label, reading))
    prefix = (*place.prefix, *_group_path(group, label, reading))
    inner = replace(place, prefix=prefix, hidden=hidden, section=label or place.section, depth=place.depth + 1)
    fields = list(_read_components(as_list(group.get("components")), inner, reading))
    checks = read_checks(group, label, reading)
    if checks and fields:
        fields[-1] = replace(fields[-1], checks=(*fields[-1].checks, *checks))
    yield from fields


def _read_list(component: Mapping[str, Any], place: Place, reading: Reading) -> Iterator[Field]:
    """Read a dynamic list: what is in it is read once, relative to its row."""
    label = as_text(component.get("label"))
    if place.depth >= MAX_DEPTH or place.lists >= MAX_LISTS:
        reading.report(label, "group_too_deep", N_("danh sách lồng nhau quá sâu."))
        return
    inner = Place(depth=place.depth + 1, lists=place.lists + 1)
    fields = tuple(_read_components(as_list(component.get("components")), inner, reading))
    found = read_list_facts(component, place, reading)
    valued = tuple(item for item in fields if item.has_value)
    if not valued:
        reading.report(found.key or label, "list_empty", N_("danh sách chưa có câu hỏi nào."))
    check_paths(valued, reading)
    yield replace(found, fields=fields, order=valued)
