"""The demonstration's trust services over HTTP: POST /tsa (RFC 3161), POST /ocsp (RFC 6960), GET /<issuer>.crl."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import tsp  # type: ignore[import-untyped]  # the library of the request's own format
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from motcua.documents.adapters.demo_authority import DemoAuthority
from motcua.documents.rules.cms import HASH_OIDS
from motcua.documents.rules.der_writing import integer, sequence
from motcua.kernel import clock

_MAX_REQUEST = 64 * 1024
_DIGEST_BYTES = {"sha256": 32, "sha384": 48, "sha512": 64}
_GRANTED, _REJECTED = 0, 2


def answer_time_stamp(request: bytes, authority: DemoAuthority) -> bytes:
    """Return a TimeStampResp; what cannot be stamped is rejected, never guessed."""
    try:
        asked = tsp.TimeStampReq.load(request)
        imprint = asked["message_imprint"]
        algorithm, digest = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
        nonce = asked["nonce"].native
    except (ValueError, TypeError, KeyError):
        return sequence(sequence(integer(_REJECTED)))
    if algorithm not in HASH_OIDS or len(digest) != _DIGEST_BYTES[algorithm]:
        return sequence(sequence(integer(_REJECTED)))
    token = authority.stamp_digest(digest, algorithm=algorithm, nonce=nonce, now=clock.now())
    return sequence(sequence(integer(_GRANTED)), token)


def answer_ocsp(request: bytes, authority: DemoAuthority) -> bytes:
    """Return an OCSPResponse for one certificate that we issued, else "unauthorized"."""
    try:
        serial = ocsp.load_der_ocsp_request(request).serial_number
        certificate = authority.find_issued(serial)
    except (ValueError, NotImplementedError):
        certificate = None
    if certificate is None:
        refused = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.UNAUTHORIZED)
        return refused.public_bytes(Encoding.DER)
    return authority.answer_ocsp(certificate, now=clock.now())


def make_server(authority: DemoAuthority, *, host: str, port: int) -> ThreadingHTTPServer:
    """Return a server that is bound but not yet turning; port 0 takes a free one."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            if not 0 < size <= _MAX_REQUEST:
                return self.send_error(413)
            body = self.rfile.read(size)
            if self.path == "/tsa":
                return self._say(answer_time_stamp(body, authority), "application/timestamp-reply")
            if self.path == "/ocsp":
                return self._say(answer_ocsp(body, authority), "application/ocsp-response")
            return self.send_error(404)

        def do_GET(self) -> None:
            name = self.path.strip("/").removesuffix(".crl")
            if name not in ("root", "issuing") or not self.path.endswith(".crl"):
                return self.send_error(404)
            return self._say(authority.make_crl(name, now=clock.now()), "application/pkix-crl")

        def _say(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    return ThreadingHTTPServer((host, port), Handler)
