"""A detached signature over any bytes, in an agency's name: JWS with the certificate inside.

Source: RFC 7515, 7.1 and appendix F (detached content), 4.1.6 (x5c); RFC 7518, 3.3 and 3.4 (RS256, ES256).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from motcua.documents.rules.chains import MAX_CHAIN, name_of, reaches_root
from motcua.documents.types import BytesSignature, SigningKey
from motcua.kernel.certificates import read_certificate

_MAX_TEXT = 64 * 1024
_EC_BYTES = 32
_UNUSABLE = (
    InvalidSignature,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
)  # a certificate of no use, or of a kind unknown


def sign_detached(data: bytes, *, key: SigningKey) -> str:
    """Return the detached JWS of the data: header..signature, with the signer's certificates in x5c."""
    certificate = x509.load_der_x509_certificate(key.certificate_der)
    is_ec = isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)
    chain = [base64.b64encode(der).decode() for der in (key.certificate_der, *key.chain_der)]
    header = _encode(json.dumps({"alg": "ES256" if is_ec else "RS256", "x5c": chain}).encode())
    signature = key.sign_sha256(f"{header}.{_encode(data)}".encode())
    if is_ec:
        r, s = decode_dss_signature(signature)
        signature = r.to_bytes(_EC_BYTES, "big") + s.to_bytes(_EC_BYTES, "big")
    return f"{header}..{_encode(signature)}"


def verify_detached(data: bytes, jws: str, *, trust_roots: Iterable[bytes], now: datetime) -> BytesSignature:
    """Say whether the signature fits the data and whose it is. Never raises, whatever the text."""
    try:
        header, empty, signature = jws.strip().split(".")
        fields = json.loads(_decode(header))
        chain = [read_certificate(base64.b64decode(text)) for text in fields["x5c"][:MAX_CHAIN]]
        if empty or len(jws) > _MAX_TEXT or not chain:
            return BytesSignature(is_valid=False, is_trusted=False, signer_name="")
        _check(chain[0], str(fields["alg"]), f"{header}.{_encode(data)}".encode(), _decode(signature))
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error, *_UNUSABLE):
        return BytesSignature(is_valid=False, is_trusted=False, signer_name="")
    roots = [x509.load_der_x509_certificate(der) for der in trust_roots]
    return BytesSignature(is_valid=True, is_trusted=reaches_root(chain, roots, now=now), signer_name=name_of(chain[0]))


def _check(certificate: x509.Certificate, algorithm: str, content: bytes, signature: bytes) -> None:
    key = certificate.public_key()
    if algorithm == "RS256" and isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
    elif algorithm == "ES256" and isinstance(key, ec.EllipticCurvePublicKey) and len(signature) == 2 * _EC_BYTES:
        r, s = (int.from_bytes(part, "big") for part in (signature[:_EC_BYTES], signature[_EC_BYTES:]))
        key.verify(encode_dss_signature(r, s), content, ec.ECDSA(hashes.SHA256()))
    else:
        raise ValueError(algorithm)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
