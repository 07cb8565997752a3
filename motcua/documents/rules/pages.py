"""The pages of a paper as pictures and as text: who signs is shown every page, on any device, without a viewer."""

from __future__ import annotations

from io import BytesIO
from threading import Lock

import pypdfium2  # type: ignore[import-untyped]  # it carries no type information

from motcua.documents.types import NotSignable

_ONE_AT_A_TIME = Lock()  # PDFium is not made for threads


def draw_page(pdf: bytes, page: int, *, width_px: int) -> bytes:
    """Return a page (from 0) as PNG, with what signatures show. Raises: IndexError; NotSignable."""
    with _ONE_AT_A_TIME, _open(pdf) as document:
        if not 0 <= page < len(document):
            raise IndexError(page)
        sheet = document[page]
        picture = sheet.render(scale=width_px / sheet.get_width(), may_draw_forms=True).to_pil()
        out = BytesIO()
        picture.save(out, "PNG", optimize=False)
        return out.getvalue()


def list_page_texts(pdf: bytes) -> tuple[str, ...]:
    """Return what stands on each page, for whoever reads by ear. Raises: NotSignable."""
    with _ONE_AT_A_TIME, _open(pdf) as document:
        return tuple(sheet.get_textpage().get_text_range().replace("\r\n", "\n").strip() for sheet in document)


def _open(pdf: bytes) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise NotSignable from error
    document.init_forms()
    return document
