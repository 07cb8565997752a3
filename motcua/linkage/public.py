"""The face of linkage: the queue of pairs, what stewards say of them, one person as the linked records say."""

from __future__ import annotations

from motcua.linkage.actions.judging import apply_links, judge_pair, unlink_pair
from motcua.linkage.actions.keeping import keep_run
from motcua.linkage.queries.pairs import find_next_pair, get_pair, list_decided, list_own_registers, list_pairs
from motcua.linkage.queries.people import LinkedPerson, build_person, list_members
from motcua.linkage.types import (
    LinkRefused,
    PairChanged,
    PairInfo,
    PairNotFound,
    RunInfo,
    ScoredPair,
    VerdictInfo,
    VerdictRefused,
)

__all__ = [
    "LinkRefused", "LinkedPerson", "PairChanged", "PairInfo", "PairNotFound", "RunInfo", "ScoredPair", "VerdictInfo",
    "VerdictRefused", "apply_links", "build_person", "find_next_pair", "get_pair", "judge_pair", "keep_run",
    "list_decided", "list_members", "list_own_registers", "list_pairs", "unlink_pair",
]  # fmt: skip
