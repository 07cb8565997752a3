from __future__ import annotations

from datetime import date

import pytest

from motcua.identity.views.oidc import directory
from motcua.places.models import Agency


@pytest.fixture(autouse=True)
def fresh_directory() -> None:
    """No test sees what another heard from the identity provider."""
    directory.forget()


@pytest.fixture
def agency_id(db: None) -> int:
    return _make_agency("H29.999")


@pytest.fixture
def other_agency_id(db: None) -> int:
    return _make_agency("H29.998")


def _make_agency(code: str) -> int:
    return Agency.objects.create(
        code=code,
        name=f"Ủy ban nhân dân phường {code}",
        name_folded=code.lower(),
        short_name=f"UBND {code}",
        kind="people_committee",
        level="commune",
        area_code="26743",
        valid_from=date(2020, 1, 1),
    ).pk
