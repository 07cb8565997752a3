"""What proves a paper without anybody handing it in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SourceKind = Literal["register", "vault", "result"]
Of = Literal["applicant", "spouse", "father", "mother", "child"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSource:
    """One way in which a paper is known already: a record of a register, a paper in the vault, an earlier result.

    `name`: the register's code, the vault's kind of paper, or the procedure's code. `key`: the key or link of the
    register under which the person's number stands. `of`: whose it is, seen from the applicant.
    """

    kind: SourceKind
    name: str
    key: str = ""
    of: Of = "applicant"
    until: str = ""  # a date field of the record after which it no longer counts
    days: int | None = None  # for how many days it counts from its date
    on: str = ""  # the date field that is its date; else the day since when it is true
    named: str = ""  # the question whose answer must be the number of the person whose it is
    is_field: str = ""  # the record must be of one of the sorts `is_values` by this field, else it is another paper
    is_values: tuple[str, ...] = ()
    when_field: str = ""  # the record must say one of `when_values` here, else it was taken back
    when_values: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()  # (field of the record, question of the form): both must agree

    @property
    def questions(self) -> tuple[str, ...]:
        """Return the questions of the form whose answers decide whether it is this paper."""
        return tuple(question for _field, question in self.where) + ((self.named,) if self.named else ())
