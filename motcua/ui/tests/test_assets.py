"""The weight of the first visit, the colours and the lock file: promises with a number."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from django.test import Client

ROOT = Path(__file__).resolve().parents[3]
BUILD = ROOT / "motcua" / "ui" / "static" / "ui" / "build"
SETTINGS = (ROOT / "assets" / "sass" / "_settings.scss").read_text(encoding="utf-8")
BUDGET = 100 * 1024  # a page in all, first visit
FRAME_BUDGET = 32 * 1024  # what every page carries, so that pages keep the rest


def weigh(name: str) -> int:
    path = BUILD / name
    assert path.exists(), "Chưa dựng tệp giao diện: chạy `make assets` trước."
    return len(gzip.compress(path.read_bytes()))


def test_style_and_script_of_every_page_are_light() -> None:
    assert weigh("app.css") + weigh("app.js") <= FRAME_BUDGET


@pytest.mark.urls("motcua.ui.tests.gallery")
@pytest.mark.parametrize("address", ["/", "/form/"])
def test_first_visit_stays_within_the_budget(client: Client, address: str) -> None:
    page = len(gzip.compress(client.get(address).content))
    assert page + weigh("app.css") + weigh("app.js") <= BUDGET


def test_style_sheet_brings_no_font_and_no_foreign_address() -> None:
    css = (BUILD / "app.css").read_text(encoding="utf-8")
    assert "@font-face" not in css
    assert "url(http" not in css
    assert "GDS" not in css


def test_lock_file_names_no_registry() -> None:
    lock = json.loads((ROOT / "assets" / "package-lock.json").read_text(encoding="utf-8"))
    assert [name for name, package in lock["packages"].items() if "http" in package.get("resolved", "")] == []
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    lighter, darker = sorted((luminance(colour_of(first)), luminance(colour_of(second))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def colour_of(name: str) -> str:
    if name.startswith("#"):
        return name
    found = re.search(rf"^\${name}: (#[0-9a-f]{{6}});", SETTINGS, re.MULTILINE)
    assert found, name
    return found[1]


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "paper"),
        ("muted", "paper"),
        ("muted", "#ffffff"),
        ("muted", "sand"),
        ("red", "paper"),
        ("red", "red-pale"),
        ("green", "#ffffff"),
        ("amber", "teal-deep"),
        ("#ffffff", "teal"),
        ("#ffffff", "teal-bright"),
        ("#0b5a6b", "paper"),
        ("#0b5a6b", "sand"),
        ("#4a4486", "paper"),
    ],
)
def test_text_can_be_read(text: str, ground: str) -> None:
    """Source: WCAG 2.2, 1.4.3 (AA): at least 4.5 to 1."""
    assert contrast(text, ground) >= 4.5
