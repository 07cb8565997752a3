"""What a signed file shows: places that signatures take up, and what may change its look by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import EmbeddedPdfSignature

from motcua.documents.rules.pdf_walk import walk_dictionaries

_LIVE_ACTIONS = frozenset({"/JavaScript", "/Launch", "/SetOCGState", "/Hide", "/ImportData", "/Rendition"})
_LIVE_KEYS = frozenset({"/XFA", "/JS", "/JavaScript"})
# Words without which nothing below can be found: in plain bytes, unless names are spelt in hex or objects are packed.
_TELLING = re.compile(
    rb"/(?:JS|JavaScript|XFA|Launch|SetOCGState|Hide|ImportData|Rendition|AS|Ref|ObjStm)\b"
    rb"|/F\s*(?:[(<%]|\d+\s+\d+\s+R)|/[^\x00-\x20()<>\[\]{}/%]{0,127}#[0-9A-Fa-f]{2}"
)
_PACKED = re.compile(rb"/ObjStm\b|#[0-9A-Fa-f]{2}")
_MAX_NODES = 400_000
_MAX_SHARE = 4  # a later signature's picture takes at most a quarter of a page
_MAX_SHARE_TOGETHER = 2  # all of them on one page at most half of it
_AREA_UNKNOWN = 420.0 * 595.0  # A5
_MAX_PAGES = 20_000


def is_shown(signature: EmbeddedPdfSignature) -> bool:
    """Say whether a signature's field takes up room on a page."""
    if "/Rect" not in signature.sig_field:
        return "/Kids" in signature.sig_field
    return _measure(signature.sig_field) > 0


def hides_a_page(signatures: Sequence[EmbeddedPdfSignature]) -> bool:
    """Say whether places of signatures that came later, empty ones too, spread over what an earlier signer saw.

    Source: Rohlmann et al., "Breaking the Specification: PDF Certification", 2021 (sneaky signature attack).
    """
    reader = signatures[0].reader
    known = {name for name, _, _ in enumerate_sig_fields(reader.get_historical_resolver(signatures[0].signed_revision))}
    later = [field for name, _, field in enumerate_sig_fields(reader) if name not in known]
    if not later:
        return False
    pages = list(_list_pages(reader))
    smallest = min((area for area, _ in pages), default=_AREA_UNKNOWN)
    taken: dict[int, float] = {}
    for number, widget in (widget for field in later for widget in _list_widgets(field)):
        # Where it stands is what the pages say: a field may name another page than the one that shows it.
        place, area = next(((at, area) for at, (area, shown) in enumerate(pages) if number in shown), (-1, smallest))
        share = _measure(widget) / area
        taken[place] = taken.get(place, 0.0) + share
        if share * _MAX_SHARE > 1 or taken[place] * _MAX_SHARE_TOGETHER > 1:
            return True
    return False


def lost_a_signature(pdf: bytes, reader: PdfFileReader) -> bool:
    """Say whether a file without signatures still holds one that no field names any more: it was taken off.

    Raises: ValueError when there is more to look at than an honest paper has.
    """
    if b"/ByteRange" not in pdf and not _PACKED.search(pdf):
        return False
    parts = walk_dictionaries(reader, most_nodes=_MAX_NODES, most_objects=_MAX_NODES)
    return any("/ByteRange" in node and "/Contents" in node for node in parts)


def _list_widgets(field: Any) -> Iterator[tuple[int, generic.DictionaryObject]]:
    """Yield the number and the object of each place that a field takes up."""
    found = field.get_object()
    if "/Rect" in found:
        yield field.idnum, found
    for kid in _follow(found, "/Kids") or ():
        widget = kid.get_object()
        if "/Rect" in widget:
            yield getattr(kid, "idnum", 0), widget


def _list_pages(reader: PdfFileReader) -> Iterator[tuple[float, frozenset[int]]]:
    """Yield the area of each page and the numbers of the annotations that it shows. Raises: ValueError for a tangle."""
    pending: list[tuple[Any, float]] = [(reader.root["/Pages"], _AREA_UNKNOWN)]
    for _ in range(_MAX_PAGES):
        if not pending:
            return
        node, area = pending.pop()
        areas = [_measure(node, box) for box in ("/MediaBox", "/CropBox") if box in node]
        area = max(min(areas, default=area), 1.0)
        if "/Kids" in node:
            pending += [(kid.get_object(), area) for kid in node["/Kids"]]
            continue
        notes: Any = _follow(node, "/Annots") or generic.ArrayObject()
        held = (notes.raw_get(place) for place in range(len(notes)))
        yield area, frozenset(item.idnum for item in held if isinstance(item, generic.IndirectObject))
    raise ValueError("too many pages")


def _measure(box_owner: generic.DictionaryObject, key: str = "/Rect") -> float:
    left, bottom, right, top = (float(number) for number in box_owner[key])
    return abs((right - left) * (top - bottom))


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
