"""What a file's columns hold, guessed from their names and a look at their values. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from motcua.kernel.text import fold
from motcua.linkage.rules.mapping import Mapping_

_COMMON_FAMILIES = (
    " nguyen tran le pham huynh hoang phan vo vu dang bui do ho ngo duong ly dinh truong lam mai doan luu trinh ha "
)
_VIETNAMESE_AT_LEAST = 0.3  # of the names: three of four Vietnamese bear one of these family names
_LATE = re.compile(r"^\D*(\d{1,2})\D+(\d{1,2})\D+(\d{4}|\d{2})\D*$")
_SIGNS = re.compile(r"[^a-z0-9]")
_WESTERN_ONLY = ("postcode", "region", "city")
_SEVERAL = ("personal_id", "address", "phone")  # roles that more than one column may fill


def guess_mapping(names: Sequence[str]) -> Mapping_:
    """Return the mapping that the names of columns suggest, whatever their case, marks and signs between words."""
    known: dict[str, str] = {}
    for name in names:
        known.setdefault(_SIGNS.sub("", fold(name)), name)
    columns: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    for role, guesses in _GUESSES.items():
        found = [known[each] for each in guesses.split() if each in known and known[each] not in taken]
        found = found if role in _SEVERAL else found[:1]
        if found:
            columns[role] = tuple(found)
            taken.update(found)
    if "full_name" in columns:
        columns = {role: each for role, each in columns.items() if not role.endswith("_name") or role == "full_name"}
    own, truth = (next((known[each] for each in guesses.split() if each in known), "") for guesses in (_IDS, _TRUTHS))
    return Mapping_(id=own, truth=truth, columns=columns, guessed=True)


def guess_model(found: Mapping_, names: Sequence[str]) -> str:
    """Return which model fits people of these names. `names`: some full names as they came."""
    words = [words for name in names if (words := fold(name).split())]
    if not words:
        return "general" if any(role in found.columns for role in _WESTERN_ONLY) else "vietnamese"
    common = sum(any(f" {each[place]} " in _COMMON_FAMILIES for place in (0, -1)) for each in words)
    return "vietnamese" if common >= _VIETNAMESE_AT_LEAST * len(words) else "general"


def guess_dates(values: Sequence[str]) -> str:
    """Return the order of day and month where some dates can be read in one way only; else auto (day first)."""
    first = second = 0
    for value in values:
        if match := _LATE.match(value):
            first += 12 < int(match[1]) <= 31
            second += 12 < int(match[2]) <= 31
    return "mdy" if second > 2 * first else "auto"


_IDS = "mabanghi recordid recid uniqueid uuid id maso mahoso stt rowid"
_TRUTHS = "cluster clusterid truecluster trueid truth entityid nguoithat suthat"
_GUESSES: Mapping[str, str] = {
    "full_name": "hoten hovaten hotenday hodemten hotennguoidan tendaydu fullname name tencongdan tennguoi",
    "family_name": "surname familyname lastname lname ho",
    "middle_name": "middlename dem tendem hodem chulot tenlot",
    "given_name": "givenname firstname fname forename ten",
    "birth_on": "ngaysinh ngaythangnamsinh namsinh ntns sinhngay birthon dob dateofbirth birthdate birthday",
    "sex": "gioitinh gioi sex gender phai",
    "personal_id": "sodinhdanh sodinhdanhcanhan madinhdanh socccd cccd cancuoc socancuoc socancuoccongdan sogiayto"
    " sohieugiayto cccdcmnd cmndcccd socccdcmnd socmndcccd personalid nationalid socmnd cmnd cmndcu socmndcu oldid"
    " socsecid ssn nationalinsuranceno",
    "phone": "dienthoai sodienthoai sdt dtdd didong phone phonenumber mobile telephone",
    "email": "email thudientu emailaddress",
    "area_code": "maphuong maphuongxa maxa maxaphuong madvhc areacode wardcode",
    "address": "diachi diachithuongtru noithuongtru noiohientai diachihientai choohientai thuongtru address"
    " streetnumber address1 address2 street",
    "city": "city suburb town thanhpho tinhthanh",
    "region": "state region county",
    "postcode": "postcode zip zipcode postalcode postcodefake",
}
