"""A keeper in memory, for tests: behaves as the real ones, and can be away."""

from __future__ import annotations

from datetime import datetime

from motcua.vault.rules.sealing import make_key, seal, unseal
from motcua.vault.types import KeeperAway, KeyDestroyed, WrappedKey


class FakeKeeper:
    def __init__(self) -> None:
        self._keys = {"kek-1": make_key()}
        self._current = "kek-1"
        self.is_away = False

    def get_current_id(self) -> str:
        return self._current

    def wrap(self, key: bytes, *, context: bytes) -> WrappedKey:
        return WrappedKey(self._current, seal(key, key=self._get(self._current), context=context))

    def unwrap(self, wrapped: WrappedKey, *, context: bytes) -> bytes:
        return unseal(wrapped.wrapped, key=self._get(wrapped.kek_id), context=context)

    def rotate(self, *, now: datetime) -> str:
        self._current = f"kek-{len(self._keys) + 1}-{now:%Y%m%d}"
        self._keys[self._current] = make_key()
        return self._current

    def destroy(self, kek_id: str) -> None:
        self._keys.pop(kek_id, None)

    def _get(self, kek_id: str) -> bytes:
        if self.is_away:
            raise KeeperAway("fake")
        if kek_id not in self._keys:
            raise KeyDestroyed
        return self._keys[kek_id]
