"""The other side for tests: a simulated portal on loopback, and packages of invented people."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from motcua.documents.public import ensure_demo_key, sign_bytes
from motcua.documents.tests.factories import make_image
from motcua.dossiers.tests.factories import ANSWERS, CODE, WARD
from motcua.exchange.public import Door, Simulated, serve_simulator
from motcua.national.adapters.simulator import PortalSimulator, say
from motcua.national.rules.packages import write_package
from motcua.national.types import Package, PackageFile, PackageParty

SIGNER = "cong-quoc-gia"
SIGNER_NAME = "Cổng Dịch vụ công quốc gia"
_serial = count(1)
PICTURE = make_image("PNG")


def make_party(**values: Any) -> PackageParty:
    """Return an invented applicant, another one each time."""
    serial = next(_serial)
    defaults: dict[str, Any] = {
        "kind": "person", "name": "Lê Thị Gói", "identifier": f"0791900{serial:05d}",
        "birth_on": date(1990, 5, 17), "phone": "0912345678", "address": "3 Lê Lợi", "area_code": WARD,
    }  # fmt: skip
    return PackageParty(**(defaults | values))


def make_file(paper: str = "to_khai", content: bytes = PICTURE, name: str = "to-khai.png") -> PackageFile:
    """Return a file of a package."""
    return PackageFile(
        paper=paper, name=name, media_type="image/png", sha256=hashlib.sha256(content).hexdigest(), content=content
    )


def make_package(*, now: datetime, **values: Any) -> Package:
    """Return a package that our form accepts."""
    defaults: dict[str, Any] = {
        "national_code": f"G22.99-{now:%y%m%d}-{next(_serial):04d}",
        "procedure_code": CODE,
        "filed_at": now.replace(microsecond=0),
        "applicant": make_party(),
        "answers": dict(ANSWERS),
        "files": (make_file(),),
    }
    return Package(**(defaults | values))


def sign_package(package: Package | bytes, *, now: datetime) -> tuple[bytes, str]:
    """Return (bytes, signature) as the national portal sends them."""
    content = package if isinstance(package, bytes) else write_package(package)
    ensure_demo_key(SIGNER, SIGNER_NAME, now=now)
    return content, sign_bytes(content, agency_code=SIGNER)


@contextmanager
def running_portal(settings: Any, **values: Any) -> Iterator[PortalSimulator]:
    """Run the national portal on loopback."""
    door = Door(client="city", secret="invented", slow_seconds=0.4, **values)
    portal = PortalSimulator(door=door)

    def answer(method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Simulated:
        if path == "/token":
            return door.give_token(body)
        return portal.answer(method, path, query, headers, body) or say({"error": "unknown"}, status=404)

    server = serve_simulator(answer)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    settings.MOTCUA_NATIONAL_URL = f"http://127.0.0.1:{server.server_port}"
    settings.MOTCUA_NATIONAL_CLIENT, settings.MOTCUA_NATIONAL_SECRET = "city", "invented"
    settings.MOTCUA_NATIONAL_TIMEOUT = 0.25
    try:
        yield portal
    finally:
        server.shutdown()
        server.server_close()


def utc(text: str) -> datetime:
    """Return a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
