"""What may follow a signature in a file: validation data, time-stamps, further signatures. Nothing else, ever.

Notes, moved pages and new looks are refused even where a certifying signature would allow them: whoever reads the paper
must see what the signer saw. (Shadow attacks live on such "harmless" updates.) Filled forms: pdf_forms.
Source: ISO 32000-2:2020, 12.8.2 (DocMDP, FieldMDP); ETSI EN 319 142-1 V1.2.1, 5.4 and 5.5 (DSS, document time-stamp).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import diff_analysis
from pyhanko.sign.diff_analysis import (
    DiffResult,
    FormUpdatingRule,
    ModificationLevel,
    StandardDiffPolicy,
)
from pyhanko.sign.validation import EmbeddedPdfSignature

_RULES: Any = diff_analysis  # pyHanko leaves the constructors of its rules untyped
GLOBAL_RULES: list[Any] = [
    _RULES.CatalogModificationRule(),
    _RULES.DocInfoRule().as_qualified(ModificationLevel.LTA_UPDATES),
    _RULES.XrefStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
    _RULES.ObjectStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
    _RULES.DSSCompareRule().as_qualified(ModificationLevel.LTA_UPDATES),
    _RULES.MetadataUpdateRule().as_qualified(ModificationLevel.LTA_UPDATES),
]
ADDITIONS_ONLY = StandardDiffPolicy(
    global_rules=GLOBAL_RULES,
    form_rule=FormUpdatingRule(field_rules=[_RULES.SigFieldCreationRule(), _RULES.SigFieldModificationRule()]),
)
_FREE_IN_ROOT = frozenset({"/DSS", "/Extensions", "/Metadata"})
MAX_COMPARISONS = 400
_MAX_STORE = 2_000
_STORE_DEPTH = 5
_TABLE = re.compile(rb"(?:xref\s[\s\dnf]+trailer\s*<<[^%]*>>\s*)?startxref\s+\d+\s+%%EOF\s*")
_OBJECT = re.compile(rb"(\d{1,10}) (\d{1,5}) obj\b(.*?)\bendobj\s*", re.DOTALL)
_OBJECTS = re.compile(rb"\s*(?:\d{1,10} \d{1,5} obj\b.*?\bendobj\s*)*+", re.DOTALL)


def are_ranges_nested(signatures: Sequence[EmbeddedPdfSignature]) -> bool:
    """Each signature covers all before it, and no two share an object or an end."""
    ends = [int(item.byte_range[2]) + int(item.byte_range[3]) for item in signatures]
    starts = [int(item.byte_range[1]) for item in signatures]
    in_order = all(ends[place] < ends[place + 1] for place in range(len(ends) - 1))
    apart = all(ends[place] <= starts[place + 1] for place in range(len(ends) - 1))
    return in_order and apart


def is_too_long_a_story(reader: PdfFileReader, signatures: Sequence[EmbeddedPdfSignature]) -> bool:
    """Each signature is compared with every later revision: that work is bounded."""
    return len(signatures) * int(reader.xrefs.total_revisions) > MAX_COMPARISONS


def adds_validation_data_only(signature: EmbeddedPdfSignature, *, unseen: Collection[str] = ()) -> bool:
    """Say whether all that follows a signature is unseen: validation data, and time-stamps in `unseen` fields."""
    result = signature.diff_result
    if not isinstance(result, DiffResult):
        return False
    if result.modification_level <= ModificationLevel.LTA_UPDATES:
        return True
    # Some makers give the empty place of a time-stamp a look all the same.
    is_form = bool(result.modification_level <= ModificationLevel.FORM_FILLING)
    return is_form and bool(result.changed_form_fields) and set(result.changed_form_fields) <= set(unseen)


def ends_with_store_only(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Say whether the unsigned end of a file is a store of validation data and nothing beside it.

    No signature protects these bytes, so every object in them must belong to the store, or be the file's own notes
    (date of change, program: they are not shown), which the rules above have looked at.
    """
    reader = signature.reader
    if not adds_validation_data_only(signature) or "/DSS" not in reader.root:
        return False
    if not pdf.endswith((b"%%EOF\n", b"%%EOF\r\n")):
        return False
    store = _reach(reader.root.raw_get("/DSS"))
    allowed = store | {_number(reader.root_ref)} | _find_notes(reader)
    later = range(signature.signed_revision + 1, reader.xrefs.total_revisions)
    rounds = [set(reader.xrefs.explicit_refs_in_revision(revision)) for revision in later]
    added = {ref for refs in rounds for ref in refs}
    extra = [ref for ref in added if _number(ref) not in allowed]
    if not _is_root_kept(signature) or any(store.isdisjoint(_number(ref) for ref in refs) for refs in rounds):
        return False  # an update that adds nothing to the store has another purpose
    if not all(_is_structure(reader, ref) for ref in extra):
        return False
    tail = pdf[int(signature.byte_range[2]) + int(signature.byte_range[3]) :]
    return _is_each_byte_known(tail, revisions=len(later), numbers={_number(ref) for ref in added})


