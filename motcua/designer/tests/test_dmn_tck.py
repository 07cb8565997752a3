"""The command that runs the conformance suite of decisions."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from motcua.designer.management.commands.dmn_tck import Command
from motcua.process.tests.dmn_models import decision, definitions, literal, needs
from motcua.process.tests.test_dmn_tck import case, cases, value, wanted

SUITE = Path(__file__).resolve().parents[4] / "shared" / "real" / "dmn"


def run_command(path: Path, **options: Any) -> str:
    out = io.StringIO()
    Command(stdout=out).handle(path=str(path), csv=options.get("csv", ""), failures=options.get("failures", False))
    return out.getvalue()


def test_the_command_reads_a_suite_as_published(tmp_path: Path) -> None:
    folder = tmp_path / "TestCases" / "compliance-level-3" / "9001-own"
    folder.mkdir(parents=True)
    other = definitions(decision("q", literal("5")), namespace="urn:o")
    kind = "https://www.omg.org/spec/DMN/20230324/MODEL/"
    main = definitions(
        f'<import name="o" namespace="urn:o" importType="{kind}"/>',
        decision("p", literal("o.q + 1"), "", needs(["urn:o#d_q"])),
        decision("broken", literal("1 +")),
    )
    (folder / "9001-own.dmn").write_bytes(main)
    (folder / "other.dmn").write_bytes(other)
    first = cases(case("", wanted("p", value("decimal", "6")))).replace(b"m.dmn", b"9001-own.dmn")
    second = cases(case("", wanted("broken", value("decimal", "1")))).replace(b"m.dmn", b"")
    (folder / "9001-own-test-01.xml").write_bytes(first)
    (folder / "9001-own-test-02.xml").write_bytes(second)
    (folder / "9001-own-test-03.xml").write_bytes(first[:-20])
    table = tmp_path / "out.csv"
    shown = run_command(tmp_path, csv=str(table), failures=True)
    assert "compliance-level-3: 1/3" in shown
    lines = table.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "level,test,case,result,status,reason"
    assert lines[1] == "compliance-level-3,9001-own/9001-own-test-01,1,p,SUCCESS,"
    assert [line.split(",")[4] for line in lines[1:]] == ["SUCCESS", "ERROR", "ERROR"]


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(not SUITE.is_dir(), reason="the given real data do not lie beside the project")
def test_level_two_of_the_published_suite_passes() -> None:
    assert "compliance-level-2: 116/116 (100.00 %)" in run_command(SUITE)
