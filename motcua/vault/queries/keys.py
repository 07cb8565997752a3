"""Opening what is sealed: the keeper's key opens the person's, which opens each paper's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from motcua.documents.public import read_file
from motcua.vault.models import DataKey, Paper, PaperTail
from motcua.vault.queries.drivers import get_key_keeper
from motcua.vault.rules.sealing import unseal
from motcua.vault.types import KeyDestroyed, PaperDestroyed, WrappedKey


@dataclass(frozen=True, slots=True)
class Facts:
    """What is sealed beside a paper."""

    title: str
    filename: str
    media_type: str
    sha256: str


def context_of_key(vault_uuid: object, generation: int) -> bytes:
    """Return what binds a person's key to its row."""
    return f"vault:{vault_uuid}:{generation}".encode()


def context_of(paper_uuid: object, part: str) -> bytes:
    """Return what binds a sealed part to its paper."""
    return f"{part}:{paper_uuid}".encode()


def open_data_key(row: DataKey) -> bytes:
    """Return the person's key. Raises: KeyDestroyed, KeeperAway, ContentDamaged."""
    if row.wrapped is None:
        raise KeyDestroyed
    wrapped = WrappedKey(row.kek_id, bytes(row.wrapped))
    return get_key_keeper().unwrap(wrapped, context=context_of_key(row.vault.uuid, row.generation))


class KeyRing:
    """Person's keys opened while one request lasts: a list of papers asks the keeper once for each person."""

    def __init__(self) -> None:
        self._open: dict[int, bytes] = {}

    def get(self, row: DataKey) -> bytes:
        if row.pk not in self._open:
            self._open[row.pk] = open_data_key(row)
        return self._open[row.pk]


def open_facts(paper: Paper, ring: KeyRing) -> Facts:
    """Return title, name and hash of a paper. Raises: PaperDestroyed, KeyDestroyed, KeeperAway, ContentDamaged."""
    if paper.sealed is None:
        raise PaperDestroyed
    plain = unseal(bytes(paper.sealed), key=ring.get(paper.key), context=context_of(paper.uuid, "facts"))
    facts: dict[str, Any] = orjson.loads(plain)
    return Facts(
        title=facts["title"], filename=facts["filename"], media_type=facts["media_type"], sha256=facts["sha256"]
    )


def open_content(paper: Paper, ring: KeyRing) -> bytes:
    """Return the paper itself, with what was signed behind it later.

    Raises: PaperDestroyed, KeyDestroyed, KeeperAway, ContentDamaged, BlobMissing.
    """
    key = open_paper_key(paper, ring)
    parts = [unseal(read_file(paper.file_id), key=key, context=context_of(paper.uuid, "content"))]
    for tail in PaperTail.objects.filter(paper_id=paper.pk).order_by("position"):
        parts.append(unseal(read_file(tail.file_id), key=key, context=context_of(paper.uuid, f"tail {tail.position}")))
    return b"".join(parts)


def open_paper_key(paper: Paper, ring: KeyRing) -> bytes:
    """Return a paper's own key. Raises: PaperDestroyed, KeyDestroyed, KeeperAway, ContentDamaged."""
    if paper.wrapped_key is None:
        raise PaperDestroyed
    return unseal(bytes(paper.wrapped_key), key=ring.get(paper.key), context=context_of(paper.uuid, "key"))


def count_keys() -> int:
    """Return how many people's keys live."""
    return DataKey.objects.filter(destroyed_at__isnull=True).count()
