"""How fast papers are made, signed and checked, per second of one core's own time (other load does not count)."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import Promise

ROUNDS = 150
PAPER_BYTES = 60_000
_SERVE = """
import sys
from pathlib import Path
from motcua.documents.adapters.demo_authority import DemoAuthority
from motcua.documents.adapters.pki_server import make_server
server = make_server(DemoAuthority(Path(sys.argv[1])), host="127.0.0.1", port=0)
print(server.server_address[1], flush=True)
server.serve_forever()
"""


def run() -> list[Promise]:
    from motcua.documents.adapters.software_keys import SoftwareKeyStore
    from motcua.documents.public import make_qr_svg, render_pdf
    from motcua.documents.rules.signatures import verify_pdf_bytes
    from motcua.documents.rules.signing import sign_pdf_bytes, sign_pdf_paper
    from motcua.dossiers.slips import slip_template, slip_to_data
    from motcua.dossiers.tests.slip_factories import AT, make_slips

    receipt = make_slips()[1]
    data = slip_to_data(receipt, qr_svg=make_qr_svg(receipt.head.lookup_url))
    with tempfile.TemporaryDirectory() as folder:
        store = SoftwareKeyStore(Path(folder), None, trust_own_root=True)
        store.ensure_key("H29.5", "Ủy ban nhân dân phường", now=AT)
        key, roots, authority = store.get_key("H29.5"), tuple(store.list_trust_roots()), store.authority
        pdf = _grow(render_pdf(slip_template(1), data))
        known = (key.certificate_der, *key.chain_der, *authority.certificates)

        def sign(**given: Any) -> bytes:
            return sign_pdf_paper(pdf, key=key, signer_name="An", reason="Ký", now=AT, **given).content

        stamped = sign(stamper=authority)
        lasting = sign(stamper=authority, revocation=authority.collect(known, now=AT))
        return [
            _measure("receipts drawn", 20, lambda n: render_pdf(slip_template(1), data | {"term": f"{n} ngày"})),
            _measure("papers signed", 40, lambda _: sign_pdf_bytes(pdf, key=key, signer_name="", reason="", now=AT)),
            _measure("60 KB verified (B-T)", 20, lambda _: verify_pdf_bytes(stamped, trust_roots=roots, now=AT)),
            _measure("60 KB verified (B-LT)", 20, lambda _: verify_pdf_bytes(lasting, trust_roots=roots, now=AT)),
            _compare(Path(folder), key, sign),
        ]


def _grow(pdf: bytes) -> bytes:
    """Return the paper with as many bytes as a result with a drawing has."""
    from io import BytesIO

    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer: Any = IncrementalPdfFileWriter(BytesIO(pdf))  # pyHanko leaves some of its methods untyped
    missing = max(PAPER_BYTES - len(pdf), 1)
    constructors: Any = generic
    filler = constructors.StreamObject(stream_data=hashlib.shake_256(pdf).digest(missing))
    writer.root[constructors.NameObject("/PieceInfo")] = writer.add_object(filler)
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _compare(folder: Path, key: Any, sign: Callable[..., bytes]) -> Promise:
    """Signing B-T against its bare operations, by turns: a key's signature and a time-stamp from a local service."""
    from motcua.documents.adapters.http_trust import HttpTimeStamper
    from motcua.dossiers.tests.slip_factories import AT

    bare = whole = 0.0
    with _serve(folder) as url:
        stamper = HttpTimeStamper(url)
        sign(stamper=stamper)
        for number in range(ROUNDS):
            start = time.perf_counter()
            signature = key.sign_sha256(number.to_bytes(4, "big"))
            stamper.stamp(hashlib.sha256(signature).digest(), now=AT)
            middle = time.perf_counter()
            sign(stamper=stamper)
            bare += middle - start
            whole += time.perf_counter() - middle
    share = 100 * bare / whole
    name = (
        f"documents: 60 KB signed B-T ({ROUNDS / whole:.0f}/s) against key and time-stamp alone ({ROUNDS / bare:.0f}/s)"
    )
    return Promise(name=name, value=share, budget=50, at_least=True, unit="%")


@contextmanager
def _serve(folder: Path) -> Iterator[str]:
    """A time-stamping service in a process of its own."""
    process = subprocess.Popen([sys.executable, "-c", _SERVE, str(folder)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/tsa"
    finally:
        process.kill()
        process.wait()


def _measure(name: str, budget: float, act: Callable[[int], object]) -> Promise:
    act(0)
    start = time.process_time()
    for number in range(ROUNDS):
        act(number)
    rate = ROUNDS / (time.process_time() - start)
    return Promise(name=f"documents: {name}", value=rate, budget=budget, at_least=True, unit="/s of one core")
