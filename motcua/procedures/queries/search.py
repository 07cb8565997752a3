"""Search in people's own words: one statement as a rule, at most three, whatever is found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal, cast

from django.db import connection

from motcua.procedures.queries.data import load_lexicon
from motcua.procedures.rules.search import SearchPlan, Vocabulary, correct, make_vocabulary, plan_search
from motcua.procedures.types import Audience, OnlineLevel, ProcedureSummary, SearchPage

PAGE_SIZE = 20
COUNT_CAP = 1000
MAX_PAGE = 50

_COLUMNS = "version_id, uuid, code, name, field, levels, audiences, online_level, term_text, source, is_fileable"


def search_procedures(
    text: str,
    *,
    on: date,
    field: str = "",
    life_event: str = "",
    online_level: OnlineLevel | Literal[""] = "",
    audience: Audience | Literal[""] = "",
    page: int = 1,
) -> SearchPage:
    """Find procedures in force on a date by code, name (with or without marks) or people's own words.

    Order: code, whole name, beginning of the name, all words, then alike or only some words. Text without any letter
    or figure finds nothing; no text at all lists everything that the filters let through, in Vietnamese order.
    """
    number = min(max(page, 1), MAX_PAGE)
    where, values = _filters(on, field=field, life_event=life_event, online_level=online_level, audience=audience)
    plan = plan_search(text, load_lexicon())
    if not text.strip():
        rows = _run(where, values, tier="0", keys=("name_sort_key", "id"), number=number)
        return _page(rows, number, text, plan, "all" if rows else "none")
    if plan.is_empty:
        return _page([], number, text, plan, "none")
    match, more = _match(plan)
    rows = _run(f"{where} AND ({match})", values | more, tier=_tier(plan), keys=_KEYS, number=number)
    if rows or number > 1:
        return _page(rows, number, text, plan, "exact" if rows and rows[0][-2] < 3 + len(plan.official) else "words")
    return _search_loosely(plan, where, values, text)


def _search_loosely(plan: SearchPlan, where: str, values: dict[str, Any], text: str) -> SearchPage:
    """Try again with slips of the keyboard mended, and with some of the words: those that few procedures have."""
    typed = plan.folded.split()
    correction = correct(typed, _load_vocabulary(), load_lexicon())
    if not correction.known:
        return _page([], 1, text, plan, "none")
    rare = correction.known[:_RAREST]
    pairs = [f"({rare[0]} & {word})" for word in rare[1:]] or list(rare)
    mended = plan_search(" ".join(correction.words), load_lexicon())
    match, more = _match(mended)
    count = " + ".join(f"(document @@ %(rare_{index})s::tsquery)::int" for index in range(len(rare)))
    values = values | more | {"pairs": " | ".join(pairs)} | {f"rare_{at}": word for at, word in enumerate(rare)}
    match = f"{match} OR document @@ %(pairs)s::tsquery"
    rows = _run(f"{where} AND ({match})", values, tier=_tier(mended), keys=(f"-({count})", *_KEYS), number=1)
    if not rows:
        return _page([], 1, text, plan, "none")
    is_whole = correction.is_changed and rows[0][-2] != _NO_TIER
    return _page(rows, 1, text, mended, "similar" if is_whole else "some_words")


def _load_vocabulary() -> Vocabulary:
    """Return the catalogue's words; read anew only after an import (one short statement finds that out)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM procedures_searchentry")
        (edition,) = cursor.fetchone()
        if edition not in _VOCABULARY:
            cursor.execute("SELECT word, frequency FROM procedures_searchword")
            vocabulary = make_vocabulary(dict(cursor.fetchall()), load_lexicon())
            _VOCABULARY.clear()
            _VOCABULARY[edition] = vocabulary
            return vocabulary
    return _VOCABULARY[edition]


def _filters(on: date, **wanted: str) -> tuple[str, dict[str, Any]]:
    parts = ["valid_from <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s)"]
    tests = {
        "field": "field = %(field)s",
        "life_event": "%(life_event)s = ANY(life_events)",
        "online_level": "online_level = %(online_level)s",
        "audience": "%(audience)s = ANY(audiences)",
    }
    parts += [tests[name] for name, value in wanted.items() if value]
    return " AND ".join(parts), {"on": on} | {name: value.replace("\x00", "") for name, value in wanted.items()}


_KEYS = ("tier", "rank", "char_length(name_folded)", "id")
_NO_TIER = 99
_RAREST = 4
_VOCABULARY: dict[int | None, Vocabulary] = {}  # of the newest edition of the catalogue


