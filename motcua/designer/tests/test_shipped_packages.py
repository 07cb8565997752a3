"""The shipped packages pass the checks of publishing, and their sample dossiers come out as written."""

from __future__ import annotations

from pathlib import Path

import pytest

import motcua.procedures
from motcua.designer.rules import check_package, platform_surroundings
from motcua.designer.rules.golden import list_goldens, replay_golden
from motcua.exchange.public import list_fact_words
from motcua.kernel.workdays import load_city_calendar
from motcua.procedures.public import read_package_folder

DESIGNED = Path(motcua.procedures.__file__).parent / "designed"
PACKAGES = sorted(folder.name for folder in DESIGNED.iterdir() if folder.is_dir() and folder.name[0] != "_")

AROUND = platform_surroundings(facts=list_fact_words())

NOT_ABOUT_APPLICANT = {  # the same words, asked of somebody whom no register of the city knows, or with other choices
    "giay-phep-lao-dong": {"worker_birth_on", "worker_sex", "worker_nationality"},
    "nha-o-xa-hoi": {"marital"},
}

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("slug", PACKAGES)
def test_a_shipped_package_could_be_published(slug: str) -> None:
    found = check_package(read_package_folder(DESIGNED / slug), surroundings=AROUND)
    assert [(each.file, each.element_id, each.code) for each in found if each.severity == "error"] == []


@pytest.mark.parametrize("slug", PACKAGES)
def test_it_asks_nothing_of_the_applicant_that_a_register_answers(slug: str) -> None:
    """A question of a shipped form that carries a register's words names its fact, or is known to be about others."""
    found = check_package(read_package_folder(DESIGNED / slug), surroundings=AROUND)
    assert {each.element_id for each in found if each.code == "register_knows"} == NOT_ABOUT_APPLICANT.get(slug, set())


@pytest.mark.parametrize("slug", PACKAGES)
def test_its_sample_dossiers_come_out_as_written(slug: str) -> None:
    files, calendar = read_package_folder(DESIGNED / slug), load_city_calendar()
    names = list_goldens(files)
    assert len(names) >= 2
    results = [replay_golden(files, name, calendar=calendar) for name in names]
    assert [(result.name, result.differences) for result in results if not result.ok] == []
    assert "approved" in {result.outcome for result in results}
    assert any(result.outcome != "approved" or result.path.count("receive") > 1 for result in results)
