"""What a leader's list of papers to sign hands out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from motcua.cases.public import InboxRow
from motcua.documents.public import SigningPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPaper:
    """An unsigned paper, and where it leaves room for the hand and the seal."""

    pdf: bytes
    place: SigningPlace | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningRow:
    """One paper that waits for the signature; `sha256` is empty while the draft is still being drawn."""

    task: InboxRow
    result_no: str = ""
    decision: str = ""
    sha256: str = ""
    shown_at: datetime | None = None
    agreed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningOutcome:
    """What became of one paper of the list."""

    state: Literal["signed", "refused"]
    case_code: str
    message: str = ""
