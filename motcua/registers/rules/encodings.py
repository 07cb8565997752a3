"""In which code a text file is written and what parts its columns, told by its bytes. Pure."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from motcua.kernel.text import to_nfc

SEPARATORS = ",;\t|"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_SMALL = {unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in _TONES} | {"đ"}
_LETTERS = frozenset(_SMALL | {each.upper() for each in _SMALL})
_SIGNS = frozenset(
    "\u00a0\u00a7\u00ab\u00b0\u00b2\u00b3\u00bb\u00bd\u00d7\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u20ab\u20ac"
)
_QUOTED = re.compile(r'"(?:[^"]|"")*"')


def read_mark(head: bytes) -> str:
    """Return the code that the first bytes name, by a mark or by the zeros of UTF-16; "" when they name none."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    even, odd = head[:2_000:2].count(0), head[1:2_000:2].count(0)
    half = min(len(head), 2_000) // 2
    if half > 1 and max(even, odd) > 0.3 * half and min(even, odd) < 0.05 * half:
        return "utf-16-be" if even > odd else "utf-16-le"
    return ""


def is_vietnamese(text: str) -> bool:
    """Return whether every letter and sign of a text is one that Vietnamese writes: a wrong code gives others.

    A tone at its beginning belongs to the text before; a tone that stands on no vowel is none.
    """
    signs = set(to_nfc(text.lstrip("".join(_TONES))))
    return all(each.isascii() or each in _LETTERS or each in _SIGNS for each in signs)


def find_separator(sample: str) -> str:
    """Return what parts the columns: what stands equally often in most lines, outside of quotation marks."""
    lines = [line for line in _QUOTED.sub('""', sample).splitlines()[:40] if line.strip()]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0]) > len("sep="):
        return lines[0][len("sep=")]
    return max(SEPARATORS, key=lambda sign: _agree(line.count(sign) for line in lines))


def _agree(counts: Iterable[int]) -> tuple[int, int]:
    """Return in how many lines a separator stands equally often, and how often."""
    found = Counter(each for each in counts if each)
    return max(((lines, times) for times, lines in found.items()), default=(0, 0))
