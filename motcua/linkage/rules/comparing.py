"""How two records are held against each other: levels from strongest to weakest, and which pairs are looked at. Pure.

Only functions that DuckDB and Spark both have stand in the conditions, so that one model file serves both.
"""

from __future__ import annotations

Level = tuple[str, str]  # code, SQL
NULL = "null"

_TRANSPOSED = (
    "(levenshtein({0}_l, {0}_r) = 2 AND length({0}_l) = length({0}_r)"
    " AND translate({0}_l, {0}_r, '') = '' AND translate({0}_r, {0}_l, '') = '')"
)


def _null(*columns: str) -> str:
    return " OR ".join(f"{column}_{side} IS NULL" for column in columns for side in "lr")


def _near(column: str) -> str:
    """One sign wrong, or two that changed places (the same signs, two edits)."""
    return f"(levenshtein({column}_l, {column}_r) <= 1 OR {_TRANSPOSED.format(column)})"


_BOTH_WORDS = "family_l = family_r AND given_l = given_r"
_INITIALS = "(middle_l IS NULL OR middle_r IS NULL OR substr(middle_l, 1, 1) = substr(middle_r, 1, 1))"
_SLIP_OF_NAME = "(given_l = given_r OR given_common_l = 0 OR given_common_r = 0)"
_NO_ID = "NOT ((id12_l IS NOT NULL AND id12_r IS NOT NULL) OR (id9_l IS NOT NULL AND id9_r IS NOT NULL))"
_SHARED_AREA = " OR ".join(f"coalesce(area{i}_l = area{j}_r, FALSE)" for i in (1, 2, 3) for j in (1, 2, 3))

NAME: tuple[Level, ...] = (
    (NULL, _null("name")),
    ("same", "name_key_l = name_key_r AND has_marks_l = 1"),
    ("same_without_marks", "name_l = name_r AND (has_marks_l = 0 OR has_marks_r = 0)"),
    ("other_marks", "name_l = name_r"),
    ("other_order", "name_sorted_l = name_sorted_r"),
    ("slip", f"length(name_l) >= 5 AND {_near('name')} AND {_SLIP_OF_NAME}"),
    ("short_middle", f"{_BOTH_WORDS} AND {_INITIALS}"),
    ("two_slips", f"length(name_l) >= 9 AND levenshtein(name_sorted_l, name_sorted_r) <= 2 AND {_SLIP_OF_NAME}"),
    ("other_middle", _BOTH_WORDS),
    ("given_only", "given_l = given_r"),
    ("family_only", "family_l = family_r"),
    ("other", "ELSE"),
)
BIRTH: tuple[Level, ...] = (
    (NULL, _null("birth")),
    ("same", "birth_l = birth_r AND first_january_l = 0"),
    ("same_first_january", "birth_l = birth_r"),
    ("swapped", "birth_l = birth_swap_r OR birth_swap_l = birth_r"),
    ("year_and_first_january", "birth_year_l = birth_year_r AND (first_january_l = 1 OR first_january_r = 1)"),
    ("slip", _near("birth")),
    ("two_slips", "levenshtein(birth_l, birth_r) = 2"),
    ("year", "birth_year_l = birth_year_r"),
    ("other", "ELSE"),
)
ID: tuple[Level, ...] = (
    (NULL, _NO_ID),
    ("same_new", "id12_l = id12_r"),
    ("same_old", "id9_l = id9_r"),
    ("slip", f"coalesce({_near('id12')}, FALSE) OR coalesce({_near('id9')}, FALSE)"),
    ("other", "ELSE"),
)
SEX: tuple[Level, ...] = ((NULL, _null("sex")), ("same", "sex_l = sex_r"), ("other", "ELSE"))
AREA: tuple[Level, ...] = ((NULL, _null("area1")), ("same", _SHARED_AREA), ("other", "ELSE"))
ADDRESS: tuple[Level, ...] = (
    (NULL, _null("address")),
    ("same", "address_l = address_r"),
    ("near", "house_l = house_r AND levenshtein(address_l, address_r) <= 4"),
    ("two_slips", "length(address_l) >= 8 AND levenshtein(address_l, address_r) <= 2"),
    ("house", "house_l = house_r"),
    ("other", "ELSE"),
)
PHONE: tuple[Level, ...] = (
    (NULL, _null("phone")),
    ("same", "phone_l = phone_r"),
    ("slip", _near("phone")),
    ("other", "ELSE"),
)
EMAIL: tuple[Level, ...] = (
    (NULL, _null("email")),
    ("same", "email_l = email_r"),
    ("same_mailbox", "mailbox_l = mailbox_r"),
    ("two_slips", "levenshtein(email_l, email_r) <= 2"),
    ("near_mailbox", "length(mailbox_l) >= 6 AND levenshtein(mailbox_l, mailbox_r) <= 2"),
    ("other", "ELSE"),
)


