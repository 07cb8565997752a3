from __future__ import annotations

import pytest

from motcua.identity.tests.factories import forget_provider


@pytest.fixture(autouse=True)
def fresh_directory() -> None:
    """No test sees what another heard from the provider."""
    forget_provider()
