"""Signature containers: the CMS of a PAdES signature and of an RFC 3161 time-stamp.

Source: RFC 5652 (CMS), RFC 5035 (signing-certificate-v2), RFC 6211, RFC 3161, ETSI EN 319 142-1 V1.2.1, 6.3.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from asn1crypto import x509  # type: ignore[import-untyped]  # certificates are read with it everywhere here

from motcua.documents.rules.der_writing import (
    NULL,
    explicit,
    generalized_time,
    integer,
    octets,
    oid,
    sequence,
    set_of,
    wrap,
)
from motcua.documents.types import SigningKey

_SIGNED_DATA = oid("1.2.840.113549.1.7.2")
_DATA = oid("1.2.840.113549.1.7.1")
_TST_INFO = oid("1.2.840.113549.1.9.16.1.4")
_CONTENT_TYPE = oid("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST = oid("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE_V2 = oid("1.2.840.113549.1.9.16.2.47")
_SIGNATURE_TIME_STAMP = oid("1.2.840.113549.1.9.16.2.14")
_ALGORITHM_PROTECTION = oid("1.2.840.113549.1.9.52")  # RFC 6211: the signer's choice cannot be rewritten
_TST_POLICY = oid("1.3.6.1.4.1.55555.1.3161")  # of the demonstration; a real service names its own
_SHA256 = sequence(oid("2.16.840.1.101.3.4.2.1"), NULL)
_RSA_SHA256 = sequence(oid("1.2.840.113549.1.1.11"), NULL)
_ECDSA_SHA256 = sequence(oid("1.2.840.10045.4.3.2"))
HASH_OIDS = {"sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2", "sha512": "2.16.840.1.101.3.4.2.3"}


@dataclass(frozen=True, slots=True)
class _Identity:
    """What a container says of its signer, made once for each certificate."""

    sid: bytes
    attribute: bytes
    algorithm: bytes


@lru_cache(maxsize=256)
def _identify(certificate_der: bytes) -> _Identity:
    certificate = x509.Certificate.load(certificate_der)
    issuer, serial = certificate.issuer.dump(), integer(certificate.serial_number)
    issuer_serial = sequence(sequence(wrap(0xA4, issuer)), serial)
    named = sequence(octets(hashlib.sha256(certificate_der).digest()), issuer_serial)
    is_rsa = certificate.public_key.algorithm == "rsa"
    return _Identity(
        sid=sequence(issuer, serial),
        attribute=sequence(_SIGNING_CERTIFICATE_V2, set_of(sequence(sequence(named)))),
        algorithm=_RSA_SHA256 if is_rsa else _ECDSA_SHA256,
    )


def make_signed_attributes(document_sha256: bytes, certificate_der: bytes, *, content_type: bytes = _DATA) -> bytes:
    """Return the SET OF attributes whose SHA-256 a key signs: what the paper is, and with which certificate."""
    identity = _identify(certificate_der)
    protected = sequence(_SHA256, b"\xa1" + identity.algorithm[1:])
    return set_of(
        sequence(_CONTENT_TYPE, set_of(content_type)),
        sequence(_MESSAGE_DIGEST, set_of(octets(document_sha256))),
        sequence(_ALGORITHM_PROTECTION, set_of(protected)),
        identity.attribute,
    )


def make_signature(document_sha256: bytes, *, key: SigningKey, stamp: Callable[[bytes], bytes] | None = None) -> bytes:
    """Return the detached container over a paper's SHA-256; `stamp` gives the token over the signature's SHA-256."""
    attributes = make_signed_attributes(document_sha256, key.certificate_der)
    signature = key.sign_sha256(attributes)
    token = stamp(hashlib.sha256(signature).digest()) if stamp else b""
    unsigned = [sequence(_SIGNATURE_TIME_STAMP, set_of(token))] if token else []
    return _pack(key, sequence(_DATA), attributes, signature, unsigned, version=1)


def make_time_stamp(
    digest: bytes, *, algorithm: str, key: SigningKey, serial: int, now: datetime, nonce: int | None = None
) -> bytes:
    """Return an RFC 3161 token that says: this digest was known at `now` (whole seconds, accuracy one second)."""
    imprint = sequence(sequence(oid(HASH_OIDS[algorithm]), NULL), octets(digest))
    fields = [integer(1), _TST_POLICY, imprint, integer(serial), generalized_time(now), sequence(integer(1))]
    if nonce is not None:
        fields.append(integer(nonce))
    info = sequence(*fields)
    attributes = make_signed_attributes(hashlib.sha256(info).digest(), key.certificate_der, content_type=_TST_INFO)
    content = sequence(_TST_INFO, explicit(0, octets(info)))
    return _pack(key, content, attributes, key.sign_sha256(attributes), [], version=3)


def _pack(
    key: SigningKey, content: bytes, attributes: bytes, signature: bytes, unsigned: list[bytes], *, version: int
) -> bytes:
    identity = _identify(key.certificate_der)
    signer = [
        integer(1),
        identity.sid,
        _SHA256,
        b"\xa0" + attributes[1:],  # signed as SET OF, kept as [0] IMPLICIT: RFC 5652, 5.4
        identity.algorithm,
        octets(signature),
    ]
    if unsigned:
        signer.append(b"\xa1" + set_of(*unsigned)[1:])
    certificates = b"\xa0" + set_of(key.certificate_der, *key.chain_der)[1:]
    signed_data = sequence(integer(version), set_of(_SHA256), content, certificates, set_of(sequence(*signer)))
    return sequence(_SIGNED_DATA, explicit(0, signed_data))
