"""Tests of this module say themselves what areas there are."""

from __future__ import annotations

import pytest

from motcua.places.models import Area, AreaSuccession


@pytest.fixture(autouse=True)
def _no_areas(request: pytest.FixtureRequest) -> None:
    """Take away, until the test ends, the areas that every other module's tests begin with."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        AreaSuccession.objects.all().delete()
        Area.objects.all().delete()
