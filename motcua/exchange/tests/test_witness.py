"""What an outsider keeps finds a log written anew; a dead service or a full disk stops nothing silently."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, connection

from motcua.exchange.actions import gateway
from motcua.exchange.actions.sequencing import chain_messages, sign_batches, stamp_batches
from motcua.exchange.adapters.tsa import TsaUnavailable
from motcua.exchange.models import Message
from motcua.exchange.queries.log import get_log_status
from motcua.exchange.queries.witness import check_witness, export_checkpoint
from motcua.exchange.tests.factories import NOW, PEOPLE, grant, make_exchange
from motcua.exchange.tests.test_proof import make_messages
from motcua.exchange.tests.test_xroad_text import ask
from motcua.exchange.types import RecordNotProved

pytestmark = pytest.mark.django_db


def _seal(count: int, microseconds: int) -> None:
    make_messages(count, microseconds=microseconds)
    chain_messages()
    sign_batches(now=NOW)


def test_the_log_goes_on_from_a_kept_checkpoint_or_is_found_out(tmp_path: Path) -> None:
    with pytest.raises(RecordNotProved):
        export_checkpoint()
    _seal(4, 1)
    kept = tmp_path / "kept.json"
    call_command("exchange_log", "--checkpoint", str(kept))
    _seal(3, 2)
    call_command("exchange_log", "--witness", str(kept))
    said = orjson.loads(kept.read_bytes())
    for name, value in (("digest", "0" * 64), ("root", "0" * 64), ("last_seq", 3)):
        assert check_witness(orjson.dumps({**said, name: value})), name
    for wrong in (b"", b"[]", b"{}", b"\xff"):
        assert check_witness(wrong)
    with connection.cursor() as cursor:  # whoever runs it turns the guards off and rewrites a line
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE exchange_messagelink SET digest = repeat('f', 64) WHERE seq = 2")
        cursor.execute("SET LOCAL session_replication_role = origin")
    with pytest.raises(CommandError, match="không còn đúng"):
        call_command("exchange_log", "--witness", str(kept))


class _Dead:
    def stamp(self, digest: bytes, *, now: object) -> bytes:
        raise TsaUnavailable("dead")


@pytest.mark.slow
def test_a_dead_time_stamp_service_stops_no_call_and_is_seen(capsys: pytest.CaptureFixture[str]) -> None:
    make_exchange()
    grant()
    _seal(2, 1)
    with pytest.raises(TsaUnavailable):  # the job's row says so
        stamp_batches(stamper=_Dead(), now=NOW)
    assert ask(f"/r1/{PEOPLE}/personal_id/1").status == 404 and get_log_status().unstamped == 1
    call_command("exchange_log")
    assert "CHƯA có dấu thời gian" in capsys.readouterr().out


@pytest.mark.slow
def test_what_cannot_be_kept_is_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk: the line cannot be written, so the answer is not given; nobody reads unseen."""
    make_exchange()
    grant()

    def full(*args: object, **named: object) -> None:
        raise OperationalError("could not extend file: No space left on device")

    monkeypatch.setattr(gateway, "keep", full)
    with pytest.raises(DatabaseError):
        ask(f"/r1/{PEOPLE}/personal_id/1")
    assert not Message.objects.exists()
