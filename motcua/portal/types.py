"""What a procedure page shows beyond the catalogue's own values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from motcua.places.public import AreaInfo
from motcua.procedures.public import Competence, Fee


@dataclass(frozen=True, slots=True)
class WardChoice:
    """What became of the ward that a person named.

    `candidates`: the person chooses, among the heirs of an old ward (`is_split`) or among wards of like name.
    """

    typed: str
    ward: AreaInfo | None = None
    candidates: tuple[AreaInfo, ...] = ()
    is_split: bool = False

    @property
    def is_unknown(self) -> bool:
        return bool(self.typed) and self.ward is None and not self.candidates


@dataclass(frozen=True, slots=True)
class ChannelFee:
    """The fee of one way to file."""

    channel: str
    fee: Fee


@dataclass(frozen=True, slots=True)
class LocalFacts:
    """What depends on the ward: who solves it, and why. `wards` is empty where the ward makes no difference."""

    choice: WardChoice
    wards: tuple[AreaInfo, ...]
    competence: Competence


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldField:
    """One fact of a record as its subject reads it."""

    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRecord:
    """What one record says of a person now: since when it is true, since when the city knows, from whom."""

    uuid: UUID
    fields: tuple[HeldField, ...]
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    source: str
    is_correction: bool
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRegister:
    """A register with what it holds on one person, and by what right it is kept."""

    code: str
    name: str
    owner: str
    legal_ground: str
    retention: str
    records: tuple[HeldRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSlice:
    """What a record said before, and why it no longer counts."""

    fields: tuple[HeldField, ...]
    valid_from: datetime
    valid_to: datetime | None
    known_from: datetime
    known_to: datetime | None
    source: str
    is_correction: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldHistory:
    """One record of a person through time, the newest first."""

    register: HeldRegister
    record: HeldRecord
    slices: tuple[PastSlice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRow:
    """One reading as its subject reads it: who (an office and role, a program, a person), what, what for, why."""

    at: datetime
    reader: str
    role: str
    is_own: bool
    what: str
    of: str  # whose or which thing: a register, a dossier, the account
    purpose: str
    legal_ground: str
    delayed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingWish:
    """What of the readings a person asks for, as typed into the search."""

    from_on: date | None = None
    to_on: date | None = None
    reader: str = ""
    with_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """What a person agreed to be told: a paper that ends soon, or a procedure that lies near."""

    text: str
    on: date
    procedure: str = ""  # code of the procedure that helps
