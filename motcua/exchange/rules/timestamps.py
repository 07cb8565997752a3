"""Time-stamp tokens: what is asked of the service, and whether its token says what it should.

Source: RFC 3161, 2.3, 2.4.1, 2.4.2; RFC 5652, 5.4; RFC 2634, 5.4; RFC 5816.
The request, the reply, the service's certificate, which is named among the signed attributes.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, core, tsp  # type: ignore[import-untyped]  # it ships no types
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from motcua.kernel.certificates import read_certificate

MAX_TOKEN = 64 * 1024
_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512,
}  # fmt: skip


_FAULTS = (
    ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, InvalidSignature, UnsupportedAlgorithm,
    x509.ExtensionNotFound, x509.InvalidVersion,
)  # fmt: skip


class TokenInvalid(Exception):
    """A token that proves nothing; the text says why, for a log."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a good token says. `is_trusted`: its certificate leads to one of the roots that were given."""

    at: datetime
    service: str
    is_trusted: bool


def make_request(digest: bytes, *, nonce: int) -> bytes:
    """Return the request (DER) for a SHA-256 digest; the service's certificate is asked for."""
    request = tsp.TimeStampReq(
        {"version": "v1", "message_imprint": _imprint(digest), "nonce": core.Integer(nonce), "cert_req": True}
    )
    return bytes(request.dump())


def read_reply(reply: bytes, *, digest: bytes, nonce: int) -> bytes:
    """Return the token of a reply that answers our request. Raises: TokenInvalid."""
    try:
        answer = tsp.TimeStampResp.load(reply[:MAX_TOKEN], strict=True)
        if answer["status"]["status"].native not in ("granted", "granted_with_mods"):
            raise TokenInvalid("refused")
        token = bytes(answer["time_stamp_token"].dump())
        said = _info(token)["nonce"].native
    except (ValueError, TypeError, KeyError) as error:
        raise TokenInvalid("unreadable") from error
    if said != nonce:
        raise TokenInvalid("nonce")
    check_token(token, digest=digest)
    return token


def check_token(token: bytes, *, digest: bytes, roots: Sequence[x509.Certificate] = ()) -> Stamp:
    """Return what a token says of a SHA-256 digest. Every byte of it must be accounted for. Raises: TokenInvalid."""
    try:
        return _check(token, digest, roots)
    except _FAULTS as error:
        raise TokenInvalid(type(error).__name__) from error


def _check(token: bytes, digest: bytes, roots: Sequence[x509.Certificate]) -> Stamp:
    content = cms.ContentInfo.load(token, strict=True)
    signed = content["content"]
    info, encapsulated = _info(token), signed["encap_content_info"]
    [signer] = signed["signer_infos"]
    chain = [read_certificate(each.chosen.dump()) for each in signed["certificates"]]
    own = _find_signer(signer, chain)
    name = signer["digest_algorithm"]["algorithm"].native
    if content.dump(force=True) != token or signed["version"].native != "v3" or signer["version"].native != "v1":
        raise TokenInvalid("form")
    if [each["algorithm"].native for each in signed["digest_algorithms"]] != [name] or signer["unsigned_attrs"]:
        raise TokenInvalid("form")
    if info["message_imprint"].dump() != _imprint(digest).dump():
        raise TokenInvalid("other content")
    attributes = {each["type"].native: each["values"][0] for each in signer["signed_attrs"]}
    said = attributes["message_digest"].native
    real = hashlib.new(name, bytes(encapsulated["content"])).digest()
    if attributes["content_type"].native != "tst_info" or not hmac.compare_digest(said, real):
        raise TokenInvalid("changed")
    _check_named(attributes, own)
    _check_algorithms(signer, signed, own)
    _verify(own, signer["signature"].native, signer["signed_attrs"].untag().dump(), name)
    at: datetime = info["gen_time"].native
    if not own.not_valid_before_utc <= at <= own.not_valid_after_utc:
        raise TokenInvalid("certificate not valid then")
    for each in chain:
        if not _is_vouched(each, [*chain, *roots]):
            raise TokenInvalid("certificate")
    title = own.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    service = str(title[0].value) if title else own.subject.rfc4514_string()
    return Stamp(at=at, service=service, is_trusted=_leads_to(own, chain, roots, at))


def _check_algorithms(signer: Any, signed: Any, own: x509.Certificate) -> None:
    """Raises: TokenInvalid for an algorithm that is named otherwise than it is used: a changed name would not show."""
    name = signer["digest_algorithm"]["algorithm"].native
    said = signer["signature_algorithm"]["algorithm"].native
    is_rsa = isinstance(own.public_key(), rsa.RSAPublicKey)
    if said not in ((f"{name}_rsa", "rsassa_pkcs1v15") if is_rsa else (f"{name}_ecdsa",)):
        raise TokenInvalid("algorithm")
    stated = [*signed["digest_algorithms"], signer["digest_algorithm"], signer["signature_algorithm"]]
    if any(each["parameters"].native is not None for each in stated):
        raise TokenInvalid("algorithm")
    if signed["crls"] and len(signed["crls"]):
        raise TokenInvalid("form")


def _info(token: bytes) -> Any:
    return cms.ContentInfo.load(token, strict=True)["content"]["encap_content_info"]["content"].parsed


def _imprint(digest: bytes) -> Any:
    return tsp.MessageImprint({"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest})


def _find_signer(signer: Any, chain: Sequence[x509.Certificate]) -> x509.Certificate:
    named = signer["sid"].chosen
    for each in chain:
        if named["serial_number"].native == each.serial_number and named["issuer"].dump() == each.issuer.public_bytes():
            usage = each.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
            if list(usage) == [ExtendedKeyUsageOID.TIME_STAMPING]:
                return each
    raise TokenInvalid("no certificate of a time-stamp service")


def _check_named(attributes: dict[str, Any], own: x509.Certificate) -> None:
    if "signing_certificate_v2" in attributes:
        first = attributes["signing_certificate_v2"]["certs"][0]
        algorithm = _HASHES[first["hash_algorithm"]["algorithm"].native]()
    else:
        first = attributes["signing_certificate"]["certs"][0]
        algorithm = hashes.SHA1()  # noqa: S303  fixed by RFC 2634; RFC 5816 allows others beside it
    if first["cert_hash"].native != own.fingerprint(algorithm):
        raise TokenInvalid("another certificate")


def _verify(own: x509.Certificate, signature: bytes, content: bytes, digest_name: str) -> None:
    key, algorithm = own.public_key(), _HASHES[digest_name]()
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, content, padding.PKCS1v15(), algorithm)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, content, ec.ECDSA(algorithm))
    else:
        raise TokenInvalid("kind of key")


def _is_vouched(certificate: x509.Certificate, known: Sequence[x509.Certificate]) -> bool:
    """Tell whether somebody known signed it (itself too), or it is the root's own business: no issuer came along."""
    issuers = [each for each in known if each.subject == certificate.issuer]
    return not issuers or any(_is_issued_by(certificate, each) for each in issuers)


def _leads_to(
    own: x509.Certificate, chain: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], at: datetime
) -> bool:
    current, seen = own, 0
    while seen <= len(chain):
        if not current.not_valid_before_utc <= at <= current.not_valid_after_utc:
            return False
        if current in roots or any(_is_issued_by(current, root) for root in roots):
            return True
        above = [each for each in chain if each != current and _is_issued_by(current, each)]
        if not above:
            return False
        current, seen = above[0], seen + 1
    return False


def _is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True
