"""PDF uploads: whole, unlocked, and still. Nothing in them may run, start a program, or carry another file."""

from __future__ import annotations

import zipfile
from io import BytesIO

from pyhanko.pdf_utils import generic

from motcua.documents.rules.pdf_reader import MAX_OBJECTS, PARSER_FAULTS, BudgetedReader, TooComplexError
from motcua.documents.rules.pdf_walk import walk_dictionaries
from motcua.documents.rules.refusals import make_refusal

_MAX_NODES = 2_000_000
_ACTIVE_KEYS = frozenset(
    {"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent", "/RichMediaSettings"}
)
_ACTIVE_NAMES = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/EmbeddedFile",
        "/FileAttachment",
        "/RichMedia",
        "/RichMediaExecute",
        "/SubmitForm",
        "/ImportData",
        "/GoToE",
        "/Rendition",
        "/Movie",
        "/Screen",
        "/3D",
    }
)
_TELLING_KEYS = ("/S", "/Type", "/Subtype")


def check_pdf(content: bytes) -> None:
    """Pass a PDF that only shows pages.

    Raises: UploadRefused (pdf_broken, pdf_encrypted, pdf_active, pdf_too_complex, hidden).
    """
    _check_edges(content)
    try:
        reader = BudgetedReader(content, strict=False)
        if "/Encrypt" in reader.trailer_view:
            raise make_refusal("pdf_encrypted")
        parts = walk_dictionaries(reader, most_nodes=_MAX_NODES, most_objects=MAX_OBJECTS)
        is_active = any(map(_is_active, parts))
        reader.root["/Pages"]["/Kids"][0]  # at least one page, or it is no paper
    except TooComplexError as error:
        raise make_refusal("pdf_too_complex") from error
    except PARSER_FAULTS as error:
        raise make_refusal("pdf_broken") from error
    if is_active:
        raise make_refusal("pdf_active")


def _check_edges(content: bytes) -> None:
    """Refuse files that are a PDF and something else: the PDF must be the whole file, head to end mark."""
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise make_refusal("pdf_broken")
    if content[end + 5 :].strip(b"\r\n\t \x00"):
        raise make_refusal("hidden")
    if zipfile.is_zipfile(BytesIO(content)):
        raise make_refusal("hidden")


def _is_active(node: generic.DictionaryObject) -> bool:
    if not _ACTIVE_KEYS.isdisjoint(node.keys()):
        return True
    return any(key in node and str(node.raw_get(key)) in _ACTIVE_NAMES for key in _TELLING_KEYS)
