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
# What the account itself answers; what registers answer is handed in.
ACCOUNT_FACTS: Mapping[str, tuple[str, ...]] = {
    "applicant.phone": ("số điện thoại", "điện thoại"),
    "applicant.email": ("thư điện tử", "email"),
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
    """Return the surroundings of this platform; what is not handed in is not checked.

    `facts`: what registers answer, with the words by which forms ask for it (the exchange's catalogue).
    """
    return Surroundings(
        roles=ROLES,
        staffed_roles=staffed_roles,
        screens=SCREENS,
        topics=TOPICS | extra_topics,
        senders=SENT_BY_PLATFORM | extra_senders,
        receivers=extra_receivers,
        facts={**ACCOUNT_FACTS, **(facts or {})},
        callable_keys=callable_keys,
    )
