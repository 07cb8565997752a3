"""What is printed in the demonstration leads to the port that it answers on."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from motcua.project.management.commands.serve import use_port


@pytest.mark.parametrize(
    ("is_demo", "given", "printed"),
    [
        (True, "", "http://localhost:8123"),
        (True, "https://motcua.example.vn", "http://before"),
        (False, "", "http://before"),
    ],
)
def test_papers_name_the_port(
    is_demo: bool, given: str, printed: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTCUA_PUBLIC_URL", given)
    if not given:
        monkeypatch.delenv("MOTCUA_PUBLIC_URL")
    settings.DEMO_MODE, settings.PUBLIC_URL = is_demo, "http://before"
    use_port(8123)
    assert printed == settings.PUBLIC_URL
