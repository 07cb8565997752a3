"""The platform's roles, screens and choices in people's words: what a page or a table of changes calls them."""

from __future__ import annotations

from motcua.kernel.messages import N_

ROLE_NAMES = {
    "counter": N_("Bộ phận Một Cửa"),
    "specialist": N_("Chuyên viên thụ lý"),
    "leader": N_("Lãnh đạo cơ quan"),
    "city_leader": N_("Lãnh đạo Thành phố"),
    "operator": N_("Quản trị hệ thống"),
}
SCREEN_NAMES = {
    "dossiers.receive": N_("Tiếp nhận hồ sơ"),
    "dossiers.appraise": N_("Thẩm định"),
    "dossiers.sign": N_("Ký duyệt"),
    "dossiers.deliver": N_("Trả kết quả"),
}
OUTCOME_NAMES = {
    "accept": N_("Nhận hồ sơ"),
    "supplement": N_("Yêu cầu bổ sung"),
    "refuse": N_("Từ chối tiếp nhận"),
    "approve": N_("Đồng ý"),
    "reject": N_("Không đồng ý"),
    "sign": N_("Ký"),
    "return": N_("Trả lại để làm lại"),
    "deliver": N_("Đã trả kết quả"),
}


def name_role(role: str) -> str:
    """Return the role in people's words, or as it is written when the platform does not know it."""
    return ROLE_NAMES.get(role) or role


def name_screen(screen: str) -> str:
    """Return the screen in people's words, or its key when the platform does not know it."""
    return SCREEN_NAMES.get(screen) or screen


def name_choice(outcome: str) -> str:
    """Return a step's choice in people's words, or its code when no screen has such a button."""
    return OUTCOME_NAMES.get(outcome) or outcome
