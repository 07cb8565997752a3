"""The national databases for trying: real HTTP on loopback, invented people only, failing on demand.

A process of its own, without our database. Faults strike by chance, so that asking again helps: slow, down, wrong
(another person's data), partial (an answer cut in the middle), duplicated (an answer said twice), stale (the answer
to an earlier question).
"""

from __future__ import annotations

import json
import random
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from motcua.exchange.adapters.national import read_names
from motcua.exchange.types.national import SERVICES
from motcua.kernel import clock
from motcua.kernel.text import fold

FAULTS: Final = ("slow", "down", "wrong", "partial", "duplicated", "stale")
TOKEN_SECONDS: Final = 600
MAX_BODY: Final = 40 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What goes back over HTTP."""

    body: bytes
    status: int = 200
    media_type: str = "application/json"
    delay: float = 0.0
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True, kw_only=True)
class Door:
    """Who may come in, and how often the other side fails: shared by all its services."""

    client: str
    secret: str
    faults: frozenset[str] = frozenset()
    chance: float = 0.3
    slow_seconds: float = 8.0
    seed: int = 7
    token: str = "simulated-token"  # noqa: S105  of invented data only
    _random: random.Random = field(default_factory=random.Random)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._random.seed(self.seed)

    def strikes(self, fault: str) -> bool:
        """Return whether this fault strikes now."""
        with self._lock:
            return fault in self.faults and self._random.random() < self.chance

    def give_token(self, body: bytes) -> Simulated:
        """Answer POST /token."""
        asked = read_json(body)
        if asked.get("client_id") != self.client or asked.get("client_secret") != self.secret:
            return say({"error": "invalid_client"}, status=401)
        return say({"access_token": self.token, "expires_in": TOKEN_SECONDS})

    def is_known(self, headers: Mapping[str, str]) -> bool:
        """Return whether the caller shows our token."""
        return headers.get("authorization") == f"Bearer {self.token}"


@dataclass(slots=True, kw_only=True)
class QuerySimulator:
    """The three databases. `records`: service -> records in our own field names."""

    door: Door
    records: Mapping[str, list[dict[str, Any]]]
    _last: bytes = b""

    def answer(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> Simulated | None:
        """Answer a request that is for one of the databases; None for all others."""
        service = next((each for each in SERVICES if path.strip("/") == read_names()[each]["path"]), None)
        if service is None or method != "POST":
            return None
        if not self.door.is_known(headers):
            return say({"error": "invalid_token"}, status=401)
        if self.door.strikes("down"):
            return say({"error": "down"}, status=503)
        made = self._look_up(service, read_json(body))
        if self.door.strikes("stale") and self._last:
            made, self._last = self._last, made
        else:
            self._last = made
        if self.door.strikes("partial"):
            made = made[: len(made) // 2]
        if self.door.strikes("duplicated"):
            made = made * 2
        return Simulated(body=made, delay=self.door.slow_seconds if self.door.strikes("slow") else 0.0)

    def _look_up(self, service: str, asked: Mapping[str, Any]) -> bytes:
        names = read_names()[service]
        keys = {key: asked.get(name) for key, name in names["keys"].items() if asked.get(name)}
        found = [each for each in self.records.get(service, []) if _has_main_key(each, keys)]
        said: dict[str, Any] = {"MaYeuCau": asked.get("MaYeuCau"), "ThoiDiem": clock.now().isoformat()}
        if not found or not keys:
            return json.dumps(said | {"TrangThai": "01"}).encode()
        if not _fits(found[0], keys):
            return json.dumps(said | {"TrangThai": "02"}).encode()
        record = found[0]
        if self.door.strikes("wrong"):
            record = next((each for each in self.records[service] if each is not record), {})
        wanted = {*_texts(asked.get("TruongDuLieu")), *names["keys"].values()}
        data = {
            shape["name"]: _write(record[field], shape)
            for field, shape in names["fields"].items()
            if shape["name"] in wanted and record.get(field) is not None
        }
        return json.dumps(said | {"TrangThai": "00", "DuLieu": data}, ensure_ascii=False).encode()


def serve_simulator(
    answer: Callable[[str, str, Mapping[str, str], Mapping[str, str], bytes], Simulated], *, port: int = 0
) -> ThreadingHTTPServer:
    """Return a server on loopback that answers by `answer(method, path, query, headers, body)`; not yet running."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urllib.parse.urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            length = min(int(headers.get("content-length") or 0), MAX_BODY)
            said = answer(
                self.command, parts.path, dict(urllib.parse.parse_qsl(parts.query)), headers, self.rfile.read(length)
            )
            time.sleep(said.delay)
            self.send_response(said.status)
            self.send_header("Content-Type", said.media_type)
            self.send_header("Content-Length", str(len(said.body)))
            for name, value in said.headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.body)

        do_POST = do_GET  # noqa: N815  the name that the server calls

        def log_message(self, format: str, *args: Any) -> None:
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A caller that no longer waits is no fault of ours."""

    return Server(("127.0.0.1", port), Handler)


def say(content: object, *, status: int = 200) -> Simulated:
    """Return an answer in JSON."""
    return Simulated(body=json.dumps(content, ensure_ascii=False).encode(), status=status)


def read_json(body: bytes) -> dict[str, Any]:
    """Return what was asked; what is no JSON object asks nothing."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _texts(value: object) -> Iterable[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _has_main_key(record: Mapping[str, Any], keys: Mapping[str, Any]) -> bool:
    if "area_code" in keys and "parcel_id" not in keys:
        return all(str(record.get(key)) == keys.get(key) for key in ("area_code", "sheet_no", "parcel_no"))
    main = next(iter(keys), "")
    return bool(main) and record.get(main) == keys[main]


def _fits(record: Mapping[str, Any], keys: Mapping[str, Any]) -> bool:
    """Return whether the name and the birth date belong to the number."""
    name, born = keys.get("full_name"), keys.get("birth_on")
    is_named = name is None or fold(str(name)) == fold(str(record.get("full_name", "")))
    return is_named and (born is None or born == str(record.get("birth_on", "")).replace("-", ""))


def _write(value: object, shape: Mapping[str, Any]) -> object:
    if shape.get("kind") == "date":
        return value.strftime("%Y%m%d") if isinstance(value, datetime) else str(value).replace("-", "")[:8]
    if shape.get("kind") == "code":
        return next((code for code, ours in shape["codes"].items() if ours == value), "")
    return value
