"""Which column of a file holds what: the small TOML file beside the data. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from motcua.kernel.messages import N_
from motcua.linkage.types import LinkRefused

ROLES = (
    "full_name",
    "family_name",
    "middle_name",
    "given_name",
    "birth_on",
    "sex",
    "personal_id",
    "phone",
    "email",
    "area_code",
    "address",
    "city",
    "region",
    "postcode",
)
DATE_ORDERS = ("auto", "ymd", "dmy", "mdy")
MODELS = ("vietnamese", "general")
_CHOICES = {"model": MODELS, "dates": DATE_ORDERS}
_TEXTS = ("model", "id", "source", "truth", "dates")
_KEYS = {"model", "id", "source", "truth", "dates", "columns", "files", "trust"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping_:  # noqa: N801  `Mapping` is taken
    """How one file is read. `columns`: for each role the file's columns, joined by a blank or (ids) tried in turn."""

    model: str = "vietnamese"
    id: str = ""
    source: str = ""
    truth: str = ""
    dates: str = "auto"
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    guessed: bool = False  # nobody said it: the columns' names suggested it
    trust: int = 0  # the more trusted source's value stands in the golden record


def read_mapping(data: Mapping[str, Any], *, file_name: str = "") -> Mapping_:
    """Return the mapping for a file: the common part, with what `[files."name"]` says instead. Raises: LinkRefused."""
    if unknown := set(data) - _KEYS:
        raise LinkRefused(N_("tệp ánh xạ có khóa lạ: %(keys)s", keys=", ".join(sorted(unknown))))
    own = data.get("files", {})
    if not isinstance(own, Mapping) or not isinstance(own.get(file_name, {}), Mapping):
        raise LinkRefused(N_("phần [files] của tệp ánh xạ phải là các bảng theo tên tệp"))
    merged: dict[str, Any] = {key: value for key, value in data.items() if key != "files"} | dict(
        own.get(file_name, {})
    )
    if isinstance(data.get("columns"), Mapping) and isinstance(own.get(file_name, {}).get("columns"), Mapping):
        merged["columns"] = dict(data["columns"]) | dict(own[file_name]["columns"])
    return _read_one(merged)


def with_columns(found: Mapping_, said: Sequence[str], *, names: Sequence[str]) -> Mapping_:
    """Return the mapping with what `--columns` says instead: ROLE=COLUMN; only columns that the file has count.

    An empty column takes the role away. Raises: LinkRefused for a role that is none.
    """
    roles = dict(found.columns)
    texts = {name: str(getattr(found, name)) for name in _TEXTS}
    for each in said:
        role, equals, column = (part.strip() for part in each.partition("="))
        if not equals or role not in {*ROLES, *_TEXTS}:
            raise LinkRefused(
                N_(
                    "--columns %(said)s không đúng; viết vai_trò=tên_cột, vai trò là một trong: %(known)s",
                    said=each,
                    known=", ".join((*_TEXTS, *ROLES)),
                )
            )
        if role in ("model", "dates"):
            _check_choice(role, column)
            texts[role] = column
        elif column in names or not column:
            texts |= {role: column} if role in _TEXTS else {}
            if role in ROLES:
                roles[role] = tuple(dict.fromkeys([*_said_before(said, each, role, roles), column])) if column else ()
    columns = {role: each for role, each in roles.items() if each}
    return replace(
        found, columns=columns, model=texts["model"], id=texts["id"], source=texts["source"], truth=texts["truth"],
        dates=texts["dates"],
    )  # fmt: skip


def _said_before(said: Sequence[str], each: str, role: str, roles: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the columns that earlier words gave the role: said twice, a role has two columns."""
    earlier = [other for other in said[: list(said).index(each)] if other.partition("=")[0].strip() == role]
    return roles.get(role, ()) if earlier else ()


def _read_one(data: Mapping[str, Any]) -> Mapping_:
    columns = data.get("columns", {})
    if not isinstance(columns, Mapping) or not columns:
        raise LinkRefused(N_('tệp ánh xạ thiếu phần [columns], ví dụ full_name = "ho_ten"'))
    if unknown := set(columns) - set(ROLES):
        raise LinkRefused(
            N_(
                "tệp ánh xạ có vai trò lạ: %(roles)s; dùng: %(known)s",
                roles=", ".join(sorted(unknown)),
                known=", ".join(ROLES),
            )
        )
    for key, allowed in _CHOICES.items():
        _check_choice(key, data.get(key, allowed[0]))
    texts = {key: data.get(key, "") for key in ("id", "source", "truth")}
    trust = data.get("trust", 0)
    if not all(isinstance(each, str) for each in texts.values()) or type(trust) is not int:
        raise LinkRefused(N_("tệp ánh xạ: id, source, truth là tên cột, trust là một số nguyên"))
    return Mapping_(
        **texts,
        model=data.get("model", MODELS[0]),
        dates=data.get("dates", "auto"),
        trust=trust,
        columns={role: _read_columns(role, value) for role, value in columns.items()},
    )


def _read_columns(role: str, value: object) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        raise LinkRefused(N_("tệp ánh xạ: %(role)s phải là tên cột hoặc danh sách tên cột", role=role))
    return tuple(names)


def _check_choice(key: str, value: object) -> None:
    if value not in _CHOICES[key]:
        raise LinkRefused(N_("ánh xạ: %(key)s phải là một trong %(known)s", key=key, known=", ".join(_CHOICES[key])))
