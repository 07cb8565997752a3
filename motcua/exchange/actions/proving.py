"""Who calls, proved: by the certificate of the connection, a signed request, or a network that the operator trusts."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from motcua.exchange.models import Subsystem, SubsystemKey
from motcua.exchange.rules.admission import is_from
from motcua.exchange.types import Envelope


def prove_client(client: Subsystem, envelope: Envelope, *, now: datetime) -> bool:
    """Tell whether the caller is the subsystem it names.

    The certificate's hash comes from the front server that ended the TLS connection (setting
    MOTCUA_EXCHANGE_CERTIFICATE_HEADER); a client's own header of that name never reaches here.
    """
    if envelope.certificate_sha256:
        return _is_certificate_of(client, envelope.certificate_sha256, now)
    return is_from(client.addresses, envelope.remote_address)


def _is_certificate_of(client: Subsystem, sha256: str, now: datetime) -> bool:
    keys = SubsystemKey.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=now),
        subsystem=client,
        kind="certificate",
        sha256=sha256.lower(),
        valid_from__lte=now,
    )
    return keys.exists()
