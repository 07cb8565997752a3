"""The answers of a package put to the questions of our form. Pure; what finds no question is named, never dropped."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from motcua.kernel.messages import N_
from motcua.national.types import Package, Reason
from motcua.process.forms.answers import read_answer
from motcua.process.public import Form, put_answers


@dataclass(frozen=True, slots=True)
class Placed:
    """The answers as our form keeps them, and where each file belongs."""

    data: dict[str, Any]
    file_keys: tuple[str, ...]  # beside the files of the package, in their order; "" where none is known
    reasons: tuple[Reason, ...]


def place_answers(
    form: Form,
    package: Package,
    *,
    named: Mapping[str, str],
    set_aside: Collection[str] = (),
    values: Mapping[str, str] | None = None,
) -> Placed:
    """Put each answer to the question that it is for.

    A name is a question's key, a fact that a question asks for, or one that an official has explained (`named`).
    `set_aside`: names that an official said to leave out. `values`: what he wrote instead, by the question's key.
    """
    reasons: list[Reason] = []
    data: dict[str, Any] = {}
    for name, value in package.answers.items():
        key = _find_question(form, name, named)
        if key and key in form.names and not _is_question(form, key):
            data[key] = value  # a group or a list, whole
        elif key:
            data = put_answers(data, {key: value})
        elif name not in set_aside:
            says = N_("Tờ khai có mục “%(name)s” mà biểu mẫu của thủ tục không có.", name=name[:80])
            reasons.append(Reason("unknown_field", name, says))
    for key, typed in (values or {}).items():
        item = form.find_field(key)
        if item is not None:
            data = put_answers(data, {key: read_answer(item, {key: [typed]}).kept})
    return Placed(data, *_place_files(form, package, named, set_aside, reasons))


def _place_files(
    form: Form, package: Package, named: Mapping[str, str], set_aside: Collection[str], reasons: list[Reason]
) -> tuple[tuple[str, ...], tuple[Reason, ...]]:
    by_paper = {item.paper: item.key for item in form.fields if item.type == "filepicker" and item.paper}
    takes_files = {item.key for item in form.fields if item.type == "filepicker"}
    keys = []
    for file in package.files:
        explained = named.get(file.paper, "")
        key = next((each for each in (file.paper, by_paper.get(file.paper, ""), explained) if each in takes_files), "")
        if not key and file.paper not in set_aside:
            says = N_(
                "Tệp “%(name)s” mang mã giấy tờ “%(paper)s” mà thủ tục không có.", name=file.name, paper=file.paper
            )
            reasons.append(Reason("unknown_paper", file.paper, says))
        keys.append(key)
    return tuple(keys), tuple(reasons)


def _find_question(form: Form, name: str, named: Mapping[str, str]) -> str:
    for key in (name, form.facts.get(name, ""), named.get(name, "")):
        if key and (key in form.names or _is_question(form, key)):
            return key
    return ""


def _is_question(form: Form, key: str) -> bool:
    item = form.find_field(key)
    return item is not None and item.is_input and item.type != "filepicker"
