"""The one part of a signed file that its signature cannot cover is its own container: every bit there must be earned.

Exact hex, DER, zeros; fields that no signature protects say only what the protected ones say; every certificate in it
is borne by another. So no byte of a container can be altered unseen, and nothing can be smuggled in.
Source: RFC 5652, 5.1 and 5.3; RFC 3161, 2.4; RFC 6211; ETSI EN 319 142-1 V1.2.1, 6.3; ETSI TS 119 312 (algorithms).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from asn1crypto import cms, x509  # type: ignore[import-untyped]  # pyHanko's faces speak in its types
from cryptography import x509 as pyca
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyhanko.sign.validation import EmbeddedPdfSignature

from motcua.documents.rules.der import measure_container
from motcua.kernel.messages import N_, Message

_DIGESTS = frozenset({"sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512", "shake256"})
_MECHANISMS = frozenset(
    {
        "rsassa_pkcs1v15", "rsassa_pss", "ecdsa", "ed25519", "ed448",
        *(f"{digest}_{kind}" for digest in _DIGESTS for kind in ("rsa", "ecdsa")),
    }
)  # fmt: skip
_TELLING_USAGES = frozenset(
    {
        "any_extended_key_usage",
        "email_protection",
        "client_auth",
        "microsoft_document_signing",
        "adobe_authentic_documents_trust",
        "1.3.6.1.5.5.7.3.36",  # id-kp-documentSigning, RFC 9336
        "1.3.6.1.4.1.311.10.3.12",
        "1.2.840.113583.1.1.5",
    }
)
_MIN_RSA_BITS = 2048
_MIN_EC_BITS = 256
_MAX_CERTIFICATES = 30

STRONG_DIGESTS = _DIGESTS
CONTAINER_ODD = N_("Vùng chứa chữ ký có dữ liệu lạ.")
RANGE_ODD = N_("Phạm vi được ký (ByteRange) không đúng khuôn.")
WEAK = N_("Chữ ký dùng thuật toán đã bị bỏ vì yếu.")
WRONG_USAGE = N_("Chứng thư không được cấp để ký văn bản.")


def find_range_fault(pdf: bytes, signature: EmbeddedPdfSignature) -> Message | None:
    """Say what is wrong with the ranges: two parts, from byte 0, with nothing but the container between them."""
    numbers = [int(number) for number in signature.byte_range]
    if len(numbers) != 4 or numbers[0] != 0 or min(numbers) < 0:
        return RANGE_ODD
    _, first, start, length = numbers
    if not 0 < first < start < start + length <= len(pdf):
        return RANGE_ODD
    gap = pdf[first:start]
    if not re.fullmatch(rb"<(?:[0-9a-f]+|[0-9A-F]+)>", gap) or len(gap) % 2:
        return CONTAINER_ODD
    raw = bytes.fromhex(gap[1:-1].decode("ascii"))
    if raw != bytes(signature.pkcs7_content):
        return RANGE_ODD  # the gap is not where this signature stands
    try:
        padding = raw[measure_container(raw) :]
    except ValueError:
        return CONTAINER_ODD
    return CONTAINER_ODD if padding.strip(b"\x00") else None


def find_container_fault(signed: cms.SignedData, certificate: x509.Certificate, *, is_stamp: bool) -> Message | None:
    """Say what is wrong with a container: weak (it proves nothing), or odd (what it signs may still be as it was)."""
    signer = signed["signer_infos"][0]
    if not _is_strong(signer, certificate):
        return WEAK
    if not _is_plain(signed, certificate, is_stamp=is_stamp):
        return CONTAINER_ODD
    unsigned = [attribute["type"].native for attribute in signer["unsigned_attrs"] or ()]
    if unsigned not in ([], ["signature_time_stamp_token"]) or (is_stamp and unsigned):
        return CONTAINER_ODD
    if unsigned and len(signer["unsigned_attrs"][0]["values"]) != 1:
        return CONTAINER_ODD
    return None


def are_certificates_borne(signed: cms.SignedData, known: Iterable[bytes]) -> bool:
    """Say whether each certificate in a container is signed by another that is at hand (there or in `known`).

    A byte changed in an idle copy shows too; `known` are the trusted roots and the file's own store.
    """
    ders = [item.chosen.dump() for item in signed["certificates"]]
    if len(ders) > _MAX_CERTIFICATES or len(set(ders)) != len(ders):
        return False
    issuers = tuple(dict.fromkeys((*ders, *known)))
    return all(any(_bears(issuer, der) for issuer in issuers) for der in ders)


def is_for_documents(certificate: x509.Certificate) -> bool:
    """Say whether a certificate may sign papers: an end certificate whose extended usages, if any, allow it."""
    if certificate.ca:
        return False
    usage = certificate.key_usage_value
    if usage is not None and usage.native.isdisjoint({"digital_signature", "non_repudiation"}):
        return False
    extended = certificate.extended_key_usage_value
    return extended is None or not _TELLING_USAGES.isdisjoint(extended.native)


def names_its_certificate(signer: cms.SignerInfo) -> bool:
    """Say whether the signer bound its certificate into what it signed, as PAdES asks."""
    kinds = {attribute["type"].native for attribute in signer["signed_attrs"] or ()}
    return not kinds.isdisjoint({"signing_certificate", "signing_certificate_v2"})


def _is_plain(signed: cms.SignedData, certificate: x509.Certificate, *, is_stamp: bool) -> bool:
    content = signed["encap_content_info"]
    if len(signed["signer_infos"]) != 1 or signed["crls"].native:
        return False
    if bool(content["content"].native) != is_stamp:
        return False
    if content["content_type"].native != ("tst_info" if is_stamp else "data"):
        return False
    signer = signed["signer_infos"][0]
    if [item.dump() for item in signed["digest_algorithms"]] != [signer["digest_algorithm"].dump()]:
        return False
    named = signer["sid"].name == "issuer_and_serial_number"
    if named and signer["sid"].chosen["issuer"].dump() != certificate.issuer.dump():
        return False  # names compare without case; bytes do not
    version = "v1" if named else "v3"
    outer = ("v3",) if is_stamp else (version,)
    return signer["version"].native == version and signed["version"].native in outer


def _is_strong(signer: cms.SignerInfo, certificate: x509.Certificate) -> bool:
    if signer["digest_algorithm"]["algorithm"].native not in _DIGESTS:
        return False
    if signer["signature_algorithm"]["algorithm"].native not in _MECHANISMS:
        return False
    key = certificate.public_key
    if key.algorithm == "rsa":
        return bool(key.bit_size >= _MIN_RSA_BITS)
    return key.algorithm in ("ed25519", "ed448") or (key.algorithm == "ec" and key.bit_size >= _MIN_EC_BITS)


@lru_cache(maxsize=4096)
def _bears(issuer_der: bytes, der: bytes) -> bool:
    try:
        issuer, certificate = _load(issuer_der), _load(der)
        if issuer.subject != certificate.issuer:
            return False
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


@lru_cache(maxsize=1024)
def _load(der: bytes) -> pyca.Certificate:
    return pyca.load_der_x509_certificate(der)
