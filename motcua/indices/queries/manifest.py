"""The manifest: which files are the copy. Replaced whole by a rename, so a reader sees the old one or the new one."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from motcua.indices.types import Manifest, PartInfo

MANIFEST = "manifest.json"
FORMAT = 1


def find_manifest(folder: Path) -> Manifest | None:
    """Return what the copy is now; None when there is none, or one of another format, which is built anew."""
    try:
        data = json.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        return None
    if data["format"] != FORMAT:
        return None
    return Manifest(
        batch=data["batch"],
        as_of=datetime.fromisoformat(data["as_of"]),
        refreshed_at=datetime.fromisoformat(data["refreshed_at"]),
        key_print=data["key_print"],
        parts=tuple(PartInfo(**part) for part in data["parts"]),
    )


def dump_manifest(manifest: Manifest) -> bytes:
    """Return the manifest as it is stored."""
    data = {
        "format": FORMAT,
        "batch": manifest.batch,
        "as_of": manifest.as_of.isoformat(),
        "refreshed_at": manifest.refreshed_at.isoformat(),
        "key_print": manifest.key_print,
        "parts": [{"name": part.name, "kind": part.kind, "rows": part.rows} for part in manifest.parts],
    }
    return json.dumps(data, indent=1).encode()
