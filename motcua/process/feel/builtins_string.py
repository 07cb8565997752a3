"""Functions on texts. Source: OMG DMN 1.5, 10.3.4.3 (string functions)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from motcua.process.feel import patterns
from motcua.process.feel.operators import MAX_TEXT
from motcua.process.feel.registry import builtin
from motcua.process.feel.run import Run


@builtin("substring", "string: string, start position: number, length: number?")
def _substring(text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    """Count from 1, or from the end when negative; a start outside of the text is outside of the domain: null."""
    if abs(start) < 1 or abs(start) >= len(text) + 1 or (length is not None and length < 1):
        return None
    first = int(start)
    begin = first - 1 if first > 0 else len(text) + first
    end = len(text) if length is None else begin + int(min(length, Decimal(MAX_TEXT)))
    return text[begin:end]


@builtin("string length", "string: string")
def _string_length(text: str) -> Decimal:
    return Decimal(len(text))


@builtin("upper case", "string: string")
def _upper_case(text: str) -> str:
    return text.upper()


@builtin("lower case", "string: string")
def _lower_case(text: str) -> str:
    return text.lower()


@builtin("substring before", "string: string, match: string")
def _substring_before(text: str, match: str) -> str:
    return text.partition(match)[0] if match and match in text else ""


@builtin("substring after", "string: string, match: string")
def _substring_after(text: str, match: str) -> str:
    if not match:
        return text
    return text.partition(match)[2]


@builtin("contains", "string: string, match: string")
def _contains(text: str, match: str) -> bool:
    return match in text


@builtin("starts with", "string: string, match: string")
def _starts_with(text: str, match: str) -> bool:
    return text.startswith(match)


@builtin("ends with", "string: string, match: string")
def _ends_with(text: str, match: str) -> bool:
    return text.endswith(match)


@builtin("matches", "input: string, pattern: string, flags: string?", needs_run=True)
def _matches(run: Run, text: str, pattern: str, flags: str | None = None) -> bool | None:
    compiled = patterns.compile_pattern(pattern, flags or "")
    return None if compiled is None else compiled.search(text, run)


@builtin("replace", "input: string, pattern: string, replacement: string, flags: string?", needs_run=True)
def _replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    compiled = patterns.compile_pattern(pattern, flags or "")
    return None if compiled is None else compiled.replace(text, replacement, run)


@builtin("split", "string: string, delimiter: string", needs_run=True)
def _split(run: Run, text: str, delimiter: str) -> list[str] | None:
    compiled = patterns.compile_pattern(delimiter, "")
    return None if compiled is None else compiled.split(text, run)


@builtin("string join", "list: list, delimiter: string?")
def _string_join(items: list[Any], delimiter: str | None = None) -> str | None:
    kept = [item for item in items if item is not None]
    if not all(isinstance(item, str) for item in kept):
        return None
    joint = delimiter or ""
    if sum(map(len, kept)) + len(joint) * len(kept) > MAX_TEXT:
        return None
    return joint.join(kept)
