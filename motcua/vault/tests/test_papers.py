"""Papers come in once, lie sealed, and each opening is noted."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from motcua.audit.public import list_reads_of
from motcua.documents.public import read_file
from motcua.identity.public import PartyKind, PartyRef
from motcua.identity.tests.factories import make_organisation, make_person
from motcua.vault.models import DataKey, Paper, Vault
from motcua.vault.public import PaperRefused, PaperUnknown, Reading, ReadingRefused, find_papers, get_paper, read_paper
from motcua.vault.queries.keys import KeyRing, open_content
from motcua.vault.tests.factories import NOW, PLAIN, READING, put_paper
from motcua.vault.types import ContentDamaged

pytestmark = pytest.mark.django_db


def test_a_paper_is_deposited_found_and_read() -> None:
    person = make_person()
    paper = put_paper(person.ref)
    assert (paper.title, paper.is_current) == ("Giấy khai sinh của Nguyễn Thị Thử", True)
    assert find_papers(person.ref, now=NOW) == (paper,) and get_paper(paper.uuid, now=NOW) == paper
    assert read_paper(paper.uuid, reading=READING, now=NOW) == PLAIN
    assert [entry.purpose for entry in list_reads_of(f"person:{person.uuid}").items] == ["Thử đọc"]


def test_the_same_origin_is_deposited_once_for_each_owner() -> None:
    one, other = make_person(), make_organisation()
    first = put_paper(one.ref, origin_ref="X-1")
    again = put_paper(one.ref, origin_ref="X-1", content=b"something else", title="Khác")
    assert again == first and put_paper(other.ref, origin_ref="X-1").uuid != first.uuid
    assert Paper.objects.count() == 2 and Vault.objects.count() == 2


def test_kinds_narrow_the_list_and_newest_come_first() -> None:
    owner = make_person().ref
    old = put_paper(owner, kind="receipt", issued_on=date(2025, 1, 1))
    new = put_paper(owner, kind="result:1.001193", issued_on=date(2026, 1, 1))
    assert [paper.uuid for paper in find_papers(owner, now=NOW)] == [new.uuid, old.uuid]
    assert [paper.uuid for paper in find_papers(owner, kinds=("receipt",), now=NOW)] == [old.uuid]
    assert [paper.uuid for paper in find_papers(owner, kinds=("result",), now=NOW)] == [new.uuid]
    assert find_papers(owner, kinds=("result:9.999999",), now=NOW) == ()
    assert find_papers(PartyRef(PartyKind.PERSON, owner.id + 9), now=NOW) == ()


def test_a_paper_past_its_date_says_so() -> None:
    owner = make_person().ref
    put_paper(owner, valid_to=date(2026, 11, 20))
    put_paper(owner, valid_to=date(2026, 11, 19))
    assert [paper.is_current for paper in find_papers(owner, now=NOW)] == [False, True]


@pytest.mark.slow
def test_the_list_costs_the_same_for_one_paper_and_for_thirty(django_assert_num_queries: Any) -> None:
    owner = make_person().ref
    for _number in range(30):
        put_paper(owner)
    with django_assert_num_queries(1):
        assert len(find_papers(owner, now=NOW)) == 30


def test_nothing_of_a_paper_lies_open_on_the_disk_or_in_the_tables() -> None:
    title = "Một cái tên không lẫn vào đâu được"
    paper = put_paper(make_person().ref, title=title, content=b"%PDF " + b"secret words " * 9)
    row = Paper.objects.get(uuid=paper.uuid)
    stored = read_file(row.file_id)
    assert b"secret words" not in stored and len(stored) > len(b"secret words " * 9)
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM vault_paper p WHERE p.id = %s", [row.pk])
        text = cursor.fetchone()[0]
    assert title not in text and title.encode().hex() not in text and paper.sha256 not in text
    for path in (Path(settings.VAR_DIR) / "keys" / "vault").glob("*.key"):
        assert path.stat().st_mode & 0o077 == 0


def test_bytes_moved_to_another_paper_do_not_open() -> None:
    owner = make_person().ref
    one, other = (Paper.objects.get(uuid=put_paper(owner).uuid) for _turn in range(2))
    one.wrapped_key = other.wrapped_key
    with pytest.raises(ContentDamaged):
        open_content(one, KeyRing())
    one.refresh_from_db()
    one.file_id = other.file_id
    with pytest.raises(ContentDamaged):
        open_content(one, KeyRing())


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "anything"}, {"kind": "result:" + "9" * 50}, {"title": "  "}, {"content": b""},
     {"valid_to": date(2020, 1, 1)}],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_advice(wrong: dict[str, object]) -> None:
    with pytest.raises(PaperRefused):
        put_paper(make_person().ref, **wrong)


def test_nobody_reads_for_nothing_or_what_is_not_there() -> None:
    paper = put_paper(make_person().ref)
    with pytest.raises(ReadingRefused):
        read_paper(paper.uuid, reading=Reading(actor=READING.actor, purpose=" ", legal_ground="x"), now=NOW)
    with pytest.raises(PaperUnknown):
        get_paper(make_person().uuid, now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE vault_paper SET kind = 'receipt'",
        "DELETE FROM vault_paper",
        "DELETE FROM vault_datakey",
        "UPDATE vault_datakey SET destroyed_at = now()",
        "UPDATE vault_paper SET destroyed_at = now()",
    ],
)
def test_the_tables_refuse_what_must_never_be(change: str) -> None:
    put_paper(make_person().ref)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_a_vault_has_one_living_key() -> None:
    put_paper(make_person().ref)
    row = DataKey.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        DataKey.objects.create(vault=row.vault, generation=2, kek_id="x", wrapped=b"x", created_at=NOW)
