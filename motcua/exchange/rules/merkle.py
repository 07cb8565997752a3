"""A tree over the lines of a batch: one line proves that it belongs to the batch without showing the others.

Source: RFC 9162 (Certificate Transparency 2.0), 2.1.1-2.1.3.
Leaves and nodes are hashed apart, an odd node goes up as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def find_root(digests: Sequence[str]) -> str:
    """Return the root over the lines' digests (hexadecimal). Raises: ValueError without a line."""
    return _levels(digests)[-1][0].hex()


def make_path(digests: Sequence[str], index: int) -> tuple[str, ...]:
    """Return what is needed beside a line's own digest to reach the root, from the leaf up."""
    path = []
    for level in _levels(digests)[:-1]:
        beside = index ^ 1
        if beside < len(level):
            path.append(level[beside].hex())
        index //= 2
    return tuple(path)


def follow_path(digest: str, path: Sequence[str], *, index: int, size: int) -> str:
    """Return the root that a line and its path lead to. Raises: ValueError for a path of the wrong length."""
    if not 0 <= index < size:
        raise ValueError("no such place")
    node, rest = _leaf(digest), list(path)
    while size > 1:
        if index ^ 1 < size:
            if not rest:
                raise ValueError("path too short")
            beside = _bytes(rest.pop(0))
            node = _node(beside, node) if index & 1 else _node(node, beside)
        index, size = index // 2, (size + 1) // 2
    if rest:
        raise ValueError("path too long")
    return node.hex()


def _levels(digests: Sequence[str]) -> list[list[bytes]]:
    if not digests:
        raise ValueError("no line")
    levels = [[_leaf(each) for each in digests]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        level = [_node(below[place], below[place + 1]) for place in range(0, len(below) - 1, 2)]
        levels.append(level + below[len(below) & ~1 :])
    return levels


def _leaf(digest: str) -> bytes:
    return hashlib.sha256(b"\x00" + _bytes(digest)).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _bytes(text: str) -> bytes:
    raw = bytes.fromhex(text)
    if len(raw) != hashlib.sha256().digest_size or raw.hex() != text:
        raise ValueError("not a digest")
    return raw
