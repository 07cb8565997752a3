"""Sample dossiers as files: what a replay gave becomes what is expected."""

from __future__ import annotations

import json

from motcua.designer.types import GoldenResult
from motcua.designer.types.drafts import FileUnreadable


def expect_result(content: bytes, result: GoldenResult) -> bytes:
    """Return the sample dossier with the parts it expects set to what came out; parts it did not name stay unnamed.

    Raises: FileUnreadable.
    """
    try:
        case = json.loads(content)
        expect = case["expect"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise FileUnreadable("golden") from error
    found = {
        "path": list(result.path),
        "fee_vnd": result.fee_vnd,
        "due_at": result.due_at.isoformat() if result.due_at else None,
        "outcome": result.outcome,
        "eligibility": list(result.eligibility),
    }
    for key, value in found.items():
        if key in expect:
            expect[key] = value
    return (json.dumps(case, ensure_ascii=False, indent=2) + "\n").encode()
