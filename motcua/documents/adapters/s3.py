"""Blobs in an S3-compatible store (MinIO, Ceph, a cloud), spoken to directly: HTTP and AWS Signature Version 4.

Path-style addresses, so that any host name works. Object keys: `<prefix>ab/cd/<sha256>`.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, urlsplit

from motcua.documents.types import BlobMissing
from motcua.kernel import clock

_EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()
_TIMEOUT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class S3Account:
    """Where the bucket is and who we are there."""

    endpoint: str
    bucket: str
    access_key: str
    secret_key: str = field(repr=False)
    region: str = "us-east-1"
    prefix: str = ""


class S3BlobStore:
    """The driver for several machines without a shared disk."""

    def __init__(self, account: S3Account) -> None:
        self._account = account
        self._endpoint = urlsplit(account.endpoint)
        if self._endpoint.scheme not in ("http", "https"):
            raise ValueError("MOTCUA_S3_ENDPOINT phải bắt đầu bằng http:// hoặc https://")

    def put(self, sha256: str, content: bytes) -> None:
        status, _ = self._send("HEAD", self._key(sha256))
        if status == http.client.OK:
            return
        self._expect(self._send("PUT", self._key(sha256), content), http.client.OK, http.client.CREATED)

    def read(self, sha256: str) -> bytes:
        content = self._expect(self._send("GET", self._key(sha256)), http.client.OK)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise BlobMissing
        return content

    def quarantine(self, sha256: str) -> None:
        key = self._key(sha256)
        source = {"x-amz-copy-source": quote(f"/{self._account.bucket}/{key}", safe="/")}
        status, _ = self._send("PUT", f"{self._account.prefix}quarantine/{sha256}", headers=source)
        if status == http.client.NOT_FOUND:
            return  # already locked away
        self._expect(self._send("DELETE", key), http.client.OK, http.client.NO_CONTENT)

    def _key(self, sha256: str) -> str:
        if len(sha256) != 64 or not sha256.isalnum():
            raise ValueError("a blob is named by its SHA-256 in hexadecimal")
        return f"{self._account.prefix}{sha256[:2]}/{sha256[2:4]}/{sha256}"

    def _expect(self, answer: tuple[int, bytes], *statuses: int) -> bytes:
        if answer[0] not in statuses:
            raise BlobMissing
        return answer[1]

    def _send(
        self, method: str, key: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        path = quote(f"{self._endpoint.path.rstrip('/')}/{self._account.bucket}/{key}", safe="/-_.~")
        signed = sign_request(
            self._account, method, self._endpoint.netloc, path, headers=headers or {}, body=body, now=clock.now()
        )
        secure = self._endpoint.scheme == "https"
        make = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = make(self._endpoint.netloc, timeout=_TIMEOUT_SECONDS)
        try:
            connection.request(method, path, body=body or None, headers=signed)
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException) as error:
            raise BlobMissing from error
        finally:
            connection.close()


def sign_request(
    account: S3Account,
    method: str,
    host: str,
    path: str,
    *,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
) -> dict[str, str]:
    """Return the headers with AWS Signature Version 4 added; `path` is already percent-encoded, without a query."""
    moment = now.strftime("%Y%m%dT%H%M%SZ")
    payload = hashlib.sha256(body).hexdigest() if body else _EMPTY_SHA256
    sent = {name.lower(): value for name, value in headers.items()}
    sent |= {"host": host, "x-amz-content-sha256": payload, "x-amz-date": moment}
    names = ";".join(sorted(sent))
    listing = "".join(f"{name}:{sent[name].strip()}\n" for name in sorted(sent))
    request = f"{method}\n{path}\n\n{listing}\n{names}\n{payload}"
    scope = f"{moment[:8]}/{account.region}/s3/aws4_request"
    to_sign = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = f"AWS4{account.secret_key}".encode()
    for step in (moment[:8], account.region, "s3", "aws4_request"):
        key = hmac.digest(key, step.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    credential = f"{account.access_key}/{scope}"
    sent["authorization"] = f"AWS4-HMAC-SHA256 Credential={credential},SignedHeaders={names},Signature={signature}"
    return sent
