"""Facts that registers answer: how each is found, and what came of asking."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from motcua.exchange.types.national import NationalService
from motcua.exchange.types.values import GrantInfo, ServiceInfo
from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_

HERE = "here"  # our own register, as a source of facts
FactState = Literal["found", "none", "unavailable"]
FactUse = Literal["held", "suggested"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRule:
    """How one fact about one kind of thing is found: the record that `key` names with `value`, and its field.

    `value`: the subject's key in a pattern, such as "{id}|permanent". Of several records only those count that say
    `where`, do not say `absent`, and hold today by `since` and `until`; the newest by `latest` answers, all of them
    where `many`, none where they must be `only` one. `use`: held facts are disputed, suggested ones may be changed.
    `sources`: who is asked, in this order, until one has a record: "here", or a national database.
    """

    attribute: str
    kind: str
    register: str
    key: str
    value: str
    field: str
    title: str
    words: tuple[str, ...] = ()
    where: Mapping[str, str] = dataclasses.field(default_factory=dict)
    absent: tuple[str, ...] = ()
    latest: str = ""
    since: str = ""
    until: str = ""
    many: bool = False
    only: bool = False
    use: FactUse = "held"
    sources: tuple[str, ...] = (HERE,)

    @property
    def reads(self) -> frozenset[str]:
        """Return every field that finding this fact looks at: all of them must be granted."""
        named = (self.field, self.latest, self.since, self.until, *self.where, *self.absent)
        return frozenset(each for each in named if each)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectKind:
    """A kind of thing that facts are about: where its own record lies and what of it a stranger must know.

    `typed`: the attributes that together name it. `proof`: fields of the record, one of which must agree with what
    the asker knows (`proof_by`: as a name, or to the letter). `relations`: fields that name other things by key.
    """

    name: str
    register: str
    key: str
    typed: tuple[str, ...]
    proof: tuple[str, ...]
    proof_by: Literal["name", "letter"]
    relations: Mapping[str, str]
    sources: tuple[str, ...] = (HERE,)


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalRecord:
    """As which record of a register of ours the answer of a national database counts.

    `fields`: our field -> theirs, where it is named otherwise; `says`: what such a record says by its nature.
    """

    service: NationalService
    register: str
    key: str
    value: str = "{id}"
    fields: Mapping[str, str] = dataclasses.field(default_factory=dict)
    says: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactService:
    """How an agency's own HTTP service answers for a register, as its description says (`x-motcua-facts`).

    `paths`: key or link of the register -> address with "{value}". `as_of`: the field that says since when it is true.
    """

    register: str
    paths: Mapping[str, str]
    as_of: str = ""
    is_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOf:
    """What the asker knows of a subject besides its key: a national database wants it with the number."""

    full_name: str = ""
    birth_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcedRecord:
    """A record that lies elsewhere, as it was told: by whom, since when it is true, when it was told."""

    data: Mapping[str, Any]
    source: str
    as_of: datetime
    fetched_at: datetime
    is_cached: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectInfo:
    """A part of a fact's name that says whose fact it is. `via`: by which relation of which subject it is found."""

    name: str
    kind: str
    via: str = ""
    is_trusted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FactCatalogue:
    """Every fact that a form may name."""

    kinds: Mapping[str, SubjectKind]
    subjects: Mapping[str, SubjectInfo]
    rules: Mapping[tuple[str, str], FactRule]
    national: Mapping[tuple[str, str, str, str], NationalRecord] = dataclasses.field(default_factory=dict)

    def split(self, fact: str) -> tuple[str, str] | None:
        """Return the subject and the attribute of a fact's name; the longest subject wins; None when unknown."""
        parts = fact.split(".")
        for count in range(len(parts) - 1, 0, -1):
            subject, attribute = ".".join(parts[:count]), ".".join(parts[count:])
            known = self.subjects.get(subject)
            if known is not None and (known.kind, attribute) in self.rules:
                return subject, attribute
        return None

    def find(self, fact: str) -> FactRule | None:
        """Return how this fact is found, or None when no register answers it."""
        names = self.split(fact)
        return None if names is None else self.rules[(self.subjects[names[0]].kind, names[1])]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactValue:
    """What came of asking for a fact. `none`: no record, no grant or no proof; which of them is not said.

    `as_of`: since when it is true; `known_at`: since when the register says so; `sha256`: of all of this.
    `held_by`: who answered, or should have, when it was not our own register; `is_cached`: given before, at `known_at`.
    """

    fact: str
    state: FactState
    value: Any = None
    register: str = ""
    register_name: str = ""
    field: str = ""
    record_uuid: UUID | None = None
    source: str = ""
    as_of: datetime | None = None
    known_at: datetime | None = None
    sha256: str = ""
    use: FactUse = "held"
    held_by: str = ""
    is_cached: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FactOffer:
    """One grant of a reader on a register: which fields, and whether the register answers now.

    `service`, `grant` and `answers`: of a register that another agency's HTTP service holds.
    """

    register: str
    register_name: str
    fields: frozenset[str]
    is_open: bool
    service: ServiceInfo | None = None
    grant: GrantInfo | None = None
    answers: FactService | None = None


class RegisterUnavailable(DomainError):
    """The register does not answer now; whoever asked goes on without it and asks again."""

    http_status = 503

    def __init__(self, register: str) -> None:
        super().__init__(
            "exchange.register_unavailable",
            N_("Sổ dữ liệu “%(register)s” đang tạm ngừng; hệ thống sẽ hỏi lại sau.", register=register),
        )
        self.register = register
