"""Turn people's own words into a plan of search: folded, without filler words, with the official words for theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from motcua.kernel.text import fold

MAX_TEXT = 200
MAX_WORDS = 16
MAX_ALTERNATIVES = 6

_CODE = re.compile(r"^\D{0,20}?(\d)[. ]?(\d{6})\D{0,3}$")
_CODE_INSIDE = re.compile(r"(?<![\d.])(\d)\.(\d{6})(?![\d.])")
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_LONE_Y = re.compile(r"\b((?:[bcdghklmnpqrstvx]{1,3}|qu))y\b")
_LETTERS = "abcdeghiklmnopqrstuvxyfjwz"
_LONGEST_CORRECTED = 12
_LONGEST_GLUED = 14


@dataclass(frozen=True, slots=True)
class Synonym:
    """People's words (folded, split) and the official words that they stand for."""

    say: tuple[str, ...]
    mean: tuple[str, ...]
    mean_text: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words that search knows: synonyms (longest first), filler words, and words that may be dropped."""

    synonyms: tuple[Synonym, ...] = ()
    fillers: frozenset[str] = frozenset()
    droppable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """What to look for. `alternatives`: sets of words, each of which must be found whole, the best reading first."""

    folded: str
    code: str
    alternatives: tuple[tuple[str, ...], ...]
    official: tuple[tuple[str, ...], ...]  # phrases of official words among the alternatives
    understood_as: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not self.folded


def fold_words(text: str) -> str:
    """Fold a text for search: no marks, no case, no punctuation, y as i where both are written (kỹ/kĩ, quy/qui).

    'Đăng ký/cấp lại' is 'dang ki cap lai'. Stored texts and typed ones go through here alike.
    """
    return _LONE_Y.sub(r"\1i", _NOT_WORD.sub(" ", fold(text)).strip())


def make_synonyms(pairs: Iterable[tuple[Sequence[str], Sequence[str]]]) -> tuple[Synonym, ...]:
    """Build the synonyms from (people's phrases, official phrases), longest people's phrase first."""
    made = [
        Synonym(tuple(fold_words(say).split()), tuple(fold_words(mean).split()), mean)
        for says, means in pairs
        for say in says
        for mean in means
    ]
    return tuple(sorted(made, key=lambda each: -len(each.say)))  # stable: the file's order among equals


def plan_search(text: str, lexicon: Lexicon) -> SearchPlan:
    """Plan a search for what a person typed; any text is allowed, the rest beyond the limits is ignored."""
    folded = fold_words(text[:MAX_TEXT])
    code = _CODE.match(" ".join(text[:MAX_TEXT].split())) or _CODE_INSIDE.search(text[:MAX_TEXT])
    words = tuple(folded.split()[:MAX_WORDS])
    replaced = _replace(words, lexicon)
    official = tuple(dict.fromkeys(each.mean for each, _ in replaced))
    alternatives = [words, *(changed for _, changed in replaced)]
    alternatives += [_drop(each, lexicon.fillers) for each in alternatives]
    short = _drop(words, lexicon.fillers | lexicon.droppable)
    alternatives += [*official, short if len(short) > 1 else ()]  # one word left over finds too much
    return SearchPlan(
        folded=" ".join(words),
        code=f"{code[1]}.{code[2]}" if code else "",
        alternatives=tuple(dict.fromkeys(each for each in alternatives if each))[:MAX_ALTERNATIVES],
        official=official,
        understood_as=tuple(dict.fromkeys(each.mean_text for each, _ in replaced)),
    )


def _replace(words: tuple[str, ...], lexicon: Lexicon) -> list[tuple[Synonym, tuple[str, ...]]]:
    """Replace the longest known phrase, in each of its meanings (at most two)."""
    found: list[tuple[Synonym, tuple[str, ...]]] = []
    present = frozenset(words)
    for synonym in lexicon.synonyms:
        if synonym.say[0] not in present:
            continue
        if found and (len(synonym.say) < len(found[0][0].say) or len(found) == 2):
            break
        at = _find(words, synonym.say)
        if at is not None:
            found.append((synonym, words[:at] + synonym.mean + words[at + len(synonym.say) :]))
    return found


def _find(words: tuple[str, ...], phrase: tuple[str, ...]) -> int | None:
    size = len(phrase)
    return next((at for at in range(len(words) - size + 1) if words[at : at + size] == phrase), None)


def _drop(words: tuple[str, ...], dropped: frozenset[str]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in dropped)


def spell(word: str) -> frozenset[str]:
    """List the spellings one slip away: a letter dropped, added, changed, or two changed about; and the word itself."""
    if not word.isalpha() or not 2 <= len(word) <= _LONGEST_CORRECTED:
        return frozenset((word,))
    splits = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    near = {left + right[1:] for left, right in splits if right}
    near |= {left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1}
    near |= {left + letter + right[1:] for left, right in splits if right for letter in _LETTERS}
    near |= {left + letter + right for left, right in splits for letter in _LETTERS}
    return frozenset(near - {""} | {word})


@dataclass(frozen=True, slots=True)
class Correction:
    """A typed text with each unknown word replaced by the commonest known one a slip away; `known`: rarest first."""

    words: tuple[str, ...]
    known: tuple[str, ...]
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that may be meant: `frequencies` of the catalogue's words, `known` with the lexicon's own."""

    frequencies: Mapping[str, int]
    known: Mapping[str, int]


def make_vocabulary(frequencies: Mapping[str, int], lexicon: Lexicon) -> Vocabulary:
    """Join the words of the catalogue with those that people use in their place."""
    own = {word for synonym in lexicon.synonyms for word in synonym.say} | lexicon.fillers | lexicon.droppable
    return Vocabulary(frequencies, dict.fromkeys(own, 1) | dict(frequencies))


def _correct_word(word: str, known: Mapping[str, int]) -> tuple[str, ...]:
    if word in known:
        return (word,)
    near = max(sorted(spell(word) & known.keys()), key=lambda each: known[each], default="")
    if near:
        return (near,)
    parts = ((word[:at], word[at:]) for at in range(2, min(len(word), _LONGEST_GLUED) - 1))
    both = [(left, right) for left, right in parts if left in known and right in known]
    return max(both, key=lambda pair: min(known[pair[0]], known[pair[1]]), default=(word,))  # 'khaisinh'


def correct(words: Sequence[str], vocabulary: Vocabulary, lexicon: Lexicon) -> Correction:
    """Correct what was typed by the words that are known. Unknown words stay as they are."""
    frequencies = vocabulary.frequencies
    corrected = tuple(each for word in words for each in _correct_word(word, vocabulary.known))
    searchable = {word for word in corrected if word in frequencies and word not in lexicon.fillers}
    return Correction(
        words=corrected,
        known=tuple(sorted(searchable, key=lambda word: (frequencies[word], word))),
        is_changed=corrected != tuple(words),
    )
