from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from pytest_django import Settings

from motcua.project.checks import NAMES, check_production, find_production_problems

GOOD: dict[str, Any] = {
    "DEBUG": False,
    "DEMO_MODE": False,
    "SECRET_KEY": "kJ8s-2Lq9fTz4Xw7Nc1Vb6Mh3Rg5Pd0YaEuIoQyWtZrSxDvGfBnHm",
    "PUBLIC_URL": "https://motcua.example.vn",
    "ALLOWED_HOSTS": ["motcua.example.vn"],
    "OIDC_ISSUER": "https://sso.example.vn",
    "OIDC_CLIENT_SECRET": "from-the-provider",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
}


def test_a_right_installation_has_no_problem() -> None:
    assert find_production_problems(GOOD) == []
    assert set(GOOD) == set(NAMES)


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("DEBUG", True, "DEBUG"),
        ("DEMO_MODE", True, "DEMO_MODE"),
        ("SECRET_KEY", "", "MOTCUA_SECRET_KEY"),
        ("SECRET_KEY", "a" * 80, "MOTCUA_SECRET_KEY"),
        ("SECRET_KEY", "demonstration-only-" + "0" * 40, "MOTCUA_SECRET_KEY"),
        ("PUBLIC_URL", "http://motcua.example.vn", "MOTCUA_PUBLIC_URL"),
        ("PUBLIC_URL", "", "MOTCUA_PUBLIC_URL"),
        ("ALLOWED_HOSTS", ["*"], "MOTCUA_ALLOWED_HOSTS"),
        ("ALLOWED_HOSTS", [], "MOTCUA_ALLOWED_HOSTS"),
        ("OIDC_ISSUER", "/sandbox-id", "MOTCUA_OIDC_ISSUER"),
        ("OIDC_CLIENT_SECRET", "sandbox-secret", "MOTCUA_OIDC_CLIENT_SECRET"),
        ("SESSION_COOKIE_SECURE", False, "SESSION_COOKIE_SECURE"),
        ("CSRF_COOKIE_SECURE", False, "CSRF_COOKIE_SECURE"),
    ],
)
def test_each_danger_is_named(name: str, value: object, word: str) -> None:
    problems = find_production_problems(GOOD | {name: value})
    assert len(problems) == 1
    assert word in problems[0]


def test_the_check_speaks_only_in_production(settings: Settings) -> None:
    assert check_production(None) == []
    settings.PRODUCTION = True
    assert "motcua.E001" in [problem.id for problem in check_production(None)]


@pytest.mark.slow
@pytest.mark.parametrize("is_right", [True, False])
def test_production_settings_refuse_to_start_with_the_demonstrations(is_right: bool) -> None:
    right = {
        "MOTCUA_SECRET_KEY": GOOD["SECRET_KEY"],
        "MOTCUA_PUBLIC_URL": GOOD["PUBLIC_URL"],
        "MOTCUA_ALLOWED_HOSTS": "motcua.example.vn",
        "MOTCUA_OIDC_ISSUER": GOOD["OIDC_ISSUER"],
        "MOTCUA_OIDC_CLIENT_SECRET": GOOD["OIDC_CLIENT_SECRET"],
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    environment |= {"DATABASE_URL": "postgresql://u@localhost/x"} | (right if is_right else {})
    run = subprocess.run(
        [sys.executable, "-c", "import motcua.project.settings.production"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode == 0) is is_right, run.stderr
    assert is_right or "MOTCUA_SECRET_KEY" in run.stderr
