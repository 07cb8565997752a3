"""Forms in signed files: blanks that a certifying signer left open may be filled in; what was signed stays signed.

Filled blanks never make a paper good and never make it broken: the report says that they came later. A form that
readers draw anew from fonts of a later update is no longer what was signed.
Source: ISO 32000-2:2020, 12.8.2.2 (DocMDP), 12.8.2.4 (FieldMDP), 12.7.3 (NeedAppearances, DR, DA).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.sign import diff_analysis
from pyhanko.sign import fields as sig_fields
from pyhanko.sign.diff_analysis import DiffResult, FormUpdatingRule, ModificationLevel, StandardDiffPolicy
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import EmbeddedPdfSignature

from motcua.documents.rules.pdf_changes import ADDITIONS_ONLY, GLOBAL_RULES

_RULES: Any = diff_analysis  # pyHanko leaves the constructors of its rules untyped
_FIELDS: Any = sig_fields
_FILLING_TOO = StandardDiffPolicy(
    global_rules=GLOBAL_RULES,
    form_rule=FormUpdatingRule(
        field_rules=[
            _RULES.SigFieldCreationRule(),
            _RULES.SigFieldModificationRule(),
            _RULES.GenericFieldModificationRule(),
        ]
    ),
)
_DRAWS_ANEW = ("/NeedAppearances", "/DR", "/DA", "/Q")


def compare_updates(signatures: Sequence[EmbeddedPdfSignature]) -> bool:
    """Compare each signature with what follows it; return whether blanks were filled that a signer had left open."""
    _compare(signatures, ADDITIONS_ONLY)
    if all(isinstance(item.diff_result, DiffResult) for item in signatures) or not _permits_filling(signatures):
        return False
    _compare(signatures, _FILLING_TOO)
    if all(isinstance(item.diff_result, DiffResult) for item in signatures):
        return True
    _compare(signatures, ADDITIONS_ONLY)
    return False


def is_only_filled(signature: EmbeddedPdfSignature, *, unseen: Collection[str] = ()) -> bool:
    """Say whether what follows a signature fills blanks that were there, beside time-stamps in `unseen` fields."""
    result = signature.diff_result
    if not isinstance(result, DiffResult) or result.modification_level > ModificationLevel.FORM_FILLING:
        return False
    filled = set(result.changed_form_fields) - set(unseen)
    return bool(filled) and filled.isdisjoint(_list_names(signature.reader, "/Sig"))


def redraws_forms(signatures: Sequence[EmbeddedPdfSignature]) -> bool:
    """Say whether readers draw the form's fields anew by rules that came after the first signature."""
    reader = signatures[0].reader
    form = _follow(reader.root, "/AcroForm")
    wanted = _follow(form, "/NeedAppearances")
    if not isinstance(wanted, generic.BooleanObject) or not wanted.value:
        return False
    before = _follow(reader.get_historical_root(signatures[0].signed_revision), "/AcroForm")
    is_same = _spell(before) == _spell(form)
    return not is_same and bool(_list_names(reader, "/Tx", "/Btn", "/Ch"))


def _compare(signatures: Sequence[EmbeddedPdfSignature], policy: StandardDiffPolicy) -> None:
    untyped: Any = signatures
    for signature in untyped:
        signature.compute_integrity_info(diff_policy=policy)


def _permits_filling(signatures: Sequence[EmbeddedPdfSignature]) -> bool:
    levels = [signature.docmdp_level for signature in signatures]
    return levels[0] in (MDPPerm.FILL_FORMS, MDPPerm.ANNOTATE) and MDPPerm.NO_CHANGES not in levels


def _list_names(reader: Any, *kinds: str) -> set[str]:
    fields = _follow(_follow(reader.root, "/AcroForm"), "/Fields")
    if not isinstance(fields, generic.ArrayObject):
        return set()
    found = (_FIELDS.enumerate_fields_in(fields, refs_seen=set(), target_field_type=kind) for kind in kinds)
    return {str(name) for named in found for name, _, _ in named}


def _follow(node: Any, key: str) -> Any:
    """Return what stands under a key, references followed (`get` does not); None when there is nothing."""
    return node[key] if isinstance(node, generic.DictionaryObject) and key in node else None


def _spell(form: Any) -> tuple[bytes, ...]:
    out = []
    for key in _DRAWS_ANEW:
        value = _follow(form, key)
        part = BytesIO()
        if value is not None:
            value.write_to_stream(part, None)
        out.append(part.getvalue())
    return tuple(out)
