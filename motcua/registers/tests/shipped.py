"""A shipped register as the tests of others hold their rows against it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from motcua.registers.rules.descriptions import read_description, read_quality, read_relations
from motcua.registers.rules.records import compile_check, find_keys, missing_keys

DATA = Path(__file__).resolve().parents[1] / "data"


class Shipped:
    def __init__(self, code: str) -> None:
        folder = DATA / code
        described = read_description((folder / "register.toml").read_bytes(), (folder / "schema.json").read_bytes())
        self._check, self._keys = compile_check(described.schema), described.keys
        self.relations = read_relations(described.content)
        self.quality = read_quality(described.content)
        self.key_names = [key.name for key in described.keys]

    def find_keys(self, row: Mapping[str, Any]) -> Mapping[str, str]:
        return find_keys(self._keys, row)

    def find_faults(self, row: Mapping[str, Any]) -> tuple[object, ...]:
        """Return what the schema or the keys refuse."""
        return (*self._check(row), *missing_keys(self._keys, self.find_keys(row)))


def read_shipped(code: str) -> Shipped:
    return Shipped(code)
