"""Which keys sign here, and until when."""

from __future__ import annotations

from motcua.documents.queries.drivers import get_key_store
from motcua.documents.types import KeyPlace, SigningKeyInfo


def find_signing_key(code: str) -> SigningKeyInfo | None:
    """Return the key of an agency or official, a revoked one too; None when there never was one.

    Raises: KeyKeeperAway.
    """
    return get_key_store().find_key(code)


def get_key_place() -> KeyPlace:
    """Return where the keys of this installation live."""
    place: KeyPlace = getattr(get_key_store(), "place", "elsewhere")  # a keeper of another house may not say
    return place


def make_official_code(agency_code: str, account_id: int) -> str:
    """Return the code under which an official's own key is kept: one for each agency he signs for."""
    return f"{agency_code}.cb-{account_id}"
