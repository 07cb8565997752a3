"""Blobs in a folder: `ab/cd/<sha256>`, written beside, synced, then named; a crash leaves a whole blob or none."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from motcua.documents.types import BlobMissing

_LOCKED = "quarantine"


class FolderBlobStore:
    """The default driver: one machine, one disk (or a network disk that several machines mount)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, sha256: str, content: bytes) -> None:
        target = self._path(sha256)
        if target.exists() and target.stat().st_size == len(content):
            return  # the name is the content; `read` proves it
        _make_folder(target.parent)
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".part-")
        try:
            with os.fdopen(descriptor, "wb") as part:
                part.write(content)
                part.flush()
                os.fsync(part.fileno())
            Path(name).replace(target)
        except BaseException:
            with suppress(FileNotFoundError):
                Path(name).unlink()
            raise
        _sync_folder(target.parent)

    def read(self, sha256: str) -> bytes:
        try:
            content = self._path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise BlobMissing from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise BlobMissing  # a rotten disk must not hand out a forged paper
        return content

    def quarantine(self, sha256: str) -> None:
        source, target = self._path(sha256), self._folder / _LOCKED / sha256
        _make_folder(target.parent)
        with suppress(FileNotFoundError):
            source.replace(target)
            target.chmod(0)
            _sync_folder(source.parent)

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not sha256.isalnum():
            raise ValueError("a blob is named by its SHA-256 in hexadecimal")
        return self._folder / sha256[:2] / sha256[2:4] / sha256


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sync_folder(folder.parent)
    _sync_folder(folder.parent.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
