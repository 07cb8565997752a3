"""Which credential of a remote signing service signs for which agency or official: a file of codes.

Named by `MOTCUA_KEY_STORE=motcua.documents.adapters.csc_store.make_key_store`; the file, MOTCUA_CSC_CREDENTIALS, says
`{"H29.26743": {"credential": "ubnd-26743", "pin": "…"}, "H29.26743.cb-17": {"credential": "nguyen-van-a"}}`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path

from cryptography import x509
from django.conf import settings

from motcua.documents.adapters.csc_keys import CscKey
from motcua.documents.adapters.software_keys import SoftwareKeyStore, describe_certificate
from motcua.documents.types import (
    KeyKeeperAway,
    KeyPlace,
    KeysKeptElsewhere,
    SigningKey,
    SigningKeyInfo,
    SigningKeyMissing,
)

_Credentials = dict[str, dict[str, str]]


class CscKeyStore:
    """Reads the file again when it changed; a credential's certificate is asked once for each process."""

    place: KeyPlace = "service"

    def __init__(self, url: str, *, token: str, credentials: Path, trust_folder: Path | None) -> None:
        self._url, self._token, self._path = url, token, credentials
        self._trusted = SoftwareKeyStore(credentials.parent, trust_folder, trust_own_root=False)
        self._lock = threading.Lock()
        self._read: tuple[int, _Credentials] = (0, {})
        self._keys: dict[tuple[str, str], CscKey] = {}

    def get_key(self, agency_code: str) -> SigningKey:
        """Return the key at the service. Raises: SigningKeyMissing when no credential is named, KeyKeeperAway."""
        named = self._list_credentials().get(agency_code)
        if not named or not named.get("credential"):
            raise SigningKeyMissing(agency_code)
        credential, pin = named["credential"], named.get("pin", "")
        with self._lock:
            if (credential, pin) not in self._keys:
                self._keys[credential, pin] = CscKey(self._url, token=self._token, credential_id=credential, pin=pin)
            return self._keys[credential, pin]

    def ensure_key(self, agency_code: str, agency_name: str, *, now: datetime, person: str = "") -> SigningKeyInfo:
        """Refuse: credentials are given out by the service."""
        raise SigningKeyMissing(agency_code)

    def find_key(self, code: str) -> SigningKeyInfo | None:
        """Return what the service says of a credential; None when none is named. Raises: KeyKeeperAway."""
        try:
            key = self.get_key(code)
        except SigningKeyMissing:
            return None
        return describe_certificate(code, x509.load_der_x509_certificate(key.certificate_der))

    def renew_key(self, code: str, agency_name: str, *, now: datetime, person: str = "") -> SigningKeyInfo:
        """Refuse: credentials are given out by the service."""
        raise KeysKeptElsewhere

    def revoke_key(self, code: str, *, now: datetime) -> SigningKeyInfo:
        """Refuse: a certificate is revoked by who issued it."""
        raise KeysKeptElsewhere

    def list_trust_roots(self) -> Iterable[bytes]:
        return self._trusted.list_trust_roots()

    def list_crls(self) -> Iterable[bytes]:
        return self._trusted.list_crls()

    def _list_credentials(self) -> _Credentials:
        try:
            stamp = self._path.stat().st_mtime_ns
            if stamp != self._read[0]:
                self._read = (stamp, json.loads(self._path.read_bytes()))
        except (OSError, ValueError) as error:
            raise KeyKeeperAway(f"{self._path.name}: {type(error).__name__}") from error
        return self._read[1]


@cache
def make_key_store() -> CscKeyStore:
    """Return the store that the settings name: MOTCUA_CSC_URL, _TOKEN, _CREDENTIALS, and MOTCUA_TRUST_ROOTS."""
    roots = settings.MOTCUA_TRUST_ROOTS
    return CscKeyStore(
        settings.MOTCUA_CSC_URL,
        token=settings.MOTCUA_CSC_TOKEN,
        credentials=Path(settings.MOTCUA_CSC_CREDENTIALS),
        trust_folder=Path(roots) if roots else None,
    )
