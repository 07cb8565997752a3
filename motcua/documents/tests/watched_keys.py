"""A keeper of keys that counts what it is asked, and notes what was asked while a transaction was open.

Named by `MOTCUA_KEY_STORE=motcua.documents.tests.watched_keys.make_key_store`: it stands for a keeper behind a network.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection

from motcua.documents.adapters.software_keys import SoftwareKeyStore
from motcua.documents.types import SigningKey

WATCHED = "motcua.documents.tests.watched_keys.make_key_store"


@dataclass
class Asked:
    """What was asked: of the keys themselves, and of them for signatures."""

    keys: int = 0
    signatures: int = 0
    in_transaction: list[str] = field(default_factory=list)

    def note(self, what: str) -> None:
        if connection.in_atomic_block:
            self.in_transaction.append(what)


class _WatchedKey:
    def __init__(self, key: SigningKey, asked: Asked) -> None:
        self._key, self._asked = key, asked
        self.certificate_der, self.chain_der = key.certificate_der, key.chain_der

    def sign_sha256(self, data: bytes) -> bytes:
        self._asked.signatures += 1
        self._asked.note("signature")
        return self._key.sign_sha256(data)


class WatchedKeyStore(SoftwareKeyStore):
    """Software keys whose every use is seen."""

    asked = Asked()

    def get_key(self, agency_code: str) -> SigningKey:
        self.asked.keys += 1
        self.asked.note(f"key {agency_code}")
        return _WatchedKey(super().get_key(agency_code), self.asked)


@cache
def make_key_store() -> WatchedKeyStore:
    """Return the one keeper of this process."""
    return WatchedKeyStore(Path(settings.VAR_DIR) / "keys", None, trust_own_root=True)
