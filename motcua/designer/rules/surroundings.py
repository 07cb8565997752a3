"""What this platform offers to every package, beside what only the database knows (people, register facts)."""

from __future__ import annotations

from collections.abc import Mapping

from motcua.designer.types import Screen, Surroundings

SCREENS: Mapping[str, Screen] = {
    screen.key: screen
    for screen in (
        Screen("dossiers.receive", ("accept", "supplement", "refuse")),
        Screen("dossiers.appraise", ("approve", "reject")),
        Screen("dossiers.sign", ("sign", "return")),
        Screen("dossiers.deliver", ("deliver",)),
    )
}
TOPICS = frozenset({"dossiers.prepare_result", "dossiers.issue_result"})
SENT_BY_PLATFORM = frozenset({"withdraw", "supplement_received"})
ROLES = frozenset({"counter", "specialist", "leader", "city_leader", "operator"})
# Facts that registers answer, with the words by which forms ask for them.
FACTS: Mapping[str, tuple[str, ...]] = {
    "applicant.full_name": ("họ và tên", "họ tên", "họ, chữ đệm, tên"),
    "applicant.personal_id": ("số định danh cá nhân", "số căn cước", "số cccd"),
    "applicant.birth_on": ("ngày sinh", "ngày tháng năm sinh"),
    "applicant.phone": ("số điện thoại", "điện thoại"),
    "applicant.email": ("thư điện tử", "email"),
    "applicant.address": ("nơi ở hiện nay", "nơi cư trú", "nơi thường trú", "địa chỉ thường trú"),
    "organisation.name": ("tên doanh nghiệp", "tên tổ chức"),
    "organisation.tax_code": ("mã số thuế", "mã số doanh nghiệp"),
}


def platform_surroundings(
    *,
    staffed_roles: frozenset[str] | None = None,
    facts: Mapping[str, tuple[str, ...]] | None = None,
    callable_keys: frozenset[str] | None = None,
    extra_topics: frozenset[str] = frozenset(),
    extra_senders: frozenset[str] = frozenset(),
    extra_receivers: frozenset[str] = frozenset(),
) -> Surroundings:
    """Return the surroundings of this platform; what is not handed in is not checked."""
    return Surroundings(
        roles=ROLES,
        staffed_roles=staffed_roles,
        screens=SCREENS,
        topics=TOPICS | extra_topics,
        senders=SENT_BY_PLATFORM | extra_senders,
        receivers=extra_receivers,
        facts=FACTS if facts is None else facts,
        callable_keys=callable_keys,
    )
