"""Taking everything away: one archive with an index for people, one for machines, and hashes."""

from __future__ import annotations

import tempfile
import zipfile
from datetime import datetime
from typing import IO

from motcua.audit.public import record_read
from motcua.identity.public import PartyRef, get_party
from motcua.kernel.clock import to_local
from motcua.vault.queries.keys import KeyRing, open_content
from motcua.vault.queries.papers import find_papers, live_papers
from motcua.vault.rules.archive import build_html, build_json, build_sums, place_papers
from motcua.vault.types import PaperUnknown, Reading

_IN_MEMORY = 16 * 1024 * 1024


def export_vault(owner: PartyRef, *, reading: Reading, now: datetime) -> IO[bytes]:
    """Return an archive (zip) of every living paper, at its beginning; one paper is in memory at a time.

    Raises: PaperUnknown when the vault is empty; KeeperAway; ContentDamaged.
    """
    entries, party = place_papers(find_papers(owner, now=now)), get_party(owner)
    if not entries:
        raise PaperUnknown
    record_read(
        reading.actor, subject=f"{owner.kind}:{party.uuid}", what=f"toàn bộ kho giấy tờ ({len(entries)})",
        purpose=reading.purpose, legal_ground=reading.legal_ground, now=now,
    )  # fmt: skip
    rows = {row.uuid: row for row in live_papers().filter(uuid__in=[entry.paper.uuid for entry in entries])}
    stamp, ring = to_local(now).timetuple()[:6], KeyRing()
    out: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  the caller sends and closes it
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(path: str, content: bytes) -> None:
            archive.writestr(zipfile.ZipInfo(path, stamp), content, zipfile.ZIP_DEFLATED)

        add("index.html", build_html(entries, owner_name=party.name, now=now))
        add("index.json", build_json(entries, owner_name=party.name, now=now))
        add("SHA256SUMS", build_sums(entries))
        for entry in entries:
            if entry.paper.uuid in rows:  # destroyed between the two reads: named in the index, not in the archive
                add(entry.path, open_content(rows[entry.paper.uuid], ring))
    out.seek(0)
    return out
