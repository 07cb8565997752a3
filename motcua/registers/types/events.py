"""What registers tell upper modules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from motcua.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class RecordWritten(Event):
    """A record was made, changed, corrected or ended: `change` says which."""

    event_type: ClassVar[str] = "registers.record_written.v1"
    register: str
    record_uuid: UUID
    change: str

    @property
    def subject(self) -> str:
        return f"record:{self.record_uuid}"


@dataclass(frozen=True, kw_only=True)
class BatchLoaded(Event):
    """A batch of a file was written: all records whose versions have ids from `first_id` to `last_id`."""

    event_type: ClassVar[str] = "registers.batch_loaded.v1"
    register: str
    run_uuid: UUID
    first_id: int
    last_id: int

    @property
    def subject(self) -> str:
        return f"load:{self.run_uuid}"


@dataclass(frozen=True, kw_only=True)
class RecordsMerged(Event):
    """Two records were found to be of one thing: `merged_uuid` now leads to `kept_uuid`."""

    event_type: ClassVar[str] = "registers.records_merged.v1"
    register: str
    kept_uuid: UUID
    merged_uuid: UUID

    @property
    def subject(self) -> str:
        return f"record:{self.kept_uuid}"


@dataclass(frozen=True, kw_only=True)
class RecordsUnmerged(Event):
    """The merging was a mistake: both records stand for themselves again."""

    event_type: ClassVar[str] = "registers.records_unmerged.v1"
    register: str
    kept_uuid: UUID
    merged_uuid: UUID

    @property
    def subject(self) -> str:
        return f"record:{self.kept_uuid}"


@dataclass(frozen=True, kw_only=True)
class RecordSplit(Event):
    """A record was of two things: `made_uuid` is the one that was taken out of `origin_uuid`."""

    event_type: ClassVar[str] = "registers.record_split.v1"
    register: str
    origin_uuid: UUID
    made_uuid: UUID

    @property
    def subject(self) -> str:
        return f"record:{self.origin_uuid}"
