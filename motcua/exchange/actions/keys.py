"""Keys of subsystems: a new one is added before the old one ends, so that no call fails while they change."""

from __future__ import annotations

import hashlib
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.db import IntegrityError, transaction

from motcua.audit.public import Actor, record_decision
from motcua.exchange.models import Subsystem, SubsystemKey
from motcua.exchange.queries.services import find_subsystems
from motcua.exchange.rules.signing import load_public_key
from motcua.exchange.types import ClientId, KeyRefused
from motcua.kernel.messages import N_


def add_signature_key(
    client: ClientId, *, key_id: str, public_pem: str, valid_from: datetime, valid_to: datetime | None = None,
    actor: Actor, now: datetime,
) -> None:  # fmt: skip
    """Believe requests that this key signed. Raises: KeyRefused for a weak or unreadable key, or a taken name."""
    try:
        load_public_key(public_pem)
    except ValueError as error:
        raise KeyRefused(N_("cần khóa công khai Ed25519, ECDSA P-256, hoặc RSA từ 2048 bit, dạng PEM")) from error
    digest = hashlib.sha256(public_pem.encode()).hexdigest()
    _add(client, "signature", key_id, public_pem, digest, valid_from, valid_to, actor, now)


def add_certificate(client: ClientId, *, key_id: str, pem: str, actor: Actor, now: datetime) -> None:
    """Believe TLS connections with this certificate, while it is valid. Raises: KeyRefused."""
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
    except (ValueError, x509.InvalidVersion) as error:
        raise KeyRefused(N_("không đọc được chứng thư dạng PEM")) from error
    digest = certificate.fingerprint(hashes.SHA256()).hex()
    span = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    _add(client, "certificate", key_id, pem, digest, *span, actor, now)


def end_key(key_id: str, *, actor: Actor, now: datetime) -> None:
    """Believe this key no more from now on. Raises: KeyRefused for one that is unknown or has ended."""
    with transaction.atomic():
        key = SubsystemKey.objects.select_for_update(of=("self",)).filter(key_id=key_id).first()
        if key is None or (key.valid_to is not None and key.valid_to <= now):
            raise KeyRefused(N_("không có khóa này, hoặc khóa đã hết hiệu lực"))
        key.valid_to = now
        if key.valid_from >= now:
            key.delete()
        else:
            key.save(update_fields=["valid_to"])
        record_decision(actor, subject=f"exchange_key:{key_id}"[:120], action="end_exchange_key", now=now)


def _add(
    client: ClientId, kind: str, key_id: str, pem: str, sha256: str, valid_from: datetime, valid_to: datetime | None,
    actor: Actor, now: datetime,
) -> None:  # fmt: skip
    owner: Subsystem | None = find_subsystems([client]).get(client)
    if owner is None:
        raise KeyRefused(N_("đơn vị này chưa tham gia nền tảng"))
    try:
        with transaction.atomic():
            SubsystemKey.objects.create(
                subsystem=owner, key_id=key_id, kind=kind, public_pem=pem, sha256=sha256, valid_from=valid_from,
                valid_to=valid_to,
            )  # fmt: skip
            details: dict[str, object] = {"client": str(client), "kind": kind, "sha256": sha256}
            subject = f"exchange_key:{key_id}"[:120]
            record_decision(actor, subject=subject, action="add_exchange_key", details=details, now=now)
    except IntegrityError as error:
        raise KeyRefused(N_("mã khóa đã dùng, hoặc thời hạn không hợp lệ")) from error
