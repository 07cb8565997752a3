"""Papers that nobody has to hand in, because the city holds what they prove."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:  # types reach no Django, even through a neighbour
    from motcua.procedures.public import PaperSource

SolvedState = Literal["held", "needed"]
SolvedBy = Literal["register", "vault", "result", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was found for one source of one paper, before it is judged."""

    source: PaperSource
    title: str  # the register, the paper of the vault, or the result, in words
    dated_on: date | None
    until_on: date | None = None
    is_revoked: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)
    reference: Mapping[str, str] = field(default_factory=dict)
    whose: str = ""  # the number of the person or firm it is of


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedPaper:
    """The answer for one paper. `says`: what is spared and where it stands, or why it is asked after all.

    A paper that nothing is known of is simply needed: `says` is empty.
    """

    paper_code: str
    name: str
    state: SolvedState
    by: SolvedBy = ""
    says: str = ""
    dated_on: date | None = None
    reference: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_held(self) -> bool:
        return self.state == "held"


@dataclass(frozen=True, slots=True)
class Solved:
    """For whom, for which answers (their hash) and when the sources of papers were last asked."""

    whose: str
    answers: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SparedPaperInfo:
    """A paper that was not asked for, as the dossier keeps it: the official sees it beside the decision."""

    code: str
    name: str
    by: str
    says: str
    dated_on: date | None
    reference: Mapping[str, str]
    solved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCount:
    """What one procedure asks of a person, and what its dossiers were spared.

    By the form: questions that a person must type and those that a register can answer, papers likewise. By the
    dossiers filed: facts that a register answered, papers handed in, papers spared.
    """

    code: str
    name: str
    facts_typed: int
    facts_known: int
    papers_asked: int
    papers_known: int
    dossiers: int
    facts_answered: int
    papers_handed_in: int
    papers_spared: int
