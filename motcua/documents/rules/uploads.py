"""What may be taken in: bounded reading, type by content, a name that agrees, and the checks of each type."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from typing import BinaryIO

import puremagic

from motcua.documents.rules.images import clean_image
from motcua.documents.rules.office import check_office
from motcua.documents.rules.pdf_safety import check_pdf
from motcua.documents.rules.refusals import make_refusal
from motcua.documents.types import DOCX, JPEG, MAX_UPLOAD_BYTES, PDF, PNG, UPLOAD_TYPES, XLSX, CheckedUpload
from motcua.kernel.text import clean_line

_CHUNK = 64 * 1024
_MAX_NAME = 120
_TYPE_BY_EXTENSION = {
    "pdf": PDF,
    "jpg": JPEG,
    "jpeg": JPEG,
    "jpe": JPEG,
    "jfif": JPEG,
    "png": PNG,
    "docx": DOCX,
    "xlsx": XLSX,
}
_EXTENSION_BY_TYPE = {PDF: "pdf", JPEG: "jpg", PNG: "png", DOCX: "docx", XLSX: "xlsx"}
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)


def check_upload(
    source: BinaryIO | bytes,
    *,
    filename: str,
    allowed: AbstractSet[str] = UPLOAD_TYPES,
    max_bytes: int = MAX_UPLOAD_BYTES,
) -> CheckedUpload:
    """Return the bytes to keep, or refuse with the reason; images come back re-encoded without metadata.

    Shape: never more than `max_bytes` + one chunk of the body is in memory.
    Raises: UploadRefused.
    """
    content = read_bounded(source, max_bytes=max_bytes)
    media_type = sniff_media_type(content)
    if media_type not in allowed:
        raise make_refusal("type_here")
    _require_matching_name(filename, media_type)
    if media_type == PDF:
        check_pdf(content)
    elif media_type in (DOCX, XLSX):
        check_office(content, media_type)
    else:
        content = clean_image(content, media_type)
    return CheckedUpload(content=content, media_type=media_type, filename=clean_filename(filename, media_type))


def read_bounded(source: BinaryIO | bytes, *, max_bytes: int) -> bytes:
    """Read a body piece by piece and stop at the first byte too many.

    Raises: UploadRefused (documents.empty, documents.too_big).
    """
    if isinstance(source, bytes):
        if len(source) > max_bytes:
            raise make_refusal("too_big")
        body = source
    else:
        parts = bytearray()
        while chunk := source.read(_CHUNK):
            parts += chunk
            if len(parts) > max_bytes:
                raise make_refusal("too_big")
        body = bytes(parts)
    if not body:
        raise make_refusal("empty")
    return body


def sniff_media_type(content: bytes) -> str:
    """Tell the type from the bytes alone; the name has no say.

    Raises: UploadRefused for everything that is not taken.
    """
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"PK\x03\x04"):
        return DOCX if b"word/" in content else XLSX  # which of the two, and whether, `check_office` proves
    if content.startswith(_OLE):
        raise make_refusal("office_encrypted")
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        raise make_refusal("heic")
    raise make_refusal("type")


def describe_content(content: bytes) -> str:
    """Name what the bytes look like, for the operator's log ('.exe', '.html'); empty when nobody knows."""
    try:
        matches = puremagic.magic_string(content[:4096])
    except (puremagic.PureError, ValueError):
        return ""
    return str(matches[0].extension) if matches else ""


def _require_matching_name(filename: str, media_type: str) -> None:
    extension = _split_extension(_strip_name(filename))[1].lower()
    if extension and _TYPE_BY_EXTENSION.get(extension) != media_type:
        raise make_refusal("renamed")


def clean_filename(filename: str, media_type: str) -> str:
    """Return a name that is safe on every disk and screen and still readable: NFC, no path, no tricks, right ending."""
    stem = _split_extension(_strip_name(filename))[0].strip(" .-_") or "tep"
    if _RESERVED.match(stem):
        stem = f"tep-{stem}"
    return f"{stem[:_MAX_NAME].rstrip(' .')}.{_EXTENSION_BY_TYPE.get(media_type, 'bin')}"


def _strip_name(filename: str) -> str:
    name = re.split(r"[\\/]", filename)[-1]
    return clean_line(re.sub(r'[<>:"|?*]+', " ", clean_line(name)))


def _split_extension(name: str) -> tuple[str, str]:
    match = re.match(r"^(.+)\.([A-Za-z0-9]{1,8})$", name, re.DOTALL)
    return (match[1], match[2]) if match else (name, "")
