"""Signed requests: what a signature covers, whether it holds, and how one is made.

Source: RFC 9421 (HTTP Message Signatures), 2.5, 3.1, 3.2, 3.3.1, 3.3.4, 3.3.6, 7.2; RFC 9530; RFC 9651.
The signature base, rsa-pss-sha512, ecdsa-p256, ed25519; what must be covered, replay; Content-Digest; structured
fields.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import http_sf
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from motcua.exchange.types import Envelope

MAX_AGE = timedelta(minutes=5)
MAX_SKEW = timedelta(seconds=30)  # a caller's clock may be that much ahead of ours
MAX_SIGNATURES = 3
MAX_FIELD = 8_192
MAX_NONCE = 128
MIN_RSA_BITS = 2_048
_EC_BYTES = 32
_DIGESTS = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}
_CALLERS = ("information-mediator-client", "x-road-client")
_BOUND = (
    *_CALLERS, "motcua-purpose", "x-road-id", "x-road-issue", "x-road-represented-party", "x-road-security-server",
    "x-road-userid",
)  # fmt: skip
_PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA512()), salt_length=64)

PublicKey = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey
PrivateKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature of a request that is fresh and covers what it must; `base` is what was signed."""

    key_id: str
    nonce: str
    algorithm: str  # as the caller says, or ""
    expires_at: datetime  # when it would be refused for its age: until then the nonce must be remembered
    base: bytes
    signature: bytes


class _Unfit(Exception):
    """A signature that is no use: unreadable, old, or covering too little."""


def is_signed(envelope: Envelope) -> bool:
    """Tell whether the request carries a signature, good or bad."""
    return "signature" in envelope.headers or "signature-input" in envelope.headers


def read_signatures(envelope: Envelope, *, now: datetime) -> tuple[Signed, ...]:
    """Return the signatures that are fresh, cover enough, and whose content digest fits the body."""
    inputs = _read_dictionary(envelope.headers.get("signature-input", ""))
    signatures = _read_dictionary(envelope.headers.get("signature", ""))
    if len(inputs) > MAX_SIGNATURES or not _is_digest_right(envelope):
        return ()
    found = []
    for label, member in inputs.items():
        signature = signatures.get(label, (None, {}))[0]
        if isinstance(signature, bytes):
            try:
                found.append(_read_one(envelope, member, signature, now))
            except _Unfit:
                continue
    return tuple(found)


def verify(signed: Signed, public_pem: str) -> bool:
    """Tell whether the key made the signature. A key of a kind that is not allowed made none."""
    try:
        key = load_public_key(public_pem)
        if signed.algorithm and signed.algorithm != name_algorithm(key):
            return False
        _verify(key, signed)
    except (ValueError, InvalidSignature):
        return False
    return True


def sign_request(
    envelope: Envelope, *, key_id: str, private_key: PrivateKey, nonce: str, now: datetime
) -> dict[str, str]:
    """Return the headers that sign a request of ours: Content-Digest, Signature-Input, Signature."""
    digest = _write("sha-256", (hashlib.sha256(envelope.body).digest(), {}))
    headers = {**envelope.headers, "content-digest": digest}
    names = ["@method", "@target-uri", *(name for name in _BOUND if name in headers), "content-digest"]
    params = {"created": int(now.timestamp()), "keyid": key_id, "nonce": nonce}
    member: tuple[Any, Any] = ([(name, {}) for name in names], params)
    base = _make_base(_replace_headers(envelope, headers), names, member)
    return {
        "content-digest": digest,
        "signature-input": _write("sig1", member),
        "signature": _write("sig1", (_sign(private_key, base), {})),
    }


