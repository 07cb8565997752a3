"""The law of acting for another, and the ends of sessions and codes. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from motcua.identity.types import DelegationGround, SessionEnd, SessionLimits, SessionState
from motcua.kernel.messages import N_

ADULT_AGE_YEARS = 18
AUTHORISATION_DEFAULT_YEARS = 1
MINORS_GROUNDS = (DelegationGround.PARENT, DelegationGround.GUARDIAN)
CLOCK_SKEW = timedelta(minutes=5)
TOTP_STEP_SECONDS = 30


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


def delegation_problem(
    ground: str, *, grantor_is_person: bool, grantor_birth_on: date | None, valid_from: date, valid_to: date | None
) -> str | None:
    """Return the Vietnamese sentence that says why such a delegation cannot be made, or None.

    Source: Code 91/2015/QH13, Art. 136(1); in force 2017-01-01.
    Source: Code 91/2015/QH13, Art. 138; in force 2017-01-01.
    """
    if ground in MINORS_GROUNDS and not grantor_is_person:
        return N_("Chỉ cá nhân mới có cha, mẹ hoặc người giám hộ đại diện. Với tổ chức, hãy chọn văn bản ủy quyền.")
    if ground == DelegationGround.PARENT and grantor_birth_on is None:
        return N_("Hãy ghi ngày sinh của con: cha, mẹ chỉ đại diện khi con chưa đủ 18 tuổi.")
    if ground == DelegationGround.PARENT and not is_minor(grantor_birth_on, on=valid_from):
        return N_("Người này đã đủ 18 tuổi nên tự làm hồ sơ, hoặc lập văn bản ủy quyền.")
    if valid_to is not None and valid_to <= valid_from:
        return N_("Ngày kết thúc phải sau ngày bắt đầu. Hãy sửa lại ngày.")
    return None


def delegation_end(
    ground: str, *, grantor_birth_on: date | None, valid_from: date, asked_end: date | None
) -> date | None:
    """Return the day on which a delegation on this ground ends by law or by agreement; None: until revoked."""
    if ground == DelegationGround.PARENT:
        return parental_end(grantor_birth_on, asked_end)
    if ground == DelegationGround.AUTHORISATION:
        return authorisation_end(valid_from, asked_end)
    return asked_end


def session_ends_at(state: SessionState, *, limits: SessionLimits) -> datetime:
    """Return the moment when the session ends if nothing more is asked of it."""
    idle_end = state.seen_at + timedelta(minutes=limits.idle_minutes)
    return min(idle_end, state.started_at + timedelta(hours=limits.absolute_hours))


def find_session_end(state: SessionState, *, limits: SessionLimits, now: datetime) -> SessionEnd | None:
    """Say why the session has ended at `now`, or None while it lives. A clock set back ends it too."""
    if now >= state.started_at + timedelta(hours=limits.absolute_hours):
        return SessionEnd.ABSOLUTE
    if now >= state.seen_at + timedelta(minutes=limits.idle_minutes):
        return SessionEnd.IDLE
    if now < state.started_at - CLOCK_SKEW:
        return SessionEnd.ABSOLUTE
    return None


def is_stepped_up(stepped_up_at: datetime | None, *, max_age_seconds: int, now: datetime) -> bool:
    """Say whether the second factor was shown at most `max_age_seconds` ago."""
    return stepped_up_at is not None and timedelta(0) <= now - stepped_up_at <= timedelta(seconds=max_age_seconds)


def find_totp_step(
    matches: Callable[[int], bool], *, now: datetime, last_step: int | None, tolerance: int
) -> int | None:
    """Return the time step whose code `matches`, or None. A step is accepted once, and never an older one again.

    Shape: `matches(step)` compares the typed code with the code of that step.
    The verifier must not accept the second attempt of a code (RFC 6238, section 5.2).
    """
    current = int(now.timestamp()) // TOTP_STEP_SECONDS
    for step in range(current - tolerance, current + tolerance + 1):
        if (last_step is None or step > last_step) and matches(step):
            return step
    return None
