"""How fast papers are made, signed and checked, per second of one core's own time (other load does not count)."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import Promise

ROUNDS = 150


def run() -> list[Promise]:
    from motcua.documents.adapters.software_keys import SoftwareKeyStore
    from motcua.documents.public import make_qr_svg, render_pdf
    from motcua.documents.rules.signatures import verify_pdf_bytes
    from motcua.documents.rules.signing import sign_pdf_bytes
    from motcua.dossiers.slips import slip_template, slip_to_data
    from motcua.dossiers.tests.slip_factories import AT, make_slips

    receipt = make_slips()[1]
    data = slip_to_data(receipt, qr_svg=make_qr_svg(receipt.head.lookup_url))
    with tempfile.TemporaryDirectory() as folder:
        store = SoftwareKeyStore(Path(folder), None, trust_own_root=True)
        store.ensure_key("H29.5", "Ủy ban nhân dân phường", now=AT)
        key, roots = store.get_key("H29.5"), tuple(store.list_trust_roots())
        pdf = render_pdf(slip_template(1), data)
        signed = sign_pdf_bytes(pdf, key=key, signer_name="An", reason="Ký", now=AT)
        return [
            _measure("receipts drawn", 15, lambda n: render_pdf(slip_template(1), data | {"term": f"{n} ngày"})),
            _measure("papers signed", 6, lambda _: sign_pdf_bytes(pdf, key=key, signer_name="", reason="", now=AT)),
            _measure("papers verified", 12, lambda _: verify_pdf_bytes(signed, trust_roots=roots, now=AT)),
        ]


def _measure(name: str, budget: float, act: Callable[[int], object]) -> Promise:
    act(0)
    start = time.process_time()
    for number in range(ROUNDS):
        act(number)
    rate = ROUNDS / (time.process_time() - start)
    return Promise(name=f"documents: {name}", value=rate, budget=budget, at_least=True, unit="/s of one core")
