"""What changed between two versions of a package, in the words of those who decide; never lines of XML."""

from motcua.designer.rules.diff.packages import diff_packages

__all__ = ["diff_packages"]