# Words go in as `%(name)s::tsquery`: read once when the statement is bound. `to_tsquery(…)` of a bound value is worked
# out anew for every row looked at: measured, two fifths of the slowest searches. Words hold only a-z and 0-9.
def _match(plan: SearchPlan) -> tuple[str, dict[str, Any]]:
    phrases = [plan.folded, *(" ".join(words) for words in plan.official)]
    values: dict[str, Any] = {
        "code": plan.code,
        "alias": f"%|{plan.folded}|%",
        "holds": f"%{plan.folded}%",
        "whole": _with_prefix(phrases[:1]),
        "starts": [f"{phrase}%" for phrase in _with_prefix(phrases[:1])],
    }
    for index, phrase in enumerate(phrases[1:]):
        values[f"official_{index}"] = _with_prefix([phrase])
        values[f"official_starts_{index}"] = [f"{each}%" for each in _with_prefix([phrase])]
        values[f"official_holds_{index}"] = f"%{phrase}%"
    for index, words in enumerate(plan.alternatives):
        values[f"in_name_{index}"] = " & ".join(f"{word}:A" for word in words)
    least = _least(plan.alternatives)
    for index, words in enumerate(least):
        values[f"all_{index}"] = " & ".join(words)
    if plan.code:
        return "code = %(code)s", values
    parts = [f"document @@ %(all_{index})s::tsquery" for index in range(len(least))]
    return " OR ".join(parts), values


def _least(alternatives: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Keep the sets of words that hold no other of them: whatever has the larger has the smaller. 40 times cheaper."""
    sets = {frozenset(words) for words in alternatives}
    return [tuple(sorted(each)) for each in sets if not any(other < each for other in sets)]


def _with_prefix(phrases: Sequence[str]) -> list[str]:
    """Many official names begin with the words 'Thủ tục', which nobody types."""
    return [*phrases, *(f"thu tuc {phrase}" for phrase in phrases)]


def _tier(plan: SearchPlan) -> str:
    official = range(len(plan.official))
    tiers = [
        "code = %(code)s",
        "name_folded = ANY(%(whole)s)",
        "more_folded LIKE %(alias)s",
        *(f"name_folded = ANY(%(official_{at})s)" for at in official),
        "name_folded LIKE ANY(%(starts)s)",
        *(f"name_folded LIKE ANY(%(official_starts_{at})s)" for at in official),
        "name_folded LIKE %(holds)s",
        *(f"name_folded LIKE %(official_holds_{at})s" for at in official),
        *(f"document @@ %(in_name_{at})s::tsquery" for at in range(len(plan.alternatives))),
    ]
    return "CASE " + " ".join(f"WHEN {test} THEN {index}" for index, test in enumerate(tiers)) + f" ELSE {_NO_TIER} END"


def _run(where: str, values: dict[str, Any], *, tier: str, keys: Sequence[str], number: int) -> list[Sequence[Any]]:
    values = values | {"size": PAGE_SIZE + 1, "skip": (number - 1) * PAGE_SIZE}
    named = ", ".join(f"{key} AS k{at}" for at, key in enumerate(keys) if key != "tier")
    order = ", ".join("tier" if key == "tier" else f"k{at}" for at, key in enumerate(keys))
    statement = (  # sort narrow rows, fetch the wide ones of one page only
        f"SELECT {_COLUMNS}, tier, total FROM (SELECT id, {tier} AS tier, {named}, count(*) OVER () AS total "  # noqa: S608  parts are ours, values are bound
        f"FROM procedures_searchentry WHERE {where} ORDER BY {order} LIMIT %(size)s OFFSET %(skip)s) found "
        f"JOIN procedures_searchentry USING (id) ORDER BY {order}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cast(list[Sequence[Any]], cursor.fetchall())


def _page(
    rows: Sequence[Sequence[Any]],
    number: int,
    text: str,
    plan: SearchPlan,
    match: Literal["all", "exact", "words", "some_words", "similar", "none"],
) -> SearchPage:
    total = rows[0][-1] if rows else 0
    return SearchPage(
        items=tuple(_to_summary(row) for row in rows[:PAGE_SIZE]),
        number=number,
        has_next=len(rows) > PAGE_SIZE and number < MAX_PAGE,
        has_previous=number > 1,
        total_capped=min(total, COUNT_CAP),
        is_total_capped=total > COUNT_CAP,
        text=text,
        understood_as=plan.understood_as if match != "all" else (),
        match=match,
    )


def _to_summary(row: Sequence[Any]) -> ProcedureSummary:
    return ProcedureSummary(
        version_id=row[0],
        uuid=row[1],
        code=row[2],
        name=row[3],
        field=row[4],
        levels=tuple(row[5]),
        audiences=tuple(row[6]),
        online_level=row[7],
        term_text=row[8],
        source=row[9],
        is_fileable=row[10],
    )
