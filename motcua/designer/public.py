"""The face of the designer: where procedure owners draw, test and publish."""

from __future__ import annotations

from motcua.designer.types.drafts import ProcessPublished

__all__ = ["ProcessPublished"]
