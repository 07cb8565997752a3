"""Files, papers and keys for the tests of this module and of those above it."""

from __future__ import annotations

import os
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image

from motcua.audit.public import Actor
from motcua.documents.adapters.fake import EICAR
from motcua.documents.adapters.software_keys import SoftwareKeyStore
from motcua.documents.models import StoredFile
from motcua.documents.public import render_pdf
from motcua.documents.queries.drivers import get_key_store
from motcua.documents.queries.files import to_info
from motcua.documents.rules.jws import sign_detached
from motcua.documents.types import DOCX, FileInfo, SigningKey

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
ACTOR = Actor(kind="resident", id="7", name="Nguyễn Thị Ánh")
SAMPLE_TEMPLATE = Path(__file__).parent / "templates" / "sample.typ"
AGENCY_CODE = "H29.5.01"
AGENCY_NAME = "Ủy ban nhân dân phường Bến Nghé"
# What the demonstration's scanner takes for a virus. Bytes are kept by their hash and locked away at once for all who
# hold them, so each process of a test run has its own.
INFECTED = EICAR + f" {os.getpid()} ".encode()


def make_pdf(text: str = "Giấy tờ mẫu", **data: object) -> bytes:
    return render_pdf(SAMPLE_TEMPLATE, {"text": text, "agency": AGENCY_NAME, "on": "2026-11-20"} | data)


def make_image(
    kind: str = "JPEG", size: tuple[int, int] = (60, 40), *, orientation: int = 0, **options: object
) -> bytes:
    """A picture with the left half red; with `orientation` it carries EXIF with a place and a camera."""
    picture = Image.new("RGB", size, "white")
    picture.paste((200, 0, 0), (0, 0, size[0] // 2, size[1]))
    out = BytesIO()
    if orientation:
        exif = Image.Exif()
        exif[0x0112] = orientation
        exif[0x010F] = "SecretCamera"
        exif.get_ifd(0x8825)[1] = "N"
        picture.save(out, kind, exif=exif, **options)
    else:
        picture.save(out, kind, **options)
    return out.getvalue()


def make_docx(
    extra: dict[str, bytes] | None = None, *, main_type: str = "", main_part: str = "word/document.xml"
) -> bytes:
    types = main_type or f"{DOCX}.main+xml"
    parts = {
        "[Content_Types].xml": f'<Types><Override PartName="/{main_part}" ContentType="{types}"/></Types>'.encode(),
        "_rels/.rels": b"<Relationships/>",
        main_part: b"<w:document>Xin chao</w:document>",
    } | (extra or {})
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return out.getvalue()


def make_xlsx() -> bytes:
    return make_docx(
        main_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        main_part="xl/workbook.xml",
    )


def make_bare_pdf(*objects: str, trailer: str = "") -> bytes:
    """A PDF written by hand: object 1 is the catalogue of one empty page, further objects as given from number 4."""
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R %CATALOG% >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        *objects,
    ]
    bodies[0] = bodies[0].replace("%CATALOG%", "/OpenAction 4 0 R" if objects else "")
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def list_stored() -> list[FileInfo]:
    """Return every stored file, oldest first."""
    return [to_info(row) for row in StoredFile.objects.order_by("pk")]


def list_trusted_roots() -> list[bytes]:
    """Return the certificates (DER) whose signatures count here."""
    return list(get_key_store().list_trust_roots())


def make_stranger_key(folder: Path, *, now: datetime) -> SigningKey:
    """Make a key that nobody here trusts: of a store of its own, with a root of its own."""
    store = SoftwareKeyStore(folder, None, trust_own_root=True)
    store.ensure_key(AGENCY_CODE, AGENCY_NAME, now=now)
    return store.get_key(AGENCY_CODE)


def sign_as(data: bytes, *, key: SigningKey) -> str:
    """Return the detached signature of the data by any key."""
    return sign_detached(data, key=key)
