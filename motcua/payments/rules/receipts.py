"""What is printed on a receipt, and its XML. Pure: everything comes in as values.

Source: Decree 123/2020/NĐ-CP, Art. 32; mark: likely.
Form sign, series, number, payer, items, amount in figures and words, date, signature. The XML is our own, described by
docs/schemas/receipt-1.xsd.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lxml import etree

from motcua.kernel.clock import to_local
from motcua.kernel.money import amount_in_words
from motcua.payments.types import ChargeInfo, Helper, Payer, ReceiptInfo

FORM_SIGN = "01BLP0-001"  # receipt of fees without a printed amount, first form; mark: likely
NAMESPACE = "urn:motcua:bien-lai:1"
LAST_NO = 9_999_999


def series_of(moment: datetime) -> str:
    """Return the series of a year: two letters, two digits of the year, E for electronic; mark: likely."""
    return f"MC-{to_local(moment):%y}E"


def make_payload(
    charge: ChargeInfo, *, amount_vnd: int, payer: Payer | None = None, agency_name: str, helper: Helper | None = None
) -> dict[str, Any]:
    """Return what a receipt prints: a copy, so that it never changes when the world does."""
    who = payer or charge.payer
    return {
        "agency": agency_name,
        "payer": who.name,
        "payer_code": who.code,
        "helper": helper.name if helper else "",
        "helper_role": helper.role if helper else "",
        "case_code": charge.case_code,
        "lines": [
            {
                "label": line.label,
                "amount_vnd": line.amount_vnd,
                "legal_ref": line.legal_ref,
                "waived_vnd": line.waived_vnd,
                "waived_reason": line.waived_reason,
                "waived_legal_ref": line.waived_legal_ref,
                "proof": line.proof,
            }
            for line in charge.lines
        ],
        "due_vnd": charge.due_vnd,
        "amount_vnd": amount_vnd,
        "words": amount_in_words(amount_vnd),
    }


def make_xml(receipt: ReceiptInfo) -> bytes:
    """Return the receipt as XML in UTF-8, the same bytes for the same receipt; a signature may be put beside it."""
    root = etree.Element(f"{{{NAMESPACE}}}Receipt", nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # the stubs forget None
    root.set("version", "1")
    for name, value in (
        ("FormSign", receipt.form_sign),
        ("Series", receipt.series),
        ("No", receipt.printed_no),
        ("IssuedAt", to_local(receipt.issued_at).isoformat(timespec="seconds")),
        ("LookupCode", receipt.lookup_code),
    ):
        _add(root, name, value)
    payload = receipt.payload
    agency = _add(root, "Agency", "")
    _add(agency, "Code", receipt.agency_code)
    _add(agency, "Name", str(payload["agency"]))
    payer = _add(root, "Payer", "")
    _add(payer, "Name", str(payload["payer"]))
    if payload.get("payer_code"):
        _add(payer, "Code", str(payload["payer_code"]))
    if payload.get("helper"):
        helper = _add(root, "PaidBy", "")
        _add(helper, "Name", str(payload["helper"]))
        if payload.get("helper_role"):
            _add(helper, "Role", str(payload["helper_role"]))
    _add(root, "CaseCode", receipt.case_code)
    lines = _add(root, "Lines", "")
    for line in payload["lines"]:
        _add_line(lines, line)
    _add(root, "DueVnd", str(payload["due_vnd"]))
    _add(root, "AmountVnd", str(receipt.amount_vnd))
    _add(root, "AmountInWords", str(payload["words"]))
    if receipt.replaces_no is not None:
        _add(root, "ReplacesNo", f"{receipt.replaces_no:07d}")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _add_line(parent: etree._Element, line: Mapping[str, Any]) -> None:
    node = _add(parent, "Line", "")
    _add(node, "Label", str(line["label"]))
    _add(node, "AmountVnd", str(line["amount_vnd"]))
    if line["legal_ref"]:
        _add(node, "LegalRef", str(line["legal_ref"]))
    if line["waived_vnd"]:
        _add(node, "WaivedVnd", str(line["waived_vnd"]))
        _add(node, "WaivedReason", str(line["waived_reason"]))
        if line.get("waived_legal_ref"):
            _add(node, "WaivedLegalRef", str(line["waived_legal_ref"]))


def _add(parent: etree._Element, name: str, text: str) -> etree._Element:
    node = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    if text:
        node.text = "".join(sign for sign in text if sign.isprintable())  # no sign that XML forbids
    return node
