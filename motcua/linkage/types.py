"""What crosses the boundary of linkage: frozen values, expected failures."""

from __future__ import annotations

from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_


class LinkRefused(DomainError):
    """Files, a mapping or a model that cannot be linked as they are."""

    http_status = 422

    def __init__(self, why: str) -> None:
        super().__init__("linkage.refused", N_("Không đối soát được: %(why)s.", why=why))
