"""The face of the designer: where procedure owners draw, test and publish."""

from __future__ import annotations

__all__: list[str] = []
