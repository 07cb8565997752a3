"""What goes wrong when a person is written down, each at its own rate."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from random import Random

from motcua.kernel.text import fold

_TELEX_TONES = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_TELEX_SHAPES = {"â": "aa", "ê": "ee", "ô": "oo", "ă": "aw", "ơ": "ow", "ư": "uw", "đ": "dd"}
_OLD_PLACES = (
    ("oà", "òa"),
    ("oá", "óa"),
    ("oạ", "ọa"),
    ("uý", "úy"),
    ("uỳ", "ùy"),
    ("oè", "òe"),
    ("uỵ", "ụy"),
    ("oả", "ỏa"),
)
_LETTERS = "abcdeghiklmnopqrstuvxy"


def drop_marks(name: str) -> str:
    """Return the name as a system without Vietnamese letters keeps it."""
    return fold(name).upper()


def move_tone(name: str) -> str:
    """Return the name with the tone placed the other way (hoà, hòa): no error, two habits."""
    for one, other in _OLD_PLACES:
        if name.endswith(one) or f"{one} " in name:
            return name.replace(one, other)
        if name.endswith(other) or f"{other} " in name:
            return name.replace(other, one)
    return name


def misspell(name: str, chance: Random) -> str:
    """Return the name with one slip: a letter wrong, lost, doubled or swapped, a wrong tone, or Telex left in."""
    kind = chance.random()
    if kind < 0.15:
        return leave_telex(name, chance)
    if kind < 0.35:
        return change_tone(name, chance)
    return slip(name, chance)


def slip(text: str, chance: Random) -> str:
    """Return the text with one letter wrong, lost, doubled, or swapped with its neighbour."""
    places = [i for i, sign in enumerate(text) if sign.isalpha()]
    if len(places) < 2:
        return text
    at = chance.choice(places)
    kind = chance.randrange(4)
    if kind == 0:
        return text[:at] + chance.choice(_LETTERS) + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[: at + 1] + text[at:]
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def change_tone(name: str, chance: Random) -> str:
    """Return the name with one tone lost or turned into another."""
    split = unicodedata.normalize("NFD", name)
    places = [i for i, sign in enumerate(split) if sign in _TELEX_TONES]
    if not places:
        return slip(name, chance)
    at = chance.choice(places)
    tone = chance.choice(("", *_TELEX_TONES))
    return unicodedata.normalize("NFC", split[:at] + tone + split[at + 1 :])


def leave_telex(name: str, chance: Random) -> str:
    """Return the name with one word as its keys were typed (Nguyeenx): the keyboard was not switched."""
    words = name.split()
    at = chance.randrange(len(words))
    keys, tones = "", ""
    for sign in unicodedata.normalize("NFD", words[at].lower()):
        if sign in _TELEX_TONES:
            tones += _TELEX_TONES[sign]
        else:
            keys = unicodedata.normalize("NFC", keys + sign)
    words[at] = "".join(_TELEX_SHAPES.get(sign, sign) for sign in keys) + tones
    return " ".join(words)


def shorten_middle(name: str, chance: Random) -> str:
    """Return the name without its middle part, or with its initials."""
    words = name.split()
    if len(words) < 3:
        return name
    inner = [] if chance.random() < 0.5 else [f"{word[0]}." for word in words[1:-1]]
    return " ".join([words[0], *inner, words[-1]])


def turn_order(name: str) -> str:
    """Return the name with the given name first, as foreign forms ask for it."""
    words = name.split()
    return " ".join([words[-1], *words[1:-1], words[0]])


def mistype_digits(digits: str, chance: Random) -> str:
    """Return a number with one digit wrong or two neighbours swapped."""
    at = chance.randrange(len(digits) - 1)
    if chance.random() < 0.4 and digits[at] != digits[at + 1]:
        return digits[:at] + digits[at : at + 2][::-1] + digits[at + 2 :]
    return digits[:at] + str((int(digits[at]) + chance.randint(1, 9)) % 10) + digits[at + 1 :]


def mistype_date(day: date, chance: Random) -> date:
    """Return a date that is one slip away and still a date: a digit of its year, its month, or its day."""
    kind = chance.randrange(3)
    if kind == 0:
        year = day.year + chance.choice((-10, -1, 1, 10))
        return day.replace(year=year, day=min(day.day, 28))
    if kind == 1:
        return day.replace(month=day.month % 12 + 1, day=min(day.day, 28))
    return day + timedelta(days=chance.choice((-10, -1, 1, 10)))


def swap_day(day: date) -> date:
    """Return the date with day and month changed places, where that is a date."""
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else day


def vary_address(address: str, chance: Random) -> str:
    """Return the same address as another clerk writes it."""
    number, _, street = address.partition(" ")
    if chance.random() < 0.3:
        number = number.replace("/", " - ") if chance.random() < 0.1 else number
    return chance.choice((
        f"Số {number} đường {street}", f"{number} {street}", f"{number}, {street}", f"số nhà {number} {street}",
        f"{number} Đ. {street}", f"{number} {street}, KP {chance.randint(1, 9)}",
    ))  # fmt: skip
