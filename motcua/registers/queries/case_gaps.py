"""Which registers a finished case could not be written to, because what makes their key was not entered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from motcua.registers.models import Register
from motcua.registers.queries.registers import get_register
from motcua.registers.rules.case_rules import CaseRule, CaseRules, Saying, read_case_rules, work_out
from motcua.registers.rules.records import find_keys
from motcua.registers.types import RegisterInfo

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # when it is said has no part in what is missing


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyGap:
    """A register that cannot be told, and which lines of the result (`result.…`) would make its key."""

    register: str
    register_name: str
    inputs: tuple[str, ...]


@lru_cache(maxsize=256)
def read_rules(content: bytes) -> CaseRules:
    """Return the rules of a `records.toml`, read once a process. Raises: RegisterInvalid."""
    return read_case_rules(content)


def find_key_gaps(content: bytes, *, context: Mapping[str, Any]) -> tuple[KeyGap, ...]:
    """Return what would wait for a steward if the result were issued as entered so far; nothing is read of records.

    Shape of the context: as of apply_case_rules. Raises: RegisterInvalid for rules that cannot be read.
    """
    rules = read_rules(content)
    told = Register.objects.filter(code__in={rule.register for rule in rules.rules}).values_list("code", flat=True)
    infos = {code: get_register(code) for code in told.order_by("code")}
    entered = context.get("result", {})
    gaps = [
        KeyGap(register=saying.register, register_name=infos[saying.register].name, inputs=inputs)
        for saying in work_out(rules, {**context, "known": {}}, issued_at=_ANY_TIME)
        if saying.register in infos
        and (inputs := _find_blank(rules, saying, infos[saying.register], entered))
    ]  # fmt: skip
    return tuple(dict.fromkeys(gaps))


def _find_blank(rules: CaseRules, saying: Saying, info: RegisterInfo, entered: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the blank lines of the result without which this saying names no record."""
    if find_keys(info.keys, saying.fields):
        return ()
    rule: CaseRule = rules.rules[int(saying.rule.partition(".")[0]) - 1]
    read = [
        path[1]
        for key in info.keys
        for name in key.fields
        if name in rule.fields
        for path in sorted(rule.fields[name].paths)
        if path[0] == "result" and len(path) > 1
    ]
    return tuple(dict.fromkeys(name for name in read if not entered.get(name)))
