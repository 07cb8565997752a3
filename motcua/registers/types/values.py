"""What registers hand out: frozen values, never models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

if TYPE_CHECKING:  # rules reach no Django, even through a neighbour
    from motcua.audit.public import Actor

Sensitivity = Literal["public", "internal", "personal", "sensitive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyInfo:
    """A natural key: the fields that name a record, joined. Values are unique in the register at one time."""

    name: str
    fields: tuple[str, ...]
    is_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkInfo:
    """What records are looked up by though many share it: every value of each of `fields`, or of all of them joined.

    Shape: "a.b" is field b of each object in the list a.
    """

    name: str
    fields: tuple[str, ...]
    is_joined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityInfo:
    """A quality rule as people read it: of which field, and what is wrong when it does not hold."""

    code: str
    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Records of this register name others: the key that `field` holds belongs to `register`."""

    name: str
    field: str
    register: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterInfo:
    """A register as its description says: who owns it, on what ground, what a record looks like."""

    id: int
    code: str
    name: str
    owner: str
    steward: str
    sensitivity: Sensitivity
    legal_ground: str
    retention: str
    version: int
    schema: Mapping[str, Any]
    keys: tuple[KeyInfo, ...]
    relations: tuple[Relation, ...]
    subject_key: str  # the key that names the person or firm whose data a record is; "" when of nobody
    subject_keys: tuple[str, ...] = ()  # all keys and links that name somebody whose data a record is
    links: tuple[LinkInfo, ...] = ()
    quality: tuple[QualityInfo, ...] = ()
    upgrades: tuple[Mapping[str, Any], ...] = ()  # steps, each with the version `to` which it leads
    retention_years: int = 0  # 0: for ever
    retention_from: str = ""  # the date field from which the years count
    owner_agency_id: int | None = None  # the agency whose stewards answer for it

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(self.schema.get("properties", {}))

    def get_title(self, field: str, *, language: str = "") -> str:
        """Return what a field is called on screens; its own name when the schema gives none.

        `field`: a name, or a path into what it holds ("holders.name"). `language`: a title in another language stands
        in the schema as `x-title-en`; the Vietnamese one stands in for it.
        """
        shape: Any = self.schema
        for name in field.split("."):
            shape = shape.get("items", shape) if isinstance(shape, Mapping) else {}
            inner = shape.get("properties") if isinstance(shape, Mapping) else None
            shape = inner.get(name) if isinstance(inner, Mapping) else None
        if not isinstance(shape, Mapping):
            return field
        return str(shape.get(f"x-title-{language}") or shape.get("title") or field)


@dataclass(frozen=True, slots=True)
class Unread:
    """A row of a file that could not be read: why, and what stood there."""

    reason: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Who reads, what for, on what ground: nobody reads for nothing."""

    actor: Actor
    purpose: str
    legal_ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSlice:
    """What a record said in one period: true over [valid_from, valid_to), known to us over [known_from, known_to)."""

    data: Mapping[str, Any]
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None
    schema_version: int
    source: str
    sha256: str
    is_correction: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInfo:
    """One record at one time. `uuid` is that of the kept record when it was merged."""

    id: int
    uuid: UUID
    register: str
    slice: RecordSlice

    @property
    def data(self) -> Mapping[str, Any]:
        return self.slice.data


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for: fields of the record that a key names. No fields: all."""

    register: str
    key: str
    value: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """What is wrong with one field of a record."""

    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRowInfo:
    """A row that was not taken, as it came, and why."""

    line_no: int
    raw: Any
    problems: tuple[FieldProblem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """How a file fared."""

    run_uuid: UUID
    register: str
    rows_read: int
    rows_new: int
    rows_changed: int
    rows_same: int
    rows_rejected: int
    is_quarantined: bool = False
    is_finished: bool = True
    rows_checked: int = 0  # while the whole file is checked before any of it is taken
    source: str = ""
    file_name: str = ""
    started_at: datetime | None = None
