"""Signing keys in a token or HSM (PKCS#11 v2.40): the private key never leaves it.

The certificates lie beside (MOTCUA_PKCS11_CERTIFICATES/<code>.pem, certificate then chain); the key's label in the
token is the agency's code. One session is opened for each process and kept; when the token was away it is opened again.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from pkcs11.util.ec import encode_ecdsa_signature

from motcua.documents.adapters.certificates import load_certificates
from motcua.documents.adapters.software_keys import SoftwareKeyStore, describe_certificate
from motcua.documents.types import (
    KeyKeeperAway,
    KeyPlace,
    KeysKeptElsewhere,
    SigningKey,
    SigningKeyInfo,
    SigningKeyMissing,
)


class Pkcs11Token:
    """A session with one token, shared by the threads of a process: one operation at a time."""

    def __init__(self, library: str, label: str, pin: str) -> None:
        self._library, self._label, self._pin = library, label, pin
        self._lock = threading.Lock()
        self._session: Any = None
        self._keys: dict[str, Any] = {}

    def sign_sha256(self, label: str, data: bytes, *, is_rsa: bool) -> bytes:
        """Return a signature; a session that broke is opened again once. Raises: KeyKeeperAway, SigningKeyMissing."""
        with self._lock:
            for is_last in (False, True):
                try:
                    return self._sign(label, data, is_rsa=is_rsa)
                except pkcs11.PKCS11Error as error:
                    self._close()
                    if is_last:
                        raise KeyKeeperAway(type(error).__name__) from error
        raise KeyKeeperAway("no session")

    def _sign(self, label: str, data: bytes, *, is_rsa: bool) -> bytes:
        key = self._find(label)
        if is_rsa:
            return bytes(key.sign(data, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS))
        # SoftHSM2 and many tokens sign a digest only with EC keys: the raw mechanism, and r|s instead of DER.
        raw = key.sign(hashlib.sha256(data).digest(), mechanism=pkcs11.Mechanism.ECDSA)
        return bytes(encode_ecdsa_signature(raw))

    def _find(self, label: str) -> Any:
        if label not in self._keys:
            try:
                self._keys[label] = self._open().get_key(pkcs11.ObjectClass.PRIVATE_KEY, label=label)
            except pkcs11.NoSuchKey as error:
                raise SigningKeyMissing(label) from error
        return self._keys[label]

    def _open(self) -> Any:
        if self._session is None:
            library = pkcs11.lib(self._library)
            self._session = library.get_token(token_label=self._label).open(user_pin=self._pin)
        return self._session

    def _close(self) -> None:
        session, self._session, self._keys = self._session, None, {}
        if session is not None:
            try:
                session.close()
            except pkcs11.PKCS11Error:
                return  # it was lost already


class Pkcs11Key:
    def __init__(self, token: Pkcs11Token, label: str, certificates: list[x509.Certificate]) -> None:
        self._token, self._label = token, label
        self._is_rsa = isinstance(certificates[0].public_key(), rsa.RSAPublicKey)
        self.certificate_der = certificates[0].public_bytes(Encoding.DER)
        self.chain_der = tuple(item.public_bytes(Encoding.DER) for item in certificates[1:])

    def sign_sha256(self, data: bytes) -> bytes:
        return self._token.sign_sha256(self._label, data, is_rsa=self._is_rsa)


class Pkcs11KeyStore:
    """Named by `MOTCUA_KEY_STORE=motcua.documents.adapters.pkcs11_keys.make_key_store`."""

    place: KeyPlace = "token"

    def __init__(self, token: Pkcs11Token, certificates: Path, trust_folder: Path | None) -> None:
        self._token, self._certificates = token, certificates
        self._trusted = SoftwareKeyStore(certificates, trust_folder, trust_own_root=False)
        self._keys: dict[str, tuple[int, Pkcs11Key]] = {}

    def get_key(self, agency_code: str) -> SigningKey:
        path = self._certificates / f"{Path(agency_code).name}.pem"
        if path.stem != agency_code or not path.is_file():
            raise SigningKeyMissing(agency_code)
        stamp = path.stat().st_mtime_ns
        known = self._keys.get(agency_code)
        if known is None or known[0] != stamp:
            known = (stamp, Pkcs11Key(self._token, agency_code, load_certificates(path)))
            self._keys[agency_code] = known
        return known[1]

    def ensure_key(self, agency_code: str, agency_name: str, *, now: datetime, person: str = "") -> SigningKeyInfo:
        """Refuse: keys in a token are made by those who keep it."""
        raise SigningKeyMissing(agency_code)

    def find_key(self, code: str) -> SigningKeyInfo | None:
        """Return what the certificate beside the token says; None when there is none."""
        path = self._certificates / f"{Path(code).name}.pem"
        is_there = path.stem == code and path.is_file()
        return describe_certificate(code, load_certificates(path)[0]) if is_there else None

    def renew_key(self, code: str, agency_name: str, *, now: datetime, person: str = "") -> SigningKeyInfo:
        """Refuse: keys in a token are made by those who keep it."""
        raise KeysKeptElsewhere

    def revoke_key(self, code: str, *, now: datetime) -> SigningKeyInfo:
        """Refuse: a certificate is revoked by who issued it."""
        raise KeysKeptElsewhere

    def list_trust_roots(self) -> Iterable[bytes]:
        return self._trusted.list_trust_roots()

    def list_crls(self) -> Iterable[bytes]:
        return self._trusted.list_crls()


@cache
def make_key_store() -> Pkcs11KeyStore:
    """Return the store that the settings name: MOTCUA_PKCS11_LIBRARY, _TOKEN, _PIN, _CERTIFICATES."""
    token = Pkcs11Token(settings.MOTCUA_PKCS11_LIBRARY, settings.MOTCUA_PKCS11_TOKEN, settings.MOTCUA_PKCS11_PIN)
    roots = settings.MOTCUA_TRUST_ROOTS
    return Pkcs11KeyStore(token, Path(settings.MOTCUA_PKCS11_CERTIFICATES), Path(roots) if roots else None)
