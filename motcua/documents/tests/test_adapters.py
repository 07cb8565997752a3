"""The outside systems: a folder, an S3 store, a ClamAV daemon, each by its real protocol."""

from __future__ import annotations

import hashlib
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.documents.adapters.clamd import ClamdScanner, _read_answer
from motcua.documents.adapters.fake import EICAR, DownScanner, EicarScanner
from motcua.documents.adapters.folder import FolderBlobStore
from motcua.documents.adapters.s3 import S3Account, S3BlobStore, sign_request
from motcua.documents.public import BlobMissing, ScannerUnavailable
from motcua.documents.types import BlobStore

BODY = b"giay khai sinh"
SHA = hashlib.sha256(BODY).hexdigest()


# --- blob stores: one contract, every driver ---


class _Bucket(ThreadingHTTPServer):
    """A small S3: checks each signature anew from what arrived, keeps objects in memory."""

    daemon_threads = True
    account = S3Account("", "giay-to", "AKIDEXAMPLE", "bi-mat", prefix="motcua/")

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _BucketHandler)
        self.objects: dict[str, bytes] = {}
        self.refused = 0


class _BucketHandler(BaseHTTPRequestHandler):
    server: _Bucket

    def log_message(self, format: str, *args: object) -> None:
        return

    def _accept(self, body: bytes) -> bool:
        sent = {name.lower(): value for name, value in self.headers.items()}
        given = re.search(r"SignedHeaders=([^,]+),Signature=(\w+)", sent.get("authorization", ""))
        names = given[1].split(";") if given else []
        extra = {name: sent[name] for name in names if name not in ("host", "x-amz-date", "x-amz-content-sha256")}
        at = datetime.strptime(sent["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        expected = sign_request(
            self.server.account, self.command, sent["host"], self.path, headers=extra, body=body, now=at
        )
        if given and expected["authorization"] == sent["authorization"]:
            return True
        self.server.refused += 1
        self._answer(403)
        return False

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self._accept(body):
            return
        source = self.headers.get("x-amz-copy-source")
        if source is None:
            self.server.objects[self.path] = body
        elif unquote(source) in self.server.objects:
            self.server.objects[self.path] = self.server.objects[unquote(source)]
        else:
            self._answer(404)
            return
        self._answer(200)

    def do_GET(self) -> None:
        if self._accept(b""):
            body = self.server.objects.get(self.path)
            self._answer(404) if body is None else self._answer(200, body)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        if self._accept(b""):
            self.server.objects.pop(self.path, None)
            self._answer(204)


@pytest.fixture
def bucket() -> Iterator[_Bucket]:
    with _Bucket() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _connect(bucket: _Bucket, secret: str = "bi-mat") -> S3BlobStore:
    host, port = bucket.server_address[:2]
    account = bucket.account
    return S3BlobStore(
        S3Account(f"http://{host!s}:{port}", account.bucket, account.access_key, secret, prefix=account.prefix)
    )


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "folder":
        return FolderBlobStore(tmp_path / "files")
    return _connect(request.getfixturevalue("bucket"))


def test_blob_is_kept_and_read(store: BlobStore) -> None:
    store.put(SHA, BODY)
    store.put(SHA, BODY)
    assert store.read(SHA) == BODY


def test_unknown_blob_is_missing(store: BlobStore) -> None:
    with pytest.raises(BlobMissing):
        store.read("0" * 64)


def test_quarantined_blob_is_out_of_reach_for_good(store: BlobStore) -> None:
    store.put(SHA, BODY)
    store.quarantine(SHA)
    store.quarantine(SHA)
    with pytest.raises(BlobMissing):
        store.read(SHA)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 63, "a" * 62 + "/b"])
def test_a_blob_name_is_a_hash_and_nothing_else(store: BlobStore, name: str) -> None:
    for call in (store.read, store.quarantine, lambda sha: store.put(sha, b"x")):
        with pytest.raises(ValueError, match="SHA-256"):
            call(name)


def test_rotten_blob_is_not_handed_out(tmp_path: Path, bucket: _Bucket) -> None:
    folder = FolderBlobStore(tmp_path)
    folder.put(SHA, BODY)
    (tmp_path / SHA[:2] / SHA[2:4] / SHA).write_bytes(b"giay khai tu  ")
    with pytest.raises(BlobMissing):
        folder.read(SHA)
    s3 = _connect(bucket)
    s3.put(SHA, BODY)
    bucket.objects = dict.fromkeys(bucket.objects, b"x")
    with pytest.raises(BlobMissing):
        s3.read(SHA)


