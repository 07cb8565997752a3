from __future__ import annotations

import pytest

from motcua.identity.views.oidc import directory


@pytest.fixture(autouse=True)
def fresh_directory() -> None:
    """No test sees what another heard from the provider."""
    directory.forget()
