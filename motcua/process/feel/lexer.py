"""Cut an expression into tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from motcua.process.feel.values import FUNCTIONS

MAX_CHARACTERS = 2_000
MAX_TOKENS = 300

TokenKind = Literal["number", "string", "name", "word", "function", "mark", "end"]
WORDS = frozenset({"and", "or", "in", "if", "then", "else", "true", "false", "null", "between"})


class FeelError(ValueError):
    """The expression cannot be read; `reason_vi` says where and why."""

    def __init__(self, reason_vi: str) -> None:
        super().__init__(reason_vi)
        self.reason_vi = reason_vi


@dataclass(frozen=True, slots=True)
class Token:
    kind: TokenKind
    text: str
    at: int


_CALLS = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(FUNCTIONS, key=len, reverse=True))
_PATTERN = re.compile(
    rf"""\s*(?:
      (?P<number>\d{{1,34}}(?:\.(?!\.)\d{{1,34}})?)
    | "(?P<string>(?:[^"\\]|\\.)*)"
    | (?P<function>(?:{_CALLS}))(?=\s*\()
    | (?P<name>[^\W\d]\w*)
    | (?P<mark>\.\.|<=|>=|!=|[=<>+\-*/()\[\],.])
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "'": "'"}


def tokenize(source: str) -> list[Token]:
    """Return the tokens, closed by an `end` token; Raises: FeelError."""
    if len(source) > MAX_CHARACTERS:
        raise FeelError(f"Biểu thức dài quá {MAX_CHARACTERS} ký tự.")
    if "${" in source or "#{" in source:
        raise FeelError('Không dùng được kiểu ${...}; hãy viết theo FEEL, ví dụ: outcome = "accept".')
    tokens: list[Token] = []
    position, end = 0, len(source.rstrip())
    while position < end:
        match = _PATTERN.match(source, position)
        if match is None:
            raise FeelError(f"Không hiểu biểu thức từ ký tự thứ {position + 1}.")
        tokens.append(_token(match))
        position = match.end()
        if len(tokens) > MAX_TOKENS:
            raise FeelError("Biểu thức quá phức tạp; hãy chia thành nhiều bước.")
    tokens.append(Token("end", "", end))
    return tokens


def _token(match: re.Match[str]) -> Token:
    kind = str(match.lastgroup)
    text, at = match.group(kind), match.start(kind)
    if kind == "string":
        return Token("string", re.sub(r"\\(.)", _unescape, text, flags=re.DOTALL), at)
    if kind == "function":
        return Token("function", " ".join(text.split()), at)
    if kind == "name":
        return Token("word" if text in WORDS else "name", text, at)
    return Token("number" if kind == "number" else "mark", text, at)


def _unescape(match: re.Match[str]) -> str:
    escaped = match.group(1)
    if escaped not in _ESCAPES:
        raise FeelError(f"Không hiểu ký tự thoát \\{escaped} trong chuỗi.")
    return _ESCAPES[escaped]
