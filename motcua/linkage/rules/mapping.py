"""Which column of a file holds what: the small TOML file beside the data. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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


def guess_mapping(names: Sequence[str]) -> Mapping_:
    """Return the mapping that the usual names of columns suggest, for a file without one."""
    known = {_plain(name): name for name in names}
    columns: dict[str, tuple[str, ...]] = {}
    for role, guesses in _GUESSES.items():
        found = tuple(known[guess] for guess in guesses if guess in known)
        if found:
            columns[role] = found if role in ("personal_id", "address") else found[:1]
    if "full_name" in columns:
        columns = {
            role: each for role, each in columns.items() if role not in ("family_name", "given_name", "middle_name")
        }
    ids = [known[guess] for guess in _ID_GUESSES if guess in known]
    return Mapping_(id=ids[0] if ids else "", columns=columns)


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
    for key, allowed in (("model", MODELS), ("dates", DATE_ORDERS)):
        if data.get(key, allowed[0]) not in allowed:
            raise LinkRefused(N_("tệp ánh xạ: %(key)s phải là một trong %(known)s", key=key, known=", ".join(allowed)))
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


def _plain(name: str) -> str:
    return name.strip().lower()


_ID_GUESSES = ("ma_ban_ghi", "record_id", "rec_id", "unique_id", "uuid", "id")
_GUESSES = {
    "full_name": ("ho_ten", "ho_va_ten", "họ và tên", "full_name", "name"),
    "family_name": ("surname", "family_name", "last_name", "ho"),
    "middle_name": ("middle_name", "dem"),
    "given_name": ("given_name", "first_name", "ten"),
    "birth_on": ("ngay_sinh", "ngày sinh", "birth_on", "dob", "date_of_birth", "birth_date"),
    "sex": ("gioi_tinh", "giới tính", "sex", "gender"),
    "personal_id": ("so_dinh_danh", "so_cccd", "so_giay_to", "personal_id", "so_cmnd", "old_id", "soc_sec_id", "ssn"),
    "phone": ("dien_thoai", "so_dien_thoai", "phone"),
    "email": ("email", "thu_dien_tu"),
    "area_code": ("ma_phuong", "area_code", "ma_xa"),
    "address": ("dia_chi", "address", "street_number", "address_1", "address_2"),
    "city": ("city", "suburb"),
    "region": ("state", "region"),
    "postcode": ("postcode", "zip"),
}
