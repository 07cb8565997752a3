"""What a package must be before it is published, and what a change of it means. Pure: no Django, no clock."""

from motcua.designer.rules.check import check_package
from motcua.designer.rules.diff import diff_packages
from motcua.designer.rules.golden import list_goldens, replay_golden
from motcua.designer.rules.surroundings import platform_surroundings

__all__ = ["check_package", "diff_packages", "list_goldens", "platform_surroundings", "replay_golden"]
