"""Deletion that can be proven: grace, law, destroyed keys, signed records, and keys of the keeper that change."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from motcua.audit.public import SYSTEM, list_decisions_of
from motcua.documents.public import ensure_demo_key, read_file, verify_bytes
from motcua.identity.tests.factories import make_organisation, make_person
from motcua.vault.models import DataKey, Deletion, Paper, Vault
from motcua.vault.public import (
    DeletionBlocked,
    DeletionUnknown,
    PaperDestroyed,
    PaperUnknown,
    ShareUnknown,
    ShareWish,
    TooLateToUndo,
    ask_paper_deletion,
    ask_vault_deletion,
    execute_due,
    find_papers,
    get_deletion,
    list_deletions,
    open_shared,
    read_paper,
    rotate_keeper_key,
    share_paper,
    sign_records,
    undo_deletion,
)
from motcua.vault.queries.drivers import get_key_keeper
from motcua.vault.queries.keys import KeyRing, context_of, open_content, open_facts
from motcua.vault.rules.destruction import to_signed_bytes
from motcua.vault.rules.sealing import make_key, seal, unseal
from motcua.vault.tests.factories import NOW, PLAIN, READING, put_paper
from motcua.vault.types import ContentDamaged, KeyDestroyed, WrappedKey

GRACE_OVER = NOW + timedelta(hours=settings.MOTCUA_VAULT_UNDO_HOURS)


@pytest.mark.django_db
class TestDeletion:
    def test_a_paper_goes_after_the_days_of_grace_and_its_neighbour_stays(self) -> None:
        owner = make_person().ref
        gone, stays = put_paper(owner), put_paper(owner)
        asked = ask_paper_deletion(gone.uuid, actor=SYSTEM, now=NOW)
        assert ask_paper_deletion(gone.uuid, actor=SYSTEM, now=NOW).uuid == asked.uuid
        assert execute_due(now=GRACE_OVER - timedelta(seconds=1)) == 0 and len(find_papers(owner, now=NOW)) == 2
        assert execute_due(now=GRACE_OVER) == 1 and execute_due(now=GRACE_OVER) == 0
        assert [paper.uuid for paper in find_papers(owner, now=NOW)] == [stays.uuid]
        with pytest.raises(PaperDestroyed):
            read_paper(gone.uuid, reading=READING, now=GRACE_OVER)
        assert read_paper(stays.uuid, reading=READING, now=GRACE_OVER) == PLAIN
        with pytest.raises(PaperDestroyed):  # the event that brought it, delivered again, does not bring it back
            put_paper(owner, origin_ref=gone.origin_ref)

    def test_undone_in_time_nothing_happens_and_too_late_is_said(self) -> None:
        owner = make_person().ref
        asked = ask_paper_deletion(put_paper(owner).uuid, actor=SYSTEM, now=NOW)
        undo_deletion(asked.uuid, owner=owner, actor=SYSTEM, now=NOW)
        undo_deletion(asked.uuid, owner=owner, actor=SYSTEM, now=NOW)
        assert execute_due(now=GRACE_OVER) == 0 and len(find_papers(owner, now=NOW)) == 1
        again = ask_vault_deletion(owner, actor=SYSTEM, now=NOW)
        with pytest.raises(DeletionUnknown):
            undo_deletion(again.uuid, owner=make_person().ref, actor=SYSTEM, now=NOW)
        execute_due(now=GRACE_OVER)
        with pytest.raises(TooLateToUndo):
            undo_deletion(again.uuid, owner=owner, actor=SYSTEM, now=GRACE_OVER)

    def test_what_the_law_wants_kept_is_not_deleted_and_says_why(self) -> None:
        firm = make_organisation().ref
        receipt = put_paper(firm, kind="receipt", issued_on=date(2026, 3, 1))
        with pytest.raises(DeletionBlocked) as one:
            ask_paper_deletion(receipt.uuid, actor=SYSTEM, now=NOW)
        assert "31/12/2036" in one.value.message and "Luật Kế toán" in one.value.message
        put_paper(firm)
        with pytest.raises(DeletionBlocked, match="1 giấy tờ"):
            ask_vault_deletion(firm, actor=SYSTEM, now=NOW)
        ask_paper_deletion(receipt.uuid, actor=SYSTEM, now=NOW.replace(year=2037))
        assert ask_paper_deletion(put_paper(make_person().ref, kind="receipt").uuid, actor=SYSTEM, now=NOW).is_waiting

    def test_a_whole_vault_goes_with_its_key_and_starts_anew(self) -> None:
        person = make_person()
        papers = [put_paper(person.ref) for _turn in range(3)]
        link = share_paper(
            papers[0].uuid, actor=SYSTEM, now=NOW,
            wish=ShareWish(
                recipient_kind="code", recipient="Ai đó", purpose="Thử", ends_at=NOW + timedelta(days=9), max_openings=9
            ),
        )  # fmt: skip
        ask_vault_deletion(person.ref, actor=SYSTEM, now=NOW)
        execute_due(now=GRACE_OVER)
        assert DataKey.objects.get().wrapped is None and find_papers(person.ref, now=GRACE_OVER) == ()
        with pytest.raises(ShareUnknown):
            open_shared(link.token, principal=None, code=link.code, now=NOW)
        put_paper(person.ref)
        assert len(find_papers(person.ref, now=NOW)) == 1
        assert sorted(DataKey.objects.values_list("generation", flat=True)) == [1, 2]
        with pytest.raises(PaperUnknown):
            ask_vault_deletion(make_person().ref, actor=SYSTEM, now=NOW)

    def test_the_record_is_logged_signed_and_names_nobody(self) -> None:
        person = make_person("Phạm Thị Không Tên")
        paper = put_paper(person.ref)
        stored = Paper.objects.get().file_id
        ask_vault_deletion(person.ref, actor=SYSTEM, now=NOW)
        execute_due(now=GRACE_OVER)
        ensure_demo_key("vault", "Kho giấy tờ", now=NOW)
        assert sign_records(now=GRACE_OVER) == 1 and sign_records(now=GRACE_OVER) == 0
        done = list_deletions(person.ref)[0]
        assert done == get_deletion(done.uuid, owner=person.ref)
        assert verify_bytes(to_signed_bytes(dict(done.record)), done.signature, now=GRACE_OVER).is_valid
        assert not verify_bytes(
            to_signed_bytes({**done.record, "scope": "paper"}), done.signature, now=GRACE_OVER
        ).is_valid
        assert done.record["papers"][0]["paper"] == str(paper.uuid) and done.record["person_key"]["generation"] == 1
        assert "Phạm" not in str(done.record) and "khai sinh" not in str(done.record)
        logged = list_decisions_of(f"vault:{Vault.objects.get().uuid}").items
        assert "vault.destroy" in [entry.what for entry in logged]
        assert read_file(stored)  # the enciphered bytes are still there: they open no more

    @hypothesis_settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(content=st.binary(min_size=1, max_size=300), guess=st.binary(min_size=32, max_size=32))
    @pytest.mark.slow
    def test_no_stored_byte_opens_after_its_key_is_destroyed(self, content: bytes, guess: bytes) -> None:
        owner = make_person().ref
        paper = put_paper(owner, content=content)
        before = Paper.objects.select_related("vault", "key__vault").get(uuid=paper.uuid)
        assert open_content(before, KeyRing()) == content
        ask_vault_deletion(owner, actor=SYSTEM, now=NOW)
        execute_due(now=GRACE_OVER)
        after = Paper.objects.select_related("vault", "key__vault").get(uuid=paper.uuid)
        with pytest.raises(PaperDestroyed):
            open_content(after, KeyRing())
        before.key = after.key  # even with the paper's own row out of an old copy
        with pytest.raises(KeyDestroyed):
            open_content(before, KeyRing())
        with pytest.raises(KeyDestroyed):
            open_facts(before, KeyRing())
        with pytest.raises(ContentDamaged):
            unseal(read_file(after.file_id), key=guess, context=context_of(paper.uuid, "content"))

    def test_the_keepers_key_changes_without_touching_content_and_old_copies_die(self) -> None:
        owner = make_person().ref
        paper = put_paper(owner)
        copy = DataKey.objects.get()  # as it would lie in a backup
        file_before = read_file(Paper.objects.get().file_id)
        name, count = rotate_keeper_key(now=NOW, destroy_old=True)
        assert count == 1 and DataKey.objects.get().kek_id == name != copy.kek_id
        assert read_paper(paper.uuid, reading=READING, now=NOW) == PLAIN
        assert read_file(Paper.objects.get().file_id) == file_before
        with pytest.raises(KeyDestroyed):
            get_key_keeper().unwrap(WrappedKey(copy.kek_id, bytes(copy.wrapped or b"")), context=b"")
        assert not (Path(settings.VAR_DIR) / "keys" / "vault" / f"{copy.kek_id}.key").exists()

    def test_a_request_is_a_row_that_the_table_guards(self) -> None:
        asked = ask_paper_deletion(put_paper(make_person().ref).uuid, actor=SYSTEM, now=NOW)
        row = Deletion.objects.get(uuid=asked.uuid)
        assert (row.execute_at - row.asked_at) < timedelta(hours=72) and asked.is_waiting


@given(st.binary(max_size=200), st.binary(max_size=20), st.binary(max_size=20), st.integers(0, 400))
def test_what_is_sealed_opens_by_its_key_and_place_alone(plain: bytes, place: bytes, other: bytes, flip: int) -> None:
    key = make_key()
    sealed = seal(plain, key=key, context=place)
    assert unseal(sealed, key=key, context=place) == plain
    broken = bytearray(sealed)
    broken[flip % len(sealed)] ^= 1
    for bytes_, opener, where in ((bytes(broken), key, place), (sealed, make_key(), place), (sealed[:-1], key, place)):
        with pytest.raises(ContentDamaged):
            unseal(bytes_, key=opener, context=where)
    if other != place:
        with pytest.raises(ContentDamaged):
            unseal(sealed, key=key, context=other)
