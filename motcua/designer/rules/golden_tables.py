"""What a package's decision tables say of a sample dossier: may it be filed, and what does it cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from motcua.designer.rules.golden_reading import Golden
from motcua.designer.rules.reading import Package
from motcua.kernel.clock import to_local
from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_
from motcua.process.dmn import DecisionModel, DecisionModelError, parse_decisions
from motcua.process.feel.values import to_plain

FEE, ELIGIBILITY = "fee", "eligibility"


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Codes of what was found, the sentences of what keeps the dossier from being filed, and what went wrong."""

    codes: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


class PackageDecisions:
    """The decision models of a package by file; `problems` says which could not be read."""

    def __init__(self, package: Package) -> None:
        self.models: dict[str, DecisionModel] = {}
        self.problems: list[str] = []
        for name, content in package.decision_files():
            try:
                self.models[name] = parse_decisions(content)
            except DecisionModelError as refused:
                self.problems.append(N_("%(file)s: %(reason)s", file=name, reason=str(refused)))

    def find(self, decision: str) -> DecisionModel | None:
        """Return the model that holds a decision of this id or name; the file of the same name first."""
        own = self.models.get(f"decisions/{decision}.dmn")
        for model in ([own] if own else []) + list(self.models.values()):
            if any(decision in (each.id, each.name) for each in model.decisions):
                return model
        return own

    def decide(self, decision: str, inputs: Mapping[str, Any]) -> Any:
        """Evaluate for the engine. Raises: DomainError when the package has no such decision."""
        model = self.find(decision)
        if model is None:
            message = N_("Gói không có bảng quyết định “%(name)s”.", name=decision)
            raise DomainError("designer.decision_missing", message)
        return to_plain(model.evaluate(_decision_in(model, decision), inputs).value)

    def ask(self, decision: str, inputs: Mapping[str, Any]) -> tuple[Any, tuple[str, ...]]:
        """Evaluate and return the plain value with what went wrong."""
        model = self.find(decision)
        assert model is not None  # asked for by the caller
        result = model.evaluate(_decision_in(model, decision), inputs)
        return to_plain(result.value), tuple(issue.message_vi for issue in result.issues)


def _decision_in(model: DecisionModel, wanted: str) -> str:
    if any(wanted in (each.id, each.name) for each in model.decisions):
        return wanted
    return model.decisions[-1].name if model.decisions else wanted


def _inputs(golden: Golden) -> dict[str, Any]:
    return {
        "channel": golden.channel,
        "applicant_kind": golden.applicant_kind,
        "filed_on": to_local(golden.filed_at).date(),
        "copies": Decimal(golden.copies),
        "answers": dict(golden.answers),
        "form": dict(golden.answers),
    }


def check_eligibility(decisions: PackageDecisions, golden: Golden) -> Eligibility:
    """Ask the eligibility table; without one everybody may file."""
    if decisions.find(ELIGIBILITY) is None:
        return Eligibility()
    value, issues = decisions.ask(ELIGIBILITY, _inputs(golden))
    rows = [row for row in _rows(value) if isinstance(row, Mapping)]
    return Eligibility(
        codes=tuple(str(row.get("code", "")) for row in rows),
        blocks=tuple(str(row.get("message", "")) for row in rows if row.get("blocks") is True),
        problems=issues if not rows else (),
    )


def compute_fee(decisions: PackageDecisions, golden: Golden) -> tuple[int | None, str]:
    """Sum the fee table's rows: whole đồng, or None when an official fixes it; and what went wrong, in words."""
    if decisions.find(FEE) is None:
        reason = N_("Gói chưa có bảng lệ phí decisions/fee.dmn.") if golden.compares_fee else ""
        return None, reason
    value, issues = decisions.ask(FEE, _inputs(golden))
    rows = [row for row in _rows(value) if isinstance(row, Mapping)]
    if not rows:
        reason = "; ".join(issues) or N_("không dòng nào áp dụng cho hồ sơ này")
        return None, N_("Bảng lệ phí không cho kết quả: %(reason)s.", reason=reason)
    amounts = [row.get("amount_vnd") for row in rows]
    if any(amount is None for amount in amounts):
        return None, ""
    whole = [amount for amount in amounts if isinstance(amount, (int, float, Decimal)) and amount == int(amount)]
    if len(whole) != len(amounts) or any(amount < 0 for amount in whole):
        return None, N_("Bảng lệ phí cho một số tiền không phải số đồng nguyên.")
    return sum(int(amount) for amount in whole), ""


def _rows(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
