"""A signature inside an XML document, over the whole of it: XAdES baseline B-B, enveloped.

Source: ETSI EN 319 132-1 V1.2.1, 6.3 (XAdES baseline signatures); W3C XML Signature 1.1, 6.6.4 (enveloped).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml import methods
from signxml.algorithms import SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration
from signxml.xades.xades import XAdESDataObjectFormat, XAdESSigner, XAdESVerifier

from motcua.documents.rules.chains import MAX_CHAIN, name_of, reaches_root
from motcua.documents.types import NotSignable, SigningKey, XmlSignature

_MAX_BYTES = 10 * 1024 * 1024
_MAX_REFERENCES = 3  # the document, the signed properties, and with many signers the certificates
_DS = "{http://www.w3.org/2000/09/xmldsig#}"
_XADES = "{http://uri.etsi.org/01903/v1.3.2#}"
_NOTHING = XmlSignature(is_valid=False, is_trusted=False, signer_name="", signed_at=None)
_MISFITS = (ValueError, TypeError, KeyError, AttributeError, binascii.Error)  # what odd XML makes of the library
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
    signed = signer.sign(_parse(xml), key=hand, cert=[_to_pem(each) for each in chain], always_add_key_value=False)
    return bytes(etree.tostring(signed, xml_declaration=True, encoding="UTF-8"))


def verify_xml_document(xml: bytes, *, trust_roots: Iterable[bytes], now: datetime) -> XmlSignature:
    """Say whether one signature covers the whole document, and whose it is. Never raises, whatever the bytes."""
    try:
        root = _parse(xml)
        chain = _read_chain(root)
        _check_whole(root, chain[0])
        moment = root.find(f".//{_XADES}SigningTime")
        signed_at = datetime.fromisoformat(moment.text or "") if moment is not None else None
    except (NotSignable, SignXMLException, InvalidSignature, etree.LxmlError, *_MISFITS):
        return _NOTHING
    roots = [x509.load_der_x509_certificate(der) for der in trust_roots]
    return XmlSignature(
        is_valid=True,
        is_trusted=reaches_root(chain, roots, now=now),
        signer_name=name_of(chain[0]),
        signed_at=signed_at if signed_at and signed_at.tzinfo else None,
    )


def _check_whole(root: Any, certificate: x509.Certificate) -> None:
    """Raise unless the one signature stands under the root and what it covers is the document without it."""
    found = root.findall(f".//{_DS}Signature")
    if len(found) != 1 or found[0].getparent() is not root:
        raise ValueError("one signature, under the root")
    uris = [reference.get("URI") for reference in found[0].iterfind(f"./{_DS}SignedInfo/{_DS}Reference")]
    config = SignatureConfiguration(
        expect_references=max(2, min(len(uris), _MAX_REFERENCES)), location="./", signature_methods=_METHODS
    )
    results = XAdESVerifier().verify(root, x509_cert=_to_pem(certificate), expect_config=config)
    covered = [result.signed_xml.tag for result in results if result.signed_xml is not None]
    if uris[:1] != [""] or covered[:1] != [root.tag]:
        raise ValueError("the whole document")


def _read_chain(root: Any) -> Sequence[x509.Certificate]:
    texts = [node.text or "" for node in root.iterfind(f"./{_DS}Signature/{_DS}KeyInfo//{_DS}X509Certificate")]
    chain = [x509.load_der_x509_certificate(base64.b64decode("".join(text.split()))) for text in texts[:MAX_CHAIN]]
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


def _to_pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()
