"""What the platform around a package offers, as checks and editors ask for it."""

from __future__ import annotations

from datetime import date

from motcua.cases.public import read_outcome, read_stage
from motcua.designer.rules.names import OUTCOME_NAMES, ROLE_NAMES, name_role, name_screen
from motcua.designer.rules.surroundings import ROLES, SCREENS
from motcua.identity.public import list_staffed_roles
from motcua.kernel.messages import N_, Message

__all__ = ["ROLE_NAMES", "list_choices", "list_staffed", "name_file", "name_outcome", "name_role", "name_screen"]

CASE_OUTCOMES = ("approved", "rejected", "withdrawn", "stopped", "returned")
STAGES = (
    "submitted", "accepted", "in_progress", "waiting_applicant", "waiting_payment", "decided", "delivered", "refused",
    "withdrawn", "stopped",
)  # fmt: skip


def list_staffed(*, on: date) -> frozenset[str]:
    """Return the roles that somebody holds on the day: a step for nobody would wait for ever."""
    return list_staffed_roles(on=on)


def name_outcome(outcome: str) -> str:
    """Return a step's choice or a case's end in people's words."""
    return OUTCOME_NAMES.get(outcome) or (read_outcome(outcome) if outcome in CASE_OUTCOMES else outcome)


def name_file(name: str) -> str:
    """Return what a file of the package is, in people's words."""
    fixed = {
        "procedure.toml": N_("Thủ tục: tên, thời hạn, giấy tờ, căn cứ"),
        "process.bpmn": N_("Sơ đồ quy trình"),
        "form.json": N_("Biểu mẫu"),
        "result.typ": N_("Mẫu kết quả"),
        "decisions/fee.dmn": N_("Bảng tính phí"),
        "decisions/eligibility.dmn": N_("Bảng điều kiện"),
    }
    return fixed.get(name) or name


def list_choices() -> dict[str, list[tuple[str, str]]]:
    """Return what the drawing tool offers in its lists: (value, words) pairs."""
    words: dict[str, Message] = ROLE_NAMES
    return {
        "roles": [(role, words[role]) for role in words if role in ROLES],
        "screens": [(key, name_screen(key)) for key in SCREENS],
        "stages": [(stage, read_stage(stage)) for stage in STAGES],
        "outcomes": [(outcome, read_outcome(outcome)) for outcome in CASE_OUTCOMES],
    }
