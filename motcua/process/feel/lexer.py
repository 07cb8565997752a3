"""Cut an expression into tokens. Source: OMG DMN 1.5, 10.3.1.2, rules 27 to 36 and 57 to 66."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from motcua.kernel.messages import N_
from motcua.process.feel.errors import FeelError

MAX_CHARACTERS = 65_536
MAX_TOKENS = 20_000

TokenKind = Literal["number", "string", "word", "mark", "junk", "end"]
KEYWORDS = frozenset(
    {"and", "or", "in", "if", "then", "else", "for", "return", "some", "every", "satisfies", "true", "false", "null",
     "between", "instance", "function"}
)  # fmt: skip

# Rules 28 and 29: name start character and name part character. "?" starts a name: the tested value.
_START = (
    r"?A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
WORD = rf"[{_START}][{_START}0-9\u00B7\u0300-\u036F\u203F-\u2040]*"
_BLANK = r"[\s\u0085\u00A0\u1680\u180E\u2000-\u200B\u2028\u2029\u202F\u205F\u3000\uFEFF]"
_PATTERN = re.compile(
    rf"""(?:{_BLANK}+|//[^\n\r]*|/\*(?:[^*]|\*(?!/))*\*/)*(?:
      (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | "(?P<string>(?:[^"\\]|\\.)*)"
    | (?P<word>{WORD})
    | (?P<mark>\.\.|<=|>=|!=|->|\*\*|[=<>+\-*/()\[\]{{}},.:@'])
    | (?P<end>\Z)
    | (?P<junk>.)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "'": "'"}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the source; `at` and `end` are its place."""

    kind: TokenKind
    text: str
    at: int
    end: int


def tokenize(source: str) -> list[Token]:
    """Return the tokens, closed by an `end` token; Raises: FeelError."""
    if len(source) > MAX_CHARACTERS:
        raise FeelError(N_("Biểu thức dài quá %(max_characters)s ký tự.", max_characters=MAX_CHARACTERS))
    tokens: list[Token] = []
    position = 0
    while True:
        match = _PATTERN.match(source, position)
        if match is None:
            raise FeelError(N_("Không hiểu biểu thức từ ký tự thứ %(place)s.", place=position + 1), position)
        token = _token(match)
        tokens.append(token)
        if token.kind == "end":
            return tokens
        position = match.end()
        if len(tokens) > MAX_TOKENS:
            raise FeelError(N_("Biểu thức quá phức tạp; hãy chia thành nhiều bước."), position)


def _token(match: re.Match[str]) -> Token:
    kind = str(match.lastgroup)
    text, at = match.group(kind), match.start(kind)
    if kind == "string":
        return Token("string", unescape(text), at - 1, match.end())
    if kind == "junk" and text == '"':
        raise FeelError(N_("Chuỗi mở ở ký tự thứ %(place)s chưa được đóng bằng dấu nháy kép.", place=at + 1), at)
    return Token(kind, text, at, match.end())  # type: ignore[arg-type]  # the groups of the pattern are the kinds


def unescape(text: str) -> str:
    r"""Resolve escapes; a backslash before any other character stands for itself, as in "\d"."""
    if "\\" not in text:
        return text
    plain = _ESCAPE.sub(_unescape, text)
    # Two escapes of a surrogate pair are one character.
    plain = _SURROGATES.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), plain)
    if any("\ud800" <= character <= "\udfff" for character in plain):
        raise FeelError(N_("Chuỗi có nửa ký tự lẻ loi (\\uD800–\\uDFFF phải đi thành cặp)."))
    return plain


def _unescape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code is None:
        return _ESCAPES.get(match[3], "\\" + match[3])
    number = int(code, 16)
    if number > 0x10FFFF:
        raise FeelError(N_("Không có ký tự mang số %(code)s.", code=code))
    return chr(number)
