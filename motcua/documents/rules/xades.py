"""A signature inside an XML document, over the whole of it: XAdES baseline B-B, enveloped.

Source: ETSI EN 319 132-1 V1.2.1, 6.3 (XAdES baseline signatures); W3C XML Signature 1.1, 6.6.4 (enveloped).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml import methods
from signxml.algorithms import SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration
from signxml.xades.xades import XAdESDataObjectFormat, XAdESSigner, XAdESVerifier

from motcua.documents.rules.chains import MAX_CHAIN, find_doubt, name_of, read_name
from motcua.documents.types import NotSignable, SigningKey, XmlSignature
from motcua.kernel.certificates import read_certificate

_MAX_BYTES = 10 * 1024 * 1024
_MAX_REFERENCES = 3  # the document, the signed properties, and with many signers the certificates
_DS = "{http://www.w3.org/2000/09/xmldsig#}"
_XADES = "{http://uri.etsi.org/01903/v1.3.2#}"
_NOTHING = XmlSignature(is_valid=False, is_trusted=False, signer_name="", signed_at=None)
# What odd XML, and certificates of kinds unknown, make of the libraries.
_MISFITS = (
    ValueError, TypeError, KeyError, AttributeError, binascii.Error, UnsupportedAlgorithm, x509.InvalidVersion,
)  # fmt: skip
_WEAK = re.compile(r"(?:#|-)(?:sha1|md5|ripemd160)$|#dsa", re.IGNORECASE)
_ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_TRANSFORMS = {
    _ENVELOPED,
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/2006/12/xml-c14n11",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
}
_METHODS = frozenset({SignatureMethod.RSA_SHA256, SignatureMethod.ECDSA_SHA256})


class _Hand:
    """The face of a private key that the library asks for; the key itself stays with its keeper."""

    def __init__(self, key: SigningKey, public_key: Any) -> None:
        self._key = key
        self.key_size: int = public_key.key_size

    def sign(self, data: bytes, **_how: object) -> bytes:
        return self._key.sign_sha256(data)


class _Signer(XAdESSigner):
    """The time of signing is what the caller says, not what the machine shows."""

    def __init__(self, *, now: datetime, **how: Any) -> None:
        super().__init__(**how)
        self._now = now

    def add_signing_time(self, signed_signature_properties: Any, sig_root: Any, signing_settings: Any) -> None:
        moment = etree.SubElement(signed_signature_properties, f"{_XADES}SigningTime", nsmap=self.namespaces)
        moment.text = self._now.isoformat(timespec="seconds")


def sign_xml_document(xml: bytes, *, key: SigningKey, now: datetime) -> bytes:
    """Return the document with a signature over all of it as its root's last child. Raises: NotSignable."""
    chain = [x509.load_der_x509_certificate(der) for der in (key.certificate_der, *key.chain_der)]
    public_key = chain[0].public_key()
    hand: Any = _Hand(key, public_key)  # as much of a key as the library asks for
    is_ec = isinstance(public_key, ec.EllipticCurvePublicKey)
    method = SignatureMethod.ECDSA_SHA256 if is_ec else SignatureMethod.RSA_SHA256
    format = XAdESDataObjectFormat(Description="XML", MimeType="application/xml")
    signer = _Signer(now=now, method=methods.enveloped, signature_algorithm=method, data_object_format=format)
    signed = signer.sign(
        _parse_to_sign(xml), key=hand, cert=[_to_pem(each) for each in chain], always_add_key_value=False
    )
    return bytes(etree.tostring(signed, xml_declaration=True, encoding="UTF-8"))


def verify_xml_document(
    xml: bytes, *, trust_roots: Iterable[bytes], now: datetime, crls: Iterable[bytes] = ()
) -> XmlSignature:
    """Say whether one signature covers the whole document, and whose it is. Never raises, whatever the bytes."""
    try:
        root = _parse(xml)
    except NotSignable:
        return replace(_NOTHING, fault="unreadable")
    fault = _find_fault(root)
    if fault:
        return replace(_NOTHING, fault=fault)
    try:
        chain = _read_chain(root)
        signed_at = _check_whole(root, chain[0])
    except (SignXMLException, InvalidSignature, etree.LxmlError, *_MISFITS):
        return replace(_NOTHING, fault="broken")
    doubt = find_doubt(chain, [x509.load_der_x509_certificate(der) for der in trust_roots], now=now, crls=tuple(crls))
    return XmlSignature(
        is_valid=True,
        is_trusted=not doubt,
        signer_name=name_of(chain[0]),
        signed_at=signed_at if signed_at and signed_at.tzinfo else None,
        organisation=read_name(chain[0].subject, x509.NameOID.ORGANIZATION_NAME),
        agency_code=read_name(chain[0].subject, x509.NameOID.ORGANIZATION_IDENTIFIER),
        issuer=read_name(chain[0].issuer, x509.NameOID.COMMON_NAME),
        doubt=doubt,
    )


