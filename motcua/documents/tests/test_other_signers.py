"""Papers signed by other software: good ones are believed, and what another reader would let pass is not."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from asn1crypto import keys, x509  # type: ignore[import-untyped]  # pyHanko's faces speak in its types
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from motcua.documents.adapters.certificates import TIME_STAMPING, Purpose, certify, make_name
from motcua.documents.tests.city import City, found_city
from motcua.documents.tests.factories import AGENCY_CODE, AGENCY_NAME, NOW, make_bare_pdf
from motcua.documents.tests.forgery import ATTACKS
from motcua.documents.tests.forgery_more import MORE_ATTACKS

pytestmark = pytest.mark.slow
_STORE: Any = SimpleCertificateStore  # pyHanko leaves it untyped


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return found_city(tmp_path_factory.mktemp("keys"))


def _make(city: City, purpose: Purpose, name: str) -> tuple[Any, Any, list[Any]]:
    """Return an RSA key and certificate by our issuing authority, and its chain to the root, in pyHanko's types."""
    issuer_key, chain = city.store.authority._ready("issuing", NOW)
    key = rsa.generate_private_key(65537, 2048)
    made = certify(make_name(name, AGENCY_NAME, AGENCY_CODE), key, (issuer_key, chain[0]), NOW, purpose=purpose)
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    above = [x509.Certificate.load(item) for item in (chain[0].public_bytes(Encoding.DER), city.roots[0])]
    return keys.PrivateKeyInfo.load(der), x509.Certificate.load(made.public_bytes(Encoding.DER)), above


def _sign(city: City, *, moment: datetime = NOW, stamped: bool = False, **given: Any) -> bytes:
    key, certificate, above = _make(city, Purpose(years=2), "Ký bằng phần mềm khác")
    store = _STORE.from_certs(above)
    signer = signers.SimpleSigner(signing_cert=certificate, signing_key=key, cert_registry=store, embed_roots=True)
    stamper = None
    if stamped:
        stamp_key, stamp_certificate, stamp_above = _make(city, TIME_STAMPING, "Dấu thời gian khác")
        stamper = DummyTimeStamper(stamp_certificate, stamp_key, _STORE.from_certs(stamp_above), fixed_dt=moment)
    metadata = signers.PdfSignatureMetadata(field_name="K", md_algorithm=given.pop("digest", "sha256"), **given)
    writer = IncrementalPdfFileWriter(io.BytesIO(make_bare_pdf()))
    made = asyncio.run(signers.PdfSigner(metadata, signer=signer, timestamper=stamper).async_sign_pdf(writer))
    return bytes(made.getvalue())


PADES = fields.SigSeedSubFilter.PADES


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("kind", [PADES, fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED])
def test_good_signature_of_another_maker_is_good(city: City, digest: str, kind: fields.SigSeedSubFilter) -> None:
    assert city.verify(_sign(city, subfilter=kind, digest=digest), at=datetime.now(UTC)).status == "valid"


@pytest.mark.parametrize("digest", ["sha1", "md5"])
def test_weak_digest_of_another_maker_is_refused(city: City, digest: str) -> None:
    assert city.verify(_sign(city, subfilter=PADES, digest=digest)).status != "valid"


def test_store_and_archive_after_the_signature_are_good_and_the_store_alone_too(city: City) -> None:
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(der) for der in city.roots], allow_fetching=False, moment=NOW,
        crls=[city.store.authority.make_crl(name, now=NOW) for name in ("root", "issuing")],
    )  # fmt: skip
    common: dict[str, Any] = {"subfilter": PADES, "embed_validation_info": True, "validation_context": context}
    late = datetime.now(UTC)  # that maker writes down the clock of the machine
    archived = city.verify(_sign(city, stamped=True, use_pades_lta=True, **common), at=late)
    assert (archived.status, len(archived.archived_at)) == ("valid", 1)
    stored = _sign(city, stamped=True, **common)
    report = city.verify(stored, at=late)
    assert (report.status, report.covers_whole_file) == ("valid", False)
    assert city.verify(stored + b"%\n", at=late).status == "changed"
    assert city.verify(stored[: stored.rindex(b"%%EOF") - 3], at=late).status != "valid"
    for name, attack in list((ATTACKS | MORE_ATTACKS).items())[::2]:
        assert city.verify(attack(stored), at=late).status != "valid", name
