"""The face of the vault: papers that a person or firm holds."""

from __future__ import annotations

from motcua.vault.actions.deposit import deposit_paper
from motcua.vault.actions.reading import read_paper
from motcua.vault.queries.papers import find_papers, get_paper
from motcua.vault.types import (
    Access,
    PaperDestroyed,
    PaperInfo,
    PaperRefused,
    PaperUnknown,
    Reading,
    ReadingRefused,
)

__all__ = [
    "Access", "PaperDestroyed", "PaperInfo", "PaperRefused", "PaperUnknown", "Reading", "ReadingRefused",
    "deposit_paper", "find_papers", "get_paper", "read_paper",
]  # fmt: skip