def test_folder_keeps_no_half_written_blob(tmp_path: Path) -> None:
    folder = FolderBlobStore(tmp_path)
    with pytest.raises(TypeError):
        folder.put(SHA, "not bytes")  # type: ignore[arg-type]  # a write that fails in the middle
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    half = tmp_path / SHA[:2] / SHA[2:4] / SHA
    half.write_bytes(BODY[:3])  # what another program's crash may leave
    folder.put(SHA, BODY)
    assert folder.read(SHA) == BODY
    assert half.stat().st_mode & 0o077 == 0


def test_s3_with_a_wrong_secret_or_no_server_is_a_store_in_trouble(bucket: _Bucket) -> None:
    with pytest.raises(BlobMissing):
        _connect(bucket, secret="sai").put(SHA, BODY)
    assert bucket.refused == 2
    with pytest.raises(BlobMissing):
        S3BlobStore(S3Account("http://127.0.0.1:1", "b", "k", "s")).read(SHA)
    assert "bi-mat" not in repr(S3Account("http://x", "b", "k", "bi-mat"))


def test_s3_signature_is_the_one_of_the_published_example() -> None:
    """The worked examples of Amazon S3's documentation of Signature Version 4."""
    account = S3Account("", "", "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    at = datetime(2013, 5, 24, tzinfo=UTC)
    host = "examplebucket.s3.amazonaws.com"
    get = sign_request(account, "GET", host, "/test.txt", headers={"Range": "bytes=0-9"}, body=b"", now=at)
    assert get["authorization"].endswith("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    extra = {"Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"}
    body = b"Welcome to Amazon S3."
    put = sign_request(account, "PUT", host, "/test%24file.text", headers=extra, body=body, now=at)
    assert put["authorization"].endswith("98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")


# --- scanners ---


@contextmanager
def _daemon(answer: Callable[[bytes], bytes | None], address: str, listener: socket.socket) -> Iterator[str]:
    """A clamd that reads one INSTREAM session and answers with `answer(content)`; None closes without a word."""

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            content = b""
            while size := struct.unpack(">I", stream.read(4))[0]:
                content += stream.read(size)
            reply = answer(content)
            if reply is not None:
                connection.sendall(reply)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listener:
        yield address
        thread.join(5)


def _listen_tcp(answer: Callable[[bytes], bytes | None]) -> AbstractContextManager[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    return _daemon(answer, f"tcp://127.0.0.1:{listener.getsockname()[1]}", listener)


def _judge(content: bytes) -> bytes:
    return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"


def test_clamd_over_tcp_finds_the_test_virus() -> None:
    with _listen_tcp(_judge) as address:
        verdict = ClamdScanner(address).scan(b"x" * 600_000 + EICAR)
    assert (verdict.is_infected, verdict.threat) == (True, "Eicar-Test-Signature")


def test_clamd_over_a_unix_socket_passes_a_clean_file(tmp_path: Path) -> None:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    path = tmp_path / "clamd.ctl"
    listener.bind(str(path))
    listener.listen()
    with _daemon(_judge, f"unix://{path}", listener) as address:
        assert not ClamdScanner(address).scan(BODY).is_infected


@pytest.mark.parametrize(
    "reply",
    [None, b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: \0", b"OK maybe\0", b"\xff\xfe\0", b"stream: O"],
)
def test_clamd_that_gives_no_clear_answer_is_down(reply: bytes | None) -> None:
    with _listen_tcp(lambda _: reply) as address, pytest.raises(ScannerUnavailable):
        ClamdScanner(address, timeout_seconds=2).scan(BODY)


def test_clamd_that_hangs_or_is_not_there_is_down(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(ScannerUnavailable):
        ClamdScanner(f"tcp://127.0.0.1:{listener.getsockname()[1]}", timeout_seconds=0.05).scan(BODY)
    for address in ("tcp://127.0.0.1:1", f"unix://{tmp_path}/none.ctl"):
        with pytest.raises(ScannerUnavailable):
            ClamdScanner(address, timeout_seconds=1).scan(BODY)
    with pytest.raises(ValueError, match="MOTCUA_CLAMD_ADDRESS"):
        ClamdScanner("http://x")


@given(st.binary(max_size=200))
def test_only_a_clear_word_is_a_verdict(answer: bytes) -> None:
    try:
        verdict = _read_answer(answer)
    except ScannerUnavailable:
        return
    assert answer.rstrip(b"\0\r\n").endswith(b" FOUND" if verdict.is_infected else b"OK")


def test_stand_ins_behave_as_they_say() -> None:
    assert EicarScanner().scan(b"a" + EICAR).is_infected
    assert not EicarScanner().scan(BODY).is_infected
    with pytest.raises(ScannerUnavailable):
        DownScanner().scan(BODY)
