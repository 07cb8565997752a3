"""A decision model as read from XML: plain frozen data, nothing compiled yet.

Source: OMG DMN 1.5, chapters 6, 7 and 8 (metamodel).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal as OneOf

from motcua.process.types import Problem

Reference = tuple[str, str]  # (namespace, "" for this model; id)


@dataclass(frozen=True, slots=True)
class Parameter:
    """An information item: a name with a type."""

    name: str
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Boxed:
    """Any expression: the id where its faults are reported, and the type that its value must have."""

    id: str
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Literal(Boxed):
    text: str = ""
    refused: str = ""  # the name of a language other than FEEL


@dataclass(frozen=True, slots=True)
class Context(Boxed):
    entries: tuple[tuple[Parameter | None, Boxed | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Invocation(Boxed):
    called: Boxed | None = None
    bindings: tuple[tuple[Parameter, Boxed | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Function(Boxed):
    parameters: tuple[Parameter, ...] = ()
    body: Boxed | None = None
    kind: str = "FEEL"


@dataclass(frozen=True, slots=True)
class Relation(Boxed):
    columns: tuple[Parameter, ...] = ()
    rows: tuple[tuple[Boxed | None, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class List(Boxed):
    items: tuple[Boxed, ...] = ()


@dataclass(frozen=True, slots=True)
class Conditional(Boxed):
    condition: Boxed | None = None
    then: Boxed | None = None
    otherwise: Boxed | None = None


@dataclass(frozen=True, slots=True)
class Iterator(Boxed):
    kind: OneOf["for", "some", "every"] = "for"
    variable: str = ""
    source_type: str = ""
    source: Boxed | None = None
    body: Boxed | None = None


@dataclass(frozen=True, slots=True)
class Filter(Boxed):
    source: Boxed | None = None
    match: Boxed | None = None


@dataclass(frozen=True, slots=True)
class InputClause:
    id: str
    label: str
    expression: Literal
    allowed: Literal | None


@dataclass(frozen=True, slots=True)
class OutputClause:
    id: str
    name: str
    label: str
    type_ref: str
    allowed: Literal | None
    default: Literal | None


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    inputs: tuple[Literal, ...]
    outputs: tuple[Literal, ...]
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table(Boxed):
    hit_policy: str = "UNIQUE"
    aggregation: str = ""
    inputs: tuple[InputClause, ...] = ()
    outputs: tuple[OutputClause, ...] = ()
    rules: tuple[Rule, ...] = ()
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A type: based on another, or made of components, or a function."""

    id: str
    name: str
    type_ref: str = ""
    is_collection: bool = False
    allowed: str = ""
    constraint: str = ""
    components: tuple[ItemDefinition, ...] = ()
    function: tuple[tuple[Parameter, ...], str] | None = None


@dataclass(frozen=True, slots=True)
class InputData:
    id: str
    name: str
    variable: Parameter


@dataclass(frozen=True, slots=True)
class Decision:
    id: str
    name: str
    variable: Parameter
    label: str = ""
    question: str = ""
    decisions: tuple[Reference, ...] = ()
    inputs: tuple[Reference, ...] = ()
    knowledge: tuple[Reference, ...] = ()
    logic: Boxed | None = None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business-knowledge model."""

    id: str
    name: str
    variable: Parameter
    logic: Function | None = None
    knowledge: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    id: str
    name: str
    variable: Parameter
    outputs: tuple[Reference, ...] = ()
    encapsulated: tuple[Reference, ...] = ()
    decisions: tuple[Reference, ...] = ()
    inputs: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Import:
    id: str
    name: str
    namespace: str
    kind: str


Element = InputData | Decision | Knowledge | Service


@dataclass(frozen=True, slots=True)
class Definitions:
    name: str
    namespace: str
    imports: tuple[Import, ...] = ()
    types: tuple[ItemDefinition, ...] = ()
    elements: tuple[Element, ...] = ()
    problems: tuple[Problem, ...] = field(default=())
