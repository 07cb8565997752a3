"""What proves a paper, as a package says it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.procedures.rules.answers import PaperSourceUnreadable, parse_paper_source
from motcua.procedures.rules.drafts import paper_from_plain, to_plain
from motcua.procedures.types import Paper, PaperSource


def test_each_kind_of_source_is_read() -> None:
    assert parse_paper_source("vault:certified_copy:van_bang") == PaperSource(
        kind="vault", name="certified_copy:van_bang"
    )
    assert parse_paper_source("result:1.001193?days=180") == PaperSource(kind="result", name="1.001193", days=180)
    found = parse_paper_source(
        "register:land/holder?of=spouse&until=to_on&on=issued_on&when=status:valid|extended"
        "&where=parcel_no:parcel&where=sheet_no:sheet"
    )
    assert found == PaperSource(
        kind="register",
        name="land",
        key="holder",
        of="spouse",
        until="to_on",
        on="issued_on",
        when_field="status",
        when_values=("valid", "extended"),
        where=(("parcel_no", "parcel"), ("sheet_no", "sheet")),
    )


@pytest.mark.parametrize(
    "text",
    [
        "", "people", "register:people", "vault:receipt/key", "cloud:x", "register:people/id?of=boss",
        "register:people/id?days=0", "result:1.1?days=x", "register:people/id?when=status", "result:1.1?until=x",
        "register:people/id?where=a", "vault:receipt?of=spouse",
        "register:people/id?is=kind", "result:1.1?named=child_id",
        "register:people/id?colour=red", "register:people/id?until=A B",
    ],
)  # fmt: skip
def test_what_names_no_source_is_said_in_words(text: str) -> None:
    with pytest.raises(PaperSourceUnreadable) as caught:
        parse_paper_source(text)
    assert "“" in str(caught.value.args[0])


@pytest.mark.slow
@given(st.text(alphabet="register:vaultsu/?=&|.19_ a", max_size=60) | st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = parse_paper_source(text)
    except PaperSourceUnreadable:
        return
    assert found.kind in ("register", "vault", "result")
    assert bool(found.key) == (found.kind == "register")


def test_a_paper_keeps_its_sources_through_the_database() -> None:
    paper = Paper(code="a", name="Giấy", answered_by=("vault:receipt", "result:1.1"))
    assert paper_from_plain(to_plain(paper)) == paper
    assert paper_from_plain({"code": "a", "name": "Giấy"}).answered_by == ()
