"""Drafts: saved by revision, nothing lost, seen by those who may only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from motcua.designer.actions.comments import add_comment, resolve_comment
from motcua.designer.actions.drafts import (
    discard_draft,
    remove_file,
    reopen_draft,
    restore_save,
    save_file,
)
from motcua.designer.models import Comment, Draft, DraftFile, DraftSave
from motcua.designer.queries.drafts import (
    compute_files_hash,
    find_save,
    get_draft,
    list_comments,
    list_drafts,
    list_saves,
    read_file,
    read_files,
)
from motcua.designer.rules.files import find_refusal, hash_files
from motcua.designer.tests.factories import NOW, make_approver, make_draft, make_owner, open_agency, read_package
from motcua.designer.types.drafts import (
    CommentRefused,
    DraftClosed,
    DraftNotFound,
    FileRefused,
    NotYourRole,
    StaleFile,
)
from motcua.identity.tests.factories import make_official, make_principal, make_resident

LATER = NOW + timedelta(minutes=5)
pytestmark = pytest.mark.django_db


def test_saving_counts_revisions_and_keeps_every_text() -> None:
    owner = make_owner(open_agency())
    uuid = make_draft(owner)
    draft = get_draft(owner, uuid)
    saved = save_file(owner, uuid, name="result.typ", content=b"mot", revision=1, now=LATER)
    assert saved.revision == 2
    again = save_file(owner, uuid, name="result.typ", content=b"mot", revision=1, now=LATER)
    assert again.revision == 2  # the same text changes nothing, whatever revision it names
    assert read_file(draft.id, "result.typ").content == b"mot"
    kinds = [save.kind for save in list_saves(draft.id).items if save.name == "result.typ"]
    assert kinds == ["saved", "opened"]


def test_second_tab_is_told_and_loses_nothing() -> None:
    owner = make_owner(open_agency())
    uuid = make_draft(owner)
    draft = get_draft(owner, uuid)
    save_file(owner, uuid, name="form.json", content=b'{"a":1}', revision=1, now=LATER)
    with pytest.raises(StaleFile) as told:
        save_file(owner, uuid, name="form.json", content=b'{"b":2}', revision=1, now=LATER)
    assert told.value.revision == 2
    assert owner.full_name in told.value.message
    assert read_file(draft.id, "form.json").content == b'{"a":1}'
    aside = DraftSave.objects.get(draft=draft.id, kind="aside")
    assert bytes(aside.content) == b'{"b":2}'
    restore_save(owner, uuid, save_id=aside.pk, now=LATER)
    assert read_file(draft.id, "form.json").content == b'{"b":2}'


def test_quick_saves_of_one_person_are_one_line_of_the_history() -> None:
    owner = make_owner(open_agency())
    uuid = make_draft(owner)
    for number in range(1, 6):
        at = NOW + timedelta(minutes=10, seconds=number)
        save_file(owner, uuid, name="result.typ", content=b"x" * number, revision=number, now=at)
    draft = get_draft(owner, uuid)
    lines = [save for save in list_saves(draft.id).items if save.name == "result.typ" and save.kind == "saved"]
    assert len(lines) == 1
    held = find_save(draft.id, lines[0].id)
    assert held is not None and held.content == b"xxxxx"


def test_file_taken_out_comes_back() -> None:
    owner = make_owner(open_agency())
    uuid = make_draft(owner)
    draft = get_draft(owner, uuid)
    name = next(name for name in read_files(draft.id) if name.startswith("golden/"))
    content = read_files(draft.id)[name]
    remove_file(owner, uuid, name=name, now=LATER)
    assert name not in read_files(draft.id)
    line = next(save for save in list_saves(draft.id).items if save.kind == "removed")
    assert restore_save(owner, uuid, save_id=line.id, now=LATER) == name
    assert read_files(draft.id)[name] == content


def test_discarded_draft_is_closed_and_can_be_taken_back() -> None:
    owner = make_owner(open_agency())
    uuid = make_draft(owner)
    discard_draft(owner, uuid, now=LATER)
    with pytest.raises(DraftClosed):
        save_file(owner, uuid, name="result.typ", content=b"x", revision=1, now=LATER)
    reopen_draft(owner, uuid, now=LATER)
    assert save_file(owner, uuid, name="result.typ", content=b"x", revision=1, now=LATER).revision == 2


@pytest.mark.parametrize("name", ["../etc/passwd", "process.exe", "golden/../x.json", "decisions/fee.dmn.sh", ""])
def test_foreign_file_names_are_refused(name: str) -> None:
    owner = make_owner(open_agency())
    with pytest.raises(FileRefused):
        save_file(owner, make_draft(owner), name=name, content=b"x", revision=0, now=LATER)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a\x00b", b"x" * 2_000_001])
def test_what_is_no_text_or_too_long_is_refused(content: bytes) -> None:
    assert find_refusal("result.typ", content) is not None


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.text("0123456789abcdef", min_size=64, max_size=64)))
def test_hash_depends_on_names_and_contents_only(hashes: dict[str, str]) -> None:
    assert hash_files(hashes) == hash_files(dict(reversed(hashes.items())))
    for name in hashes:
        changed = hashes | {name: "0" * 64 if hashes[name] != "0" * 64 else "1" * 64}
        assert hash_files(changed) != hash_files(hashes)
        assert hash_files({key: value for key, value in hashes.items() if key != name}) != hash_files(hashes)


def test_title_follows_the_file() -> None:
    owner = make_owner(open_agency())
    uuid = make_draft(owner)
    toml = read_package()["procedure.toml"].replace("Đăng ký khai sinh".encode(), "Khai sinh mới".encode())
    save_file(owner, uuid, name="procedure.toml", content=toml, revision=1, now=LATER)
    assert get_draft(owner, uuid).title == "Khai sinh mới"
    save_file(owner, uuid, name="procedure.toml", content=b"half = [", revision=2, now=LATER)
    assert get_draft(owner, uuid).title == "Khai sinh mới"


@pytest.mark.slow
def test_nobody_else_sees_a_draft() -> None:
    agency, elsewhere = open_agency(), open_agency()
    owner = make_owner(agency)
    uuid = make_draft(owner)
    resident = make_resident()
    strangers = [
        make_principal(make_official("leader", agency_id=agency).user_id),
        make_owner(elsewhere),
        make_approver(elsewhere),
        make_principal(resident.user_id),
    ]
    for stranger in strangers:
        with pytest.raises(DraftNotFound):
            get_draft(stranger, uuid)
        with pytest.raises(DraftNotFound):
            save_file(stranger, uuid, name="result.typ", content=b"x", revision=1, now=LATER)
        with pytest.raises(DraftNotFound):
            add_comment(stranger, uuid, file="form.json", element_id="", text="x", now=LATER)
        assert list_drafts(stranger).items == ()
    approver = make_approver(agency)
    assert get_draft(approver, uuid).uuid == uuid
    with pytest.raises(NotYourRole):
        save_file(approver, uuid, name="result.typ", content=b"x", revision=1, now=LATER)


def test_comments_are_resolved_once_and_stay() -> None:
    agency = open_agency()
    owner, approver = make_owner(agency), make_approver(agency)
    uuid = make_draft(owner)
    draft = get_draft(owner, uuid)
    comment = add_comment(approver, uuid, file="process.bpmn", element_id="sign", text=" Ai ký? ", now=LATER)
    resolve_comment(owner, uuid, comment_uuid=comment, now=LATER)
    resolve_comment(approver, uuid, comment_uuid=comment, now=LATER)
    found = list_comments(draft.id)[0]
    assert (found.text, found.author_name, found.resolved_by_name) == ("Ai ký?", approver.full_name, owner.full_name)
    with pytest.raises(CommentRefused):
        add_comment(owner, uuid, file="process.bpmn", element_id="", text="  ", now=LATER)


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Draft, {"state": "odd"}),
        (Draft, {"slug": "Không Dấu"}),
        (Draft, {"revision": 0}),
        (Draft, {"published_version_id": 5}),
        (DraftFile, {"name": "../x"}),
        (DraftFile, {"sha256": "x"}),
        (DraftSave, {"kind": "odd"}),
    ],
)
def test_constraints_hold(model: type[Draft] | type[DraftFile] | type[DraftSave], values: dict[str, object]) -> None:
    make_draft(make_owner(open_agency()))
    row = model.objects.order_by("pk").first()
    assert row is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**values)


def test_one_file_of_a_name_and_comments_with_words() -> None:
    owner = make_owner(open_agency())
    uuid = make_draft(owner)
    file = DraftFile.objects.order_by("pk").first()
    assert file is not None
    file.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        file.save(force_insert=True)
    add_comment(owner, uuid, file="form.json", element_id="", text="x", now=LATER)
    for values in ({"text": ""}, {"resolved_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Comment.objects.update(**values)


def test_hash_of_a_draft_changes_with_any_file() -> None:
    owner = make_owner(open_agency())
    uuid = make_draft(owner)
    draft = get_draft(owner, uuid)
    before = compute_files_hash(draft.id)
    save_file(owner, uuid, name="result.typ", content=b"x", revision=1, now=LATER)
    assert compute_files_hash(draft.id) != before
