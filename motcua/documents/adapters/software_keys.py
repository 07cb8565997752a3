"""Signing keys in files (VAR_DIR/keys, mode 0600), and the demonstration's own certificate authority.

Real agencies sign with keys in tokens or an HSM: another KeyStore, behind the same interface.
Layout: the demonstration's own authority (demo_authority.py), agencies/<code>.pem (certificate, then chain) and .key;
certificates that ended or were revoked before their time lie in agencies/ended and agencies/revoked, without their key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from motcua.documents.adapters.certificates import load_certificates, load_private_key
from motcua.documents.adapters.demo_authority import DemoAuthority, SoftwareKey
from motcua.documents.rules.chains import name_of, read_name
from motcua.documents.types import KeyPlace, KeysKeptElsewhere, SigningKey, SigningKeyInfo, SigningKeyMissing

_CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9.\-]{0,60}$")
_RENEW_BEFORE = timedelta(days=30)
_CERTIFICATES = (".pem", ".crt", ".cer", ".der")


class SoftwareKeyStore:
    """`trust_own_root` only in the demonstration: what we issue to ourselves proves nothing to others."""

    place: KeyPlace = "files"

    def __init__(
        self, folder: Path, trust_folder: Path | None, *, trust_own_root: bool, services_url: str = ""
    ) -> None:
        self._folder = folder
        self._trust_folder = trust_folder
        self._trust_own_root = trust_own_root
        self._keys: dict[str, tuple[int, SoftwareKey]] = {}
        self.authority = DemoAuthority(folder, services_url=services_url)

    def get_key(self, agency_code: str) -> SigningKey:
        path = self._certificate_path(agency_code)
        try:
            stamp = path.stat().st_mtime_ns
        except FileNotFoundError as error:
            raise SigningKeyMissing(agency_code) from error
        known = self._keys.get(agency_code)
        if known is None or known[0] != stamp:
            known = (stamp, _load_key(path))
            self._keys[agency_code] = known
        return known[1]

    def ensure_key(self, agency_code: str, agency_name: str, *, now: datetime, person: str = "") -> SigningKeyInfo:
        """Return the demonstration key of an agency (or of an official in it), made now if there is none or it is
        about to end."""
        if not self._trust_own_root:
            raise SigningKeyMissing(agency_code)
        path = self._certificate_path(agency_code)
        with self.authority.lock():
            path.parent.mkdir(exist_ok=True, mode=0o700)
            if not path.exists() and self._list_retired(agency_code, "revoked"):
                raise SigningKeyMissing(agency_code)  # taken away on purpose: only who may does give another
            if not path.exists() or _load_key(path).certificate.not_valid_after_utc - now < _RENEW_BEFORE:
                self.authority.issue(
                    path, common=person or agency_name, organisation=agency_name, code=agency_code, now=now
                )
        return describe_certificate(agency_code, _load_key(path).certificate)

    def find_key(self, code: str) -> SigningKeyInfo | None:
        """Return what is known of a key; of several that were revoked, the last."""
        path = self._certificate_path(code)
        if path.is_file():
            return describe_certificate(code, load_certificates(path)[0])
        gone = self._list_retired(code, "revoked")
        return describe_certificate(code, load_certificates(gone[-1])[0], is_revoked=True) if gone else None

    def renew_key(self, code: str, agency_name: str, *, now: datetime, person: str = "") -> SigningKeyInfo:
        """Make a new key of the demonstration; what the old one signed stays good."""
        if not self._trust_own_root:
            raise KeysKeptElsewhere
        path = self._certificate_path(code)
        with self.authority.lock():
            path.parent.mkdir(exist_ok=True, mode=0o700)
            self._retire(code, "ended", now=now)
            self.authority.issue(path, common=person or agency_name, organisation=agency_name, code=code, now=now)
        return describe_certificate(code, _load_key(path).certificate)

    def revoke_key(self, code: str, *, now: datetime) -> SigningKeyInfo:
        """Destroy a key of the demonstration; its authority calls the certificate revoked from now on."""
        if not self._trust_own_root:
            raise KeysKeptElsewhere
        path = self._certificate_path(code)
        if not path.is_file():
            raise SigningKeyMissing(code)
        certificate = load_certificates(path)[0]
        self.authority.revoke(certificate.public_bytes(Encoding.DER), at=now)
        with self.authority.lock():
            self._retire(code, "revoked", now=now)
        return describe_certificate(code, certificate, is_revoked=True)

    def _retire(self, code: str, state: str, *, now: datetime) -> None:
        """Keep the certificate, so that questions about it are answered; the key is no more."""
        path = self._certificate_path(code)
        if not path.is_file():
            return
        kept = path.parent / state / f"{code}--{now:%Y%m%dT%H%M%S%f}.pem"
        kept.parent.mkdir(exist_ok=True, mode=0o700)
        path.replace(kept)
        path.with_suffix(".key").unlink(missing_ok=True)

    def _list_retired(self, code: str, state: str) -> list[Path]:
        folder = self._certificate_path(code).parent / state
        return sorted(path for path in folder.glob("*.pem") if path.name.split("--")[0] == code)

    def list_trust_roots(self) -> Iterable[bytes]:
        own = [self._folder / "root.pem"] if self._trust_own_root else []
        for path in (*own, *self._list_trusted(_CERTIFICATES)):
            if path.is_file():
                yield from (certificate.public_bytes(Encoding.DER) for certificate in load_certificates(path))

    def list_crls(self) -> Iterable[bytes]:
        """Return the revocation lists (DER, .crl) that lie beside the trusted roots."""
        return (path.read_bytes() for path in self._list_trusted((".crl",)))

    def _list_trusted(self, endings: tuple[str, ...]) -> list[Path]:
        if not self._trust_folder or not self._trust_folder.is_dir():
            return []
        return [path for path in sorted(self._trust_folder.iterdir()) if path.is_file() and path.suffix in endings]

    def _certificate_path(self, agency_code: str) -> Path:
        if not _CODE.match(agency_code):
            raise SigningKeyMissing(agency_code)
        return self._folder / "agencies" / f"{agency_code}.pem"


def _load_key(path: Path) -> SoftwareKey:
    return SoftwareKey(load_private_key(path.with_suffix(".key")), load_certificates(path))


def describe_certificate(code: str, certificate: x509.Certificate, *, is_revoked: bool = False) -> SigningKeyInfo:
    """Return what a certificate says of the key it belongs to."""
    return SigningKeyInfo(
        agency_code=code,
        agency_name=read_name(certificate.subject, NameOID.ORGANIZATION_NAME) or name_of(certificate),
        certificate_sha256=certificate.fingerprint(hashes.SHA256()).hex(),
        valid_from=certificate.not_valid_before_utc,
        valid_to=certificate.not_valid_after_utc,
        is_revoked=is_revoked,
        issuer=read_name(certificate.issuer, NameOID.COMMON_NAME),
    )
