"""What a signed file shows: places that signatures take up, and what may change its look by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature

from motcua.documents.rules.pdf_walk import walk_dictionaries

_LIVE_ACTIONS = frozenset({"/JavaScript", "/Launch", "/SetOCGState", "/Hide", "/ImportData", "/Rendition"})
_LIVE_KEYS = frozenset({"/XFA", "/JS", "/JavaScript"})
# Words without which nothing below can be found: in plain bytes, unless names are spelt in hex or objects are packed.
_TELLING = re.compile(
    rb"/(?:JS|JavaScript|XFA|Launch|SetOCGState|Hide|ImportData|Rendition|AS|Ref|ObjStm)\b"
    rb"|/F\s*(?:[(<%]|\d+\s+\d+\s+R)|/[^\x00-\x20()<>\[\]{}/%]{0,127}#[0-9A-Fa-f]{2}"
)
_MAX_NODES = 400_000
_MAX_SHARE = 4  # a later signature's picture takes at most a quarter of a page


def is_shown(signature: EmbeddedPdfSignature) -> bool:
    """Say whether a signature's field takes up room on a page."""
    if "/Rect" not in signature.sig_field:
        return "/Kids" in signature.sig_field
    return _measure(signature.sig_field) > 0


def hides_a_page(signatures: Sequence[EmbeddedPdfSignature]) -> bool:
    """Say whether a signature that came later spreads its picture over what an earlier signer saw.

    Source: Rohlmann et al., "Breaking the Specification: PDF Certification", 2021 (sneaky signature attack).
    """
    later = [widget for signature in signatures[1:] for widget in _list_widgets(signature.sig_field)]
    return any(_measure(widget) * _MAX_SHARE > _measure_page(widget) for widget in later)


def _list_widgets(field: generic.DictionaryObject) -> Iterator[generic.DictionaryObject]:
    if "/Rect" in field:
        yield field
    for kid in _follow(field, "/Kids") or ():
        widget = kid.get_object()
        if "/Rect" in widget:
            yield widget


def _measure(box_owner: generic.DictionaryObject, key: str = "/Rect") -> float:
    left, bottom, right, top = (float(number) for number in box_owner[key])
    return abs((right - left) * (top - bottom))


def _measure_page(widget: generic.DictionaryObject) -> float:
    """Return the area of the page that a widget names; A5 when it names none."""
    node: Any = _follow(widget, "/P")
    for _ in range(20):
        if not isinstance(node, generic.DictionaryObject):
            break
        if "/MediaBox" in node:
            return _measure(node, "/MediaBox")
        node = _follow(node, "/Parent")
    return 420.0 * 595.0


def _follow(node: generic.DictionaryObject, key: str) -> Any:
    return node[key] if key in node else None  # noqa: SIM401  get() does not follow a reference


def shows_different_things(pdf: bytes, reader: PdfFileReader) -> bool:
    """Say whether a file holds what may change its look by itself, without one byte being changed.

    Scripts, programs, dynamic (XFA) forms, layers that switch by themselves, content that lies in another file.
    Raises: ValueError when there is more to look at than an honest paper has.
    """
    if not _TELLING.search(pdf):
        return False
    return any(map(_is_living, walk_dictionaries(reader, most_nodes=_MAX_NODES, most_objects=_MAX_NODES)))


def _is_living(node: generic.DictionaryObject) -> bool:
    if not _LIVE_KEYS.isdisjoint(node.keys()):
        return True
    if "/S" in node and str(node.raw_get("/S")) in _LIVE_ACTIONS:
        return True
    if isinstance(node, generic.StreamObject) and ("/F" in node or "/Ref" in node):
        return True  # the bytes that are shown lie elsewhere
    return "/OCGs" in node and _switches_layers(node)


def _switches_layers(properties: generic.DictionaryObject) -> bool:
    """Say whether layers change with the use: one thing on the screen, another on paper."""
    default = _follow(properties, "/D")
    return isinstance(default, generic.DictionaryObject) and "/AS" in default
