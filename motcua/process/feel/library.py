"""All built-in functions, registered by importing their chapters. Source: OMG DMN 1.5, 10.3.4."""

from __future__ import annotations

from motcua.process.feel import (
    builtins_context,
    builtins_conversion,
    builtins_list,
    builtins_numeric,
    builtins_range,
    builtins_string,
    builtins_temporal,
)
from motcua.process.feel.registry import BUILTINS

__all__ = [
    "BUILTINS", "builtins_context", "builtins_conversion", "builtins_list", "builtins_numeric", "builtins_range",
    "builtins_string", "builtins_temporal",
]  # fmt: skip
