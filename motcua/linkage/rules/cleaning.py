"""One row as it came becomes keys to compare by, as SQL for a whole table at once, agreeing with kernel.text. Pure.

The same expressions serve every source: a name is folded, its tones kept apart, its words sorted; a date becomes eight
digits even when it is impossible, and its twin with day and month swapped; a number is of twelve digits or of nine.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

_TONED = {"\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0301": "5", "\u0323": "6"}
_VOWELS = "aăâeêioôơuưy"


def _pairs() -> tuple[str, str, str]:
    signs, letters, tones = "", "", ""
    for vowel in _VOWELS:
        for mark, digit in _TONED.items():
            signs += unicodedata.normalize("NFC", vowel + mark)
            letters += vowel
            tones += digit
    return signs, letters, tones


_SIGNS, _LETTERS, _TONES = _pairs()
_DROPPED = "abcdefghijklmnopqrstuvwxyzăâđêôơư0123456789.,-/()'"  # signs without a counterpart are left out
_FILLERS = "so nha|nha so|so|duong|d|pho|kp ?[0-9]*|khu pho ?[0-9]*|to ?[0-9]+|street|st|road|rd|avenue|ave"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_THIS_CENTURY = "26"  # years of two digits up to this are of this century
COMMON_GIVEN = 0.0004  # a given name that so many bear is a name, not a slip of another
COLUMNS = (
    "unique_id",
    "source",
    "record",
    "name",
    "name_key",
    "has_marks",
    "name_sorted",
    "family",
    "given",
    "middle",
    "given_common",
    "birth",
    "birth_swap",
    "birth_key",
    "birth_year",
    "birth_md",
    "first_january",
    "id12",
    "id9",
    "idno",
    "sex",
    "phone",
    "email",
    "mailbox",
    "area1",
    "area2",
    "area3",
    "address",
    "house",
    "city",
    "region",
    "postcode",
)


def quote(name: str) -> str:
    """Return a column's name as SQL reads it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as SQL reads it."""
    return "'" + text.replace("'", "''") + "'"


def lower_nfc(expr: str) -> str:
    """Return the SQL of a text in NFC, lower case, the Icelandic Ð as Đ, blanks for what cannot be seen."""
    return f"lower(translate(nfc_normalize(regexp_replace({expr}, '[\\p{{Z}}\\p{{C}}]+', ' ', 'g')), 'Ðð', 'Đđ'))"


def letters_of(expr: str) -> str:
    """Return the SQL of a lower-case text without its tones: â and ơ stay."""
    return f"translate({expr}, {literal(_SIGNS)}, {literal(_LETTERS)})"


def tones_of(expr: str) -> str:
    """Return the SQL of the tones of a lower-case text as digits, word by word; where in a word they stood is lost."""
    return f"translate({expr}, {literal(_SIGNS + _DROPPED)}, {literal(_TONES)})"


def fold(expr: str) -> str:
    """Return the SQL of the search key: letters and digits without any mark, words parted by one blank."""
    bare = f"translate({expr}, 'đ''’`´', 'd')"
    return f"trim(regexp_replace(strip_accents({bare}), '[^a-z0-9]+', ' ', 'g'))"


def fold_raw(expr: str) -> str:
    """Return the SQL of the search key of a text as it came: as `fold(lower_nfc(…))`, without the steps between."""
    bare = f"translate({expr}, 'ĐđÐð''’`´', 'dddd')"
    return f"trim(regexp_replace(strip_accents(lower({bare})), '[^a-z0-9]+', ' ', 'g'))"


def undo_telex(expr: str) -> str:
    """Return the SQL of a folded Vietnamese name with the keys of Telex taken back: 'nguyeenx' is 'nguyen'."""
    undone = expr
    for keys, letter in (("aa|aw", "a"), ("ee", "e"), ("oo|ow", "o"), ("uw", "u"), ("dd", "d")):
        undone = f"regexp_replace({undone}, '{keys}', '{letter}', 'g')"
    undone = f"regexp_replace({undone}, '([a-z])[fsrxj]( |$)', '\\1\\2', 'g')"
    return f"CASE WHEN regexp_matches({expr}, 'aa|aw|ee|oo|ow|uw|dd|[fsrxj]( |$)') THEN {undone} ELSE {expr} END"


def digits_of(expr: str) -> str:
    """Return the SQL of the digits of a text."""
    return f"regexp_replace({expr}, '[^0-9]', '', 'g')"


def birth_of(expr: str, order: str) -> str:
    """Return the SQL of a date's eight digits YYYYMMDD, possible or not; empty when no date can be read.

    A bare year is 1 January of it, as registers write it. Words between the numbers ("ngày 7 tháng 3 năm 1990") and
    English months are read; a year of two digits is of the last hundred years.
    """
    bare = f"regexp_replace(trim({expr}), '[ T]+[0-9]{{1,2}}:.*$', '')"
    first, second = ("1", "2") if order == "mdy" else ("2", "1")
    late = _take(bare, "^([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})$", "3", first, second)
    early = _take(bare, "^([0-9]{4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,2})$", "1", "2", "3")
    turned = bare if order in ("auto", "ymd") else _unpack(bare, order)
    return (
        f"CASE WHEN {early[0]} THEN {early[1]} WHEN {late[0]} THEN {late[1]}"
        f" WHEN regexp_matches({bare}, '^[0-9]{{8}}$') THEN {turned}"
        f" WHEN regexp_matches({bare}, '^[0-9]{{4}}$') THEN {bare} || '0101'"
        f" WHEN {bare} = '' THEN '' ELSE {_rare_birth(bare, first, second)} END"
    )


