"""A register's description: read from its TOML, whole or refused with what is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from motcua.kernel.messages import N_
from motcua.process.feel import Expression, FeelError, compile_expression
from motcua.registers.rules.records import compile_check
from motcua.registers.rules.upgrades import Step, read_steps
from motcua.registers.types import KeyInfo, LinkInfo, RegisterInvalid, Relation

_TEXTS = ("code", "name", "owner", "steward", "sensitivity", "legal_ground", "retention")


@dataclass(frozen=True, slots=True)
class QualityRule:
    """What should hold of a record; that it does not is a figure, not a refusal."""

    code: str
    field: str
    message: str
    holds: Expression


@dataclass(frozen=True, slots=True)
class Description:
    """A register as described: `content` is the TOML as data, `schema` the JSON Schema of its records."""

    code: str
    name: str
    version: int
    content: Mapping[str, Any]
    schema: Mapping[str, Any]

    @property
    def keys(self) -> tuple[KeyInfo, ...]:
        return read_keys(self.content)

    @property
    def steps(self) -> tuple[Step, ...]:
        return read_steps(self.content, version=self.version)


@lru_cache(maxsize=64)  # what ships with the product is read again at every start of a city
def read_description(toml: bytes, schema: bytes) -> Description:
    """Read and check a description. Raises: RegisterInvalid."""
    try:
        content = tomllib.loads(toml.decode())
        shape = orjson.loads(schema)
    except (ValueError, UnicodeDecodeError) as error:
        raise RegisterInvalid(str(error)[:200]) from error
    return check_description(content, shape)


def check_description(content: Mapping[str, Any], shape: Mapping[str, Any]) -> Description:
    """Return a description that holds together. Raises: RegisterInvalid."""
    missing = [name for name in _TEXTS if not isinstance(content.get(name), str) or not content[name]]
    if missing or not isinstance(content.get("version"), int):
        raise RegisterInvalid(N_("thiếu %(fields)s", fields=", ".join(missing) or "version"))
    compile_check(shape)
    fields = shape.get("properties", {})
    named = {each.name: each.fields for each in read_keys(content)}
    named |= {each.name: each.fields for each in read_links(content)}
    for name, parts in named.items():
        unknown = [field for field in parts if field.partition(".")[0] not in fields]
        if unknown:
            raise RegisterInvalid(N_("khóa %(key)s dùng trường không có: %(fields)s", key=name, fields=unknown))
    if strangers := [name for name in read_subject_keys(content) if name not in named]:
        raise RegisterInvalid(N_("khóa %(key)s không có trong sổ", key=", ".join(strangers)))
    read_quality(content)
    read_steps(content, version=content["version"])
    return Description(content["code"], content["name"], content["version"], content, shape)


def read_keys(content: Mapping[str, Any]) -> tuple[KeyInfo, ...]:
    return tuple(
        KeyInfo(name=key["name"], fields=tuple(key["fields"]), is_required=bool(key.get("is_required", False)))
        for key in content.get("keys", ())
    )


def read_links(content: Mapping[str, Any]) -> tuple[LinkInfo, ...]:
    return tuple(
        LinkInfo(name=link["name"], fields=tuple(link["fields"]), is_joined=bool(link.get("is_joined", False)))
        for link in content.get("links", ())
    )


def read_subject_keys(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the keys and links that name those whose data a record is; none when it is nobody's."""
    names = [content.get("subject_key", ""), *content.get("subject_keys", ())]
    return tuple(dict.fromkeys(name for name in names if name))


def read_relations(content: Mapping[str, Any]) -> tuple[Relation, ...]:
    return tuple(Relation(**relation) for relation in content.get("relations", ()))


def read_quality(content: Mapping[str, Any]) -> tuple[QualityRule, ...]:
    """Return the quality rules, compiled. Raises: RegisterInvalid for one that cannot be read."""
    rules = []
    for rule in content.get("quality", ()):
        try:
            holds = compile_expression(rule["holds"])
        except FeelError as error:
            raise RegisterInvalid(N_("quy tắc %(rule)s không đọc được", rule=rule["code"])) from error
        rules.append(QualityRule(rule["code"], rule.get("field", ""), rule["message"], holds))
    return tuple(rules)
