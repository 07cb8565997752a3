"""What is printed: names and numbers of slips and results, what a specialist writes onto a result."""

from __future__ import annotations

import re
from typing import Final

from motcua.kernel.messages import N_

DECISION_OF_OUTCOME: Final[dict[str, str]] = {"approve": "approved", "reject": "rejected"}
SLIP_NAMES: Final[dict[int, str]] = {
    1: N_("Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
    2: N_("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"),
    3: N_("Phiếu từ chối tiếp nhận giải quyết hồ sơ"),
    4: N_("Phiếu xin lỗi và đề nghị gia hạn thời gian giải quyết"),
    5: N_("Thông báo dừng giải quyết hồ sơ"),
    6: N_("Phiếu kiểm soát quá trình giải quyết hồ sơ"),
    7: N_("Sổ theo dõi hồ sơ"),
}
_SLIP_MARKS: Final[dict[int, str]] = {2: "PBS", 3: "PTC", 4: "PXL", 5: "TBD", 6: "PKS", 7: "STD"}


_ENTERED = re.compile(r'field\(\s*"([^"\\]{1,120})"\s*,\s*entered\(\s*"([A-Za-z_][A-Za-z0-9_]{0,63})"')


def read_result_fields(template: str, *, listed: str = "") -> tuple[tuple[str, str], ...]:
    """Return (key, label) of what the specialist writes onto the result.

    `listed`: the task's property `result_fields`, as `key:Label|key:Label`; without it, the lines of the result's
    template that print what was entered: `field("Label", entered("key"))`.
    """
    if listed:
        pairs = (part.partition(":") for part in listed.split("|"))
        return tuple((key.strip(), label.strip() or key.strip()) for key, _colon, label in pairs if key.strip())
    return tuple(dict((key, label) for label, key in _ENTERED.findall(template)).items())


def format_result_no(number: int, *, decision: str, agency_code: str) -> str:
    """Return the number of a result paper, as `05/KQ-H29.12` or, for a rejection, `05/TB-H29.12`.

    Source: Decree 30/2020/NĐ-CP, Annex I; in force 2020-03-05.
    """
    return f"{number:02d}/{'KQ' if decision == 'approved' else 'TB'}-{agency_code}"


def format_slip_no(kind: int, *, number: int | str) -> str:
    """Return the printed number of a slip: `12/PBS-TTPVHCC`, the apology's `12/PXL`, the receipt's `12/TTPVHCC`.

    The apology is signed by the head of the agency that is late, not by the one-stop unit, so it names no unit.
    Source: Circular 03/2025/TT-VPCP, Annex I; in force 2025-09-15.
    """
    shown = f"{number:02d}" if isinstance(number, int) else number
    if kind == 4:
        return f"{shown}/{_SLIP_MARKS[kind]}"
    return "/".join((shown, "-".join(filter(None, (_SLIP_MARKS.get(kind), "TTPVHCC")))))
