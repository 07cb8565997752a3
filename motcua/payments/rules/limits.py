"""Whom a refund needs, and how much may be given back."""

from __future__ import annotations

SECOND_PERSON_FROM_VND = 2_000_000  # mark: unsure, the city's own rule of four eyes; changed here, with its date


def needs_second_person(amount_vnd: int) -> bool:
    """Tell whether a refund of this size needs another person's agreement."""
    return amount_vnd >= SECOND_PERSON_FROM_VND


def refundable_vnd(open_vnd: int, *, decided_vnd: int = 0) -> int:
    """Return what may be given back of a charge: what was paid too much and not yet decided on."""
    return max(0, -open_vnd - decided_vnd)
