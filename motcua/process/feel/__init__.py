"""The expression language of conditions, mappings and decisions: FEEL of DMN 1.5."""

from motcua.process.feel.errors import FeelError, FeelIssue
from motcua.process.feel.expression import (
    Expression,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
    evaluate_condition,
    literal,
)

__all__ = [
    "Expression", "FeelError", "FeelIssue", "UnaryTests", "compile_expression", "compile_unary_tests",
    "evaluate_condition", "literal",
]  # fmt: skip
