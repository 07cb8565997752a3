"""The quick steps of the parser give what pyHanko's own give, and stop at the same place."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.reader import PdfFileReader

from motcua.documents.rules import quick_parsing as quick
from motcua.documents.rules.pdf_reader import PARSER_FAULTS, TooComplexError
from motcua.documents.tests.factories import make_bare_pdf

_PIECES = st.sampled_from(
    [
        b"/",
        b"#",
        b"#2F",
        b"%",
        b"%x\n",
        b"<<",
        b">>",
        b"(",
        b"[",
        b" ",
        b"\n",
        b"\r\n",
        b"\x00",
        b"R",
        b" R ",
        b"12 0 R",
    ]
)
_BYTES = st.lists(st.one_of(_PIECES, st.binary(max_size=6), st.binary(min_size=60, max_size=70)), max_size=8).map(
    b"".join
)
_LINES = st.sampled_from(
    [
        b"0000000017 00000 n \n", b"0000000017 00000 n\r\n", b"0000000000 65535 f \r", b"0000000017 00000 n\n",
        b"17 0 n \n", b"0000000017 00000 x \n", b"0000000017 00000 n \r\n", b"\n", b"% \n",
    ]
)  # fmt: skip
_HEADS = st.sampled_from([b"0 1\n", b"0 2\n", b"7 2 \n", b"3 1\r\n", b"0 0\n", b"1  1\n", b"%\n"])
_TABLES = st.tuples(
    st.sampled_from([b"", b"\n", b" \r\n"]),
    st.lists(
        st.tuples(_HEADS, _LINES, _LINES)
        .map(b"".join), max_size=3
    ).map(b"".join),
    st.sampled_from([b"trailer\n<</Size 9>>", b"trailer <<", b"\ntrailer\n%x\n<<>>", b"trailer", b"tra", b""]),
).map(b"".join)  # fmt: skip


class _Bounded(BytesIO):
    """The library turns for ever in a table that ends nowhere; the product counts reads, and so does this."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        if self.reads > 5_000:
            raise TooComplexError
        return super().read(size)


def _run(step: Callable[..., Any], content: bytes, *arguments: Any) -> tuple[Any, int]:
    stream = _Bounded(content)
    try:
        result = step(stream, *arguments)
        if not isinstance(result, bytes | str | tuple | generic.IndirectObject):
            result = [(entry.xref_type, entry.location, entry.idnum, entry.generation) for entry in result]
    except (*PARSER_FAULTS, UnicodeError) as error:
        return type(error), -1
    return result, stream.tell()


@pytest.mark.slow
@settings(max_examples=60)
@given(content=_BYTES)
@example(content=bytes(range(256)))
@example(content=b"".join(b"/%c " % number for number in range(256)))
def test_tokens_are_read_as_by_the_library(content: bytes) -> None:
    ending = misc.PDF_WHITESPACE + misc.PDF_DELIMITERS
    own_class, own_sign = quick._own_read_until_class, quick._own_read_sign  # what was there before
    reader = PdfFileReader(BytesIO(make_bare_pdf()))
    owner = generic.Reference(1, 0, reader)
    for content_from in {0, *(at for at in range(len(content)) if content[at : at + 1] in b"/0123456789%")}:
        rest = content[content_from:]
        for pair, arguments in (
            ((lambda s: quick.read_until_class(ending, s), lambda s: own_class(ending, s)), ()),
            ((lambda s: quick.read_until_class(ending, s, 5), lambda s: own_class(ending, s, 5)), ()),
            ((quick.read_sign, own_sign), (False, True)),
            ((quick.read_sign, own_sign), (True, False)),
            ((quick.read_name, quick._own_read_name), ()),
            ((quick.read_reference, quick._own_read_reference), (owner,)),
        ):
            assert _run(pair[0], rest, *arguments) == _run(pair[1], rest, *arguments), (rest, pair)


@pytest.mark.slow
@settings(max_examples=60)
@given(content=_TABLES, is_strict=st.booleans())
@example(content=b"\n0 2\n0000000000 65535 f \n0000000017 00000 n \ntrailer\n<<", is_strict=True)
@example(content=b"%\n% \n17 0 n \n", is_strict=False)
@example(content=b"0 1\n0000000000 65535 f\r\n3 1\n0000000017 00000 n\r\ntrailer<<", is_strict=True)
def test_tables_are_read_as_by_the_library(content: bytes, is_strict: bool) -> None:
    assert _run(quick.read_table, content, is_strict) == _run(quick._own_read_table, content, is_strict)


@pytest.mark.slow
@settings(max_examples=40)
@given(text=st.text(max_size=12))
@example(text="".join(map(chr, range(256))))
def test_names_are_written_as_by_the_library(text: str) -> None:
    made, own = BytesIO(), BytesIO()
    name = generic.NameObject("/" + text.encode("utf-8", "replace").decode())
    quick.write_name(name, made)
    quick._own_write_name(name, own)
    assert made.getvalue() == own.getvalue()


def test_steps_are_in_place() -> None:
    assert generic.NameObject.read_from_stream is quick.read_name
    assert generic.read_non_whitespace is quick.read_sign  # type: ignore[attr-defined]  # a name it imports
    assert generic.read_hex_string_from_stream is quick.read_hex_string
