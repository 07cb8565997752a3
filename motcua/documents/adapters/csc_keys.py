"""Keys with a remote signing service: Cloud Signature Consortium API v2 (credentials/info, credentials/authorize,
signatures/signHash) over HTTP.

One authorisation covers a whole batch (`numSignatures`), so that a leader approves a list once.
Source: CSC API V2.0.0.2, 11.4 (credentials/info), 11.6 (credentials/authorize), 11.10 (signatures/signHash).
"""

from __future__ import annotations

import base64
import hashlib
import json
import urllib.request
from collections.abc import Sequence
from typing import Any

from asn1crypto import x509  # type: ignore[import-untyped]  # the library that reads certificates here

from motcua.documents.types import KeyKeeperAway

_SHA256 = "2.16.840.1.101.3.4.2.1"
_ALGORITHMS = {"rsa": "1.2.840.113549.1.1.11", "ec": "1.2.840.10045.4.3.2"}
_MAX_ANSWER = 1024 * 1024
_FAULTS = (OSError, ValueError, KeyError, TypeError, IndexError)


class CscKey:
    """One credential of a remote signing service. Raises KeyKeeperAway from every call that is not answered well."""

    def __init__(
        self, url: str, *, token: str, credential_id: str, pin: str = "", timeout_seconds: float = 10.0
    ) -> None:
        if not url.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
            raise ValueError("a signing service is reached by https")
        self._url, self._token, self._timeout = url.rstrip("/"), token, timeout_seconds
        self._credential, self._pin = credential_id, pin
        info = self._ask("credentials/info", {"credentialID": credential_id, "certificates": "chain"})
        try:
            ders = [base64.b64decode(item, validate=True) for item in info["cert"]["certificates"]]
            self._algorithm = _ALGORITHMS[x509.Certificate.load(ders[0]).public_key.algorithm]
        except _FAULTS as error:
            raise KeyKeeperAway(f"credentials/info: {error}") from error
        self.certificate_der, self.chain_der = ders[0], tuple(ders[1:])

    def sign_sha256(self, data: bytes) -> bytes:
        return self.sign_all([data])[0]

    def sign_all(self, items: Sequence[bytes]) -> list[bytes]:
        """Return one signature for each item, all under one authorisation that is bound to their digests."""
        hashes = [base64.b64encode(hashlib.sha256(item).digest()).decode() for item in items]
        named = {"credentialID": self._credential, "hashAlgorithmOID": _SHA256, "hashes": hashes}
        asked: dict[str, Any] = named | {"numSignatures": len(hashes)}
        if self._pin:
            asked["authData"] = [{"id": "PIN", "value": self._pin}]
        try:
            sad = str(self._ask("credentials/authorize", asked)["SAD"])
            answer = self._ask("signatures/signHash", named | {"SAD": sad, "signAlgo": self._algorithm})
            signatures = [base64.b64decode(item, validate=True) for item in answer["signatures"]]
        except _FAULTS as error:
            raise KeyKeeperAway(f"signatures/signHash: {error}") from error
        if len(signatures) != len(items) or not all(signatures):
            raise KeyKeeperAway("not one signature for each digest")
        return signatures

    def _ask(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        request = urllib.request.Request(  # noqa: S310  the scheme is checked above
            f"{self._url}/csc/v2/{method}", data=json.dumps(body).encode(), headers=headers
        )
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:  # noqa: S310  the same
                content = json.loads(answer.read(_MAX_ANSWER))
        except _FAULTS as error:
            raise KeyKeeperAway(f"{method}: {type(error).__name__}") from error
        if not isinstance(content, dict):
            raise KeyKeeperAway(f"{method}: not an object")
        return content
