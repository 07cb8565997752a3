"""What a procedure page shows beyond the catalogue's own values."""

from __future__ import annotations

from dataclasses import dataclass

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
