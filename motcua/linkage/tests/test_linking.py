"""From files to groups: small seeded sets, other people's sets, strange files, both engines."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.linkage.adapters.export import write_groups, write_waiting
from motcua.linkage.adapters.linking import Decided, Report, link_files
from motcua.linkage.adapters.models import load_model
from motcua.linkage.adapters.scoring import DuckdbEngine, Engine, SparkEngine
from motcua.linkage.adapters.tables import InputFile, load_files, open_database
from motcua.linkage.rules.mapping import read_mapping
from motcua.linkage.tests.factories import write_sample
from motcua.linkage.types import LinkRefused

REAL = Path(__file__).resolve().parents[4] / "shared" / "real" / "linkage"


def _link(
    files: Sequence[InputFile],
    truth: Path | None = None,
    *,
    engine: Engine | None = None,
    decided: Sequence[Decided] = (),
) -> Report:
    with link_files(
        files, model_for=lambda kind: load_model(kind=kind), engine=engine or DuckdbEngine(), successors={},
        truth=truth,
        decided=decided, memory_gb=1, threads=1,
    ) as linkage:  # fmt: skip
        return linkage.report


@pytest.mark.slow
def test_a_seeded_sample_is_linked_as_the_truth_has_it(tmp_path: Path) -> None:
    files = [InputFile(path=path) for path in write_sample(tmp_path, people=400, seed=77)]
    report = _link(files, tmp_path / "truth.csv")
    assert report.figures.is_measured
    assert report.figures.precision >= 0.995
    assert report.figures.recall >= 0.95
    assert sum(size * count for size, count in report.sizes.items()) == report.records
    one, other = _two_of_one(tmp_path)
    apart = _link(files, tmp_path / "truth.csv", decided=[(*one, *other, False)])
    assert apart.figures.right_pairs == (report.figures.right_pairs or 0) - 1 or apart.people > report.people


def _two_of_one(folder: Path) -> tuple[tuple[str, str], tuple[str, str]]:
    by_person: dict[str, list[tuple[str, str]]] = {}
    for line in (folder / "truth.csv").read_text("utf-8").splitlines()[1:]:
        source, record, person = line.split(",")
        by_person.setdefault(person, []).append((source, record))
    return next((found[0], found[1]) for found in by_person.values() if len(found) == 2)


def _write(folder: Path, text: str, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


PLAIN = {"columns": {"full_name": "ten", "birth_on": "sinh", "personal_id": "so"}, "id": "ma"}


@pytest.mark.slow
def test_decisions_of_people_bind_a_linkage(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        "ma, ten, sinh, so\n1, Lê Thị Thử, 02/03/1990, 079190000001\n2, LE THI THU, 1990-03-02, 79190000001\n"
        "3, Phạm Văn Khác, , \n",
    )
    files = [InputFile(path=path, mapping=read_mapping(PLAIN))]
    assert _link(files).people == 2
    assert _link(files, decided=[("a", "1", "a", "2", False)]).people == 3
    assert _link(files, decided=[("a", "1", "a", "3", True)]).people == 1
    both = [("a", "1", "a", "2", False), ("a", "2", "a", "3", True), ("a", "1", "a", "3", True)]
    assert _link(files, decided=both).people == 2


@pytest.mark.parametrize(
    ("text", "mapping", "why"),
    [
        ("ma,ten\n1,An\n1,Bình\n", {"columns": {"full_name": "ten"}, "id": "ma"}, "lặp lại"),
        ("ma,ten\n1,An\n2,Bình\n", {"columns": {"full_name": "ho_ten"}}, "không có cột"),
        ("ma,ten\n1,An\n", {"columns": {"full_name": "ten"}}, "ít nhất hai"),
        ("ma,ten\n1,An\n2,Bình\n", {"columns": {"full_name": "ten"}, "truth": "ten"}, "sự thật"),
    ],
)
def test_what_cannot_be_linked_is_refused_with_what_to_do(
    tmp_path: Path, text: str, mapping: dict[str, object], why: str
) -> None:
    with pytest.raises(LinkRefused, match=why):
        _link([InputFile(path=_write(tmp_path, text), mapping=read_mapping(mapping))])


def test_files_of_other_kinds_are_refused(tmp_path: Path) -> None:
    for name in ("a.exe", "khong-co.csv"):
        path = tmp_path / name
        if name == "a.exe":
            path.write_bytes(b"MZ")
        with pytest.raises(LinkRefused):
            _link([InputFile(path=path)])


STRANGE = (
    "STT;Họ và tên;Ngày sinh;CCCD/CMND;Mã phường\n1;Lê Thị Thử;02/03/1990;079190000001;26743\n"
    "2;LE THI THU;03/02/1990;79190000001;26743\n3;Phạm Văn Khác;01/01/1985;023456789;26740\n"
    "4;Phạm Văn Khác;1985;023456789;\n5;Phạm Văn Khác;07/09/1961;079061000005;26740\n"
)


@pytest.mark.slow
def test_a_file_with_columns_of_its_own_is_understood_and_says_so(tmp_path: Path) -> None:
    truth = _write(tmp_path, "record_1,record_2\n1,2\n3,4\n", "that.csv")
    report = _link([InputFile(path=_write(tmp_path, STRANGE))], truth)
    assert (report.figures.true_pairs, report.figures.pairs, report.figures.right_pairs) == (2, 2, 2)
    (read,) = report.files
    assert (read.mapping.id, read.mapping.model, read.mapping.guessed) == ("STT", "vietnamese", True)
    assert read.mapping.columns["area_code"] == ("Mã phường",)


@pytest.mark.slow
@pytest.mark.parametrize(("code", "name"), [("utf-16", "Nguyễn Thị Hồng Ánh"), ("cp1252", "Béatrice Müller")])
def test_files_in_other_codes_are_read_beside_utf_8(tmp_path: Path, code: str, name: str) -> None:
    text = f"ho_ten,ngay_sinh,so_cccd\n{name},17/05/1990,079190000001\nLe Van Binh,01/02/1980,079080000002\n"
    (tmp_path / "a.csv").write_text(text, "utf-8")
    (tmp_path / "b.csv").write_text(text, code)
    report = _link([InputFile(path=tmp_path / "a.csv"), InputFile(path=tmp_path / "b.csv")])
    assert (report.records, report.people, report.sizes) == (4, 2, {2: 2})
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".csv"] in (
        ["a.csv", "b.csv"],
        ["b.csv", "a.csv"],
    )


@pytest.mark.slow
def test_two_files_that_number_alike_and_a_guessed_number_that_comes_twice(tmp_path: Path) -> None:
    rows = "id,full_name,dob,cccd\n1,Lê Thị Thử,02/03/1990,079190000001\n2,Trần Khác,05/06/1971,079071000002\n"
    other = "id,full_name,dob,cccd\n2,LE THI THU,1990-03-02,79190000001\n1,Trần Khác,1971-06-05,079071000002\n"
    files = [InputFile(path=_write(tmp_path, rows, "a.csv")), InputFile(path=_write(tmp_path, other, "b.csv"))]
    for header, lines in (("a,b", "1,2\n2,1\n"), ("l,source_l,r,source_r", "1,a,2,b\n1,b,2,a\n")):
        truth = _write(tmp_path, f"{header}\n{lines}", "that.csv")
        assert (_link(files, truth).figures.true_pairs, _link(files, truth).figures.recall) == (2, 1.0)
    twice = InputFile(path=_write(tmp_path, rows.replace("\n2,", "\n1,"), "c.csv"))
    assert _link([twice]).files[0].mapping.id == ""


@pytest.mark.slow
def test_what_is_written_for_a_spreadsheet_holds_no_formula(tmp_path: Path) -> None:
    rows = "id,full_name,dob,cccd\n=1+1,Lê Thị Thử,02/03/1990,079190000001\n-7,Lê Thị Thử,02/03/1990,079190000001\n"
    with link_files(
        [InputFile(path=_write(tmp_path, rows))], model_for=lambda kind: load_model(kind=kind), engine=DuckdbEngine(),
        successors={}, memory_gb=1, threads=1,
    ) as linkage:  # fmt: skip
        write_groups(linkage.connection, tmp_path / "groups.csv")
        write_waiting(linkage.connection, linkage.model, tmp_path / "waiting.csv")
    records = {line.split(",")[1] for line in (tmp_path / "groups.csv").read_text("utf-8").splitlines()[1:]}
    assert records == {"'=1+1", "-7"} and (tmp_path / "waiting.csv").read_text("utf-8").startswith("source_l,record_l,")


@pytest.mark.slow
@settings(max_examples=15)
@given(
    st.binary(max_size=60)
    | st.text(max_size=60).map(lambda text: ("ho_ten,ngay_sinh\n" + text).encode("utf-8", "replace"))
)
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "a.csv").write_bytes(content)
    with open_database(folder, memory_gb=1, threads=1) as connection:
        try:
            load_files(connection, [InputFile(path=folder / "a.csv")], successors={}, progress=lambda said: None)
        except LinkRefused as refused:
            assert refused.message


@pytest.mark.slow
@pytest.mark.timeout(600)  # compiling the comparisons takes Spark minutes on a busy machine
@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17")
def test_spark_scores_as_duckdb_does(tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="group cluster is not installed")
    files = [InputFile(path=path) for path in write_sample(tmp_path, people=60, seed=3)]
    here = _link(files, tmp_path / "truth.csv")
    there = _link(files, tmp_path / "truth.csv", engine=SparkEngine(master="local[1]"))
    assert (there.linked, there.people, there.scored, there.figures) == (
        here.linked,
        here.people,
        here.scored,
        here.figures,
    )


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(not REAL.exists(), reason="the given data is not here")
def test_febrl_is_linked_as_the_literature_has_it() -> None:
    mapping = {
        "model": "general", "id": "rec_id", "dates": "ymd",
        "columns": {
            "given_name": "given_name", "family_name": "surname", "birth_on": "date_of_birth",
            "address": ["street_number", "address_1"], "city": "suburb", "region": "state", "postcode": "postcode",
            "personal_id": "soc_sec_id",
        },
    }  # fmt: skip
    report = _link([InputFile(path=REAL / "febrl1.csv", mapping=read_mapping(mapping))], REAL / "febrl1_true_pairs.csv")
    assert report.figures.f1 >= 0.99


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(not REAL.exists(), reason="the given data is not here")
def test_a_file_full_of_gaps_is_linked_without_false_people() -> None:
    columns = {
        "given_name": "first_name",
        "family_name": "surname",
        "birth_on": "dob",
        "city": "city",
        "email": "email",
    }
    mapping = {"model": "general", "id": "unique_id", "truth": "cluster", "columns": columns}
    report = _link([InputFile(path=REAL / "fake_1000.csv", mapping=read_mapping(mapping))])
    assert report.figures.precision >= 0.99
    assert report.figures.f1 >= 0.9
