from __future__ import annotations

import pytest

from motcua.identity.tests.factories import forget_provider
from motcua.places.tests.factories import make_agency


@pytest.fixture(autouse=True)
def fresh_directory() -> None:
    """No test sees what another heard from the identity provider."""
    forget_provider()


@pytest.fixture
def agency_id(db: None) -> int:
    return make_agency("H29.999", name="Ủy ban nhân dân H29.999").id


@pytest.fixture
def other_agency_id(db: None) -> int:
    return make_agency("H29.998", name="Ủy ban nhân dân H29.998").id
