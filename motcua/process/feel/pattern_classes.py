"""Classes of characters in regular expressions. Source: W3C XML Schema 1.1 part 2, G.4 (character classes)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

CharacterTest = Callable[[str], bool]

SINGLE = {"n": "\n", "r": "\r", "t": "\t"} | {sign: sign for sign in "\\|.?*+(){}-[]^$"}

_CATEGORIES = frozenset(
    {"L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe", "Pi",
     "Pf", "Po", "Z", "Zs", "Zl", "Zp", "S", "Sm", "Sc", "Sk", "So", "C", "Cc", "Cf", "Co", "Cn"}
)  # fmt: skip
# The blocks that a Vietnamese office may meet; others are refused.
_BLOCKS = {
    "BasicLatin": (0x0000, 0x007F), "Latin-1Supplement": (0x0080, 0x00FF), "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F), "IPAExtensions": (0x0250, 0x02AF), "SpacingModifierLetters": (0x02B0, 0x02FF),
    "CombiningDiacriticalMarks": (0x0300, 0x036F), "Greek": (0x0370, 0x03FF), "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF), "CyrillicSupplement": (0x0500, 0x052F), "Armenian": (0x0530, 0x058F),
    "Hebrew": (0x0590, 0x05FF), "Arabic": (0x0600, 0x06FF), "Devanagari": (0x0900, 0x097F), "Thai": (0x0E00, 0x0E7F),
    "Lao": (0x0E80, 0x0EFF), "HangulJamo": (0x1100, 0x11FF), "Khmer": (0x1780, 0x17FF),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF), "GreekExtended": (0x1F00, 0x1FFF),
    "GeneralPunctuation": (0x2000, 0x206F), "SuperscriptsandSubscripts": (0x2070, 0x209F),
    "CurrencySymbols": (0x20A0, 0x20CF), "LetterlikeSymbols": (0x2100, 0x214F), "NumberForms": (0x2150, 0x218F),
    "Arrows": (0x2190, 0x21FF), "MathematicalOperators": (0x2200, 0x22FF), "MiscellaneousTechnical": (0x2300, 0x23FF),
    "BoxDrawing": (0x2500, 0x257F), "BlockElements": (0x2580, 0x259F), "GeometricShapes": (0x25A0, 0x25FF),
    "MiscellaneousSymbols": (0x2600, 0x26FF), "Dingbats": (0x2700, 0x27BF), "LatinExtended-C": (0x2C60, 0x2C7F),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F), "Hiragana": (0x3040, 0x309F), "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographsExtensionA": (0x3400, 0x4DBF), "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7AF), "PrivateUse": (0xE000, 0xF8FF), "PrivateUseArea": (0xE000, 0xF8FF),
    "CJKCompatibilityIdeographs": (0xF900, 0xFAFF), "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
    "Emoticons": (0x1F600, 0x1F64F),
}  # fmt: skip


class PatternError(ValueError):
    """The pattern is none that the standard knows."""


def one(character: str) -> CharacterTest:
    """Test for one character."""
    return lambda other: other == character


def span(first: str, last: str) -> CharacterTest:
    """Test for a range of characters."""
    return lambda character: first <= character <= last


def either_case(test: CharacterTest) -> CharacterTest:
    """Let a test pass for any case of a character."""

    def run(character: str) -> bool:
        return any(test(variant) for variant in _cases(character))

    return run


def _cases(character: str) -> set[str]:
    # A variant of more than one character ("ß" to "SS") is none.
    return {each for each in (character, character.lower(), character.upper(), character.casefold()) if len(each) == 1}


def any_of(
    tests: Sequence[CharacterTest], *, negated: bool, minus: CharacterTest | None, any_case: bool
) -> CharacterTest:
    """Test for a class: one of several, or none of them, and not in the part taken away."""

    def inside(character: str) -> bool:
        return any(test(character) for test in tests)

    wide = either_case(inside) if any_case else inside

    def run(character: str) -> bool:
        return wide(character) != negated and not (minus is not None and minus(character))

    return run


def _is_name_start(character: str) -> bool:
    return character in "_:" or unicodedata.category(character) in ("Lu", "Ll", "Lt", "Lo", "Lm", "Nl")


def _is_name_part(character: str) -> bool:
    return (
        _is_name_start(character)
        or character in "-.\u00b7"
        or unicodedata.category(character) in ("Nd", "Mn", "Mc", "Pc")
    )


_ESCAPES: dict[str, CharacterTest] = {
    "s": lambda character: character in " \t\n\r",
    "d": lambda character: unicodedata.category(character) == "Nd",
    "w": lambda character: unicodedata.category(character)[0] not in "PZC",
    "i": _is_name_start,
    "c": _is_name_part,
}


def class_escape(sign: str, name: str) -> CharacterTest:
    r"""Return the test of \d, \W, \p{Lu} …; Raises: PatternError."""
    if sign in "pP" and sign:
        test = _property(name)
    elif sign.lower() in _ESCAPES:
        test = _ESCAPES[sign.lower()]
    else:
        raise PatternError
    return (lambda character: not test(character)) if sign.isupper() else test


def _property(name: str) -> CharacterTest:
    if name in _CATEGORIES:
        return lambda character: unicodedata.category(character).startswith(name)
    bounds = _BLOCKS.get(name[2:]) if name.startswith("Is") else None
    if bounds is None:
        raise PatternError
    first, last = bounds
    return lambda character: first <= ord(character) <= last