def _find_fault(root: Any) -> str:
    """Say what keeps a document from being one that a single signature covers, before anything is computed."""
    found = root.findall(f".//{_DS}Signature")
    if root.tag == f"{_DS}Signature" or (found and found[0].getparent() is not root):
        return "part"
    if len(found) != 1:
        return "many" if found else "unsigned"
    # Canonical XML drops comments, and nothing covers what stands before or behind the root: an unseen
    # "<!-- -->" inside a sum makes two programs read two sums.
    around = (*root.itersiblings(preceding=True), *root.itersiblings())
    if around or any(not isinstance(node.tag, str) for node in root.iter()):
        return "idle"
    return _find_signature_fault(root, found[0])


def _find_signature_fault(root: Any, signature: Any) -> str:
    methods_used = [
        str(node.get("Algorithm"))
        for name in ("SignatureMethod", "DigestMethod")
        for node in signature.iter(_DS + name)
    ]
    if any(_WEAK.search(name) for name in methods_used):
        return "weak"
    if [node.tag for node in signature] != [
        _DS + name for name in ("SignedInfo", "SignatureValue", "KeyInfo", "Object")
    ]:
        return "plain" if signature.find(f"{_DS}Object") is None else "broken"
    if len(signature.findall(f".//{_XADES}SignedProperties")) != 1 or len(signature[3]) != 1:
        return "plain" if signature.find(f".//{_XADES}SignedProperties") is None else "broken"
    ids = [value for node in root.iter() for name, value in node.attrib.items() if name.split("}")[-1].lower() == "id"]
    if len(set(ids)) != len(ids):
        return "broken"
    first = signature.find(f"./{_DS}SignedInfo/{_DS}Reference")
    covers_all = first is not None and first.get("URI") in ("", *(f"#{value}" for value in _ids_of(root)))
    return "" if covers_all else "part"


def _ids_of(node: Any) -> list[str]:
    return [value for name, value in node.attrib.items() if name.split("}")[-1].lower() == "id"]


def _check_whole(root: Any, certificate: x509.Certificate) -> datetime | None:
    """Return the time that the signer claims. Raises unless what the signature covers is the document without it."""
    signature = root.find(f"./{_DS}Signature")
    references = signature.findall(f"./{_DS}SignedInfo/{_DS}Reference")
    if any(_transforms(node) - _TRANSFORMS for node in references) or _ENVELOPED not in _transforms(references[0]):
        raise ValueError("a transform that may leave something out")
    config = SignatureConfiguration(
        expect_references=max(2, min(len(references), _MAX_REFERENCES)), location="./", signature_methods=_METHODS
    )
    results = XAdESVerifier().verify(root, x509_cert=_to_pem(certificate), expect_config=config)
    covered = [result.signed_xml for result in results if result.signed_xml is not None]
    if not covered or covered[0].tag != root.tag or len(covered[0]) != len(root) - 1:
        raise ValueError("the whole document")
    claims = [node.find(f".//{_XADES}SigningTime") for node in covered if node.tag == f"{_XADES}SignedProperties"]
    if len(claims) != 1:
        raise ValueError("the properties that are signed")
    return datetime.fromisoformat(claims[0].text or "") if claims[0] is not None else None


def _transforms(reference: Any) -> set[str]:
    return {str(node.get("Algorithm")) for node in reference.iter(f"{_DS}Transform")}


def _read_chain(root: Any) -> Sequence[x509.Certificate]:
    texts = [node.text or "" for node in root.iterfind(f"./{_DS}Signature/{_DS}KeyInfo//{_DS}X509Certificate")]
    chain = [read_certificate(base64.b64decode("".join(text.split()))) for text in texts[:MAX_CHAIN]]
    if not chain:
        raise ValueError("no certificate")
    return chain


def _parse(xml: bytes) -> Any:
    """Read without entities, without a network, without more than we take. Raises: NotSignable."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        if len(xml) > _MAX_BYTES:
            raise NotSignable
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotSignable from error
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise NotSignable
    return root


def _parse_to_sign(xml: bytes) -> Any:
    """Read what shall be signed: nothing in it that the signature would not protect. Raises: NotSignable."""
    root = _parse(xml)
    around = (*root.itersiblings(preceding=True), *root.itersiblings())
    if around or any(not isinstance(node.tag, str) for node in root.iter()):
        raise NotSignable
    return root


def _to_pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()
