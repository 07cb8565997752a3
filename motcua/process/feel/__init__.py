"""The expression language of conditions and mappings: a safe subset of FEEL."""

from motcua.process.feel.compiler import Expression, compile_expression, evaluate_condition, literal
from motcua.process.feel.lexer import FeelError

__all__ = ["Expression", "FeelError", "compile_expression", "evaluate_condition", "literal"]
