"""What crosses the boundary of identity: frozen dataclasses, names of roles and kinds, expected failures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from http import HTTPStatus
from uuid import UUID

from motcua.kernel.errors import DomainError


class UserKind(StrEnum):
    """What an account is."""

    RESIDENT = "resident"
    OFFICIAL = "official"
    SYSTEM = "system"


class Role(StrEnum):
    """What an official does at an agency."""

    COUNTER = "counter"  # cán bộ bộ phận Một Cửa
    SPECIALIST = "specialist"  # chuyên viên thụ lý
    LEADER = "leader"  # lãnh đạo cơ quan
    CITY_LEADER = "city_leader"  # lãnh đạo thành phố
    OPERATOR = "operator"  # quản trị hệ thống
    PROCESS_OWNER = "process_owner"  # người thiết kế quy trình
    PROCESS_APPROVER = "process_approver"  # người duyệt quy trình
    DATA_STEWARD = "data_steward"  # người quản lý dữ liệu dùng chung
    DATA_PROTECTION = "data_protection"  # cán bộ bảo vệ dữ liệu cá nhân


class Sex(StrEnum):
    """Sex as written in the civil-status register."""

    MALE = "male"
    FEMALE = "female"


class DelegationGround(StrEnum):
    """Why one person may act for another party."""

    PARENT = "parent"  # cha, mẹ của con chưa thành niên
    GUARDIAN = "guardian"  # người giám hộ
    AUTHORISATION = "authorisation"  # văn bản ủy quyền


class DelegationScope(StrEnum):
    """What the delegate may do."""

    FILE_AND_FOLLOW = "file_and_follow"  # nộp hồ sơ, theo dõi, nhận kết quả


class ConsentAct(StrEnum):
    """What a person did about one purpose."""

    GIVEN = "given"  # đồng ý
    WITHDRAWN = "withdrawn"  # rút lại


class PartyKind(StrEnum):
    """What an applicant is."""

    PERSON = "person"
    ORGANISATION = "organisation"


class SessionEnd(StrEnum):
    """Why a session ended by itself."""

    IDLE = "idle"
    ABSOLUTE = "absolute"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held today at one agency."""

    role: str
    agency_id: int


@dataclass(frozen=True, slots=True)
class Identity:
    """An account with its person and today's roles, as one query finds them."""

    user_id: int
    user_uuid: UUID
    kind: str
    full_name: str
    person_id: int | None
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class SessionState:
    """What a signed-in session remembers about how and when its holder proved who they are."""

    level: int
    started_at: datetime
    seen_at: datetime
    authenticated_at: datetime
    stepped_up_at: datetime | None


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """When a session ends: minutes without a request, hours since sign-in."""

    idle_minutes: int
    absolute_hours: int


@dataclass(frozen=True, slots=True)
class SignIn:
    """How somebody has just proved who they are; becomes the session's state."""

    level: int
    authenticated_at: datetime
    stepped_up_at: datetime | None = None
    id_token: str = ""


@dataclass(frozen=True, slots=True)
class PartyRef:
    """Pointer to a person or an organisation."""

    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class Party:
    """A person or an organisation as a dossier needs it. `identifier`: personal id or tax code, may be empty."""

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

    @property
    def ref(self) -> PartyRef:
        return PartyRef(kind=PartyKind.PERSON, id=self.id)


@dataclass(frozen=True, slots=True)
class OfficialInfo:
    """An official's account with the roles valid on the asked day."""

    user_id: int
    user_uuid: UUID
    username: str
    full_name: str
    grants: tuple[Grant, ...] = ()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentPurpose:
    """A purpose for which consent is the ground, as it is shown to a person: one version of one purpose."""

    code: str
    version: int
    valid_from: date
    title: str
    text: str
    controller: str
    data: str
    kept: str
    legal_ground: str
    sha256: str  # of exactly what is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRecord:
    """One act of consent: kept for ever, never changed."""

    uuid: UUID
    purpose: str
    version: int
    act: str
    at: datetime
    by_name: str
    text_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentState:
    """Where a person stands on one purpose: `is_given` counts only for the text in force."""

    purpose: ConsentPurpose
    is_given: bool
    is_outdated: bool  # given once, to a text that has changed since: it asks anew
    history: tuple[ConsentRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHeld:
    """A role that an account held between two dates, at an agency."""

    user_uuid: UUID
    role: str
    agency_id: int
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class IdentityClaims:
    """What the identity provider says about a person, already mapped to our names."""

    provider: str
    subject: str
    personal_id: str
    full_name: str
    birth_on: date | None = None
    sex: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    area_code: str = ""
    level: int = 1
    authenticated_at: datetime | None = None


class NotAllowed(DomainError):
    """The account is known, but this page is not for it."""

    http_status = HTTPStatus.FORBIDDEN


class NotFound(DomainError):
    """No such person, organisation, official or delegation."""

    http_status = HTTPStatus.NOT_FOUND


class InvalidIdentityData(DomainError):
    """A value about a person or an organisation breaks its format."""

    http_status = HTTPStatus.UNPROCESSABLE_ENTITY


class IdentityTaken(DomainError):
    """The personal id, tax code or user name already belongs to another record."""

    http_status = HTTPStatus.CONFLICT


class SignInRefused(DomainError):
    """The identity provider's answer cannot be accepted."""

    http_status = HTTPStatus.UNAUTHORIZED


class DelegationRefused(DomainError):
    """The law does not know such a representation."""

    http_status = HTTPStatus.UNPROCESSABLE_ENTITY


class ConsentRefused(DomainError):
    """There is no such purpose, or its text has changed since it was shown."""

    http_status = HTTPStatus.CONFLICT
