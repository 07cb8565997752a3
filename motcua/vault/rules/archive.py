"""The archive that a person takes away: an index for people (HTML), one for machines (JSON), and hashes. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

import orjson

from motcua.kernel.clock import format_date, format_moment
from motcua.kernel.text import fold
from motcua.vault.types import PaperInfo

_EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One paper and where it lies in the archive."""

    path: str
    paper: PaperInfo


def place_papers(papers: Sequence[PaperInfo]) -> tuple[Entry, ...]:
    """Return each paper with its path: numbered, so that two of one name do not meet; plain letters for every disk."""
    return tuple(
        Entry(path=f"giay-to/{number:04d}-{_slug(paper.title)}.{_extension(paper)}", paper=paper)
        for number, paper in enumerate(papers, start=1)
    )


def build_json(entries: Sequence[Entry], *, owner_name: str, now: datetime) -> bytes:
    """Return the index for machines."""
    rows = [
        {
            "path": entry.path,
            "uuid": str(entry.paper.uuid),
            "title": entry.paper.title,
            "kind": entry.paper.kind,
            "origin": entry.paper.origin,
            "origin_ref": entry.paper.origin_ref,
            "issued_on": entry.paper.issued_on.isoformat(),
            "valid_to": entry.paper.valid_to.isoformat() if entry.paper.valid_to else None,
            "media_type": entry.paper.media_type,
            "size_bytes": entry.paper.size_bytes,
            "sha256": entry.paper.sha256,
        }
        for entry in entries
    ]
    index = {"format": "motcua-vault-1", "owner": owner_name, "exported_at": now.isoformat(), "papers": rows}
    return orjson.dumps(index, option=orjson.OPT_INDENT_2)


def build_html(entries: Sequence[Entry], *, owner_name: str, now: datetime) -> bytes:
    """Return the index for people: one page that opens without a network."""
    rows = "".join(
        f'<tr><td><a href="{escape(entry.path)}">{escape(entry.paper.title)}</a></td>'
        f"<td>{escape(entry.paper.kind_label)}</td><td>{format_date(entry.paper.issued_on)}</td>"
        f"<td><code>{entry.paper.sha256}</code></td></tr>\n"
        for entry in entries
    )
    return (
        '<!doctype html>\n<html lang="vi"><head><meta charset="utf-8"><title>Kho giấy tờ</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><style>'
        "body{font-family:sans-serif;margin:1rem;line-height:1.5}table{border-collapse:collapse}"
        "td,th{border:1px solid #767676;padding:.4rem;text-align:left}code{word-break:break-all;font-size:.8em}"
        f"</style></head><body><h1>Kho giấy tờ của {escape(owner_name)}</h1>"
        f"<p>Xuất lúc {escape(str(format_moment(now)))}. {len(entries)} giấy tờ. Tệp SHA256SUMS dùng để kiểm tra "
        "từng tệp còn nguyên vẹn (lệnh <code>sha256sum -c SHA256SUMS</code>).</p><table>"
        "<thead><tr><th>Giấy tờ</th><th>Loại</th><th>Ngày cấp</th><th>SHA-256</th></tr></thead><tbody>\n"
        f"{rows}</tbody></table></body></html>\n"
    ).encode()


def build_sums(entries: Sequence[Entry]) -> bytes:
    """Return the list that `sha256sum -c` reads."""
    return "".join(f"{entry.paper.sha256}  {entry.path}\n" for entry in entries).encode()


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:60] or "giay-to"


def _extension(paper: PaperInfo) -> str:
    return _EXTENSIONS.get(paper.media_type, "bin")
