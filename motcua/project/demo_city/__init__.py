"""The demonstration city: invented people, firms, agencies and dossiers. Nobody here is real."""

from __future__ import annotations

from pathlib import Path

PAPER_TEMPLATE = Path(__file__).parent / "paper.typ"
