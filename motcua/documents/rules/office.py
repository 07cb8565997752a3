"""Word and Excel files: a ZIP of XML that must be what it says, unpack to a sane size, and carry nothing that runs."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from io import BytesIO

from motcua.documents.rules.refusals import make_refusal
from motcua.documents.types import DOCX, XLSX

_MAX_ENTRIES = 2_000
_MAX_UNPACKED = 100 * 1024 * 1024
_MAX_RATIO = 200
_RATIO_FLOOR = 1024 * 1024
_MAIN_PART = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml"}
_MAIN_TYPE = {DOCX: b"wordprocessingml.document.main+xml", XLSX: b"spreadsheetml.sheet.main+xml"}
_ACTIVE_NAME = re.compile(r"vbaproject|/activex/|/embeddings/|/externallinks/|macrosheets|\.(bin|exe|dll|js|vbs|ps1)$")
_RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_OUTSIDE = re.compile(rb"TargetMode\s*=\s*[\"']\s*External", re.IGNORECASE)
_HYPERLINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']")
_PRINTER_SETTINGS = re.compile(r"^xl/printersettings/printersettings\d+\.bin$")
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    ValueError,
    LookupError,
    EOFError,
    NotImplementedError,
)


def check_office(content: bytes, media_type: str) -> None:
    """Pass an honest .docx or .xlsx.

    Raises: UploadRefused (office_broken, office_encrypted, office_active, zip_bomb, hidden, type).
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_shape(entries, archive.comment)
            parts = _unpack(archive, entries)
    except RuntimeError as error:  # what zipfile raises for a part that needs a password, and for unknown methods
        raise make_refusal("office_encrypted") from error
    except _FAULTS as error:
        raise make_refusal("office_broken") from error
    _check_parts(parts, media_type)


def _check_shape(entries: list[zipfile.ZipInfo], comment: bytes) -> None:
    if comment or not entries or min(entry.header_offset for entry in entries) != 0:
        raise make_refusal("hidden")
    if len(entries) > _MAX_ENTRIES or sum(entry.file_size for entry in entries) > _MAX_UNPACKED:
        raise make_refusal("zip_bomb")
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) != len(names):
        raise make_refusal("hidden")
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise make_refusal("office_encrypted")
        if entry.file_size > _RATIO_FLOOR and entry.file_size > _MAX_RATIO * max(entry.compress_size, 1):
            raise make_refusal("zip_bomb")
        if entry.filename.startswith("/") or ".." in entry.filename.split("/") or "\\" in entry.filename:
            raise make_refusal("hidden")


def _unpack(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """Unpack every part (declared sizes may lie; zipfile stops at them and checks the sum) and keep the small XML."""
    parts: dict[str, bytes] = {}
    for entry in entries:
        name = entry.filename.lower()
        keep = name.endswith((".rels", "[content_types].xml"))
        with archive.open(entry) as stream:
            body = bytearray()
            while chunk := stream.read(256 * 1024):
                if keep:
                    body += chunk
        parts[name] = bytes(body)
    return parts


def _check_parts(parts: dict[str, bytes], media_type: str) -> None:
    types = parts.get("[content_types].xml", b"")
    if b"macroEnabled" in types:
        raise make_refusal("office_active")
    if _MAIN_PART[media_type] not in parts or _MAIN_TYPE[media_type] not in types:
        raise make_refusal("type")
    for name, body in parts.items():
        if _ACTIVE_NAME.search(f"/{name}") and not _PRINTER_SETTINGS.match(name):
            raise make_refusal("office_active")
        if name.endswith(".rels") and _reaches_outside(body):
            raise make_refusal("office_active")


def _reaches_outside(relationships: bytes) -> bool:
    """Ordinary links may point anywhere; templates, pictures and objects that load by themselves may not."""
    return any(_OUTSIDE.search(tag) and not _HYPERLINK.search(tag) for tag in _RELATIONSHIP.findall(relationships))
