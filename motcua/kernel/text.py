"""Vietnamese text: one form at every entry, one key to search by, one key to sort by."""

from __future__ import annotations

import re
import unicodedata

SORT_KEY_LENGTH = 300  # a column of this width holds every sort key

# As CLDR's collation `vi` has it: the Vietnamese alphabet with f, j, w, z at their Latin places.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": 2, "\u0309": 3, "\u0303": 4, "\u0301": 5, "\u0323": 6}  # huyền, hỏi, ngã, sắc, nặng; 1 is none
_NO_TONE = 1
_LOOKALIKES = str.maketrans({"Ð": "Đ", "ð": "đ"})  # U+00D0 typed for U+0110
_TO_PLAIN_D = str.maketrans({"đ": "d", "Đ": "d"})
_KEPT_BELOW = 0x2100  # a bound: nobody fills the memory by typing every character there is


class _WithoutMarks(dict[int, int | None]):
    """What `str.translate` leaves of each character: nothing of a mark; the alphabets of Europe are asked once."""

    def __missing__(self, code: int) -> int | None:
        left = None if unicodedata.category(chr(code)).startswith("M") else code
        if code < _KEPT_BELOW:
            self[code] = left
        return left


_WITHOUT_MARKS = _WithoutMarks()
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_LETTER_CODES = {letter: f"2{_BASE36[i]}" for i, letter in enumerate(_ALPHABET)}
_PIECES = re.compile(r"[0-9]+|[^\W\d_]+|[^\W_]", re.UNICODE)
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def to_nfc(text: str) -> str:
    """Return the text in Unicode NFC, the form in which everything is stored."""
    return unicodedata.normalize("NFC", text)


def clean_line(text: str) -> str:
    """Return one stored line: NFC, no control or invisible characters, blanks collapsed, ends trimmed."""
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return " ".join(text.split())
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join(to_nfc(kept).split())


def fold(text: str) -> str:
    """Return the search key: no marks, no case, đ as d, blanks collapsed. Tone placement (hoà/hòa) leaves no trace."""
    # Twice, because taking marks away may leave a letter that folds again (İ); a third time changes nothing.
    once = _fold_once(clean_line(text))
    return once.lower() if once.isascii() else _fold_once(once)


def _fold_once(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.translate(_LOOKALIKES).casefold())
    bare = split.translate(_WITHOUT_MARKS)
    return " ".join(unicodedata.normalize("NFKC", bare).translate(_TO_PLAIN_D).split())


def compare_key(text: str) -> str:
    """Return a key that keeps marks but forgets case and tone placement: 'Hoà' and 'Hòa' are equal, 'Hoa' is not."""
    return " ".join(f"{letters}{tones}" for letters, tones in _syllables(text))


def sort_key(text: str) -> str:
    """Return a key of [0-9a-z] that sorts as a Vietnamese dictionary does, whatever the database's own order.

    Syllable by syllable; in a syllable first the letters, then the tone (none, huyền, hỏi, ngã, sắc, nặng);
    numbers by their value.
    """
    parts: list[str] = []
    for letters, tones in _syllables(text):
        if letters.isascii() and letters.isdigit():
            digits = letters.lstrip("0")
            parts.append("1" + _BASE36[min(len(digits), 35)] + "".join(f"1{d}" for d in digits))
        else:
            parts.append("".join(_LETTER_CODES.get(c) or f"z{ord(c):06x}" for c in letters))
        parts.append("00" + "".join(f"0{tone}" for tone in tones))
    return "".join(parts)[:SORT_KEY_LENGTH]


def name_sort_key(full_name: str) -> str:
    """Return the key that sorts people: by tên, then họ, then đệm."""
    words = full_name.split()
    if len(words) < 2:
        return sort_key(full_name)
    return sort_key(" ".join([words[-1], words[0], *words[1:-1]]))


def slugify(text: str) -> str:
    """Return the text as a lower-case ASCII part of an address: 'Đăng ký khai sinh' → 'dang-ky-khai-sinh'."""
    return _NOT_SLUG.sub("-", fold(text)).strip("-")


def _syllables(text: str) -> list[tuple[str, str]]:
    """Split into (letters without tones, tones as digits in their order), the same for both ways to place a tone."""
    plain = clean_line(text).translate(_LOOKALIKES).casefold()
    return [_split_tones(piece) for piece in _PIECES.findall(unicodedata.normalize("NFC", plain))]


def _split_tones(piece: str) -> tuple[str, str]:
    letters: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFD", piece):
        if char in _TONES:
            tones.append(str(_TONES[char]))
        else:
            letters.append(char)
    return unicodedata.normalize("NFC", "".join(letters)), "".join(tones) or str(_NO_TONE)
