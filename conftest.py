"""What every test database begins with."""

from __future__ import annotations

import pytest
from pytest_django.plugin import DjangoDbBlocker


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Lay the shipped table of areas into the test database once: hundreds of tests stand on it."""
    from motcua.places.public import ensure_city_areas

    with django_db_blocker.unblock():
        ensure_city_areas()
