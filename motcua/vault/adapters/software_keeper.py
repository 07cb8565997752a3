"""Keys that close people's keys, in files (mode 0600): for development and small towns; a token or HSM is better.

Layout: `<id>.key` (32 random bytes), `current` names the one that closes; both written beside, synced, then named.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from motcua.vault.rules.sealing import KEY_BYTES, make_key, seal, unseal
from motcua.vault.types import KeeperAway, KeyDestroyed, WrappedKey

_ID = re.compile(r"^kek-[0-9a-f]{16}$")


class SoftwareKeeper:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, bytes] = {}

    def get_current_id(self) -> str:
        with suppress(FileNotFoundError):
            return (self._folder / "current").read_text("ascii").strip()
        with self._lock():
            with suppress(FileNotFoundError):  # another process was first
                return (self._folder / "current").read_text("ascii").strip()
            return self._make()

    def wrap(self, key: bytes, *, context: bytes) -> WrappedKey:
        kek_id = self.get_current_id()
        return WrappedKey(kek_id, seal(key, key=self._load(kek_id), context=kek_id.encode() + b":" + context))

    def unwrap(self, wrapped: WrappedKey, *, context: bytes) -> bytes:
        kek = self._load(wrapped.kek_id)
        return unseal(wrapped.wrapped, key=kek, context=wrapped.kek_id.encode() + b":" + context)

    def rotate(self, *, now: datetime) -> str:
        with self._lock():
            return self._make()

    def destroy(self, kek_id: str) -> None:
        if kek_id == self.get_current_id():
            raise ValueError("the current key is never destroyed; rotate first")
        path = self._path(kek_id)
        with suppress(FileNotFoundError):
            with path.open("r+b") as file:  # overwritten before it is unlinked; the disk may still keep old sectors
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        self._known.pop(kek_id, None)

    def _make(self) -> str:
        kek_id = f"kek-{secrets.token_hex(8)}"
        self._write(self._path(kek_id), make_key())
        self._write(self._folder / "current", kek_id.encode())
        return kek_id

    def _load(self, kek_id: str) -> bytes:
        path = self._path(kek_id)
        if kek_id in self._known and path.exists():  # destroyed by another process: forgotten here as well
            return self._known[kek_id]
        try:
            key = path.read_bytes()
        except FileNotFoundError as error:
            self._known.pop(kek_id, None)
            raise KeyDestroyed from error
        if len(key) != KEY_BYTES:
            raise KeeperAway("key file of a wrong length")
        self._known[kek_id] = key
        return key

    def _path(self, kek_id: str) -> Path:
        if not _ID.match(kek_id):
            raise KeyDestroyed
        return self._folder / f"{kek_id}.key"

    def _write(self, path: Path, content: bytes) -> None:
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
