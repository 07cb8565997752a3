"""What the decision library hands out: problems of a model, results with their issues, tables as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_, join
from motcua.process.types import Problem

HitPolicy = Literal["UNIQUE", "ANY", "PRIORITY", "FIRST", "RULE ORDER", "OUTPUT ORDER", "COLLECT"]
Aggregation = Literal["", "SUM", "COUNT", "MIN", "MAX"]
CellKind = Literal["any", "constants", "intervals", "opaque"]


class DecisionModelError(DomainError):
    """The decision model cannot be used; `problems` says why, all at once, each with the element's id."""

    http_status = 422

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        lines = join(problem.message_vi for problem in problems[:5])
        super().__init__(
            "dmn.model_refused", N_("Chưa dùng được mô hình quyết định này. Hãy sửa tệp: %(lines)s", lines=lines)
        )
        self.problems = problems


@dataclass(frozen=True, slots=True)
class DecisionIssue:
    """One reason why a part of a result is null: the element, a stable code and a Vietnamese sentence."""

    element_id: str
    code: str
    message_vi: str


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """A FEEL value and what went wrong on the way to it; no issue means that null was meant."""

    value: Any
    issues: tuple[DecisionIssue, ...] = ()


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`; None is an open end of the number line, `closed` says whether the end belongs."""

    low: Any
    low_closed: bool
    high: Any
    high_closed: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """An input entry as written and as parsed, for checks of completeness and overlap.

    `any`: matches everything. `constants`: matches exactly `constants`. `intervals`: matches `intervals` and
    `constants`. `opaque`: only evaluation can tell. `is_negated` turns constants and intervals round (`not(...)`).
    """

    text: str
    kind: CellKind
    constants: tuple[Any, ...] = ()
    intervals: tuple[Interval, ...] = ()
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class TableInput:
    """A column that is asked: `allowed` is what the clause or else its type allows, None when anything goes."""

    id: str
    label: str
    expression: str
    type_ref: str
    allowed: Cell | None


@dataclass(frozen=True, slots=True)
class TableOutput:
    id: str
    name: str
    label: str
    type_ref: str
    allowed: Cell | None
    default: str


@dataclass(frozen=True, slots=True)
class TableRule:
    id: str
    cells: tuple[Cell, ...]
    outputs: tuple[str, ...]
    annotations: tuple[str, ...]

    @property
    def inputs(self) -> tuple[str, ...]:
        """The input entries as written."""
        return tuple(cell.text for cell in self.cells)


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A decision table as drawn. `owner_id`, `name`: the decision or knowledge model that it belongs to."""

    id: str
    owner_id: str
    name: str
    hit_policy: HitPolicy
    aggregation: Aggregation
    inputs: tuple[TableInput, ...]
    outputs: tuple[TableOutput, ...]
    rules: tuple[TableRule, ...]
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionInfo:
    id: str
    name: str
    type_ref: str
    label: str = ""
    question: str = ""
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InputInfo:
    id: str
    name: str
    type_ref: str
    allowed: Cell | None = None


@dataclass(frozen=True, slots=True)
class ServiceInfo:
    id: str
    name: str
    parameters: tuple[str, ...]
    outputs: tuple[str, ...] = field(default=())
