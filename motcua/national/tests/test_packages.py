"""Packages: what we write we read again, and nothing that comes in can break the reader or vanish in it."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.kernel.clock import HCM
from motcua.national.rules.packages import MAX_BYTES, read_package, write_package
from motcua.national.rules.said import from_json, keep, recall, to_json
from motcua.national.types import Package, PackageFile, PackageParty, PackageUnreadable, Reason

AT = datetime(2026, 3, 2, 9, 0, tzinfo=HCM)
WORD = st.text("abcđêơỹ ", min_size=1, max_size=12).map(lambda text: " ".join(text.split()) or "a")
VALUE = st.none() | st.booleans() | st.integers(-999, 999) | WORD | st.lists(WORD, max_size=2)
PARTY = st.builds(
    PackageParty,
    kind=st.sampled_from(["person", "household"]),
    name=WORD,
    identifier=st.integers(0, 99999).map(lambda number: f"0791900{number:05d}"),
    birth_on=st.none() | st.dates(date(1930, 1, 1), date(2020, 1, 1)),
    sex=st.sampled_from(["", "male", "female"]),
    address=WORD,
)
FILE = st.builds(
    lambda paper, name, content: PackageFile(
        paper=paper, name=name, media_type="", sha256=hashlib.sha256(content).hexdigest(), content=content
    ),
    WORD, WORD, st.binary(min_size=1, max_size=20),
)  # fmt: skip
PACKAGE = st.builds(
    Package,
    national_code=st.from_regex(r"[A-Y][0-9]{2}\.[0-9]{2}-26[0-9]{4}-[0-9]{4}", fullmatch=True),
    procedure_code=st.from_regex(r"[0-9]\.[0-9]{6}", fullmatch=True),
    filed_at=st.integers(0, 10**7).map(lambda seconds: AT + timedelta(seconds=seconds)),
    applicant=PARTY,
    answers=st.dictionaries(WORD, VALUE, max_size=5),
    files=st.lists(FILE, max_size=3).map(tuple),
    submitter_name=st.just("") | WORD,
    result_channel=st.sampled_from(["online", "counter", "post"]),
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(package=PACKAGE)
def test_what_is_written_is_read_again(package: Package) -> None:
    assert read_package(write_package(package)) == package


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=6) | st.sampled_from(["1", "0", "dossier"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["MaHoSoQuocGia", "MaTTHC", "ChuHoSo", "ToKhai", "TepDinhKem", "Loai", "HoTen", "NgaySinh",
                         "TenTep", "NoiDung", "MaBam", "ThoiDiemTiepNhan", "TraKetQua", "x"]),
        inner, max_size=6,
    ),
    max_leaves=15,
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(content=st.binary(max_size=80) | JSON.map(lambda value: json.dumps(value).encode()))
def test_the_reader_survives_anything(content: bytes) -> None:
    try:
        package = read_package(content)
    except PackageUnreadable as refused:
        assert refused.message
        return
    assert package.national_code and package.filed_at.tzinfo is not None
    assert all(each.says and each.code for each in package.problems)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(package=PACKAGE, name=st.text("abcxyz", min_size=1, max_size=8), place=st.sampled_from(["", "ChuHoSo"]))
def test_an_unknown_part_is_always_named(package: Package, name: str, place: str) -> None:
    said = json.loads(write_package(package))
    (said[place] if place else said)[f"x-{name}"] = 1
    found = read_package(json.dumps(said).encode())
    assert f"{place}.x-{name}".lstrip(".") in {each.field for each in found.problems}


def _change(**parts: Any) -> list[str]:
    party = PackageParty(kind="person", name="An", identifier="079190000001")
    package = Package(
        national_code="G1", procedure_code="1.000001", filed_at=AT, applicant=party, answers={},
        files=(PackageFile(paper="p", name="a.png", media_type="", sha256=hashlib.sha256(b"a").hexdigest(),
                           content=b"a"),),
    )  # fmt: skip
    said = json.loads(write_package(package)) | parts
    return [each.code for each in read_package(json.dumps(said).encode()).problems]


@pytest.mark.slow
def test_each_fault_has_its_own_reason() -> None:
    good = {"MaGiayTo": "p", "TenTep": "a", "MaBam": hashlib.sha256(b"a").hexdigest(),
            "NoiDung": base64.b64encode(b"a").decode()}  # fmt: skip
    assert _change() == []
    assert _change(PhienBan="9") == ["unknown_version"]
    assert _change(ThoiDiemTiepNhan="20261399000000") == ["no_moment"]
    assert _change(ThoiDiemTiepNhan="18000101000000") == ["no_moment"]
    assert _change(TraKetQua="7") == ["unknown_code"]
    assert _change(MaTTHC=5) == ["unreadable"]
    assert _change(MaTTHC="") == ["missing"]
    assert _change(ToKhai=[1]) == ["unreadable"]
    assert _change(TepDinhKem=[good | {"MaBam": "0"}]) == ["file_damaged"]
    assert _change(TepDinhKem=[good | {"NoiDung": "???"}]) == ["file_damaged"]
    assert _change(TepDinhKem=[good | {"NoiDung": good["NoiDung"][:2]}]) == ["file_damaged"]
    assert _change(TepDinhKem=[good] * 61) == ["too_many"]
    assert _change(TepDinhKem=["a"]) == ["unreadable"]
    assert _change(ChuHoSo="An") == ["missing"]
    assert "bad_identifier" in _change(ChuHoSo={"Loai": "0", "HoTen": "An", "SoDinhDanh": "12"})
    assert "unreadable" in _change(ChuHoSo={"Loai": "0", "HoTen": "An", "SoDinhDanh": "079190000001", "NgaySinh": "x"})
    assert "unknown_code" in _change(ChuHoSo={"Loai": "9", "HoTen": "An", "SoDinhDanh": "079190000001"})


def test_what_is_no_package_says_so() -> None:
    for content in (b"", b"[1]", b"{}", b'{"MaHoSoQuocGia": ""}', b"\xff", b" " * (MAX_BYTES + 1), b"[" * 100_000):
        with pytest.raises(PackageUnreadable):
            read_package(content)


@pytest.mark.slow
@given(says=st.text(max_size=20))
def test_a_kept_sentence_is_said_as_it_was(says: str) -> None:
    assert recall(keep(says)) == says
    assert from_json(to_json(Reason("a", "b", says))) == Reason("a", "b", says)
