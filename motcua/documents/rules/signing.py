"""Signing a PDF: PAdES baseline B (ETSI EN 319 142-1), SHA-256, an invisible field, as one incremental update.

Source: Decree 30/2020/NĐ-CP, Art. 5; in force 2020-03-05.
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import x509  # type: ignore[import-untyped]  # pyHanko's faces speak in its types
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

from motcua.documents.rules.async_bridge import run_to_end
from motcua.documents.rules.pdf_reader import PARSER_FAULTS
from motcua.documents.types import NotSignable, SigningKey
from motcua.kernel.clock import HCM

_FIELD_NAME = "ChuKySo"


class _KeeperSigner(signers.Signer):
    """pyHanko's signer with the private key left where it is kept."""

    def __init__(self, key: SigningKey) -> None:
        chain = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko leaves it untyped
        chain.register_multiple(x509.Certificate.load(der) for der in key.chain_der)
        super().__init__(
            signing_cert=x509.Certificate.load(key.certificate_der), cert_registry=chain, embed_roots=False
        )
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if digest_algorithm != "sha256":
            raise ValueError(f"keys sign SHA-256, not {digest_algorithm}")
        return self._key.sign_sha256(data)


class _TimedPdfSigner(signers.PdfSigner):
    """pyHanko asks the machine for the time; a signature here carries the time of the act."""

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._at = at

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self._at
        return session


def sign_pdf_bytes(pdf: bytes, *, key: SigningKey, signer_name: str, reason: str, now: datetime) -> bytes:
    """Return the PDF with one more signature; signatures that are there stay valid.

    Raises: NotSignable when the PDF cannot be read.
    """
    try:
        writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
        metadata = signers.PdfSignatureMetadata(
            field_name=_choose_field_name(writer),
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            name=signer_name,
            reason=reason,
            location="Việt Nam",
        )
        signer = _TimedPdfSigner(metadata, signer=_KeeperSigner(key), at=now.astimezone(HCM))
        out = run_to_end(signer.async_sign_pdf(writer))
    except PARSER_FAULTS as error:
        raise NotSignable from error
    return bytes(out.getvalue())


def _choose_field_name(writer: IncrementalPdfFileWriter) -> str:
    taken = {name for name, _, _ in fields.enumerate_sig_fields(writer.prev)}
    number = 1
    while f"{_FIELD_NAME}{number}" in taken:
        number += 1
    return f"{_FIELD_NAME}{number}"
