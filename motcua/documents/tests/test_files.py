"""Files in the city's keeping: stored, scanned, read, locked away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from motcua.documents.models import StoredFile
from motcua.documents.public import (
    PDF,
    BlobMissing,
    FileInfected,
    FileInfo,
    FileLocked,
    FilePending,
    FileUnknown,
    RescanReport,
    SigningKeyMissing,
    UploadRefused,
    ensure_demo_key,
    get_file,
    get_files,
    read_file,
    rescan_pending,
    scan_file,
    sign_pdf,
    store_document,
    store_upload,
    verify_pdf,
)
from motcua.documents.queries.drivers import get_blob_store, get_scanner
from motcua.documents.tests.factories import ACTOR, AGENCY_CODE, AGENCY_NAME, NOW, make_bare_pdf, make_pdf
from motcua.documents.tests.factories import INFECTED as VIRUS
from motcua.outbox.public import drain, subscribe, unsubscribe

pytestmark = pytest.mark.django_db

CLEAN = make_bare_pdf("<< /Note (sach) >>")
INFECTED = make_bare_pdf("<< >>\n%" + VIRUS.decode() + "files")


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def _upload(content: bytes = CLEAN, *, owner: int | None = 7) -> FileInfo:
    return store_upload(content, filename="Đơn.pdf", now=NOW, actor=ACTOR, owner_user_id=owner)


@pytest.fixture
def infections() -> Iterator[list[FileInfected]]:
    seen: list[FileInfected] = []

    @subscribe(FileInfected, name="documents.test_infections")
    def note(event: FileInfected, *, now: object) -> None:
        seen.append(event)

    yield seen
    unsubscribe("documents.test_infections")


def test_upload_waits_for_the_scanner_and_is_read_after_it() -> None:
    info = _upload()
    assert (info.scan_state, info.filename, info.media_type, info.owner_user_id) == ("pending", "Đơn.pdf", PDF, 7)
    with pytest.raises(FilePending):
        read_file(info.id)
    assert scan_file(info.id, now=NOW).scan_state == "clean"
    assert read_file(info.id) == read_file(info.uuid) == CLEAN
    assert scan_file(info.id, now=NOW).scan_state == "clean"


def test_refused_upload_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UploadRefused):
        _upload(b"MZ")
    assert not StoredFile.objects.exists()
    assert not (tmp_path / "files").exists()


def test_infected_file_is_locked_and_every_owner_told(infections: list[FileInfected]) -> None:
    first, second = _upload(INFECTED), _upload(INFECTED, owner=8)
    assert scan_file(first.id, now=NOW).scan_state == "infected"
    drain(now=NOW)
    assert {(event.file_uuid, event.owner_user_id) for event in infections} == {(first.uuid, 7), (second.uuid, 8)}
    assert infections[0].subject == str(infections[0].file_uuid)
    for info in (first, second):
        with pytest.raises(FileLocked):
            read_file(info.id)
    with pytest.raises(BlobMissing):
        get_blob_store().read(first.sha256)


def test_bytes_known_to_be_infected_are_refused_at_the_door() -> None:
    scan_file(_upload(INFECTED).id, now=NOW)
    with pytest.raises(UploadRefused) as caught:
        _upload(INFECTED)
    assert caught.value.code == "documents.infected"


def test_upload_that_crossed_with_an_infection_is_locked_too() -> None:
    """Its bytes went to quarantine between its writing and its row."""
    first = _upload(INFECTED)
    scan_file(first.id, now=NOW)
    row = StoredFile.objects.get(pk=first.id)
    row.pk, row.uuid, row.scan_state, row.scanned_at, row.threat = None, uuid4(), "pending", None, ""
    row.save()
    assert scan_file(row.pk, now=NOW).scan_state == "infected"


def test_scanner_that_is_down_loses_nothing(settings: Settings) -> None:
    settings.MOTCUA_SCANNER = "down"
    files = [_upload() for _ in range(6)]
    assert scan_file(files[0].id, now=NOW).scan_state == "pending"
    assert rescan_pending(now=NOW) == RescanReport(clean=0, infected=0, pending=6)
    settings.MOTCUA_SCANNER = "fake"
    _upload(INFECTED)
    assert rescan_pending(now=NOW) == RescanReport(clean=6, infected=1, pending=0)
    assert read_file(files[5].id) == CLEAN


def test_one_unreadable_blob_does_not_stop_the_others(tmp_path: Path) -> None:
    lost = _upload(make_bare_pdf("<< /Lost true >>"))
    next((tmp_path / "files").rglob(lost.sha256)).unlink()
    kept = _upload()
    assert rescan_pending(now=NOW) == RescanReport(clean=1, infected=0, pending=1)
    assert read_file(kept.id) == CLEAN


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_transaction_waits_on_the_scanner() -> None:
    info = _upload()
    with transaction.atomic(), pytest.raises(RuntimeError):
        scan_file(info.id, now=NOW)
    assert scan_file(info.id, now=NOW).scan_state == "clean"


def test_documents_of_the_city_are_readable_at_once() -> None:
    info = store_document(CLEAN, filename="Kết quả", media_type=PDF, purpose="result", now=NOW)
    assert (info.scan_state, info.filename, info.purpose) == ("clean", "Kết quả.pdf", "result")
    assert read_file(info.uuid) == CLEAN


def test_unknown_files_are_unknown() -> None:
    for ref in (0, uuid4()):
        with pytest.raises(FileUnknown):
            get_file(ref)
        with pytest.raises(FileUnknown):
            read_file(ref)


def test_many_files_are_read_by_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    ids = [_upload().id for _ in range(4)]
    with django_assert_num_queries(1):
        assert set(get_files([*ids, 0])) == set(ids)


@pytest.mark.parametrize(
    "fault",
    [
        {"sha256": "A" * 64},
        {"sha256": "ab"},
        {"size_bytes": 0},
        {"filename": ""},
        {"media_type": ""},
        {"purpose": ""},
        {"scan_state": "unknown"},
        {"scan_state": "pending", "scanned_at": NOW},
        {"scan_state": "clean", "scanned_at": None},
        {"scan_state": "clean", "threat": "x"},
        {"scan_state": "infected", "threat": ""},
    ],
)
def test_the_table_refuses_what_cannot_be(fault: dict[str, object]) -> None:
    row: dict[str, object] = {
        "sha256": "a" * 64,
        "size_bytes": 1,
        "media_type": PDF,
        "filename": "a.pdf",
        "purpose": "upload",
        "scan_state": "clean",
        "scanned_at": NOW,
        "created_at": NOW,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.create(**row | fault)


@pytest.mark.slow
def test_demonstration_signs_and_verifies(tmp_path: Path) -> None:
    with pytest.raises(SigningKeyMissing):
        sign_pdf(make_pdf(), agency_code=AGENCY_CODE, signer_name="An", reason="Ký", now=NOW)
    ensure_demo_key(AGENCY_CODE, AGENCY_NAME, now=NOW)
    signed = sign_pdf(make_pdf(), agency_code=AGENCY_CODE, signer_name="An", reason="Ký", now=NOW)
    assert verify_pdf(signed, now=NOW).is_valid
    assert verify_pdf(b"").status == "unreadable"


def test_outside_the_demonstration_no_key_is_made_and_no_scanner_is_imagined(settings: Settings) -> None:
    settings.DEMO_MODE = False
    with pytest.raises(SigningKeyMissing):
        ensure_demo_key(AGENCY_CODE, AGENCY_NAME, now=NOW)
    assert type(get_scanner()).__name__ == "ClamdScanner"


@pytest.mark.slow
def test_command_verify_tells_and_sets_its_exit_status(tmp_path: Path) -> None:
    ensure_demo_key(AGENCY_CODE, AGENCY_NAME, now=NOW)
    path = tmp_path / "ket-qua.pdf"
    path.write_bytes(sign_pdf(make_pdf(), agency_code=AGENCY_CODE, signer_name="An", reason="Ký", now=NOW))
    out = StringIO()
    call_command("verify", str(path), stdout=out)
    assert out.getvalue().startswith("valid: ket-qua.pdf")
    assert AGENCY_NAME in out.getvalue()
    (tmp_path / "thang-11").mkdir()
    with pytest.raises(CommandError, match="không có tệp PDF"):
        call_command("verify", str(tmp_path / "thang-11"), stdout=StringIO())
    (tmp_path / "thang-11" / "hai.PDF").write_bytes(path.read_bytes())
    (tmp_path / "ghi-chu.txt").write_text("không xét")
    call_command("verify", str(tmp_path), "--json", stdout=(lines := StringIO()))
    assert [json.loads(line)["valid"] for line in lines.getvalue().splitlines()] == [True, True]
    path.write_bytes(make_pdf())
    with pytest.raises(CommandError):
        call_command("verify", str(path), stdout=StringIO())
    with pytest.raises(CommandError, match="1 trong 2"):
        call_command("verify", str(tmp_path), stdout=StringIO())
    with pytest.raises(CommandError, match="Không mở được"):
        call_command("verify", str(tmp_path / "none.pdf"))
