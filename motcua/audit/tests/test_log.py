from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import psycopg
import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from motcua.audit.models import AuditEntry, AuditLink
from motcua.audit.public import (
    SYSTEM,
    AuditRecord,
    chain_pending,
    list_decisions_of,
    list_reads_of,
    record_all,
    record_read,
    verify_chain,
)
from motcua.audit.rules import to_plain
from motcua.audit.tests.factories import NOW, OFFICIAL, write_entries, write_read


@pytest.mark.django_db
def test_a_person_sees_who_read_their_data_and_why() -> None:
    write_read("person:1")
    write_read("person:2")
    (entry,) = list_reads_of("person:1", 1).items
    assert entry.actor == OFFICIAL
    assert (entry.what, entry.purpose, entry.at) == ("profile", "Giải quyết hồ sơ H29-261122-0001", NOW)
    assert list_decisions_of("person:1", 1).items == ()


@pytest.mark.django_db
def test_lists_take_the_same_queries_at_any_length() -> None:
    for _ in range(25):
        write_read("person:1")
    with CaptureQueriesContext(connection) as queries:
        page = list_reads_of("person:1", 1)
    assert (len(queries), len(page.items), page.has_next) == (2, 20, True)


@pytest.mark.django_db
def test_a_hundred_entries_are_one_statement_without_a_lock() -> None:
    records = [AuditRecord(kind="decision", actor=SYSTEM, subject=f"case:{n}", what="close") for n in range(100)]
    with CaptureQueriesContext(connection) as queries:
        record_all(records, now=NOW)
    assert len(queries) == 1
    record_all([], now=NOW)
    assert AuditEntry.objects.count() == 100


@pytest.mark.django_db
@pytest.mark.parametrize(("purpose", "ground"), [("", "Luật"), ("Giải quyết hồ sơ", "")])
def test_nobody_reads_without_a_purpose_and_a_ground(purpose: str, ground: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        record_read(OFFICIAL, subject="person:1", what="profile", purpose=purpose, legal_ground=ground, now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values", [{"kind": "guess"}, {"actor_kind": "robot"}, {"subject": ""}, {"what": ""}, {"actor_id": ""}]
)
def test_constraints_refuse_a_nameless_entry(values: dict[str, str]) -> None:
    fields = {"kind": "decision", "actor_kind": "system", "actor_id": "x", "subject": "s", "what": "w"} | values
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry.objects.create(at=NOW, salt=b"", private_digest="", **fields)


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["audit_auditentry", "audit_auditlink", "audit_auditcheckpoint"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
def test_the_database_refuses_every_change(table: str, statement: str) -> None:
    write_entries(1)
    chain_pending(now=NOW)
    column = "id" if table == "audit_auditentry" else "seq"
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, column, column))


@pytest.mark.django_db
def test_links_cannot_fork_or_stand_twice() -> None:
    write_entries(2)
    chain_pending(now=NOW)
    first, second = AuditLink.objects.order_by("seq")
    forks: list[dict[str, object]] = [
        {"seq": 3, "prev_hash": first.prev_hash, "hash": "f" * 64},
        {"seq": 3, "prev_hash": second.hash, "hash": first.hash},
        {"seq": 0, "prev_hash": second.hash, "hash": "f" * 64},
    ]
    write_entries(1)
    entry = AuditEntry.objects.latest("id")
    for values in forks:
        with pytest.raises(IntegrityError), transaction.atomic():
            AuditLink.objects.create(entry=entry, chained_at=NOW, **values)


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_the_whole_log_cannot_be_emptied_outside_of_a_test_database() -> None:
    """The same triggers in a database whose name does not begin with test_."""
    from importlib import import_module

    migration = import_module("motcua.audit.migrations.0001_initial")
    here = connection.settings_dict
    address = {"host": here["HOST"], "port": here["PORT"] or None, "user": here["USER"], "password": here["PASSWORD"]}
    name = f"audit_{here['NAME']}"
    with psycopg.connect(dbname=here["NAME"], autocommit=True, **address) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            with psycopg.connect(dbname=name, autocommit=True, **address) as probe:
                for table in migration.TABLES:
                    probe.execute(f"CREATE TABLE {table} (id int)")
                probe.execute(migration.LOCK_SQL)
                for table in migration.TABLES:
                    with pytest.raises(psycopg.Error, match="append-only"):
                        probe.execute(f"TRUNCATE {table}")
        finally:
            server.execute(f'DROP DATABASE "{name}"')


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.dates() | st.uuids(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.mark.slow
@given(value=values)
def test_what_the_log_keeps_is_stable(value: object) -> None:
    plain = to_plain(value)
    assert to_plain(plain) == plain


def test_what_has_no_stable_form_is_refused() -> None:
    assert to_plain({"on": date(2026, 2, 1), "id": UUID(int=1), "s": "a\x00\ud800"})["s"] == "a?"
    with pytest.raises(TypeError):
        to_plain(1.5)
    with pytest.raises(ValueError, match="zone"):
        to_plain(datetime(2026, 1, 1))  # noqa: DTZ001  the naive moment is the point


@pytest.mark.django_db
@pytest.mark.parametrize(
    "details", [{"s": "a\x00b\ud800\U0001f600"}, {"big": 10**30}, {"n": {"đ": [None, True, "\u2028"]}}]
)
def test_odd_details_survive_the_database_and_verify(details: dict[str, object]) -> None:
    record_all([AuditRecord(kind="decision", actor=SYSTEM, subject="s", what="w", details=details)], now=NOW)
    chain_pending(now=NOW)
    assert verify_chain().is_intact
