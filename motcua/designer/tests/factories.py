"""Owners, approvers and drafts for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from motcua.designer.actions.drafts import create_draft
from motcua.designer.types.drafts import APPROVER, OWNER
from motcua.identity.public import OfficialInfo, Principal
from motcua.identity.tests.factories import make_official, make_principal
from motcua.places.tests.factories import make_agency
from motcua.procedures.public import read_package_folder

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DESIGNED = Path(__file__).resolve().parents[2] / "procedures" / "designed"
SLUG = "dang-ky-khai-sinh"
OFFICE_ROLES = ("counter", "specialist", "leader")


def read_package(slug: str = SLUG) -> dict[str, bytes]:
    return read_package_folder(DESIGNED / slug)


def make_owner(agency_id: int, name: str = "Lương Thị Thiết Kế") -> Principal:
    return make_principal(_hire(OWNER, agency_id, name).user_id)


def make_approver(agency_id: int, name: str = "Trịnh Văn Duyệt") -> Principal:
    return make_principal(_hire(APPROVER, agency_id, name).user_id)


def _hire(role: str, agency_id: int, name: str) -> OfficialInfo:
    return make_official(role, agency_id=agency_id, full_name=name)


def staff_office(agency_id: int) -> None:
    """Give every role of the office a person: the check asks for them."""
    for role in OFFICE_ROLES:
        make_official(role, agency_id=agency_id)


def open_agency() -> int:
    return make_agency().id


def make_draft(owner: Principal, *, files: dict[str, bytes] | None = None, title: str = "Đăng ký khai sinh") -> UUID:
    return create_draft(
        owner,
        files=files or read_package(),
        slug=SLUG,
        procedure_code="1.001193",
        title=title,
        origin="in_force",
        now=NOW,
    )
