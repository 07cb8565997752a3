"""The reference of a payment: what a payer's bank shows, and what is found again in the words of a statement.

Shape: "MC" + 10 signs of Crockford's base 32 + one check sign, 13 in all: fits every field of every bank, survives
capital letters, and a wrong sign is noticed instead of paying another person's fee.
"""

from __future__ import annotations

import re

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FOUND = re.compile(r"MC[0-9A-HJKMNP-TV-Z]{11}")


def make_reference(number: int) -> str:
    """Write a number below 2**50 as a reference. Raises: ValueError outside of it."""
    if not 0 <= number < 1 << 50:
        raise ValueError("reference number out of range")
    body = "".join(_SIGNS[number >> shift & 31] for shift in range(45, -5, -5))
    return f"MC{body}{_check(body)}"


def find_reference(text: str) -> str:
    """Return the reference in the words of a transfer; blanks and hyphens inside are forgiven; "" for none, or two."""
    compact = re.sub(r"[\s.\-_/]+", "", text.upper())
    found = {match for match in _overlapping(compact) if _check(match[2:12]) == match[12]}
    return found.pop() if len(found) == 1 else ""


def _overlapping(text: str) -> list[str]:
    return [match.group(0) for start in range(len(text)) if (match := _FOUND.match(text, start))]


def _check(body: str) -> str:
    """Weigh each sign by its place, modulo the prime 31: one wrong sign or two swapped neighbours are noticed."""
    return _SIGNS[sum(place * _SIGNS.index(sign) for place, sign in enumerate(body, start=1)) % 31]
