"""The module's own data files, read once: defaults, fee waivers, life events, the lexicon of search."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from motcua.kernel.text import fold
from motcua.procedures.rules.exemptions import Exemption
from motcua.procedures.rules.fees import FeeCategory, Waiver
from motcua.procedures.rules.search import Lexicon, fold_words, make_synonyms
from motcua.procedures.types import Audience, Term

MODULE = Path(__file__).resolve().parents[1]
DATA = MODULE / "data"
DESIGNED = MODULE / "designed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeEventData:
    """A life event as its file has it."""

    code: str
    name: str
    description: str
    audience: Audience
    words: tuple[str, ...]
    names: tuple[str, ...]  # folded phrases of official names
    codes: tuple[str, ...]
    position: int

    def covers(self, *, code: str, name_folded: str) -> bool:
        """Tell whether an imported procedure belongs under this event."""
        return code in self.codes or any(f" {phrase} " in f" {name_folded} " for phrase in self.names)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


@cache
def load_default_term() -> Term:
    """Return the term that stands in where a source states none."""
    return Term(is_stated=False, **_read("defaults.toml")["term_not_stated"])


@cache
def load_standard_process() -> tuple[str, Path]:
    """Return the key and the folder of the standard one-stop process."""
    entry = _read("defaults.toml")["standard_process"]
    return entry["key"], DESIGNED / entry["folder"]


@cache
def load_waivers() -> tuple[Waiver, ...]:
    """Return the city's zero rates."""
    data = _read("fee_waivers.toml")
    categories = {
        entry["code"]: FeeCategory(
            code=entry["code"],
            name=entry["name"],
            fields=frozenset(map(fold, entry["fields"])),
            labels=frozenset(map(fold, entry["labels"])),
        )
        for entry in data["category"]
    }
    return tuple(
        Waiver(
            name=entry["name"],
            categories=tuple(categories[code] for code in entry["categories"]),
            channels=tuple(entry["channels"]),
            valid_from=entry["valid_from"],
            valid_to=entry.get("valid_to"),
            legal_ref=entry["legal_ref"],
            mark=entry["mark"],
        )
        for entry in data["waiver"]
    )


@cache
def load_exemptions() -> tuple[Exemption, ...]:
    """Return whom the law lets pay nothing or less, one for each group and category."""
    data = _read("fee_exemptions.toml")
    categories = {
        entry["code"]: (frozenset(map(fold, entry["fields"])), frozenset(map(fold, entry["labels"])))
        for entry in data["category"]
    }
    return tuple(
        Exemption(
            group=group,
            fields=categories[code][0],
            labels=categories[code][1],
            share_bp=entry["share_bp"],
            text=entry["text"],
            legal_ref=entry["legal_ref"],
            mark=entry["mark"],
            valid_from=entry.get("valid_from"),
            valid_to=entry.get("valid_to"),
        )
        for entry in data["exemption"]
        for code in entry["categories"]
        for group in entry["groups"]
    )


@cache
def load_life_events() -> tuple[LifeEventData, ...]:
    """Return the life events in their order."""
    return tuple(
        LifeEventData(
            code=entry["code"],
            name=entry["name"],
            description=entry["description"],
            audience=entry["audience"],
            words=tuple(entry["words"]),
            names=tuple(fold_words(name) for name in entry["names"]),
            codes=tuple(entry.get("codes", ())),
            position=position,
        )
        for position, entry in enumerate(_read("life_events.toml")["event"], start=1)
    )


@cache
def load_lexicon() -> Lexicon:
    """Return the words that search knows."""
    data = _read("synonyms.toml")
    return Lexicon(
        synonyms=make_synonyms((entry["say"], entry["mean"]) for entry in data["synonym"]),
        fillers=frozenset(fold_words(word) for word in data["fillers"]),
        droppable=frozenset(fold_words(word) for word in data["droppable"]),
    )