def _western(column: str, other: str) -> tuple[Level, ...]:
    return (
        (NULL, _null(column)),
        ("same", f"{column}_l = {column}_r"),
        ("slip", f"length({column}_l) >= 3 AND {_near(column)}"),
        ("turned", f"{column}_l = {other}_r OR {other}_l = {column}_r"),
        (
            "short",
            f"substr({column}_r, 1, length({column}_l)) = {column}_l"
            f" OR substr({column}_l, 1, length({column}_r)) = {column}_r",
        ),
        ("two_slips", f"length({column}_l) >= 5 AND levenshtein({column}_l, {column}_r) <= 2"),
        ("other", "ELSE"),
    )


def _short(column: str) -> tuple[Level, ...]:
    return (
        (NULL, _null(column)),
        ("same", f"{column}_l = {column}_r"),
        ("slip", f"length({column}_l) >= 3 AND {_near(column)}"),
        ("two_slips", f"length({column}_l) >= 6 AND levenshtein({column}_l, {column}_r) <= 2"),
        ("other", "ELSE"),
    )


# Terms whose own frequency counts: agreeing on a rare name says more than on Nguyễn Văn An.
FREQUENT = {"name": "name", "given": "given", "family": "family", "city": "city"}
FREQUENT_LEVELS = {"same", "same_without_marks", "other_marks"}

COMPARISONS: dict[str, dict[str, tuple[Level, ...]]] = {
    "vietnamese": {
        "name": NAME,
        "birth": BIRTH,
        "id": ID,
        "sex": SEX,
        "area": AREA,
        "address": ADDRESS,
        "phone": PHONE,
        "email": EMAIL,
    },
    "general": {
        "given": _western("given", "family"),
        "family": _western("family", "given"),
        "birth": BIRTH,
        "idno": _short("idno"),
        "sex": SEX,
        "address": ADDRESS,
        "city": _short("city"),
        "region": _short("region"),
        "postcode": _short("postcode"),
        "phone": PHONE,
        "email": EMAIL,
    },
}

BLOCKS: dict[str, tuple[tuple[str, ...], ...]] = {
    "vietnamese": (
        ("id12",),
        ("id9",),
        ("name", "birth_year"),
        ("birth_key", "given"),
        ("name_sorted", "birth_md"),
        ("phone", "given"),
        ("birth", "family", "area1"),
        ("phone", "birth"),
        ("address", "given"),
        ("birth", "address"),
    ),
    "general": (
        ("idno",),
        ("email",),
        ("phone",),
        ("given", "family"),
        ("family", "birth"),
        ("given", "birth"),
        ("mailbox",),
        ("family", "postcode"),
        ("given", "postcode"),
        ("birth", "postcode"),
        ("birth", "city"),
        ("address", "postcode"),
        ("given", "birth_year"),
        ("family", "birth_year"),
        ("family", "city"),
        ("given", "city"),
        ("family", "address"),
        ("birth",),
        ("name_sorted",),
    ),
}

# Small files can afford to look wider.
SMALL = 20_000
SMALL_BLOCKS: dict[str, tuple[tuple[str, ...], ...]] = {
    "vietnamese": (("birth",), ("name_sorted",), ("phone",), ("address",)),
    "general": (("given",), ("family",), ("city", "birth_year"), ("city", "birth_md"), ("postcode",)),
}
