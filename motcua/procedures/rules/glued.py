"""What the parsers of the national crawl share. A reader never guesses: it says parsed, doubtful or unparsed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from motcua.procedures.types import Doubt

T = TypeVar("T")
Status = Literal["parsed", "doubtful", "unparsed", "empty"]
NO_INFORMATION = "Không có thông tin"
MAX_TEXT = 60_000  # characters of one field; the longest known is 19,000

_SPACES = re.compile(r"[^\S\n]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u2028\u2029\ufeff]")


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """What a reader made of one field: the value, how sure it is, and what to tell people."""

    value: T
    status: Status
    doubts: tuple[Doubt, ...] = ()


def normalise(text: str) -> str:
    """Return the text in NFC with line ends as \\n, other control characters gone and runs of blanks made one."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    text = _SPACES.sub(" ", _CONTROL.sub("", text))
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def one_line(text: str) -> str:
    """Return the text as one line: a name may come with blanks before it and a line break inside."""
    return " ".join(normalise(text).split())


def stated(text: str) -> str:
    """Return the normalised text, or nothing when the source says that it has no information."""
    text = normalise(text)
    return "" if text.strip(" .") in (NO_INFORMATION, "--", "-") else text


def combine(statuses: Iterable[Status]) -> Status:
    """Fold the statuses of a field's parts into the field's: any doubt makes the whole doubtful."""
    seen = set(statuses) - {"empty"}
    if not seen:
        return "empty"
    if len(seen) == 1:
        return seen.pop()
    return "doubtful"
