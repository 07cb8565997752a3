"""ClamAV's daemon by its INSTREAM command, over TCP or a Unix socket.

Protocol: `zINSTREAM\\0`, chunks of (length in 4 bytes, big end first; data), a zero length; one answer ended by NUL.
"""

from __future__ import annotations

import socket
import struct
from urllib.parse import urlsplit

from motcua.documents.types import ScannerUnavailable, ScanVerdict

_CHUNK = 256 * 1024
_MAX_ANSWER = 4096


class ClamdScanner:
    """`address` is `tcp://host:3310` or `unix:///run/clamav/clamd.ctl`."""

    def __init__(self, address: str, *, timeout_seconds: float = 30.0) -> None:
        self._parts = urlsplit(address)
        if self._parts.scheme not in ("tcp", "unix"):
            raise ValueError("MOTCUA_CLAMD_ADDRESS phải có dạng tcp://máy:cổng hoặc unix:///đường/dẫn")
        self._timeout = timeout_seconds

    def scan(self, content: bytes) -> ScanVerdict:
        try:
            with self._connect() as connection:
                answer = _exchange(connection, content)
        except OSError as error:
            raise ScannerUnavailable(str(error)) from error
        return _read_answer(answer)

    def _connect(self) -> socket.socket:
        if self._parts.scheme == "tcp":
            return socket.create_connection(
                (self._parts.hostname or "localhost", self._parts.port or 3310), timeout=self._timeout
            )
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(self._timeout)
            connection.connect(self._parts.path)
        except OSError:
            connection.close()
            raise
        return connection


def _exchange(connection: socket.socket, content: bytes) -> bytes:
    connection.sendall(b"zINSTREAM\0")
    view = memoryview(content)
    for start in range(0, len(view), _CHUNK):
        chunk = view[start : start + _CHUNK]
        connection.sendall(struct.pack(">I", len(chunk)))
        connection.sendall(chunk)
    connection.sendall(struct.pack(">I", 0))
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _MAX_ANSWER:
        piece = connection.recv(_MAX_ANSWER)
        if not piece:
            break
        answer += piece
    return answer


def _read_answer(answer: bytes) -> ScanVerdict:
    """Only a clear OK is clean; only a clear FOUND is infected; everything else is no answer."""
    text = answer.rstrip(b"\0\r\n").decode("utf-8", "replace")
    verdict = text.removeprefix("stream: ")
    if verdict == "OK":
        return ScanVerdict(is_infected=False)
    if verdict.endswith(" FOUND"):
        return ScanVerdict(is_infected=True, threat=verdict.removesuffix(" FOUND")[:200] or "unknown")
    raise ScannerUnavailable(text[:200] or "no answer")
