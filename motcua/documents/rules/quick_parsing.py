"""pyHanko's smallest steps taken in blocks instead of byte by byte: the same answer, the same place afterwards.

Reading and writing tokens one byte at a time is half of the work of signing and of checking. Each step here takes the
plain case only and hands everything else, damage too, to pyHanko's own; the tests hold both side by side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, BinaryIO, NamedTuple

from pyhanko.pdf_utils import generic, misc, xref

_BLOCK = 64
_HEX_BLOCK = 4_096
_NOT_HEX = re.compile(rb"[^0-9a-fA-F]")
_BLANKS = b" \t\r\n\f\x00"
_REGULAR = rb"[!\"$&-'*-.0-;=?-Z\\^-z|~]"  # what a name holds as it is: no blank, no delimiter, no '#'
_NAME = re.compile(rb"/(" + _REGULAR + rb"*)(?=[ \n\r\t\f\x00()<>\[\]{}/%])")
_PLAIN_NAME = re.compile("/" + _REGULAR.decode("ascii") + "*")
_FIRST_SIGN = re.compile(rb"[ \n\r\t\f\x00]*([^ \n\r\t\f\x00%])")
_REFERENCE = re.compile(rb"([1-9][0-9]{0,9})[ \n\r\t]([0-9]{1,5})[ \n\r\t]R")
_SECTION = re.compile(rb"[ \n\r\t]*([0-9]{1,10})[ ]([0-9]{1,6})[ ]?(?:\r\n|\n|\r)")
_ENTRIES = re.compile(rb"(?:[0-9]{10} [0-9]{5} [nf](?: \r| \n|\r\n))*")
_ENTRY = re.compile(rb"([0-9]{10}) ([0-9]{5}) ([nf])..", re.DOTALL)
_TABLE_END = re.compile(rb"[ \n\r\t]*trailer[ \n\r\t]*(?=<<)")
_WIDTH = 20

_make_reference: Any = generic.IndirectObject  # pyHanko's constructors carry no types
_own_read_name: Any = generic.NameObject.read_from_stream
_own_write_name: Any = generic.NameObject.write_to_stream
_own_read_reference: Any = generic.IndirectObject.read_from_stream
_own_read_until_class: Any = misc._read_until_class
_own_read_sign: Any = misc.read_non_whitespace
_own_read_table: Any = xref.parse_xref_table


class _Entry(NamedTuple):
    """An XRefEntry that costs a third to make; a paper has a hundred."""

    xref_type: xref.XRefType
    location: int | None
    idnum: int
    generation: int


def read_hex_string(stream: BinaryIO) -> generic.TextStringObject | generic.ByteStringObject:
    """Read a hex string block by block. Raises: PdfStreamError when it holds anything but digits and blanks."""
    stream.read(1)
    parts: list[bytes] = []
    while True:
        block = stream.read(_HEX_BLOCK)
        end = block.find(b">")
        if end >= 0:
            stream.seek(end + 1 - len(block), 1)
            parts.append(block[:end])
            break
        if not block:
            raise misc.PdfStreamError("a hex string without an end")
        parts.append(block)
    digits = b"".join(parts).translate(None, _BLANKS)
    if _NOT_HEX.search(digits):
        raise misc.PdfStreamError("a hex string holds something else")
    return generic.pdf_string(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii")))


def read_until_class(class_chars: bytes, stream: BinaryIO, maxchars: int | None = None) -> tuple[bytes, bool]:
    """Return what stands before the next sign of the class, which is taken too, and whether the file ended first."""
    if maxchars is not None:
        bounded: tuple[bytes, bool] = _own_read_until_class(class_chars, stream, maxchars=maxchars)
        return bounded
    ending = _compile_class(class_chars)
    parts = []
    while block := stream.read(_BLOCK):
        found = ending.search(block)
        if found:
            stream.seek(found.end() - len(block), 1)
            parts.append(block[: found.start()])
            return b"".join(parts), False
        parts.append(block)
    return b"".join(parts), True


@lru_cache(maxsize=8)
def _compile_class(class_chars: bytes) -> re.Pattern[bytes]:
    return re.compile(b"[" + re.escape(class_chars) + b"]")


def read_sign(stream: BinaryIO, seek_back: bool = False, allow_eof: bool = False) -> bytes:
    """Return the next sign that is neither blank nor comment."""
    block = stream.read(_WIDTH)
    found = _FIRST_SIGN.match(block)
    if found is None:
        stream.seek(-len(block), 1)
        sign: bytes = _own_read_sign(stream, seek_back=seek_back, allow_eof=allow_eof)
        return sign
    stream.seek(found.end() - len(block) - seek_back, 1)
    return found[1]


def read_name(stream: BinaryIO) -> generic.NameObject:
    """Return the name that starts here."""
    block = stream.read(_BLOCK)
    found = _NAME.match(block)
    if found is None:
        stream.seek(-len(block), 1)
        odd: generic.NameObject = _own_read_name(stream)
        return odd
    stream.seek(found.end() - len(block), 1)
    return generic.NameObject("/" + found[1].decode("ascii"))


def write_name(name: generic.NameObject, stream: BinaryIO, handler: Any = None, container_ref: Any = None) -> None:
    """Write a name with the signs escaped that must be."""
    if _PLAIN_NAME.fullmatch(name):
        stream.write(name.encode("ascii"))
    else:
        _own_write_name(name, stream, handler, container_ref)


def read_reference(stream: BinaryIO, container_ref: Any) -> generic.IndirectObject:
    """Return the reference to another object that starts here."""
    block = stream.read(_WIDTH)
    found = _REFERENCE.match(block)
    if found is None:
        stream.seek(-len(block), 1)
        odd: generic.IndirectObject = _own_read_reference(stream, container_ref)
        return odd
    stream.seek(found.end() - len(block), 1)
    plain: generic.IndirectObject = _make_reference(int(found[1]), int(found[2]), container_ref.get_pdf_handler())
    return plain


def read_table(stream: BinaryIO, strict: bool) -> Iterable[Any]:
    """Return the entries of the cross-reference table that starts here."""
    start = stream.tell()
    entries = _read_plain_table(stream)
    if entries is not None:
        return entries
    stream.seek(start)
    odd: Iterable[Any] = _own_read_table(stream, strict=strict)
    return odd


def _read_plain_table(stream: BinaryIO) -> list[_Entry] | None:
    """Return the entries of a table that is written as the standard says; else nothing. Source: ISO 32000-2, 7.5.4."""
    entries: list[_Entry] = []
    while True:
        block = stream.read(_BLOCK)
        end = _TABLE_END.match(block)
        if end and entries:
            stream.seek(end.end() - len(block), 1)
            return entries
        head = _SECTION.match(block)
        if head is None:
            return None
        stream.seek(head.end() - len(block), 1)
        first, count = int(head[1]), int(head[2])
        lines = stream.read(_WIDTH * count)
        if len(lines) != _WIDTH * count or not _ENTRIES.fullmatch(lines):
            return None
        for number, (offset, generation, kind) in enumerate(_ENTRY.findall(lines), first):
            if kind == b"n":
                entries.append(_Entry(xref.XRefType.STANDARD, int(offset), number, int(generation)))
            else:
                entries.append(_Entry(xref.XRefType.FREE, None, number, int(generation)))


def install() -> None:
    """Put these steps in the place of pyHanko's own."""
    parts: tuple[tuple[Any, str, Any], ...] = (
        (generic, "read_hex_string_from_stream", read_hex_string),
        (generic, "read_non_whitespace", read_sign),
        (misc, "read_non_whitespace", read_sign),
        (misc, "_read_until_class", read_until_class),
        (generic.NameObject, "read_from_stream", staticmethod(read_name)),
        (generic.NameObject, "write_to_stream", write_name),
        (generic.IndirectObject, "read_from_stream", staticmethod(read_reference)),
        (xref, "parse_xref_table", read_table),
    )
    for owner, name, step in parts:
        getattr(owner, name)  # a step that pyHanko no longer has is an error, not silence
        setattr(owner, name, step)


install()
