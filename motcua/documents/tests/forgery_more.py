"""More attacks: updates written by hand, tables of contents that lie, looks that change by themselves."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from motcua.documents.tests.forgery import Attack, G, update


def _name(text: str) -> Any:
    return G.NameObject(text)


def _last_start(pdf: bytes) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])


def _root(pdf: bytes) -> bytes:
    return bytes(re.findall(rb"/Root (\d+ \d+) R", pdf)[-1])


def _size(pdf: bytes) -> int:
    return int(re.findall(rb"/Size (\d+)", pdf)[-1])


def append(
    pdf: bytes, objects: dict[int, bytes], *, root: bytes = b"", extra: bytes = b"", parts: str = "xte"
) -> bytes:
    """Return the file with an update written by hand. `parts`: x the table, t the trailer, e the end mark."""
    out = bytearray(pdf if pdf.endswith(b"\n") else pdf + b"\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    if "x" in parts:
        out += b"xref\n0 1\n0000000000 65535 f \n"
        for number, place in places.items():
            out += b"%d 1\n%010d 00000 n \n" % (number, place)
    if "t" in parts:
        size = max([_size(pdf), *(number + 1 for number in objects)])
        named = (size, root or _root(pdf), _last_start(pdf), extra)
        out += b"trailer\n<< /Size %d /Root %s R /Prev %d %s >>\n" % named
    if "e" in parts:
        out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


_OTHER_ROOT = b"<< /Type /Catalog /Pages 2 0 R >>"
_OTHER_PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>"


def _by_hand(parts: str) -> Attack:
    return lambda pdf: append(pdf, {3: _OTHER_PAGE}, parts=parts)  # the page of the papers in these tests


def _free(pdf: bytes) -> bytes:
    """The table says that the page is no more."""
    start = len(pdf)
    table = b"xref\n3 1\n0000000000 00001 f \ntrailer\n<< /Size %d /Root %s R /Prev %d >>\n"
    return pdf + table % (_size(pdf), _root(pdf), _last_start(pdf)) + b"startxref\n%d\n%%%%EOF\n" % start


def _previous(place: Callable[[bytes], int]) -> Attack:
    """The chain of tables leads round in a circle, past the end, or before the start."""

    def attack(pdf: bytes) -> bytes:
        table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size %d /Root %s R /Prev %d >>\n"
        start = len(pdf)
        return pdf + table % (_size(pdf), _root(pdf), place(pdf)) + b"startxref\n%d\n%%%%EOF\n" % start

    return attack


def _copied_signature(pdf: bytes) -> bytes:
    """Incremental saving with the signature object copied behind the change (Mladenov et al., ISA variant 4)."""
    found = re.search(rb"(\d+) 0 obj\s*(<<(?:(?!endobj).)*?/ByteRange(?:(?!endobj).)*?>>)\s*endobj", pdf, re.DOTALL)
    assert found
    return append(pdf, {3: _OTHER_PAGE, int(found[1]): found[2]})


def _set_in_root(key: str, make: Callable[[Any], Any]) -> Attack:
    def change(writer: Any) -> None:
        writer.root[_name(key)] = make(writer)
        writer.update_root()

    return lambda pdf: update(pdf, change)


def _dictionary(**entries: Any) -> Any:
    return G.DictionaryObject({_name(f"/{key}"): value for key, value in entries.items()})


def _script() -> Any:
    return _dictionary(S=_name("/JavaScript"), JS=G.TextStringObject("1"))


def _set_in_page(key: str, make: Callable[[], Any]) -> Attack:
    def change(writer: Any) -> None:
        page = writer.root["/Pages"]["/Kids"][0].get_object()
        page[_name(key)] = make()
        writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(0).reference)

    return lambda pdf: update(pdf, change)


def _more_files(writer: Any) -> Any:
    return _dictionary(EmbeddedFiles=_dictionary(Names=G.ArrayObject([G.TextStringObject("a"), G.NullObject()])))


def _font(pdf: bytes) -> bytes:
    return append(pdf, {_size(pdf): b"<< /Type /Font /Subtype /Type3 >>", 3: _OTHER_PAGE})


MORE_ATTACKS: dict[str, Attack] = {
    "ISA: objects alone": _by_hand(""),
    "ISA: objects and end mark": _by_hand("e"),
    "ISA: objects and table": _by_hand("x"),
    "ISA: objects and trailer": _by_hand("t"),
    "ISA: table without trailer": _by_hand("xe"),
    "ISA: trailer without table": _by_hand("te"),
    "ISA: whole update": _by_hand("xte"),
    "ISA: copied signature": _copied_signature,
    "ISA: empty update": lambda pdf: append(pdf, {}),
    "page freed": _free,
    "tables in a circle": _previous(len),
    "tables past the end": _previous(lambda pdf: len(pdf) * 9),
    "tables before the start": _previous(lambda _: -5),
    "hybrid table": lambda pdf: append(pdf, {3: _OTHER_PAGE}, extra=b"/XRefStm %d" % _last_start(pdf)),
    "second root": lambda pdf: append(pdf, {_size(pdf): _OTHER_ROOT}, root=b"%d 0" % _size(pdf)),
    "size too small": lambda pdf: append(pdf, {}).replace(b"/Size %d" % _size(pdf), b"/Size 2", 1),
    "encrypted afterwards": lambda pdf: append(pdf, {}, extra=b"/Encrypt << /Filter /Standard /V 1 /R 2 >>"),
    "font replaced": _font,
    "files embedded": _set_in_root("/Names", _more_files),
    "script by name": _set_in_root("/Names", lambda _: _dictionary(JavaScript=_dictionary(Names=G.ArrayObject([])))),
    "layers added": _set_in_root("/OCProperties", lambda _: _dictionary(OCGs=G.ArrayObject([]), D=_dictionary())),
    "rights added": _set_in_root("/Perms", lambda _: _dictionary(UR3=_dictionary())),
    "version raised": _set_in_root("/Version", lambda _: _name("/2.0")),
    "page labels added": _set_in_root("/PageLabels", lambda _: _dictionary(Nums=G.ArrayObject([]))),
    "validation data emptied": _set_in_root("/DSS", lambda _: G.NullObject()),
    "action of a page": _set_in_page("/AA", lambda: _dictionary(O=_script())),
    "page turned": _set_in_page("/Rotate", lambda: G.NumberObject(90)),
    "page cropped": _set_in_page("/CropBox", lambda: G.ArrayObject([G.NumberObject(n) for n in (0, 0, 5, 5)])),
    "page unit": _set_in_page("/UserUnit", lambda: G.NumberObject(5)),
    "no page content": _set_in_page("/Contents", G.NullObject),
    "appended: a blank": lambda pdf: pdf + b" ",
    "appended: a zero": lambda pdf: pdf + b"\x00",
    "appended: a comment": lambda pdf: pdf + b"%",
    "appended: an end mark": lambda pdf: pdf + b"%%EOF\n",
    "before: a second head": lambda pdf: b"%PDF-1.7\n" + pdf,
    "before: a byte order mark": lambda pdf: b"\xef\xbb\xbf" + pdf,
    "line ends changed": lambda pdf: pdf.replace(b"\n", b"\r\n"),
    "signature says zero of itself": lambda pdf: pdf.replace(b"/SubFilter /ETSI", b"/SubFilter /ETSX"),
}  # fmt: skip
# Prepared before signing: each shows one thing now and may show another later, without one byte being changed.
LIVING_PAPERS: dict[str, tuple[str, ...]] = {
    "script at opening": ("<< /S /JavaScript /JS (1) >>",),
    "layers that switch by use": ("<< /OCGs [] /D << /AS [<< /Event /Print /Category [/Print] /OCGs [] >>] >> >>",),
    "layer switched at opening": ("<< /S /SetOCGState /State [/Toggle] >>",),
    "content in another file": ("<< /Length 0 /F (other.bin) >>\nstream\n\nendstream",),
    "page of another file": ("<< /Subtype /Form /Ref << /F (a.pdf) /Page 0 >> /Length 0 >>\nstream\n\nendstream",),
    "dynamic form": ("<< /XFA [] >>",),
    "script spelt in hex": ("<< /S /J#61vaScript /J#53 (1) >>",),
    "content in another file, spelt in hex": ("<< /Length 0 /#46 (other.bin) >>\nstream\n\nendstream",),
    "content in another file, by reference": (
        "<< /Length 0 /F 5 0 R >>\nstream\n\nendstream",
        "<< /Type /Filespec >>",
    ),
    "program": ("<< /S /Launch /F (x.exe) >>",),
    "field that is hidden at opening": ("<< /S /Hide /T (a) >>",),
}  # fmt: skip
