"""Which keys sign here, and until when."""

from __future__ import annotations

from motcua.documents.queries.drivers import get_key_store
from motcua.documents.types import SigningKeyInfo


def find_signing_key(code: str) -> SigningKeyInfo | None:
    """Return the key of an agency or official, a revoked one too; None when there never was one.

    Raises: KeyKeeperAway.
    """
    return get_key_store().find_key(code)


def make_official_code(agency_code: str, account_id: int) -> str:
    """Return the code under which an official's own key is kept: one for each agency he signs for."""
    return f"{agency_code}.cb-{account_id}"
