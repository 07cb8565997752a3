"""Decision models by DMN 1.5: read, checked, compiled, asked."""

from motcua.process.dmn.loading import load_model, parse_decisions
from motcua.process.dmn.model import DecisionModel
from motcua.process.dmn.types import (
    Cell,
    DecisionInfo,
    DecisionIssue,
    DecisionModelError,
    DecisionResult,
    InputInfo,
    Interval,
    ServiceInfo,
    TableInfo,
    TableInput,
    TableOutput,
    TableRule,
)

__all__ = [
    "Cell", "DecisionInfo", "DecisionIssue", "DecisionModel", "DecisionModelError", "DecisionResult", "InputInfo",
    "Interval", "ServiceInfo", "TableInfo", "TableInput", "TableOutput", "TableRule", "load_model", "parse_decisions",
]  # fmt: skip
