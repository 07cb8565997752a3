from __future__ import annotations

from functools import cache

import pytest

from motcua.project.reference import ROOT, build_pages, list_environment, list_sources

read_pages = cache(build_pages)  # every source file is read for them: once is enough


@pytest.mark.slow
@pytest.mark.parametrize("name", ["faces.md", "commands.md", "events.md", "settings.md", "law.md"])
def test_reference_is_what_the_code_says(name: str) -> None:
    assert (ROOT / "docs" / "reference" / name).read_text("utf-8") == read_pages()[name], "run motcua write_reference"


@pytest.mark.slow
def test_faces_and_commands_say_what_they_do() -> None:
    for page in ("faces.md", "commands.md", "events.md"):
        silent = [line for line in read_pages()[page].splitlines() if line.startswith("| `") and "|  |" in line]
        assert not silent, silent


def test_every_setting_has_its_reason() -> None:
    assert [name for name, _default, reason in list_environment() if not reason] == []


@pytest.mark.slow
def test_sources_end_as_sentences() -> None:
    assert [(place, text) for place, text in list_sources() if not text.endswith(".")] == []
