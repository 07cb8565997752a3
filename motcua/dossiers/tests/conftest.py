"""Fixtures of dossiers."""

from __future__ import annotations

import pytest
from django.test import Client

from motcua.dossiers.tests.factories import City, make_city
from motcua.identity.tests.factories import sign_in


@pytest.fixture
def city(db: None) -> City:
    """A small city with one office, its staff, one resident and one procedure."""
    return make_city()


@pytest.fixture
def resident_client(city: City) -> Client:
    """A browser in which the resident is signed in."""
    client = Client()
    sign_in(client, city.resident.user_id)
    return client
