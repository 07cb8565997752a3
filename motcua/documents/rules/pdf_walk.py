"""Every dictionary that a PDF holds, in every revision: who looks for one kind of thing looks here."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from motcua.documents.rules.pdf_reader import TooComplexError


def walk_dictionaries(
    reader: PdfFileReader, *, most_nodes: int, most_objects: int
) -> Iterator[generic.DictionaryObject]:
    """Yield each dictionary of every object of every revision; references are not followed, so no cycle can trap us.

    Raises: TooComplexError when there is more to look at than an honest paper has.
    """
    references = {
        (ref.idnum, ref.generation): ref
        for revision in range(reader.xrefs.total_revisions)
        for ref in reader.xrefs.explicit_refs_in_revision(revision)
    }
    if len(references) > most_objects:
        raise TooComplexError("too many objects")
    nodes = 0
    for root in chain([reader.trailer.flatten()], map(_load, references.values())):
        pending: list[object] = [root]
        while pending:
            node = pending.pop()
            nodes += 1
            if nodes > most_nodes:
                raise TooComplexError("too many parts")
            if isinstance(node, generic.DictionaryObject):
                yield node
                pending.extend(node.raw_get(key) for key in node)
            elif isinstance(node, generic.ArrayObject):
                pending.extend(node.raw_get(place) for place in range(len(node)))


def _load(ref: generic.Reference) -> object:
    try:
        return ref.get_object()
    except KeyError:
        return None  # freed by a later revision
