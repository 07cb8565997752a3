"""The law of acting for another. Pure."""

from __future__ import annotations

from datetime import date

ADULT_AGE_YEARS = 18
AUTHORISATION_DEFAULT_YEARS = 1


def is_valid_on(valid_from: date, valid_to: date | None, *, on: date) -> bool:
    """Say whether `on` lies in the half-open period; no end means until further notice."""
    return valid_from <= on and (valid_to is None or on < valid_to)


def add_years(on: date, *, years: int) -> date:
    """Return the same day `years` later; 29 February becomes 1 March, so that a full year has passed."""
    try:
        return on.replace(year=on.year + years)
    except ValueError:
        return date(on.year + years, 3, 1)


def adult_from(birth_on: date) -> date:
    """Return the first day on which a person is of full age.

    Source: Code 91/2015/QH13, Art. 20(1); in force 2017-01-01.
    """
    return add_years(birth_on, years=ADULT_AGE_YEARS)


def is_minor(birth_on: date | None, *, on: date) -> bool:
    """Say whether the person is not yet of full age; an unknown date of birth is not taken for a minor's.

    Source: Code 91/2015/QH13, Art. 21(1); in force 2017-01-01.
    """
    return birth_on is not None and on < adult_from(birth_on)


def parental_end(birth_on: date | None, asked_end: date | None) -> date | None:
    """Return the day when parental representation of a child ends: the asked one, at the latest full age.

    Source: Code 91/2015/QH13, Art. 136(1); in force 2017-01-01.
    """
    if birth_on is None:
        return asked_end
    adult_on = adult_from(birth_on)
    return adult_on if asked_end is None else min(asked_end, adult_on)


def authorisation_end(valid_from: date, asked_end: date | None) -> date:
    """Return the day when a written authorisation ends: the agreed one, else one year after it began.

    Source: Code 91/2015/QH13, Art. 563; in force 2017-01-01.
    """
    return asked_end if asked_end is not None else add_years(valid_from, years=AUTHORISATION_DEFAULT_YEARS)
