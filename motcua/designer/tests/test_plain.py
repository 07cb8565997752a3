"""Plain edits keep what they do not speak of; bundles take nothing that was touched."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.designer.rules.bundle import MANIFEST, make_manifest, read_bundle, write_bundle
from motcua.designer.rules.fee_table import from_literal, read_table, to_literal, write_table
from motcua.designer.rules.plain import read_toml, set_rows, set_values
from motcua.designer.rules.steps import list_steps, set_steps, spread_minutes
from motcua.designer.tests.factories import read_package
from motcua.designer.types.drafts import BundleRefused, FileUnreadable


def bundle(files: dict[str, bytes] | None = None) -> bytes:
    files = files or read_package()
    manifest = make_manifest(files, slug="thu", procedure_code="1.001193", title="Thử")
    return write_bundle(files, manifest=manifest, signature="a..b")


def repack(content: bytes, changes: dict[str, bytes | None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        parts: dict[str, bytes | None] = {name: old.read(name) for name in old.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name, data in (parts | changes).items():
            if data is not None:
                new.writestr(name, data)
    return out.getvalue()


def test_changing_the_term_keeps_comments_and_the_rest() -> None:
    before = read_package()["procedure.toml"]
    after = set_values(before, {"amount": 9, "text": "Chín ngày"}, table="term")
    assert read_toml(after)["term"]["amount"] == 9
    assert [line for line in before.decode().splitlines() if line.startswith("#")] == [
        line for line in after.decode().splitlines() if line.startswith("#")
    ]
    rest = {key: value for key, value in read_toml(before).items() if key != "term"}
    assert {key: value for key, value in read_toml(after).items() if key != "term"} == rest


def test_rows_keep_keys_that_the_screen_does_not_show() -> None:
    before = read_package()["procedure.toml"]
    papers = read_toml(before)["papers"]
    rows = [{"_index": number, "code": paper["code"], "name": "Tên mới"} for number, paper in enumerate(papers)]
    after = read_toml(set_rows(before, "papers", rows[1:]))["papers"]
    assert [paper | {"name": "Tên mới"} for paper in papers[1:]] == after


@pytest.mark.parametrize("content", [b"\xff", b"a = [", b"=1"])
def test_broken_toml_is_said(content: bytes) -> None:
    with pytest.raises(FileUnreadable):
        set_values(content, {"name": "x"})


@given(st.text(max_size=60))
def test_words_pass_through_feel_literals(text: str) -> None:
    assert from_literal(to_literal(text)) == text


def test_fee_table_written_back_unchanged_says_the_same() -> None:
    xml = read_package()["decisions/fee.dmn"]
    table = read_table(xml, file="decisions/fee.dmn")
    assert table is not None and table.rows
    again = read_table(write_table(xml, table.rows, file="decisions/fee.dmn"), file="decisions/fee.dmn")
    assert again == table
    fewer = read_table(write_table(xml, table.rows[1:], file="decisions/fee.dmn"), file="decisions/fee.dmn")
    assert fewer is not None and fewer.rows == table.rows[1:]


def test_steps_are_renamed_in_place() -> None:
    xml = read_package()["process.bpmn"]
    first = list_steps(xml)[0]
    row = {"id": first.id, "name": "Tên khác", "role": first.role, "minutes": 77}
    changed = list_steps(set_steps(xml, [row]))[0]
    assert (changed.name, changed.minutes, changed.role) == ("Tên khác", 77, first.role)


@pytest.mark.slow
@given(st.lists(st.integers(1, 5_000), min_size=1, max_size=12), st.integers(12, 50_000))
def test_spread_shares_sum_to_the_term(minutes: list[int], total: int) -> None:
    spread = spread_minutes(minutes, total=total)
    assert sum(spread) == total or spread == tuple(minutes)
    assert min(spread) >= 1


def test_bundle_is_the_same_for_the_same_files_and_comes_back() -> None:
    assert bundle() == bundle()
    assert dict(read_bundle(bundle()).files) == read_package()


@pytest.mark.parametrize(
    "changes",
    [
        {"process.bpmn": b"<changed/>"},
        {"result.typ": None},
        {"golden/them.json": b"{}"},
        {"../../etc/passwd": b"x"},
        {"/process.bpmn": b"x"},
        {MANIFEST: b"{}"},
        {MANIFEST: None},
        {MANIFEST: b"[" * 100_000},
    ],
)
def test_touched_bundles_are_refused(changes: dict[str, bytes | None]) -> None:
    with pytest.raises(BundleRefused):
        read_bundle(repack(bundle(), changes))


@pytest.mark.slow
def test_bombs_and_other_files_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("process.bpmn", b"0" * 20_000_000)
    for content in (out.getvalue(), b"", b"PK\x03\x04", b"x" * 9_000_000):
        with pytest.raises(BundleRefused):
            read_bundle(content)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with pytest.raises(BundleRefused):
        read_bundle(content)
