"""A dossier as a package: how we write one for another front door, and how we read theirs. Pure.

Reading loses nothing and guesses nothing: what cannot be read, or stands where nothing is known to stand, becomes a
problem that a person sees. Only a package without its own code, or that is no JSON object at all, is no package.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from motcua.kernel.clock import HCM
from motcua.kernel.codes import check_personal_id
from motcua.kernel.messages import N_
from motcua.kernel.text import clean_line
from motcua.national.rules.wire import AnswerBroken, format_stamp, parse_stamp
from motcua.national.types import Package, PackageFile, PackageParty, PackageUnreadable, Reason

MAX_BYTES: Final = 30 * 1024 * 1024
MAX_FILES: Final = 60
MAX_ANSWERS: Final = 500
MAX_CODE: Final = 80
MAX_TEXT: Final = 500
VERSION: Final = "1"
PARTY_KINDS: Final = {"0": "person", "1": "organisation", "2": "household"}
RESULT_WAYS: Final = {"1": "counter", "2": "online", "3": "post"}
_NAMES: Final = frozenset({
    "PhienBan", "Loai", "MaHoSoQuocGia", "MaTTHC", "ThoiDiemTiepNhan", "DonViTiepNhan", "TraKetQua", "ChuHoSo",
    "NguoiNop", "ToKhai", "TepDinhKem",
})  # fmt: skip
_PARTY_NAMES: Final = frozenset({
    "Loai", "HoTen", "SoDinhDanh", "NgaySinh", "GioiTinh", "DienThoai", "Email", "DiaChi", "MaPhuongXa", "MaSoThue",
    "TenToChuc",
})  # fmt: skip
_FILE_NAMES: Final = frozenset({"MaGiayTo", "TenTep", "LoaiTep", "MaBam", "NoiDung"})
_SEXES: Final = {"1": "male", "2": "female"}


class _Notes:
    """Problems found so far."""

    def __init__(self) -> None:
        self.found: list[Reason] = []

    def add(self, code: str, field: str, says: str) -> None:
        self.found.append(Reason(code, field[:200], says))


def write_package(package: Package) -> bytes:
    """Return the bytes of a package, the same for the same content."""
    party = package.applicant
    content = {
        "PhienBan": VERSION,
        "Loai": package.kind,
        "MaHoSoQuocGia": package.national_code,
        "MaTTHC": package.procedure_code,
        "ThoiDiemTiepNhan": format_stamp(package.filed_at),
        "DonViTiepNhan": package.agency_code,
        "TraKetQua": _find_key(RESULT_WAYS, package.result_channel),
        "ChuHoSo": _drop_empty({
            "Loai": _find_key(PARTY_KINDS, party.kind),
            "HoTen": party.name,
            "SoDinhDanh": party.identifier,
            "NgaySinh": f"{party.birth_on:%Y%m%d}" if party.birth_on else "",
            "GioiTinh": _find_key(_SEXES, party.sex),
            "DienThoai": party.phone,
            "Email": party.email,
            "DiaChi": party.address,
            "MaPhuongXa": party.area_code,
            "MaSoThue": party.tax_code,
            "TenToChuc": party.organisation_name,
        }),
        "NguoiNop": package.submitter_name,
        "ToKhai": dict(package.answers),
        "TepDinhKem": [
            {
                "MaGiayTo": file.paper,
                "TenTep": file.name,
                "LoaiTep": file.media_type,
                "MaBam": file.sha256,
                "NoiDung": base64.b64encode(file.content).decode(),
            }
            for file in package.files
        ],
    }  # fmt: skip
    return json.dumps(_drop_empty(content), ensure_ascii=False, sort_keys=True).encode()


def read_package(content: bytes) -> Package:
    """Read a package. What is wrong inside it stands in `problems`. Raises: PackageUnreadable when it is none."""
    if len(content) > MAX_BYTES:
        raise PackageUnreadable(N_("Gói hồ sơ quá lớn (tối đa 30 MB)."))
    try:
        said = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise PackageUnreadable(N_("Gói hồ sơ không phải JSON đọc được.")) from error
    if not isinstance(said, dict):
        raise PackageUnreadable(N_("Gói hồ sơ không phải một đối tượng JSON."))
    code = said.get("MaHoSoQuocGia")
    if not isinstance(code, str) or not clean_line(code) or len(code) > MAX_CODE:
        raise PackageUnreadable(N_("Gói hồ sơ không có mã hồ sơ quốc gia."))
    notes = _Notes()
    for name in sorted(said.keys() - _NAMES):
        notes.add("unknown_part", name, _unknown_part(name))
    if said.get("PhienBan") != VERSION:
        notes.add("unknown_version", "PhienBan", N_("Phiên bản của gói hồ sơ chưa được biết; cần người xem."))
    return Package(
        national_code=clean_line(code).upper(),
        procedure_code=_read_text(said, "MaTTHC", notes, is_needed=True),
        filed_at=_read_moment(said, notes),
        applicant=_read_party(said.get("ChuHoSo"), notes),
        answers=_read_answers(said.get("ToKhai"), notes),
        files=_read_files(said.get("TepDinhKem", []), notes),
        submitter_name=_read_text(said, "NguoiNop", notes),
        agency_code=_read_text(said, "DonViTiepNhan", notes),
        result_channel=_read_code(said.get("TraKetQua", "2"), RESULT_WAYS, "TraKetQua", notes) or "online",
        kind=_read_text(said, "Loai", notes) or "dossier",
        problems=tuple(notes.found),
    )


def _read_text(said: Mapping[str, Any], name: str, notes: _Notes, *, is_needed: bool = False) -> str:
    value = said.get(name)
    if value in (None, ""):
        if is_needed:
            notes.add("missing", name, N_("Gói hồ sơ thiếu “%(name)s”.", name=name))
        return ""
    if not isinstance(value, str) or len(value) > MAX_TEXT or "\x00" in value:
        notes.add("unreadable", name, N_("“%(name)s” trong gói hồ sơ không phải chữ đọc được.", name=name))
        return ""
    return clean_line(value)


def _read_moment(said: Mapping[str, Any], notes: _Notes) -> datetime:
    try:
        found = parse_stamp(said.get("ThoiDiemTiepNhan"))
        if not 2019 <= found.year <= 2100:
            raise AnswerBroken("out of range")
    except AnswerBroken:
        notes.add("no_moment", "ThoiDiemTiepNhan", N_("Gói hồ sơ không ghi rõ lúc Cổng quốc gia tiếp nhận."))
        return datetime(2019, 1, 1, tzinfo=HCM)
    return found


def _read_code(value: object, codes: Mapping[str, str], name: str, notes: _Notes) -> str:
    found = codes.get(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else None
    if found is None:
        shown = str(value)[:40]
        notes.add("unknown_code", name, N_("Mã “%(code)s” của “%(name)s” chưa được biết.", code=shown, name=name))
        return ""
    return found


def _read_party(value: object, notes: _Notes) -> PackageParty:
    if not isinstance(value, dict):
        notes.add("missing", "ChuHoSo", N_("Gói hồ sơ không ghi ai đứng tên."))
        return PackageParty(kind="person", name="", identifier="")
    for name in sorted(value.keys() - _PARTY_NAMES):
        notes.add("unknown_part", f"ChuHoSo.{name}", _unknown_part(name))
    kind = _read_code(value.get("Loai"), PARTY_KINDS, "ChuHoSo.Loai", notes) or "person"
    party = PackageParty(
        kind=kind,
        name=_read_text(value, "HoTen", notes, is_needed=True),
        identifier=_read_text(value, "SoDinhDanh", notes, is_needed=kind == "person"),
        birth_on=_read_day(value.get("NgaySinh"), notes),
        sex=_read_code(value["GioiTinh"], _SEXES, "ChuHoSo.GioiTinh", notes) if value.get("GioiTinh") else "",
        phone=_read_text(value, "DienThoai", notes),
        email=_read_text(value, "Email", notes),
        address=_read_text(value, "DiaChi", notes),
        area_code=_read_text(value, "MaPhuongXa", notes),
        tax_code=_read_text(value, "MaSoThue", notes, is_needed=kind == "organisation"),
        organisation_name=_read_text(value, "TenToChuc", notes, is_needed=kind == "organisation"),
    )
    checked = check_personal_id(party.identifier) if party.identifier else None
    if checked is not None and not checked.ok:
        notes.add("bad_identifier", "ChuHoSo.SoDinhDanh", checked.message)
    return party


def _read_day(value: object, notes: _Notes) -> date | None:
    if value in (None, ""):
        return None
    try:
        if not (isinstance(value, str) and len(value) == 8 and value.isascii() and value.isdigit()):
            raise ValueError("no day")
        return date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        notes.add("unreadable", "ChuHoSo.NgaySinh", N_("Ngày sinh trong gói hồ sơ không phải ngày có thật."))
        return None


def _read_answers(value: object, notes: _Notes) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        notes.add("unreadable", "ToKhai", N_("Tờ khai trong gói hồ sơ không đọc được."))
        return {}
    if len(value) > MAX_ANSWERS:
        notes.add("too_many", "ToKhai", N_("Tờ khai có quá nhiều mục."))
    return dict(list(value.items())[:MAX_ANSWERS])


def _read_files(value: object, notes: _Notes) -> tuple[PackageFile, ...]:
    if not isinstance(value, list):
        notes.add("unreadable", "TepDinhKem", N_("Danh sách tệp đính kèm không đọc được."))
        return ()
    if len(value) > MAX_FILES:
        notes.add("too_many", "TepDinhKem", N_("Gói hồ sơ có quá nhiều tệp; chỉ %(limit)s tệp đầu được đọc, gói gốc "
                                               "vẫn giữ đủ.", limit=MAX_FILES))  # fmt: skip
    found = [_read_file(each, number, notes) for number, each in enumerate(value[:MAX_FILES], start=1)]
    return tuple(each for each in found if each is not None)


def _read_file(value: object, number: int, notes: _Notes) -> PackageFile | None:
    field = f"TepDinhKem.{number}"
    if not isinstance(value, dict):
        notes.add("unreadable", field, N_("Tệp thứ %(number)s trong gói không đọc được.", number=number))
        return None
    for name in sorted(value.keys() - _FILE_NAMES):
        notes.add("unknown_part", f"{field}.{name}", _unknown_part(name))
    name = _read_text(value, "TenTep", notes, is_needed=True)
    try:
        content = base64.b64decode(str(value.get("NoiDung", "")), validate=True)
    except (ValueError, binascii.Error):
        content = b""
    sha256 = hashlib.sha256(content).hexdigest()
    if not content or value.get("MaBam") != sha256:
        says = N_("Tệp “%(name)s” không nguyên vẹn; hãy yêu cầu gửi lại gói.", name=name or str(number))
        notes.add("file_damaged", field, says)
        return None
    return PackageFile(
        paper=_read_text(value, "MaGiayTo", notes, is_needed=True),
        name=name or f"tep-{number}",
        media_type=_read_text(value, "LoaiTep", notes),
        sha256=sha256,
        content=content,
    )


def _unknown_part(name: str) -> str:
    return N_("Gói hồ sơ có phần “%(name)s” mà ta chưa biết.", name=name[:80])


def _find_key(codes: Mapping[str, str], value: str) -> str:
    return next((key for key, each in codes.items() if each == value), "")


def _drop_empty(content: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if value not in ("", None, [], {})}
