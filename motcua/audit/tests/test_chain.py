"""The verifier against someone with all rights on the database: triggers switched off, rows changed by hand."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from motcua.audit.models import AuditEntry, AuditLink
from motcua.audit.public import chain_pending, find_head, verify_chain
from motcua.audit.tests.factories import NOW, write_entries

ENTRY_OF = "(SELECT entry_id FROM audit_auditlink WHERE seq = {})"


def tamper(*statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is deferred is checked before the crime
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


@pytest.fixture
def chain_of_six(db: None) -> None:
    for _ in range(3):
        write_entries(2)
        chain_pending(now=NOW)
    assert verify_chain().is_intact


ATTACKS = {
    "rewrite": [f"UPDATE audit_auditentry SET what = 'refuse' WHERE id = {ENTRY_OF.format(3)}"],
    "rewrite of details": [f"UPDATE audit_auditentry SET details = '{{}}' WHERE id = {ENTRY_OF.format(3)}"],
    "rewrite of the name": [f"UPDATE audit_auditentry SET actor_name = 'Ai đó' WHERE id = {ENTRY_OF.format(1)}"],
    "rewrite of the time": [f"UPDATE audit_auditentry SET at = at + interval '1 us' WHERE id = {ENTRY_OF.format(6)}"],
    "deletion of an entry": [f"DELETE FROM audit_auditentry WHERE id = {ENTRY_OF.format(2)}"],
    "deletion of entry and link": [
        f"DELETE FROM audit_auditentry WHERE id = {ENTRY_OF.format(4)}",
        "DELETE FROM audit_auditlink WHERE seq = 4",
    ],
    "deletion of a link": ["DELETE FROM audit_auditlink WHERE seq = 3"],
    "reorder": [
        "CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT seq, entry_id FROM audit_auditlink WHERE seq IN (2, 3)",
        "UPDATE audit_auditlink SET entry_id = -seq WHERE seq IN (2, 3)",
        "UPDATE audit_auditlink link SET entry_id = kept.entry_id FROM kept WHERE kept.seq = 5 - link.seq",
    ],
    "truncation": [
        f"DELETE FROM audit_auditentry WHERE id IN ({ENTRY_OF.format(5)}, {ENTRY_OF.format(6)})",
        "DELETE FROM audit_auditlink WHERE seq > 4",
    ],
    "insertion beside the chain": [
        "INSERT INTO audit_auditentry (uuid, kind, at, actor_kind, actor_id, actor_name, on_behalf_of, agency_code,"
        " subject, what, purpose, legal_ground, details, salt, private_digest)"
        " SELECT gen_random_uuid(), kind, at, actor_kind, actor_id, actor_name, on_behalf_of, agency_code, subject,"
        " what, purpose, legal_ground, details, salt, private_digest FROM audit_auditentry LIMIT 1"
    ],
}


@pytest.mark.usefixtures("chain_of_six")
@pytest.mark.parametrize("attack", list(ATTACKS))
def test_the_verifier_finds(attack: str) -> None:
    tamper(*ATTACKS[attack])
    assert not verify_chain().is_intact


@pytest.mark.usefixtures("chain_of_six")
def test_the_verifier_finds_an_entry_taken_out_of_the_queue() -> None:
    write_entries(1)
    assert verify_chain().pending == 1
    tamper("DELETE FROM audit_auditpending")
    assert not verify_chain().is_intact


@pytest.mark.usefixtures("chain_of_six")
def test_a_chain_cut_together_with_its_checkpoints_is_found_by_the_head_kept_outside() -> None:
    head = find_head()
    tamper(
        f"DELETE FROM audit_auditentry WHERE id = {ENTRY_OF.format(6)}",
        "DELETE FROM audit_auditlink WHERE seq = 6",
        "DELETE FROM audit_auditcheckpoint WHERE seq = 6",
    )
    assert verify_chain().is_intact
    assert not verify_chain(head).is_intact


@pytest.mark.usefixtures("chain_of_six")
def test_the_command_prints_the_head_and_accepts_it_later() -> None:
    head = find_head()
    assert head is not None
    out = StringIO()
    call_command("verify_audit", "--expect", f"{head.seq}:{head.hash}", stdout=out)
    assert f"{head.seq}:{head.hash}" in out.getvalue()
    assert "Nhật ký nguyên vẹn." in out.getvalue()
    write_entries(1)
    chain_pending(now=NOW)
    call_command("verify_audit", "--expect", f"{head.seq}:{head.hash}", stdout=out)


@pytest.mark.usefixtures("chain_of_six")
def test_the_command_fails_loudly() -> None:
    tamper(*ATTACKS["rewrite"])
    out = StringIO()
    with pytest.raises(CommandError, match="KHÔNG nguyên vẹn"):
        call_command("verify_audit", stdout=out)
    assert "mắt xích số 3" in out.getvalue()
    for text in ("x", "1:abc", "²:" + "0" * 64):
        with pytest.raises(CommandError):
            call_command("verify_audit", "--expect", text, stdout=out)


@pytest.mark.django_db
def test_an_empty_log_is_intact() -> None:
    assert find_head() is None
    assert chain_pending(now=NOW) == 0
    assert verify_chain().is_intact


def _in_thread(work: Callable[[], object]) -> None:
    try:
        work()
    finally:
        connection.close()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_writers_and_two_sequencers_at_once_make_one_chain() -> None:
    start = threading.Barrier(4, timeout=20)

    def write() -> None:
        start.wait()
        write_entries(20)

    def link() -> None:
        start.wait()
        for _ in range(20):
            chain_pending(now=NOW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(_in_thread, [write, link, write, link]))
    chain_pending(now=NOW)
    assert AuditLink.objects.count() == AuditEntry.objects.count() == 40
    assert verify_chain().is_intact
