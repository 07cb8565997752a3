"""The certificates that a signed PDF brings with it: those of its signers, of its time-stamps, of its store."""

from __future__ import annotations

from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

from motcua.documents.rules.pdf_reader import PARSER_FAULTS, BudgetedReader
from motcua.documents.types import NotSignable


def list_certificates(pdf: bytes) -> tuple[bytes, ...]:
    """Return DER certificates, each once. Raises: NotSignable when the file cannot be read."""
    try:
        reader = BudgetedReader(pdf, strict=False)
        found: list[bytes] = []
        for signature in reader.embedded_signatures:
            containers = [signature.signed_data, *extract_tst_data_iter(signature.signer_info, signed=False)]
            found += [item.chosen.dump() for container in containers for item in container["certificates"]]
        if "/DSS" in reader.root:
            found += [item.dump() for item in DocumentSecurityStore.read_dss(reader).load_certs()]
        return tuple(dict.fromkeys(found))
    except PARSER_FAULTS as error:
        raise NotSignable from error
