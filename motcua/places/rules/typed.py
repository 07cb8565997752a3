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
_BREAK = re.compile(r"[;|/\n]|\s[-–—]\s")
_LEVEL = re.compile(r"(?:q|h|tp|tx)\.?|q\.?[0-9]{1,2}|(?:q|h|tp|tx)\.\S+|tphcm|quan|huyen|tinh")
_SPELT_OUT = {"quan": "quận", "huyen": "huyện", "tinh": "tỉnh"}
_NUMBERED_WARD = re.compile(r"(?:phuong |p\.? ?)[0-9]{1,2}")
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


def read_area_readings(text: str) -> tuple[AreaQuery, ...]:
    """Read as typed, and where no comma stands also with a break before each level: 'phường 1 quận 3', 'P.12 Gò Vấp'.

    The plain reading comes first: 'Phường Tam Quan Bắc' is one name.
    """
    plain = read_area_query(text)
    if "," in text:
        return (plain,)
    broken = read_area_query(_break_at_levels(text[:300]))
    return (plain, broken) if broken.context else (plain,)


def _break_at_levels(text: str) -> str:
    words = _BREAK.sub(" , ", text).split()
    folded = [fold(word) for word in words]
    parts = words[:1]
    for at in range(1, len(words)):
        before = " ".join(folded[max(at - 2, 0) : at])
        is_numbered = bool(_NUMBERED_WARD.fullmatch(before) or _NUMBERED_WARD.fullmatch(folded[at - 1]))
        parts += [","] if is_numbered or _begins_level(words, folded, at) else []
        parts.append(words[at])
    return " ".join(parts)


def _begins_level(words: list[str], folded: list[str], at: int) -> bool:
    """True for a district's or province's kind with a name after it; marks that say otherwise are believed (quán)."""
    following = " ".join(folded[at + 1 : at + 2])
    if (folded[at], following) in (("thanh", "pho"), ("thi", "xa")):
        return at + 2 < len(words)
    if not _LEVEL.fullmatch(folded[at]):
        return False
    spelt = _SPELT_OUT.get(folded[at])
    if spelt is None:
        return bool(following) or len(folded[at]) > len("tp.")  # 'q3' and 'tphcm' hold their names
    return bool(following) and compare_key(words[at]) in (compare_key(spelt), compare_key(folded[at]))


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
