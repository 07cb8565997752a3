"""Small steps of reading a form-js schema: problems in a list, values of any type made sure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from motcua.kernel.messages import N_, join
from motcua.kernel.text import clean_line
from motcua.process.feel import Expression, FeelError, compile_expression
from motcua.process.forms.template import Template, TemplateError, compile_template, has_expressions
from motcua.process.forms.types import FormDefinitionError
from motcua.process.types import Problem

MAX_FIELDS = 500
MAX_COMPONENTS = 2_000
MAX_PROBLEMS = 200
MAX_TEXT = 20_000
MAX_ALL_TEXT = 1_000_000
KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}(?:\.[A-Za-z_][A-Za-z0-9_]{0,63}){0,4}")


@dataclass
class Reading:
    """One reading: what was found wrong and what was already used."""

    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    page_keys: set[str] = field(default_factory=set)
    count: int = 0
    components: int = 0
    text_length: int = 0

    def report(self, key: str, code: str, message_vi: str) -> None:
        """Note a problem; a hopeless form is not read to its end."""
        self.problems.append(Problem(key, code, join((f"“{key}”", message_vi), separator=": ") if key else message_vi))
        if len(self.problems) >= MAX_PROBLEMS:
            raise FormDefinitionError(tuple(self.problems))

    def count_component(self, *, is_field: bool) -> None:
        """Count one more part. Raises: FormDefinitionError as soon as there are too many."""
        self.components += 1
        self.count += is_field
        if self.count > MAX_FIELDS or self.components > MAX_COMPONENTS or self.text_length > MAX_ALL_TEXT:
            self.report(
                "",
                "form_too_large",
                N_("Biểu mẫu quá lớn (nhiều nhất %(max_fields)s câu hỏi); hãy chia ra.", max_fields=MAX_FIELDS),
            )
            raise FormDefinitionError(tuple(self.problems))

    def expression(self, written: Any, key: str, what: str) -> Expression | None:
        """Compile an expression; None when there is none or it cannot be read (which is reported)."""
        if not isinstance(written, str) or not written.strip():
            return None
        try:
            return compile_expression(written)
        except FeelError as error:
            self.report(key, "expression_unreadable", join((what, error.reason_vi), separator=": "))
            return None

    def template(self, text: str, key: str) -> Template | None:
        """Compile a text that holds expressions; None when it holds none or cannot be read (which is reported)."""
        if not has_expressions(text):
            return None
        try:
            return compile_template(text)
        except (FeelError, TemplateError) as error:
            reason = error.reason_vi if isinstance(error, FeelError) else error.args[0]
            self.report(key, "expression_unreadable", N_("văn bản có biểu thức: %(reason)s", reason=reason))
            return None

    def long_text(self, value: Any, key: str) -> str:
        """Read a text of several lines; one that is too long is reported."""
        text = value if isinstance(value, str) else ""
        self.text_length += len(text)
        if len(text) > MAX_TEXT:
            self.report(
                key, "text_too_long", N_("văn bản dài quá %(max_text)s ký tự; hãy rút ngắn.", max_text=MAX_TEXT)
            )
            return ""
        return text


@dataclass(frozen=True, slots=True)
class Place:
    """Where a component stands: the path of its groups, what hides them, their label, how deep, in a list or not."""

    prefix: tuple[str, ...] = ()
    hidden: tuple[Expression, ...] = ()
    section: str = ""
    depth: int = 0
    lists: int = 0


def as_mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def as_text(value: Any) -> str:
    return clean_line(str(value)[:MAX_TEXT]) if isinstance(value, (str, int, float)) else ""


def as_count(value: Any) -> int | None:
    number = as_number(value)
    return int(number) if number is not None and 0 <= number <= 100_000 else None


def as_number(value: Any) -> Decimal | None:
    """Read a number as form-js writes it, bare or as text."""
    if value is None or isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = Decimal(str(value)[:40])
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal("1e18") else None


def is_expression(value: Any) -> bool:
    """Tell whether a property is written as FEEL."""
    return isinstance(value, str) and value.lstrip().startswith("=")


def read_properties(component: Mapping[str, Any]) -> dict[str, str]:
    """Read the free properties of a component."""
    return {as_text(name): as_text(value) for name, value in as_mapping(component.get("properties")).items()}
