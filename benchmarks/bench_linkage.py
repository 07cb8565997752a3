"""Linkage: how right the groups are on a set never trained on, and what the comparing costs beside the rest.

The million is a command with its own report: `motcua make_linkage_sample --people 1000000 --seed 2026 --out DIR`, then
`motcua link DIR/dan_cu.csv DIR/bao_hiem.csv DIR/tro_cap.csv --truth DIR/truth.csv --report`.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import Promise
from motcua.linkage.adapters.linking import Report, link_files
from motcua.linkage.adapters.models import load_model
from motcua.linkage.adapters.scoring import DuckdbEngine
from motcua.linkage.adapters.tables import InputFile
from motcua.linkage.tests.factories import write_sample

PEOPLE, SEED = 8_000, 2027


def run() -> list[Promise]:
    """Link three sources of invented people and hold the groups against the truth."""
    report = _link()
    figures = report.figures
    seconds = report.seconds
    scoring = seconds["so cặp"]
    around = (sum(seconds.values()) - scoring) / scoring
    detail = f"{report.records:,} records, {report.linked:,} pairs linked"
    wrong, missed = 1000 * (1 - figures.precision), 1000 * (1 - figures.recall)
    return [
        Promise("linkage: wrong pairs in a thousand", wrong, 1, at_least=False, unit="", detail=detail),
        Promise("linkage: missed pairs in a thousand", missed, 30, at_least=False, unit=""),
        Promise("linkage: keys and groups ÷ scoring of pairs", around, 6, at_least=False),
    ]


def _link() -> Report:
    with TemporaryDirectory() as place:
        folder = Path(place)
        files = [InputFile(path=path) for path in write_sample(folder, people=PEOPLE, seed=SEED)]
        with link_files(
            files,
            model_for=lambda kind: load_model(kind=kind),
            engine=DuckdbEngine(),
            successors={},
            truth=folder / "truth.csv",
            memory_gb=2,
        ) as linkage:
            return linkage.report
