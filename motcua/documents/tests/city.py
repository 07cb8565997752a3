"""A small city with its own trust services, for tests of signatures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from motcua.documents.adapters.software_keys import SoftwareKeyStore
from motcua.documents.rules.signatures import verify_pdf_bytes
from motcua.documents.rules.signing import sign_pdf_paper
from motcua.documents.tests.factories import AGENCY_CODE, AGENCY_NAME, NOW
from motcua.documents.types import Appearance, SignatureLevel, SignatureReport, SignedPaper


@dataclass(frozen=True)
class City:
    """An office that signs at any level, and whoever checks it."""

    store: SoftwareKeyStore
    roots: tuple[bytes, ...]

    def sign(
        self,
        pdf: bytes,
        *,
        level: SignatureLevel = "B-LT",
        code: str = AGENCY_CODE,
        at: datetime = NOW,
        appearance: Appearance | None = None,
    ) -> SignedPaper:
        authority, key = self.store.authority, self.store.get_key(code)
        certificates = (key.certificate_der, *key.chain_der, *authority.certificates)
        return sign_pdf_paper(
            pdf,
            key=key,
            signer_name="Nguyễn Văn An",
            reason="Ký kết quả",
            now=at,
            stamper=authority if level != "B-B" else None,
            revocation=authority.collect(certificates, now=at) if level in ("B-LT", "B-LTA") else None,
            is_archived=level == "B-LTA",
            appearance=appearance,
        )

    def verify(self, pdf: bytes, *, at: datetime = NOW, crls: tuple[bytes, ...] = ()) -> SignatureReport:
        return verify_pdf_bytes(pdf, trust_roots=self.roots, now=at, crls=crls)


def found_city(folder: Path, *, services_url: str = "") -> City:
    store = SoftwareKeyStore(folder, None, trust_own_root=True, services_url=services_url)
    store.ensure_key(AGENCY_CODE, AGENCY_NAME, now=NOW)
    return City(store, tuple(store.list_trust_roots()))