def _is_root_kept(signature: EmbeddedPdfSignature) -> bool:
    """Say whether the catalogue says what it said when it was signed, but for the store and the file's notes."""
    reader = signature.reader
    before, after = reader.get_historical_root(signature.signed_revision), reader.root
    keys = (before.keys() | after.keys()) - _FREE_IN_ROOT
    return all(key in before and key in after and _spell(before, key) == _spell(after, key) for key in keys)


def _spell(node: generic.DictionaryObject, key: str) -> bytes:
    out = BytesIO()
    value: Any = node.raw_get(key)
    value.write_to_stream(out, None)
    return out.getvalue()


def _is_each_byte_known(tail: bytes, *, revisions: int, numbers: set[tuple[int, int]]) -> bool:
    """Say whether bytes are objects that the tables name, those tables, and nothing between them or twice."""
    *pieces, rest = _TABLE.split(tail)
    if rest.strip() or len(pieces) != revisions:
        return False
    for piece in pieces:
        if not _OBJECTS.fullmatch(piece):
            return False
        found = [(int(first), int(second), body) for first, second, body in _OBJECT.findall(piece)]
        if len({item[:2] for item in found}) != len(found):
            return False
        if any(item[:2] not in numbers and b"/XRef" not in item[2] for item in found):
            return False
    return True


def _find_notes(reader: PdfFileReader) -> set[tuple[int, int]]:
    places = [(reader.trailer_view, "/Info"), (reader.root, "/Metadata")]
    found = [node.raw_get(key) for node, key in places if key in node]
    return {_number(item.reference) for item in found if isinstance(item, generic.IndirectObject)}


def _number(ref: generic.Reference) -> tuple[int, int]:
    return ref.idnum, ref.generation


def _reach(start: generic.PdfObject) -> set[tuple[int, int]]:
    """Return the objects of a store: at most three levels of lists and dictionaries, then streams."""
    seen: set[tuple[int, int]] = set()
    pending: list[tuple[generic.PdfObject, int]] = [(start, 0)]
    while pending and len(seen) <= _MAX_STORE:
        node, depth = pending.pop()
        if isinstance(node, generic.IndirectObject):
            number = _number(node.reference)
            if number in seen or depth > _STORE_DEPTH:
                continue
            seen.add(number)
            target: Any = node
            pending.append((target.get_object(), depth + 1))
        elif isinstance(node, generic.DictionaryObject) and not isinstance(node, generic.StreamObject):
            pending.extend((node.raw_get(key), depth) for key in node)
        elif isinstance(node, generic.ArrayObject):
            pending.extend((node.raw_get(place), depth) for place in range(len(node)))
    return seen


def _is_structure(reader: PdfFileReader, ref: generic.Reference) -> bool:
    """Say whether an object only says where others stand (cross-reference, object streams), or is an idle index."""
    source: Any = reader
    found = source.get_object(ref)
    if isinstance(found, generic.StreamObject):
        return found.get("/Type") in ("/XRef", "/ObjStm")
    return isinstance(found, generic.DictionaryObject) and found.get("/Type") == "/VRI"
