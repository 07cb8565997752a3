"""What changed between two versions of a package, in the words of the people who decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ChangePart = Literal[
    "procedure", "term", "competence", "fees", "papers", "laws", "process", "form", "decision", "result", "golden"
]


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `before` empty: new; `after` empty: taken away."""

    part: ChangePart
    heading: str
    before: str = ""
    after: str = ""
    element_id: str = ""
