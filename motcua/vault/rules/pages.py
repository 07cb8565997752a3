"""The pages of a scan as pictures: what becomes part of an archival paper must be drawn, not carried along.

The archival standard takes no foreign PDF, and a picture runs nothing. Pictures are kept as they came.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

import typst
from PIL import Image
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from motcua.kernel.messages import N_
from motcua.vault.types import PaperRefused

MOST_PAGES = 60
_PPI = 170
_QUALITY = 82
_ONE_PAGE = """
#set page(width: auto, height: auto, margin: 0pt)
#image("scan.pdf", page: int(sys.inputs.page), width: 21cm)
"""
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}


def draw_pages(scans: Sequence[tuple[bytes, str]]) -> list[tuple[bytes, str]]:
    """Return every page of the scans as (picture, file ending), in order.

    Shape: `scans` are (content, media type). Raises: PaperRefused for a scan that cannot be read, or too many pages.
    """
    pages: list[tuple[bytes, str]] = []
    for content, media_type in scans:
        pages += [(content, _ENDINGS[media_type])] if media_type in _ENDINGS else list(_draw_pdf(content, media_type))
        if len(pages) > MOST_PAGES:
            raise PaperRefused(
                "scan_pages", N_("Bản quét có hơn %(most)s trang. Hãy chia thành nhiều bản.", most=MOST_PAGES)
            )
    if not pages:
        raise PaperRefused("scan_missing", N_("Chưa có bản quét. Hãy quét hoặc chụp bản chính rồi tải lên."))
    return pages


def _draw_pdf(content: bytes, media_type: str) -> Iterator[tuple[bytes, str]]:
    if media_type != "application/pdf":
        raise PaperRefused("scan_type", N_("Bản quét phải là ảnh hoặc tệp PDF. Hãy quét lại."))
    count = _count_pages(content)
    if count > MOST_PAGES:
        raise PaperRefused(
            "scan_pages", N_("Bản quét có hơn %(most)s trang. Hãy chia thành nhiều bản.", most=MOST_PAGES)
        )
    with tempfile.TemporaryDirectory(prefix="motcua-scan-") as name:
        folder = Path(name)
        (folder / "scan.pdf").write_bytes(content)
        (folder / "page.typ").write_text(_ONE_PAGE, "utf-8")
        for number in range(1, count + 1):
            yield _draw_page(folder, number), "jpg"


def _draw_page(folder: Path, number: int) -> bytes:
    try:
        drawn = typst.compile(
            folder / "page.typ", root=folder, format="png", ppi=_PPI, sys_inputs={"page": str(number)}
        )
    except RuntimeError as error:
        raise _unreadable() from error
    if not isinstance(drawn, bytes):
        raise _unreadable()
    out = BytesIO()
    with Image.open(BytesIO(drawn)) as picture:
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
        ground.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _count_pages(content: bytes) -> int:
    try:
        return int(PdfFileReader(BytesIO(content), strict=False).root["/Pages"]["/Count"])
    except (PdfError, KeyError, ValueError, TypeError, RecursionError) as error:
        raise _unreadable() from error


def _unreadable() -> PaperRefused:
    return PaperRefused("scan_broken", N_("Không đọc được bản quét PDF này. Hãy quét lại, hoặc chụp ảnh từng trang."))