@lru_cache(maxsize=1_024)
def load_public_key(public_pem: str) -> PublicKey:
    """Read a public key: Ed25519, EC P-256, or RSA from 2048 bits. Raises: ValueError for anything else."""
    try:
        key = serialization.load_pem_public_key(public_pem.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ValueError("unreadable key") from error
    if isinstance(key, ed25519.Ed25519PublicKey):
        return key
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= MIN_RSA_BITS:
        return key
    raise ValueError("kind of key not allowed")


def name_algorithm(key: PublicKey) -> str:
    """Return the name of the one algorithm that a key is used with."""
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "ed25519"
    return "ecdsa-p256-sha256" if isinstance(key, ec.EllipticCurvePublicKey) else "rsa-pss-sha512"


def _read_dictionary(text: str) -> Mapping[str, Any]:
    if not text or len(text) > MAX_FIELD:
        return {}
    try:
        read: Any = http_sf.parse(text.encode("ascii"), tltype="dictionary")
    except (ValueError, RecursionError):
        return {}
    return dict(read)


def _write(name: str, member: Any) -> str:
    return str(http_sf.ser({name: member}))


def _read_one(envelope: Envelope, member: tuple[Any, Any], signature: bytes, now: datetime) -> Signed:
    covered, params = member
    if not isinstance(covered, list):
        raise _Unfit
    names = [name for name, inner in covered if isinstance(name, str) and not inner]
    if len(names) != len(covered) or len(set(names)) != len(names) or not _covers_enough(envelope, set(names)):
        raise _Unfit
    created, nonce, key_id = params.get("created"), params.get("nonce"), params.get("keyid")
    expires, algorithm = params.get("expires"), params.get("alg", "")
    if type(created) is not int or not isinstance(nonce, str) or not isinstance(key_id, str):
        raise _Unfit
    if not 1 <= len(nonce) <= MAX_NONCE or not isinstance(algorithm, str):
        raise _Unfit
    age = now.timestamp() - created
    if not -MAX_SKEW.total_seconds() <= age <= MAX_AGE.total_seconds():
        raise _Unfit
    if expires is not None and (type(expires) is not int or expires <= now.timestamp()):
        raise _Unfit
    expires_at = now + timedelta(seconds=MAX_AGE.total_seconds() - age)
    return Signed(key_id, nonce, algorithm, expires_at, _make_base(envelope, names, member), signature)


def _covers_enough(envelope: Envelope, names: set[str]) -> bool:
    """The method, the whole address, who calls and for whom, and the body: nothing that decides is left to chance."""
    where = "@target-uri" in names or {"@path", "@query", "@authority"} <= names
    bound = {name for name in _BOUND if name in envelope.headers} | {"@method"}
    if envelope.body or "content-digest" in envelope.headers:
        bound.add("content-digest")
    return where and bound <= names and any(name in names for name in _CALLERS)


def _make_base(envelope: Envelope, names: Sequence[str], member: tuple[Any, Any]) -> bytes:
    lines = [f'"{name}": {_resolve(envelope, name)}' for name in names]
    written = _write("s", member)
    lines.append(f'"@signature-params": {written.removeprefix("s=")}')
    try:
        return "\n".join(lines).encode("ascii")
    except UnicodeEncodeError as error:
        raise _Unfit from error


def _resolve(envelope: Envelope, name: str) -> str:
    path, query = envelope.path or "/", f"?{envelope.query}" if envelope.query else ""
    authority = _authority(envelope)
    derived = {
        "@method": envelope.method,
        "@target-uri": f"{envelope.scheme}://{authority}{path}{query}",
        "@authority": authority,
        "@scheme": envelope.scheme,
        "@path": path,
        "@query": query or "?",
        "@request-target": f"{path}{query}",
    }
    value = derived.get(name) if name.startswith("@") else envelope.headers.get(name)
    if value is None or "\n" in value or "\r" in value:
        raise _Unfit
    return value.strip(" \t")


def _authority(envelope: Envelope) -> str:
    host = envelope.headers.get("host", "").lower()
    usual = {"http": ":80", "https": ":443"}.get(envelope.scheme, ":")
    return host.removesuffix(usual)


def _is_digest_right(envelope: Envelope) -> bool:
    """Tell whether Content-Digest, when there, fits the body: one known algorithm at least, and none that differs."""
    text = envelope.headers.get("content-digest")
    if text is None:
        return not envelope.body
    known = [
        (make(envelope.body).digest(), item[0])
        for name, item in _read_dictionary(text).items()
        if (make := _DIGESTS.get(name)) is not None
    ]
    return bool(known) and all(isinstance(said, bytes) and hmac.compare_digest(said, real) for real, said in known)


def _verify(key: PublicKey, signed: Signed) -> None:
    if isinstance(key, ed25519.Ed25519PublicKey):
        key.verify(signed.signature, signed.base)
    elif isinstance(key, rsa.RSAPublicKey):
        key.verify(signed.signature, signed.base, _PSS, hashes.SHA512())
    elif len(signed.signature) == 2 * _EC_BYTES:
        r, s = (int.from_bytes(part, "big") for part in (signed.signature[:_EC_BYTES], signed.signature[_EC_BYTES:]))
        key.verify(encode_dss_signature(r, s), signed.base, ec.ECDSA(hashes.SHA256()))
    else:
        raise InvalidSignature


def _sign(key: PrivateKey, base: bytes) -> bytes:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(base)
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(base, _PSS, hashes.SHA512())
    r, s = decode_dss_signature(key.sign(base, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(_EC_BYTES, "big") + s.to_bytes(_EC_BYTES, "big")


def _replace_headers(envelope: Envelope, headers: Mapping[str, str]) -> Envelope:
    return Envelope(
        method=envelope.method, path=envelope.path, query=envelope.query, headers=headers, body=envelope.body,
        scheme=envelope.scheme,
    )  # fmt: skip
