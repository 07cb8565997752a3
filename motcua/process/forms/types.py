"""What forms are made of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from motcua.kernel.errors import DomainError
from motcua.process.feel import Expression
from motcua.process.types import Problem

FieldType = Literal[
    "textfield", "textarea", "number", "datetime", "select", "radio", "checkbox", "checklist", "text", "filepicker"
]
Choices = Mapping[str, Mapping[str, str]]
Files = Mapping[str, Collection[str]]
NO_FILES: Files = {}
NO_CHOICES: Choices = {}


class FormDefinitionError(DomainError):
    """The form cannot be used; `problems` says why, all at once (`element_id` is the key of the component)."""

    http_status = 422

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        lines = "; ".join(problem.message_vi for problem in problems[:5])
        super().__init__("process.form_refused", f"Chưa dùng được biểu mẫu này. Hãy sửa: {lines}")
        self.problems = problems


class UnknownPageError(DomainError):
    """The form has no such page."""

    http_status = 404

    def __init__(self, page_key: str) -> None:
        super().__init__("process.form_page_unknown", "Biểu mẫu không có trang này. Hãy quay lại trang trước.")
        self.page_key = page_key


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select, radio or checklist."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question, or a static text (`type` "text"), with all its rules. `section` is the inner group's label."""

    key: str
    type: FieldType
    label: str
    description: str = ""
    required: bool = False
    kind: str = ""
    fact: str = ""
    paper: str = ""
    options: tuple[Option, ...] = ()
    min_length: int | None = None
    max_length: int | None = None
    pattern: str = ""
    pattern_hint: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int = 0
    when: str = ""
    multiple: bool = False
    accept: str = ""
    suffix: str = ""
    text: str = ""
    section: str = ""
    default: Any = None
    hidden_when: tuple[Expression, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_input(self) -> bool:
        return self.type != "text"


@dataclass(frozen=True, slots=True)
class FormPage:
    """One topic: what one screen asks."""

    key: str
    title: str
    description: str
    fields: tuple[Field, ...]
    hidden_when: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A checked form; `parse_form` makes it, nothing else should."""

    id: str
    pages: tuple[FormPage, ...]

    def get_page(self, page_key: str) -> FormPage:
        """Return a page. Raises: UnknownPageError."""
        for page in self.pages:
            if page.key == page_key:
                return page
        raise UnknownPageError(page_key)

    @property
    def fields(self) -> Iterator[Field]:
        """Yield every question of every page (static texts left out)."""
        return (item for page in self.pages for item in page.fields if item.is_input)

    def find_field(self, key: str) -> Field | None:
        """Return the question with this key, or None."""
        return next((item for item in self.fields if item.key == key), None)

    @property
    def facts(self) -> Mapping[str, str]:
        """Map each fact ("applicant.full_name") to the key of the question that asks for it."""
        return {item.fact: item.key for item in self.fields if item.fact}


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one answer, and what to do about it."""

    key: str
    message_vi: str


@dataclass(frozen=True, slots=True)
class CleanResult:
    """The answers of one page.

    `values`: good answers, typed and ready to store. `typed`: every answer as the person gave it (cleaned of
    unreadable signs), to show again and to keep in a draft. `warnings`: to show, but not in the way of filing.
    """

    values: dict[str, Any]
    errors: tuple[FieldError, ...]
    typed: dict[str, Any]
    warnings: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an answer is checked against beside the form: files at hand, choices by kind, today's date."""

    files: Files | None = None
    choices: Choices = field(default_factory=dict)
    today: date | None = None


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One line to read back; `value_text` is empty when nothing was answered."""

    label: str
    value_text: str
    key: str


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """One page to read back."""

    key: str
    title: str
    rows: tuple[SummaryRow, ...]
