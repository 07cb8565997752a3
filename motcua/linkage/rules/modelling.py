"""The model: how often each level is met among pairs of one person (m) and of two (u), frozen in a file. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from motcua.kernel.messages import N_
from motcua.linkage.rules.comparing import (
    BLOCKS,
    COMPARISONS,
    FREQUENT,
    FREQUENT_LEVELS,
    NULL,
    SMALL,
    SMALL_BLOCKS,
    Level,
)
from motcua.linkage.types import LinkRefused

Rates = Mapping[str, Mapping[str, tuple[float, float]]]  # comparison → level → (m, u)
_RAREST = 2e-6  # no term counts as rarer: a slip makes any name unique
LEAST = 1e-7
TWICE_IN_ONE = 0.02  # in one register hardly anybody stands twice; the sample's sources hold the same people on purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A trained model. Unit: weights are bits, log2 of the odds that the two records are one person."""

    kind: str
    matches_per_record: float
    link_weight: float  # pairs from here on are linked
    bridge_weight: float  # a pair that alone holds two groups together must reach this
    review_weight: float  # pairs from here on, not linked, are shown to a person
    comparisons: tuple[Mapping[str, Any], ...]
    blocks: tuple[str, ...]
    small_blocks: tuple[str, ...]
    trained: Mapping[str, Any]
    sha256: str

    def settings(self, *, records: int) -> dict[str, Any]:
        """Return Splink's settings for so many records: the more there are, the less likely any two are one."""
        return {
            "link_type": "dedupe_only",
            "unique_id_column_name": "unique_id",
            "comparisons": [dict(each) for each in self.comparisons],
            "blocking_rules_to_generate_predictions": [{"blocking_rule": rule} for rule in self._blocks_for(records)],
            "probability_two_random_records_match": prior(self.matches_per_record, records),
            "retain_matching_columns": False,
            "retain_intermediate_calculation_columns": False,
        }

    def _blocks_for(self, records: int) -> tuple[str, ...]:
        return self.blocks + self.small_blocks if records <= SMALL else self.blocks

    def level_codes(self, comparison: str) -> dict[int, str]:
        """Return the code of each level by the number that Splink gives it (-1: not comparable)."""
        levels = COMPARISONS[self.kind][comparison]
        return {number_of(levels, code): code for code, _sql in levels}


def for_one_register(model: Model) -> Model:
    """Return the model for a register held against itself: two of its records are one person far less often."""
    return replace(model, matches_per_record=min(model.matches_per_record, TWICE_IN_ONE))


def prior(matches_per_record: float, records: int) -> float:
    """Return how likely two records drawn at random are one person."""
    return min(max(matches_per_record / max(records - 1, 1), 1e-12), 0.5)


def number_of(levels: tuple[Level, ...], code: str) -> int:
    """Return Splink's number for a level: the else level is 0, the strongest the highest, the null level -1."""
    if code == NULL:
        return -1
    codes = [each for each, _sql in levels if each != NULL]
    return len(codes) - 1 - codes.index(code)


def level_case(levels: tuple[Level, ...]) -> str:
    """Return the SQL of a level's number; the sides' columns end in _l and _r."""
    whens = " ".join(f"WHEN {sql} THEN {number_of(levels, code)}" for code, sql in levels if sql != "ELSE")
    return f"CASE {whens} ELSE 0 END"


def build_comparisons(kind: str, rates: Rates | None = None) -> list[dict[str, Any]]:
    """Return Splink's comparisons of a kind of model, with the rates when they are known."""
    return [
        {
            "output_column_name": name,
            "comparison_levels": [_build_level(name, level, (rates or {}).get(name, {})) for level in levels],
        }
        for name, levels in COMPARISONS[kind].items()
    ]


def build_blocks(rules: Sequence[Sequence[str]]) -> list[str]:
    """Return as SQL the rules that choose the pairs to look at."""
    return [" AND ".join(f"l.{column} = r.{column}" for column in rule) for rule in rules]


def _build_level(name: str, level: Level, rates: Mapping[str, tuple[float, float]]) -> dict[str, Any]:
    code, sql = level
    built: dict[str, Any] = {"sql_condition": sql, "label_for_charts": code}
    if code == NULL:
        return built | {"is_null_level": True}
    if code in rates:
        built["m_probability"], built["u_probability"] = rates[code]
        if name in FREQUENT and code in FREQUENT_LEVELS:
            built |= {
                "tf_adjustment_column": FREQUENT[name],
                "tf_adjustment_weight": 1.0,
                "tf_minimum_u_value": _RAREST,
                "disable_tf_exact_match_detection": True,
            }
    return built


def write_model(
    kind: str,
    rates: Rates,
    *,
    matches_per_record: float,
    weights: tuple[float, float, float],
    trained: Mapping[str, Any],
) -> str:
    """Return the file of a model: everything that scoring needs, conditions included."""
    link, bridge, review = weights
    return json.dumps(
        {
            "kind": kind,
            "matches_per_record": matches_per_record,
            "link_weight": link,
            "bridge_weight": bridge,
            "review_weight": review,
            "trained": dict(trained),
            "blocks": build_blocks(BLOCKS[kind]),
            "small_blocks": build_blocks(SMALL_BLOCKS[kind]),
            "comparisons": build_comparisons(kind, rates),
        },
        ensure_ascii=False,
        indent=1,
        sort_keys=True,
    )


def read_model(text: str) -> Model:
    """Read a model's file. Raises: LinkRefused for one that is damaged or of another kind of comparisons."""
    try:
        data = json.loads(text)
        model = Model(
            kind=data["kind"],
            matches_per_record=float(data["matches_per_record"]),
            link_weight=float(data["link_weight"]),
            bridge_weight=float(data["bridge_weight"]),
            review_weight=float(data["review_weight"]),
            comparisons=tuple(data["comparisons"]),
            blocks=tuple(data["blocks"]),
            small_blocks=tuple(data["small_blocks"]),
            trained=data["trained"],
            sha256=sha256(text.encode()).hexdigest(),
        )
        fitting = [
            (
                each["output_column_name"],
                [(level["label_for_charts"], level["sql_condition"]) for level in each["comparison_levels"]],
            )
            for each in model.comparisons
        ]
        known = [(name, list(levels)) for name, levels in COMPARISONS[model.kind].items()]
    except (ValueError, KeyError, TypeError) as error:
        raise LinkRefused(N_("tệp mô hình không đọc được; hãy dùng tệp do train_linkage ghi")) from error
    if fitting != known:
        raise LinkRefused(N_("tệp mô hình thuộc bản cũ của các phép so; hãy huấn luyện lại bằng train_linkage"))
    return model


def smooth(m_counts: Mapping[str, float], u_counts: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Return rates from counts by level, none of them zero: what was not seen in a sample is rare, not impossible."""
    m_total, u_total = sum(m_counts.values()), sum(u_counts.values())
    return {
        code: (
            max((m_counts[code] + 0.5) / (m_total + 0.5 * len(m_counts)), LEAST),
            max((u_counts.get(code, 0.0) + 0.5) / (u_total + 0.5 * len(m_counts)), LEAST),
        )
        for code in m_counts
    }


def weight_of(m: float, u: float) -> float:
    """Return the bits that a level adds."""
    return math.log2(m / u)
