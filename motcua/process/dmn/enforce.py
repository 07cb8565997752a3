"""Enforce a declared type on what an expression gives."""

from __future__ import annotations

from typing import Any

from motcua.kernel.messages import N_
from motcua.process.dmn.itemtypes import Plain, TypeFace
from motcua.process.dmn.runtime import Budget, Run, Scope
from motcua.process.dmn.typetable import is_typed


def typed(run: Run, kind: TypeFace, element_id: str) -> Run:
    """Return the closure with implicit conversions; what does not belong becomes null, with an issue."""
    if not is_typed(kind):
        return run
    coerce = kind.coerce
    exact = kind.kind if isinstance(kind, Plain) else None

    def evaluate(scope: Scope, budget: Budget) -> Any:
        value = run(scope, budget)
        if value is None or value.__class__ is exact:
            return value
        fitted = coerce(value)
        if fitted is None:
            budget.note(element_id, "dmn.type", N_("Kết quả không đúng kiểu đã khai báo nên thành rỗng."))
        return fitted

    return evaluate
