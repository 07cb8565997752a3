"""Decision tables: no case without a row, no case with two rows that contradict; exact, by boxes of values."""

from motcua.designer.rules.tables.check import check_decisions

__all__ = ["check_decisions"]
