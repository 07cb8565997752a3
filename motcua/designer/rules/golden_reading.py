"""Read a golden case, and say plainly what is missing of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motcua.designer.rules.reading import Package
from motcua.designer.types import GoldenExpect
from motcua.kernel.messages import N_

_STEP_KEYS = ("at", "message", "signal", "timer", "error")


class GoldenUnreadable(ValueError):
    """The golden case cannot be replayed as it is written; the message is a Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class Golden:
    """A sample dossier, its steps, and what must come out."""

    name: str
    filed_at: datetime
    channel: str
    result_channel: str
    applicant_kind: str
    copies: int
    answers: Mapping[str, Any]
    files: Mapping[str, list[str]]
    steps: tuple[Mapping[str, Any], ...]
    expect: GoldenExpect
    compares_fee: bool


def read_golden(package: Package, file: str) -> Golden:
    """Return the golden case of this file. Raises: GoldenUnreadable."""
    data = package.golden.get(file)
    if data is None:
        problem = next((each.message_vi for each in package.findings if each.file == file), "")
        raise GoldenUnreadable(problem or N_("Gói không có hồ sơ mẫu %(file)s.", file=file))
    filed_at = _moment(data.get("filed_at"))
    if filed_at is None:
        raise GoldenUnreadable(N_("Hồ sơ mẫu chưa ghi «filed_at» có múi giờ, ví dụ 2026-03-02T09:00+07:00."))
    answers, expect = data.get("answers"), data.get("expect")
    if not isinstance(answers, Mapping) or not isinstance(expect, Mapping):
        raise GoldenUnreadable(N_("Hồ sơ mẫu cần «answers» và «expect»."))
    copies = data.get("copies", 1)
    channel = str(data.get("channel", "online"))
    return Golden(
        name=str(data.get("name") or file.removeprefix("golden/").removesuffix(".json")),
        filed_at=filed_at,
        channel=channel,
        result_channel=str(data.get("result_channel", channel)),
        applicant_kind=str(data.get("applicant_kind", "person")),
        copies=copies if isinstance(copies, int) and not isinstance(copies, bool) and copies > 0 else 1,
        answers=answers,
        files=_read_files(data.get("files")),
        steps=_read_steps(data.get("steps")),
        expect=_read_expect(expect),
        compares_fee="fee_vnd" in expect,
    )


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _read_files(value: Any) -> dict[str, list[str]]:
    if not isinstance(value, Mapping):
        return {}
    return {str(key): [str(name) for name in names] for key, names in value.items() if isinstance(names, list)}


def _read_steps(value: Any) -> tuple[Mapping[str, Any], ...]:
    steps = value if isinstance(value, list) else []
    for number, step in enumerate(steps, start=1):
        if not isinstance(step, Mapping) or not any(key in step for key in _STEP_KEYS):
            message = N_(
                "Bước %(number)s của hồ sơ mẫu cần một trong: %(keys)s.", number=number, keys=", ".join(_STEP_KEYS)
            )
            raise GoldenUnreadable(message)
    return tuple(steps)


def _read_expect(data: Mapping[str, Any]) -> GoldenExpect:
    path, fee, outcome, codes = data.get("path"), data.get("fee_vnd"), data.get("outcome"), data.get("eligibility")
    due = data.get("due_at")
    if due is not None and _moment(due) is None:
        raise GoldenUnreadable(N_("«due_at» của hồ sơ mẫu không phải thời điểm có múi giờ."))
    return GoldenExpect(
        path=tuple(str(each) for each in path) if isinstance(path, list) else None,
        fee_vnd=fee if isinstance(fee, int) and not isinstance(fee, bool) else None,
        due_at=_moment(due),
        is_due_expected="due_at" in data,
        outcome=str(outcome) if outcome is not None else None,
        eligibility=tuple(str(code) for code in codes) if isinstance(codes, list) else None,
    )
