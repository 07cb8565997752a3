"""Reading what people type as an area. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from motcua.kernel.text import clean_line, compare_key, fold

_KINDS = {  # longest prefix first
    "Thành phố": "district",
    "Thị trấn": "township",
    "Đặc khu": "special_zone",
    "Thị xã": "district",
    "Phường": "ward",
    "Huyện": "district",
    "Tỉnh": "province",
    "Quận": "district",
    "Xã": "commune",
}
_SHORT_FORMS = (  # as people write them, on folded text
    (re.compile(r"\b(?:tp|t\.p)\b\.? ?(?=hcm|ho chi minh)"), "thanh pho "),
    (re.compile(r"\btphcm\b"), "thanh pho hcm"),
    (re.compile(r"\bhcm\b"), "ho chi minh"),
    (re.compile(r"\btp\b\.? ?"), "thanh pho "),
    (re.compile(r"\btx\b\.? ?"), "thi xa "),
    (re.compile(r"\btt\b\.? ?"), "thi tran "),
    (re.compile(r"\bp(?:\.\s*|(?=\d)|\s+(?=\d))"), "phuong "),
    (re.compile(r"\bq(?:\.\s*|(?=\d)|\s+(?=\d))"), "quan "),
    (re.compile(r"\bx\.\s*"), "xa "),
    (re.compile(r"\bh\.\s*"), "huyen "),
)
_LEADING_ZERO = re.compile(r"\b0+(?=\d)")
_FOLDED_PREFIXES = {prefix: f"{fold(prefix)} " for prefix in _KINDS}
KIND_PREFIXES = tuple(_FOLDED_PREFIXES.values())
_KIND_WORDS = frozenset(word for prefix in _KINDS for word in fold(prefix).split()) | frozenset(
    f"{short}{dot}" for short in ("p", "q", "x", "h", "tp", "tx", "tt") for dot in ("", ".")
)


@dataclass(frozen=True, slots=True)
class AreaQuery:
    """An area as a person typed it: folded name, folded context from the right of the first comma, exact marks."""

    name: str
    context: tuple[str, ...]
    marked: str


def read_name(name: str) -> tuple[str, str | None]:
    """Return the name with its first words spelt rightly ('Xa Ea Kly' is 'Xã Ea Kly'), and the kind they state."""
    folded = fold(name)
    for prefix, kind in _KINDS.items():
        if folded.startswith(_FOLDED_PREFIXES[prefix]):
            return f"{prefix}{name[len(prefix) :]}", kind
    return name, None


def read_area_query(text: str) -> AreaQuery:
    """Read 'P.1, Q3' or 'Phường Bến Nghé, Quận 1, TP.HCM' or a bare name, with or without marks."""
    parts = [part for part in (clean_line(part) for part in text[:300].split(",")) if part]
    folded = [_expand(fold(part)) for part in parts]
    if not folded:
        return AreaQuery(name="", context=(), marked="")
    return AreaQuery(name=folded[0], context=tuple(folded[1:]), marked=parts[0])


def _expand(folded: str) -> str:
    for pattern, full in _SHORT_FORMS:
        folded = pattern.sub(full, folded)
    return " ".join(_LEADING_ZERO.sub("", folded).split())


def name_variants(name: str) -> tuple[str, ...]:
    """Return the folded full names that a folded name may stand for: itself, and with each kind before it."""
    if name.startswith(KIND_PREFIXES):
        return (name,)
    return (name, *(f"{prefix}{name}" for prefix in KIND_PREFIXES))


def is_marked_alike(name: str, typed: str) -> bool:
    """True unless the typed text carries Vietnamese marks that contradict those of the name."""
    words = typed.split()
    while words and fold(words[0]) in _KIND_WORDS:
        words = words[1:]
    bare = " ".join(words)
    if fold(bare) == bare.casefold():
        return True
    return compare_key(" ".join(name.split()[-len(words) :])) == compare_key(bare)
