"""A remote signing service of the demonstration: the part of CSC API v2 that `csc_keys` speaks, over HTTP.

It keeps the promise that matters: an authorisation (SAD) is good once, for exactly the digests it was given for.
"""

from __future__ import annotations

import base64
import json
import secrets
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding

from motcua.documents.adapters.certificates import PrivateKey, load_certificates, load_private_key

_MAX_REQUEST = 256 * 1024


class CscService:
    """Credentials of one folder (as in software_keys), one bearer token, one PIN."""

    def __init__(self, folder: Any, *, token: str, pin: str) -> None:
        self._folder, self._token, self._pin = folder, token, pin
        self._granted: dict[str, tuple[str, tuple[str, ...]]] = {}

    def answer(self, method: str, bearer: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Return the HTTP status and the answer to one call."""
        if not secrets.compare_digest(bearer.encode(), f"Bearer {self._token}".encode()):
            return 401, {"error": "invalid_token"}
        try:
            path = self._folder / "agencies" / f"{body['credentialID']}.pem"
            if "/" in body["credentialID"] or not path.is_file():
                return 400, {"error": "invalid_request", "error_description": "Invalid parameter credentialID"}
            if method == "credentials/info":
                ders = [item.public_bytes(Encoding.DER) for item in load_certificates(path)]
                return 200, {
                    "cert": {"status": "valid", "certificates": [base64.b64encode(der).decode() for der in ders]}
                }
            if method == "credentials/authorize":
                return self._authorize(body)
            if method == "signatures/signHash":
                return self._sign(load_private_key(path.with_suffix(".key")), body)
        except (KeyError, TypeError, ValueError):
            return 400, {"error": "invalid_request"}
        return 404, {"error": "not_found"}

    def _authorize(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        given = {item["id"]: item["value"] for item in body.get("authData", [])}
        if given.get("PIN") != self._pin or body["numSignatures"] != len(body["hashes"]):
            return 400, {"error": "invalid_request", "error_description": "Invalid PIN or number of signatures"}
        sad = secrets.token_urlsafe(24)
        self._granted[sad] = (body["credentialID"], tuple(body["hashes"]))
        return 200, {"SAD": sad, "expiresIn": 300}

    def _sign(self, key: PrivateKey, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if self._granted.pop(body["SAD"], None) != (body["credentialID"], tuple(body["hashes"])):
            return 400, {"error": "invalid_request", "error_description": "Invalid SAD"}
        made = [_sign_digest(key, base64.b64decode(item, validate=True)) for item in body["hashes"]]
        return 200, {"signatures": [base64.b64encode(item).decode() for item in made]}


def _sign_digest(key: PrivateKey, digest: bytes) -> bytes:
    given = Prehashed(hashes.SHA256())
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(digest, padding.PKCS1v15(), given)
    return key.sign(digest, ec.ECDSA(given))


def make_server(service: CscService, *, port: int) -> ThreadingHTTPServer:
    """Return a server on loopback that is bound but not yet turning."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            if not 0 < size <= _MAX_REQUEST:
                return self.send_error(413)
            try:
                body = json.loads(self.rfile.read(size))
            except ValueError:
                return self.send_error(400)
            method = self.path.removeprefix("/csc/v2/")
            status, answer = service.answer(method, self.headers.get("Authorization", ""), body)
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            return None

        def log_message(self, format: str, *args: object) -> None:
            return

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
