"""What crosses the boundary of identity: frozen dataclasses, names of roles and kinds, expected failures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from motcua.kernel.errors import DomainError


class UserKind(StrEnum):
    """What an account is."""

    RESIDENT = "resident"
    OFFICIAL = "official"
    SYSTEM = "system"


class Role(StrEnum):
    """What an official does at an agency."""

    COUNTER = "counter"  # cán bộ một cửa
    SPECIALIST = "specialist"  # chuyên viên thụ lý
    LEADER = "leader"  # lãnh đạo cơ quan
    CITY_LEADER = "city_leader"  # lãnh đạo thành phố
    OPERATOR = "operator"  # quản trị hệ thống


class Sex(StrEnum):
    """Sex as written in the civil-status register."""

    MALE = "male"
    FEMALE = "female"


class DelegationGround(StrEnum):
    """Why one person may act for another party."""

    PARENT = "parent"  # cha, mẹ đối với con chưa thành niên
    GUARDIAN = "guardian"  # người giám hộ
    AUTHORISATION = "authorisation"  # văn bản uỷ quyền


class DelegationScope(StrEnum):
    """What the delegate may do."""

    FILE_AND_FOLLOW = "file_and_follow"  # nộp hồ sơ, theo dõi, nhận kết quả


class PartyKind(StrEnum):
    """What an applicant is."""

    PERSON = "person"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held today at one agency."""

    role: str
    agency_id: int


@dataclass(frozen=True, slots=True)
class PartyRef:
    """Pointer to a person or an organisation."""

    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class Party:
    """A person or an organisation as a dossier needs it."""

    ref: PartyRef
    uuid: UUID
    name: str
    identifier: str
    address: str
    area_code: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class PersonInfo:
    """A person with what forms prefill."""

    id: int
    uuid: UUID
    personal_id: str | None
    full_name: str
    birth_on: date | None
    sex: str
    phone: str
    email: str
    address: str
    area_code: str
    user_id: int | None


@dataclass(frozen=True, slots=True)
class OfficialInfo:
    """An official's account."""

    user_id: int
    user_uuid: UUID
    username: str
    full_name: str


@dataclass(frozen=True, slots=True)
class DelegationInfo:
    """A delegation as shown to the parties."""

    uuid: UUID
    grantor: PartyRef
    delegate_person_id: int
    scope: str
    ground: str
    valid_from: date
    valid_to: date | None
    revoked_at: datetime | None
