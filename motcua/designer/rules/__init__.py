"""What a package must be before it is published, and what a change of it means. Pure: no Django, no clock."""

from motcua.designer.rules.check import check_package
from motcua.designer.rules.diff import diff_packages
from motcua.designer.rules.golden import list_goldens, replay_golden
from motcua.designer.rules.migration_checks import check_element_map, check_migrations
from motcua.designer.rules.simulation import durations_from_history, poisson_arrivals, simulate
from motcua.designer.rules.surroundings import platform_surroundings

__all__ = [
    "check_element_map",
    "check_migrations",
    "check_package",
    "diff_packages",
    "durations_from_history",
    "list_goldens",
    "platform_surroundings",
    "poisson_arrivals",
    "replay_golden",
    "simulate",
]
