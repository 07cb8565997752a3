"""Signing keys of agencies and their officials: issued anew, renewed, revoked; each change stands in the audit log."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from motcua.audit.public import Actor, record_decision
from motcua.documents.queries.drivers import get_key_store
from motcua.documents.types import SigningKeyInfo


def issue_signing_key(code: str, *, agency_name: str, person: str = "", actor: Actor, now: datetime) -> SigningKeyInfo:
    """Give an agency, or an official in it, a new key; the old one ends, what it signed stays good.

    Raises: KeysKeptElsewhere where certificates are not issued by this installation; SigningKeyMissing for a code
    that can be none.
    """
    with transaction.atomic(durable=True):
        info = get_key_store().renew_key(code, agency_name, now=now, person=person)
        details: dict[str, object] = {"certificate": info.certificate_sha256, "until": info.valid_to.isoformat()}
        record_decision(actor, subject=f"key:{code}", action="documents.issue_key", details=details, now=now)
    return info


def revoke_signing_key(code: str, *, reason: str, actor: Actor, now: datetime) -> SigningKeyInfo:
    """Take a key away for good: it is destroyed and its certificate revoked from now on.

    What the store refuses leaves no mark in the log.
    Raises: SigningKeyMissing, KeysKeptElsewhere.
    """
    store = get_key_store()
    with transaction.atomic(durable=True):
        record_decision(
            actor, subject=f"key:{code}", action="documents.revoke_key", details={"reason": reason[:300]}, now=now
        )
        return store.revoke_key(code, now=now)
