"""From a row to keys, step by step: names apart, dates turned round, old wards as what they became. Pure SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from motcua.linkage.rules.cleaning import (
    COMMON_GIVEN,
    expressions,
    fold,
    letters_of,
    literal,
    lower_nfc,
    quote,
    sex_of,
    tones_of,
    undo_telex,
)
from motcua.linkage.rules.mapping import Mapping_

ROW_ID, LINE = "_motcua_row_id", "_motcua_line"  # no file has columns of these names
_COMMON_AT_LEAST = 5  # in a small file a share says nothing


def first_step(mapping: Mapping_, *, table: str, source: str) -> str:
    """Return the SELECT that reads one file's rows: text to text, nothing joined."""
    columns = {role: [f"coalesce({quote(name)}, '')" for name in names] for role, names in mapping.columns.items()}
    lines = expressions(columns, order=mapping.dates, is_vietnamese=mapping.model == "vietnamese")
    record = f"trim({quote(mapping.id)})" if mapping.id else f"CAST({LINE} AS VARCHAR)"
    origin = f"trim({quote(mapping.source)})" if mapping.source else literal(source)
    fields = ", ".join(f"{sql} AS {quote(name)}" for name, sql in lines.items())
    return f"SELECT {ROW_ID} AS unique_id, {origin} AS source, {record} AS record, {fields} FROM {table}"


def names_step(*, table: str, is_vietnamese: bool) -> str:
    """Return the SELECT of keys of each name that occurs: many bear one name, and its keys are the dearest."""
    name = undo_telex("folded") if is_vietnamese else "folded"
    return f"""
        SELECT raw, name, CASE WHEN has_marks = 1 THEN {letters_of("text")} || '#' || {tones_of("text")}
                ELSE text END AS name_key, has_marks,
            array_to_string(list_sort(words), ' ') AS name_sorted, words[1] AS first_word, words[-1] AS last_word,
            nullif(array_to_string(words[2:-2], ' '), '') AS middle
        FROM (SELECT *, string_split(name, ' ') AS words FROM (
            SELECT raw, text, nullif({name}, '') AS name,
                CASE WHEN text <> strip_accents(translate(text, 'đ', 'd')) THEN 1 ELSE 0 END AS has_marks
            FROM (SELECT raw, text, {fold("text")} AS folded FROM (
                SELECT raw, {lower_nfc("raw")} AS text FROM (SELECT DISTINCT raw FROM {table})))))"""


def second_step(*, table: str, names: str, is_vietnamese: bool) -> str:
    """Return the SELECT of keys from the first step's rows and the names' keys."""
    family, given = ("first_word", "last_word") if is_vietnamese else ("last_word", "first_word")
    if not is_vietnamese:  # what was given in a column of its own is that and nothing else
        family = f"CASE WHEN family_in <> '' OR given_in <> '' THEN nullif(family_in, '') ELSE {family} END"
        given = f"CASE WHEN family_in <> '' OR given_in <> '' THEN nullif(given_in, '') ELSE {given} END"
    return f"""
        SELECT unique_id, source, record, name, name_key, has_marks, name_sorted,
            {family} AS family, {given} AS given, middle,
            nullif(nullif(birth, ''), '00000000') AS birth,
            CASE WHEN birth <> '' AND day_in <= '12' AND day_in > '00' AND month_in <> day_in
                THEN year_in || day_in || month_in END AS birth_swap,
            nullif(CASE WHEN day_in > '00' AND day_in < month_in
                THEN year_in || day_in || month_in ELSE birth END, '') AS birth_key,
            nullif(year_in, '') AS birth_year, nullif(month_in || day_in, '') AS birth_md,
            CASE WHEN month_in || day_in = '0101' THEN 1 ELSE 0 END AS first_january,
            nullif(id12, '') AS id12, nullif(id9, '') AS id9, CASE WHEN length(idno) >= 4 THEN idno END AS idno,
            coalesce(nullif({sex_of("sex")}, ''), CASE WHEN id12 <> '' THEN
                CASE WHEN CAST(substr(id12, 4, 1) AS INTEGER) % 2 = 0 THEN 'm' ELSE 'f' END END) AS sex,
            CASE WHEN length(phone) >= 8 AND phone <> '000000000' THEN phone END AS phone,
            CASE WHEN email LIKE '%_@_%' THEN email END AS email,
            CASE WHEN email LIKE '%_@_%' THEN string_split(email, '@')[1] END AS mailbox,
            nullif(area, '') AS area, nullif(address, '') AS address,
            nullif(regexp_extract(address, '[0-9][0-9a-z]*'), '') AS house,
            nullif(city, '') AS city, nullif(region, '') AS region, nullif(postcode, '') AS postcode
        FROM (SELECT *, substr(birth, 1, 4) AS year_in, substr(birth, 5, 2) AS month_in, substr(birth, 7, 2) AS day_in
            FROM {table}) JOIN {names} USING (raw)"""


def third_step(*, table: str, heirs: str, common: Sequence[str] = ()) -> str:
    """Return the SELECT of all keys: wards as what they became, given names that are common marked.

    A name is common by how many bear it here, or because it is `common` in the country: a small file tells nothing.
    """
    known = f"p.given IN ({', '.join(map(literal, common))})" if common else "FALSE"
    return f"""
        WITH total AS (SELECT count(*) AS n FROM {table}),
        names AS (SELECT given AS word, count(*) AS times FROM {table} WHERE given IS NOT NULL GROUP BY 1)
        SELECT p.* EXCLUDE (area),
            CASE WHEN {known} OR (times >= {_COMMON_AT_LEAST} AND times >= {COMMON_GIVEN} * n)
                THEN 1 ELSE 0 END AS given_common,
            coalesce(h.area1, CASE WHEN h.code IS NULL THEN p.area END) AS area1, h.area2 AS area2, h.area3 AS area3
        FROM {table} p CROSS JOIN total LEFT JOIN names ON word = p.given LEFT JOIN {heirs} h ON h.code = p.area"""


def heirs_rows(successors: Mapping[str, Sequence[str]]) -> list[tuple[str, str | None, str | None, str | None]]:
    """Return old code and up to three codes of today that it may stand for."""
    rows: list[tuple[str, str | None, str | None, str | None]] = []
    for code, heirs in sorted(successors.items()):
        first, second, third = (*heirs, None, None, None)[:3]
        rows.append((code, first, second, third))
    return rows