def _take(text: str, parts: str, year: str, month: str, day: str) -> tuple[str, str]:
    """Return the SQL that a text has these parts, and of its digits."""
    two = [f"lpad(regexp_extract({text}, '{parts}', {group}), 2, '0')" for group in (month, day)]
    return f"regexp_matches({text}, '{parts}')", f"regexp_extract({text}, '{parts}', {year}) || {two[0]} || {two[1]}"


def _rare_birth(bare: str, first: str, second: str) -> str:
    """Return the SQL of dates written in words, with months by name, or with a year of two digits."""
    text = f"lower({bare})"
    for number, month in enumerate(_MONTHS, start=1):
        text = f"regexp_replace({text}, '{month}[a-z]*', ' {number} ')"
    worded = _take(text, "^[^0-9]*([0-9]{1,2})[^0-9]+([0-9]{1,2})[^0-9]+([0-9]{4})[^0-9]*$", "3", first, second)
    short = _take(text, "^([0-9]{1,2})[-/. ]+([0-9]{1,2})[-/. ]+([0-9]{2})$", "3", first, second)
    century = f"CASE WHEN right({text}, 2) <= '{_THIS_CENTURY}' THEN '20' ELSE '19' END"
    year_first = _take(text, "^[^0-9]*([0-9]{4})[^0-9]+([0-9]{1,2})[^0-9]+([0-9]{1,2})[^0-9]*$", "1", "2", "3")
    months = "^([0-9]{1,2})[-/. ]+([0-9]{4})$"  # only month and year are known: the first of it
    month = f"regexp_extract({text}, '{months}', 2) || lpad(regexp_extract({text}, '{months}', 1), 2, '0') || '01'"
    return (
        f"CASE WHEN {worded[0]} THEN {worded[1]} WHEN {year_first[0]} THEN {year_first[1]}"
        f" WHEN {short[0]} THEN {century} || {short[1]}"
        f" WHEN regexp_matches({text}, '{months}') THEN {month} ELSE '' END"
    )


def _unpack(bare: str, order: str) -> str:
    month, day = ("1", "3") if order == "mdy" else ("3", "1")
    return f"substr({bare}, 5, 4) || substr({bare}, {month}, 2) || substr({bare}, {day}, 2)"


def sex_of(word: str) -> str:
    """Return the SQL of m or f from a folded word, empty when neither is said."""
    return (
        f"CASE WHEN {word} IN ('nam', 'male', 'm', '1', 'trai') THEN 'm'"
        f" WHEN {word} IN ('nu', 'female', 'f', '0', '2', 'gai') THEN 'f' ELSE '' END"
    )


def number_of(exprs: Sequence[str], length: int) -> str:
    """Return the SQL of the first column that holds a number of this length; one lost leading zero is put back."""
    cases = []
    for expr in exprs:
        digits = digits_of(f"coalesce({expr}, '')")
        cases.append(
            f"CASE WHEN length({digits}) = {length} THEN {digits}"
            f" WHEN length({digits}) = {length - 1} THEN '0' || {digits} END"
        )
    return f"coalesce({', '.join([*cases, literal('')])})"


def address_of(expr: str) -> str:
    """Return the SQL of a folded address without the words that clerks add or leave out."""
    text = f"regexp_replace({expr}, '([0-9])[\\s\\p{{Z}}]*[/-][\\s\\p{{Z}}]*([0-9])', '\\1x\\2', 'g')"
    return f"trim(regexp_replace(' ' || {fold_raw(text)} || ' ', ' ({_FILLERS}) ', ' ', 'g'))"


def joined(columns: Sequence[str]) -> str:
    """Return the SQL of several columns joined by a blank; missing ones leave nothing."""
    return "concat_ws(' ', " + ", ".join(f"nullif(trim({column}), '')" for column in columns) + ")"


def expressions(columns: Mapping[str, Sequence[str]], *, order: str, is_vietnamese: bool) -> dict[str, str]:
    """Return the first step's SQL by name: what needs only the row as it came. `columns` are quoted already."""

    def of(role: str) -> str:
        found = columns.get(role, ())
        return joined(found) if found else "''"

    name = of("full_name")
    if "full_name" not in columns:
        name = joined([of("family_name"), of("middle_name"), of("given_name")])
    ids = columns.get("personal_id", ())
    return {
        "raw": name,
        "birth": birth_of(of("birth_on"), order),
        "sex": fold_raw(of("sex")),
        "phone": f"right({digits_of(of('phone'))}, 9)",
        "email": f"lower(trim({of('email')}))",
        "area": f"trim({of('area_code')})",
        "address": address_of(of("address")),
        "city": fold_raw(of("city")),
        "region": fold_raw(of("region")),
        "postcode": f"upper(replace({of('postcode')}, ' ', ''))",
        "family_in": fold_raw(of("family_name")),
        "given_in": fold_raw(of("given_name")),
        "id12": number_of(ids, 12) if is_vietnamese else "''",
        "id9": number_of(ids, 9) if is_vietnamese else "''",
        "idno": "''" if is_vietnamese or not ids else f"upper(regexp_replace({joined(ids)}, '[^0-9A-Za-z]', '', 'g'))",
    }
