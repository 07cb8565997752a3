"""The officials' second factor: a code of the telephone (TOTP), or one of the printed recovery codes.

The secrets lie in allauth's table; a time step is accepted once, noted in the same row under a lock, so that
two web processes cannot both accept one code (allauth keeps that in a cache, for less time than a code lives).
"""

from __future__ import annotations

from datetime import datetime

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt, encrypt
from django.conf import settings
from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.identity.models import User
from motcua.identity.rules import TOTP_STEP_SECONDS, find_totp_step

TOTP = Authenticator.Type.TOTP
RECOVERY = Authenticator.Type.RECOVERY_CODES
LAST_STEP = "last_step"


def has_totp(user_id: int) -> bool:
    """Say whether the account has enrolled a telephone."""
    return bool(Authenticator.objects.filter(user_id=user_id, type=TOTP).exists())


def enrol_totp(user_id: int, *, secret: str, code: str, now: datetime) -> tuple[str, ...] | None:
    """Enrol the telephone that shows `code` for `secret`; return recovery codes, or None when the code is wrong."""
    step = _find_step(secret, code, now=now, last_step=None)
    if step is None:
        return None
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        if has_totp(user_id):
            return None
        Authenticator.objects.create(user=user, type=TOTP, data={"secret": encrypt(secret), LAST_STEP: step})
        return _make_recovery_codes(user)


def verify_totp(user_id: int, *, code: str, now: datetime) -> bool:
    """Say whether the code is the telephone's, and use it up."""
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().filter(user_id=user_id, type=TOTP).first()
        if row is None:
            return False
        step = _find_step(decrypt(row.data["secret"]), code, now=now, last_step=row.data.get(LAST_STEP))
        if step is None:
            return False
        row.data = {**row.data, LAST_STEP: step}
        row.last_used_at = now
        row.save(update_fields=["data", "last_used_at"])
        return True


def verify_second_factor(user_id: int, *, code: str, now: datetime) -> bool:
    """Say whether the code is the telephone's or an unused recovery code, and use it up."""
    if verify_totp(user_id, code=code, now=now):
        return True
    row = Authenticator.objects.filter(user_id=user_id, type=RECOVERY).first()
    return row is not None and bool(RecoveryCodes(row).validate_code(code))


def renew_recovery_codes(user_id: int, *, actor: Actor, now: datetime) -> tuple[str, ...]:
    """Replace the recovery codes; the old ones are void at once."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        codes = _make_recovery_codes(user)
        record_decision(actor, subject=f"user:{user.uuid}", action="identity.renew_recovery_codes", details={}, now=now)
        return codes


def reset_second_factor(user_id: int, *, actor: Actor, now: datetime) -> None:
    """Forget a lost telephone and its recovery codes: the next sign-in enrols a new one."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        Authenticator.objects.filter(user_id=user_id).delete()
        record_decision(actor, subject=f"user:{user.uuid}", action="identity.reset_second_factor", details={}, now=now)


def ensure_demo_totp(user_id: int) -> None:
    """Give a demonstration account a telephone that nobody holds; `find_demo_code` reads it."""
    if has_totp(user_id):
        return
    Authenticator.objects.get_or_create(
        user_id=user_id, type=TOTP, defaults={"data": {"secret": encrypt(generate_totp_secret())}}
    )


def find_demo_code(user_id: int, *, now: datetime) -> str | None:
    """Return the code that the demonstration account's telephone would show, or None when it must wait for the next."""
    if not settings.DEMO_MODE:
        return None
    row = Authenticator.objects.filter(user_id=user_id, type=TOTP).first()
    if row is None:
        return None
    current = int(now.timestamp()) // TOTP_STEP_SECONDS
    step = max(current, row.data.get(LAST_STEP, 0) + 1)
    if step > current + settings.MFA_TOTP_TOLERANCE:
        return None
    return str(format_hotp_value(hotp_value(decrypt(row.data["secret"]), step)))


def _find_step(secret: str, code: str, *, now: datetime, last_step: int | None) -> int | None:
    def matches(step: int) -> bool:
        return bool(compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))))

    return find_totp_step(matches, now=now, last_step=last_step, tolerance=settings.MFA_TOTP_TOLERANCE)


def _make_recovery_codes(user: User) -> tuple[str, ...]:
    Authenticator.objects.filter(user=user, type=RECOVERY).delete()
    return tuple(RecoveryCodes.activate(user).get_unused_codes())
