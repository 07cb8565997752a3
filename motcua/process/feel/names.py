"""Names with blanks and signs: the longest known name wins, whatever blanks stand between its tokens.

Source: OMG DMN 1.5, 10.3.1.3 and 10.3.1.4 (`a - b` is the name where a name `a-b` is known).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from motcua.process.feel.errors import FeelError
from motcua.process.feel.lexer import Token, tokenize

_END = ""


class NameTree:
    """Known names, by their tokens."""

    __slots__ = ("root",)

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.root: dict[str, Any] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Learn a name; one of a single word needs no learning, for any word is read as a name."""
        try:
            parts = [token.text for token in tokenize(name)[:-1]]
        except FeelError:  # a name that no expression can write
            return
        if len(parts) < 2:
            return
        node = self.root
        for part in parts:
            node = node.setdefault(part, {})
        node[_END] = name

    def match(self, tokens: Sequence[Token], position: int) -> tuple[str, int] | None:
        """Return the longest known name that starts here, and how many tokens it takes."""
        node = self.root
        found: tuple[str, int] | None = None
        for index in range(position, len(tokens)):
            token = tokens[index]
            if token.kind == "string" or token.kind == "end" or token.text not in node:
                break
            node = node[token.text]
            if _END in node:
                found = (node[_END], index - position + 1)
        return found


@lru_cache(maxsize=512)
def tree_of(names: frozenset[str]) -> NameTree:
    """Return the tree of a set of names."""
    return NameTree(names)
