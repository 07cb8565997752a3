"""The reader's hold on the tokens: what comes next, and which names are known here."""

from __future__ import annotations

import re
from collections.abc import Iterable

from motcua.kernel.messages import N_
from motcua.process.feel.errors import FeelError
from motcua.process.feel.lexer import KEYWORDS, Token, tokenize
from motcua.process.feel.names import NameTree, tree_of

MAX_DEPTH = 100
_MAX_READS = 400_000
_SYMBOLS = frozenset({".", "/", "-", "'", "+", "*", "**"})


class TokenReader:
    """Walk over the tokens of one source."""

    def __init__(self, source: str, known: Iterable[NameTree]) -> None:
        self.source = source
        self.tokens = tokenize(source)
        self.position = 0
        self.depth = 0
        self.reads = 0
        self.known = list(known)
        self.scopes: list[NameTree] = []
        self.members = NameTree()

    @property
    def current(self) -> Token:
        return self.tokens[self.position]

    def peek(self, ahead: int = 1) -> Token:
        return self.tokens[min(self.position + ahead, len(self.tokens) - 1)]

    def take(self) -> Token:
        token = self.tokens[self.position]
        if token.kind != "end":
            self.position += 1
        self.reads += 1
        if self.reads > _MAX_READS:
            raise FeelError(N_("Biểu thức quá phức tạp; hãy chia thành nhiều bước."), token.at)
        return token

    def at(self, text: str) -> bool:
        token = self.tokens[self.position]
        return token.text == text and token.kind in ("mark", "word")

    def accept(self, text: str) -> bool:
        if self.at(text):
            self.take()
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.accept(text):
            raise FeelError(
                N_("Thiếu “%(text)s” ở ký tự thứ %(place)s.", text=text, place=self.current.at + 1), self.current.at
            )

    def enter(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FeelError(N_("Biểu thức lồng nhau quá sâu; hãy chia thành nhiều bước."), self.current.at)

    def leave(self) -> None:
        self.depth -= 1

    def refuse(self, token: Token | None = None) -> FeelError:
        token = token or self.current
        what = f"“{token.text[:60]}”" if token.text else N_("chỗ kết thúc")
        return FeelError(N_("Không hiểu %(what)s ở ký tự thứ %(place)s.", what=what, place=token.at + 1), token.at)

    def known_name(self, *, members: bool = False) -> tuple[str, int] | None:
        """Return the longest name known here and its number of tokens, without taking it."""
        best: tuple[str, int] | None = None
        trees = (
            [*reversed(self.scopes), *self.known, self.members] if members else [*reversed(self.scopes), *self.known]
        )
        for tree in trees:
            if tree.root:
                found = tree.match(self.tokens, self.position)
                if found is not None and (best is None or found[1] > best[1]):
                    best = found
        return best

    def take_name(self, *, members: bool = False) -> str:
        """Take a name: the longest known one, or the words up to the next sign or keyword."""
        found = self.known_name(members=members)
        if found is not None:
            self.position += found[1]
            return found[0]
        first = self.take()
        if first.kind != "word" or (first.text in KEYWORDS and not members):
            raise self.refuse(first)
        words = [first.text]
        while self._continues_name():
            words.append(self.take().text)
        return " ".join(words)

    def _continues_name(self) -> bool:
        token = self.current
        if token.kind == "number":
            return token.text.isdigit()
        return token.kind == "word" and token.text not in KEYWORDS and token.text != "?"

    def declared_name(self, *closing: str) -> str | None:
        """Take a new name with all its signs up to one of the closing tokens; None when there is none."""
        start = self.position
        while (token := self.current).kind in ("word", "number") or (token.kind == "mark" and token.text in _SYMBOLS):
            if token.text in closing and self.position > start:
                break
            self.take()
        if self.position == start or self.current.text not in closing or self.tokens[start].kind != "word":
            self.position = start
            return None
        written = self.source[self.tokens[start].at : self.tokens[self.position - 1].end]
        return re.sub(r"\s+", " ", written)

    def declare(self, name: str) -> None:
        """Make a name known in the innermost scope, and as a member."""
        self.scopes[-1].add(name)
        self.members.add(name)


def trees(names: frozenset[str], builtin: NameTree) -> tuple[NameTree, ...]:
    """Return the trees of what is known outside an expression."""
    return (tree_of(names), builtin) if names else (builtin,)
