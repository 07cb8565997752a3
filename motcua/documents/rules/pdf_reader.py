"""Opening PDFs of strangers: pyHanko's parser with a budget of work, so that no file can keep a server busy.

pyHanko bounds what a stream unpacks to. It does not bound time: a comment without an end and a large object stream
(searched from its start for each object) can turn for hours. So every read is counted, and object streams are indexed.
"""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.reader import PdfFileReader

from motcua.documents.rules import quick_parsing as _quick_parsing  # noqa: F401  puts quicker steps in place

MAX_OBJECTS = 60_000
MAX_REVISIONS = 200
_MAX_READS = 8_000_000
# What a parser written for honest files raises on hostile ones. Named one by one: a fault outside is a bug of ours.
PARSER_FAULTS = (
    misc.PdfError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
    NotImplementedError,
    OSError,
    struct.error,
    zlib.error,
)


class TooComplexError(ValueError):
    """The file asks for more work than an honest paper does."""


class _Budget:
    def __init__(self) -> None:
        self.reads = 0

    def spend(self) -> None:
        self.reads += 1
        if self.reads > _MAX_READS:
            raise TooComplexError("too many reads")


class _CountedStream(BytesIO):
    def __init__(self, content: bytes, budget: _Budget) -> None:
        super().__init__(content)
        self._budget = budget

    def read(self, size: int | None = -1, /) -> bytes:
        self._budget.spend()
        return super().read(size)


class BudgetedReader(PdfFileReader):
    """Reads a PDF within a budget. Raises: TooComplexError, or another of PARSER_FAULTS."""

    def __init__(self, content: bytes, *, strict: bool) -> None:
        if content.count(b" obj") > MAX_OBJECTS or content.count(b" 00000 ") > MAX_OBJECTS:
            raise TooComplexError("too many objects")
        self._budget = _Budget()
        self._indexes: dict[int, tuple[bytes, list[tuple[int, int]]]] = {}
        super().__init__(_CountedStream(content, self._budget), strict=strict)
        if self.xrefs.total_revisions > MAX_REVISIONS:
            raise TooComplexError("too many revisions")

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> generic.PdfObject:
        """Find an object in an object stream by the stream's own index, read once."""
        body, index = self._load_index(stmnum)
        if not 0 <= idx < len(index) or index[idx][0] != idnum:
            raise misc.PdfReadError(f"object {idnum} is not at place {idx} of stream {stmnum}")
        stream = _CountedStream(body, self._budget)
        stream.seek(index[idx][1])
        found = generic.read_object(stream, generic.Reference(idnum, 0, self))
        if isinstance(found, generic.StreamObject | generic.IndirectObject):
            raise misc.PdfReadError("an object stream holds plain objects only")
        return found

    def _load_index(self, stmnum: int) -> tuple[bytes, list[tuple[int, int]]]:
        if stmnum not in self._indexes:
            container = generic.Reference(stmnum, 0, self).get_object()
            if not isinstance(container, generic.StreamObject) or container["/Type"] != "/ObjStm":
                raise misc.PdfReadError("not an object stream")
            first, count = int(container["/First"]), int(container["/N"])
            body = container.read_data(DecodePurpose.OBJECT_STREAM)
            numbers = [int(word) for word in body[:first].split()]
            if not 0 <= count <= MAX_OBJECTS or len(numbers) < 2 * count:
                raise misc.PdfReadError("the index of an object stream is damaged")
            pairs = [(numbers[2 * place], first + numbers[2 * place + 1]) for place in range(count)]
            self._indexes[stmnum] = (body, pairs)
        return self._indexes[stmnum]
