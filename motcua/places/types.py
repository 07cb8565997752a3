"""What places hands out, and what it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_

Share = Literal["whole", "part"]
ResolutionStatus = Literal["same", "one", "several", "unknown"]


@dataclass(frozen=True, slots=True)
class AreaInfo:
    """One administrative unit under one name. `valid_from` None: since before the sources begin."""

    uuid: UUID
    code: str
    name: str
    kind: str
    parent_code: str
    parent_name: str
    valid_from: date | None
    valid_to: date | None

    @property
    def full_name(self) -> str:
        """The name with its parent: 'Phường Bến Thành, Thành phố Hồ Chí Minh'."""
        return f"{self.name}, {self.parent_name}" if self.parent_name else self.name


@dataclass(frozen=True, slots=True)
class AreaCandidate:
    """One unit that an old code or name may mean now, and why: `from_area` went to it wholly or in part."""

    area: AreaInfo
    from_area: AreaInfo | None
    share: Share


@dataclass(frozen=True, slots=True)
class AreaResolution:
    """What a code or name means on a day.

    same: it is a unit of that day; one: exactly one unit took it over; several: ask the person; unknown: no such unit.
    """

    status: ResolutionStatus
    candidates: tuple[AreaCandidate, ...]

    @property
    def area(self) -> AreaInfo | None:
        """The one answer, when there is one."""
        return self.candidates[0].area if self.status in ("same", "one") else None


@dataclass(frozen=True, slots=True)
class AgencyInfo:
    """One office of the State."""

    id: int
    uuid: UUID
    code: str
    name: str
    short_name: str
    kind: str
    level: str
    area_code: str
    address: str
    phone: str
    calendar_code: str
    parent_id: int | None
    valid_from: date
    valid_to: date | None
    successor_id: int | None


AGENCY_KINDS: Mapping[str, str] = {
    "people_committee": N_("Ủy ban nhân dân"),
    "police": N_("Công an"),
    "department": N_("Sở, ban, ngành"),
    "service_centre": N_("Trung tâm phục vụ hành chính công"),
    "tax": N_("Cơ quan thuế"),
    "other": N_("Cơ quan khác"),
}
AGENCY_LEVELS: Mapping[str, str] = {
    "ministry": N_("Bộ, ngành"),
    "city": N_("Thành phố"),
    "commune": N_("Phường, xã, đặc khu"),
}


@dataclass(frozen=True, slots=True)
class FormerName:
    """What an office was called before a day."""

    name: str
    short_name: str
    until: date


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load of area tables read, changed and could not place. Problems are Vietnamese sentences."""

    rows_read: int
    areas_created: int
    areas_changed: int
    areas_unchanged: int
    links_created: int
    links_unchanged: int
    problems: tuple[str, ...]

    @property
    def is_changed(self) -> bool:
        """True when anything was written."""
        return bool(self.areas_created or self.areas_changed or self.links_created)


class AreaNotFound(DomainError):
    """No unit has this code on this day."""

    http_status = 404

    def __init__(self, code: str) -> None:
        super().__init__(
            "places.area_not_found",
            N_(
                "Không có đơn vị hành chính mang mã %(code)s vào ngày này; hãy kiểm tra lại mã hoặc chọn theo tên.",
                code=code,
            ),
        )


class AgencyNotFound(DomainError):
    """No office has this id or code."""

    http_status = 404

    def __init__(self, key: object) -> None:
        super().__init__(
            "places.agency_not_found",
            N_("Không tìm thấy cơ quan %(key)s; hãy kiểm tra lại mã định danh cơ quan.", key=key),
        )


class CalendarNotFound(DomainError):
    """No working calendar has this code."""

    http_status = 404

    def __init__(self, code: str) -> None:
        super().__init__(
            "places.calendar_not_found",
            N_("Không có lịch làm việc mang mã %(code)s; hãy chọn một lịch có sẵn.", code=code),
        )


class AgencyRefused(DomainError):
    """An office cannot be written as asked."""

    http_status = 422


class AreaTableRefused(DomainError):
    """A table of areas cannot be read."""

    http_status = 422
