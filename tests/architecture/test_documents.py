"""Documents that cannot lie: what they promise is checked."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_readme_fits_one_screen_or_two() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 100


def test_links_between_documents_exist() -> None:
    wrong = []
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("motcua/*/README.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8")):
            if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists():
                wrong.append(f"{page.relative_to(ROOT)} -> {target}")
    assert not wrong, "\n".join(wrong)


def test_every_dependency_carries_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    block = re.search(r"^dependencies = \[\n(.*?)^\]", text, re.S | re.M)
    groups = re.search(r"^dev = \[\n(.*?)^\]", text, re.S | re.M)
    assert block and groups
    for line in (block.group(1) + groups.group(1)).splitlines():
        assert re.search(r'^\s*".+",\s+#\s+\S+', line), f"no reason: {line}"
