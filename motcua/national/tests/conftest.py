"""Fixtures of national."""

from __future__ import annotations

import pytest

from motcua.dossiers.tests.factories import City, make_city


@pytest.fixture
def city(db: None) -> City:
    """A small city with one office, its staff, one resident and one procedure."""
    return make_city()
