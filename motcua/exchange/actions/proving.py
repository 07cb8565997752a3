"""Who calls, proved: by the certificate of the connection, a signed request, or a network that the operator trusts."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from motcua.exchange.models import SubsystemKey, UsedNonce
from motcua.exchange.queries.known import Known
from motcua.exchange.rules.admission import is_from
from motcua.exchange.rules.signing import Signed, is_signed, read_signatures, verify
from motcua.exchange.types import Envelope


def prove_client(client: Known, envelope: Envelope, *, now: datetime) -> bool:
    """Tell whether the caller is the subsystem it names; what proof it brings must hold, all of it.

    The certificate's hash comes from the front server that ended the TLS connection (setting
    MOTCUA_EXCHANGE_CERTIFICATE_HEADER); a client's own header of that name never reaches here. Without any proof only
    a network that the operator listed is believed. The nonce is written here: whoever calls must not undo that.
    """
    is_proved = False
    if envelope.certificate_sha256:
        wanted = envelope.certificate_sha256.lower()
        if not any(key.sha256 == wanted for key in client.list_keys("certificate", now=now)):
            return False
        is_proved = True
    if is_signed(envelope):
        return _is_signed_by(client, envelope, now)
    return is_proved or is_from(client.subsystem.addresses, envelope.remote_address)


def forget_nonces(*, now: datetime) -> int:
    """Forget the nonces of signatures that would be refused for their age; return how many."""
    return UsedNonce.objects.filter(expires_at__lt=now).delete()[0]


def _is_signed_by(client: Known, envelope: Envelope, now: datetime) -> bool:
    keys = {key.key_id: key for key in client.list_keys("signature", now=now)}
    for each in read_signatures(envelope, now=now):
        key = keys.get(each.key_id)
        if key is not None and verify(each, key.public_pem) and _is_first_time(key, each):
            return True
    return False


def _is_first_time(key: SubsystemKey, signed: Signed) -> bool:
    """Remember the nonce; false when it was seen: the unique index decides, also between two processes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exchange_usednonce (key_id, nonce, expires_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [key.pk, signed.nonce, signed.expires_at],
        )
        return bool(cursor.rowcount == 1)
