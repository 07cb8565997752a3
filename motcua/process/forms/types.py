"""What forms are made of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_, join
from motcua.process.feel import Expression
from motcua.process.forms.template import Template
from motcua.process.types import Problem

FieldType = Literal[
    "textfield", "textarea", "number", "datetime", "select", "radio", "checkbox", "checklist", "taglist",
    "filepicker", "dynamiclist", "expression", "text", "html", "image", "separator", "table",
]  # fmt: skip
STATIC: frozenset[str] = frozenset({"text", "html", "image", "separator", "table"})
SEVERAL: frozenset[str] = frozenset({"checklist", "taglist"})
CHOSEN: frozenset[str] = frozenset({"select", "radio", "checklist", "taglist"})
Path = tuple[str, ...]
Choices = Mapping[str, Mapping[str, str]]
Files = Mapping[str, Collection[str]]
NO_FILES: Files = {}
NO_CHOICES: Choices = {}


class FormDefinitionError(DomainError):
    """The form cannot be used; `problems` says why, all at once (`element_id` is the key of the component)."""

    http_status = 422

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        lines = join(problem.message_vi for problem in problems[:5])
        super().__init__("process.form_refused", N_("Chưa dùng được biểu mẫu này. Hãy sửa: %(lines)s", lines=lines))
        self.problems = problems


class UnknownPageError(DomainError):
    """The form has no such page."""

    http_status = 404

    def __init__(self, page_key: str) -> None:
        super().__init__("process.form_page_unknown", N_("Biểu mẫu không có trang này. Hãy quay lại trang trước."))
        self.page_key = page_key


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select, radio or checklist."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: where in the row it stands, and its heading."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class TableSource:
    """What a table shows: rows by an expression, columns written or by an expression, rows on a page (0: all)."""

    rows: Expression
    columns: tuple[Column, ...] = ()
    columns_from: Expression | None = None
    row_count: int = 0


@dataclass(frozen=True, slots=True)
class Repetition:
    """How a dynamic list repeats: rows shown at first, rows that must be there, rows that may be."""

    first: int = 1
    fewest: int = 0
    most: int = 50
    may_change: bool = True
    unfolded: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """One question, or something shown between questions (`type` in STATIC), with all its rules.

    `key` is the address: "full_name", "child.full_name"; in a list relative to its row until the list is shown
    (`place_fields` gives "members[0].full_name"). `section` is the inner group's label. `rules`: limits given as
    FEEL ("required", "min", "max", "minLength", "maxLength"), `texts`: labels and hints that hold expressions.
    """

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
    prefix: str = ""
    subtype: str = "date"
    step: Decimal | None = None
    minutes_step: int = 0
    time_format: str = "no_timezone"
    as_text: bool = False
    searchable: bool = False
    disabled: bool = False
    readonly: bool = False
    readonly_when: Expression | None = None
    rules: Mapping[str, Expression] = field(default_factory=dict)
    texts: Mapping[str, Template] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    options_from: Expression | None = None
    expression: Expression | None = None
    compute_on: str = "change"
    table: TableSource | None = None
    repetition: Repetition | None = None
    fields: tuple[Field, ...] = ()
    order: tuple[Field, ...] = ()
    rows: tuple[tuple[Field, ...], ...] = ()
    value: Any = None
    row_id: str = ""
    columns: int = 0
    is_hidden: bool = False
    is_placed: bool = False

    @property
    def path(self) -> Path:
        """Where the answer stands in the data (of its row, in a list)."""
        return tuple(self.key.split("."))

    @property
    def is_input(self) -> bool:
        """Tell whether a person answers it."""
        return self.type not in STATIC and self.type != "expression"

    @property
    def has_value(self) -> bool:
        """Tell whether it stands in the data: a question, or a computed value."""
        return self.type not in STATIC


@dataclass(frozen=True, slots=True)
class Check:
    """A rule across answers: wrong when the expression is false, and then the sentence is shown."""

    expression: Expression
    sentence: str


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
    """A checked form; `parse_form` makes it, nothing else should.

    `order`: every question and computed value, each after what it hangs on. `remarks`: what does not stop the form
    but should be mended (a page too long). `names`: the names at the top of the data. `subjects`: the form's
    property of that name, a FEEL context that says whose facts are asked for: {"child.mother": "@applicant.spouse"}.
    """

    id: str
    pages: tuple[FormPage, ...]
    order: tuple[Field, ...] = ()
    remarks: tuple[Problem, ...] = ()
    names: frozenset[str] = frozenset()
    subjects: Expression | None = None

    def get_page(self, page_key: str) -> FormPage:
        """Return a page. Raises: UnknownPageError."""
        for page in self.pages:
            if page.key == page_key:
                return page
        raise UnknownPageError(page_key)

    @property
    def fields(self) -> Iterator[Field]:
        """Yield every question and computed value of every page (a list as one question)."""
        return (item for page in self.pages for item in page.fields if item.has_value)

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
    `kept`: both in one, the good answers typed: what a draft keeps (`merge_answers` puts it into the rest).
    """

    values: dict[str, Any]
    errors: tuple[FieldError, ...]
    typed: dict[str, Any]
    warnings: tuple[FieldError, ...] = ()
    kept: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FormVerdict:
    """What is wrong with all answers, and the answers that count: what would be filed."""

    errors: tuple[FieldError, ...]
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an answer is checked against beside the form: files at hand, choices by kind, today's date."""

    files: Files | None = None
    choices: Choices = field(default_factory=dict)
    today: date | None = None


@dataclass(frozen=True, slots=True)
class SummaryTable:
    """A list read back: one heading a column, one row a repetition."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One line to read back; `value_text` is empty when nothing was answered."""

    label: str
    value_text: str
    key: str
    table: SummaryTable | None = None


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """One page to read back."""

    key: str
    title: str
    rows: tuple[SummaryRow, ...]
