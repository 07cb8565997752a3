"""Signatures that were not finished are finished later; archive time-stamps are renewed; a list is signed as shown."""

from __future__ import annotations

import errno
import hashlib
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import IntegrityError, transaction
from pytest_django import Settings

from motcua.documents.actions import renew
from motcua.documents.adapters.folder import FolderBlobStore
from motcua.documents.models import SignedRevision, StoredFile
from motcua.documents.public import (
    PDF,
    SignedPaper,
    complete_signatures,
    ensure_demo_key,
    find_origin_sha256,
    read_file,
    sign_paper,
    store_document,
    verify_pdf,
)
from motcua.documents.tests.factories import AGENCY_CODE, AGENCY_NAME, NOW, make_bare_pdf

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    ensure_demo_key(AGENCY_CODE, AGENCY_NAME, now=NOW)


def _sign(at: datetime = NOW) -> SignedPaper:
    return sign_paper(make_bare_pdf(), agency_code=AGENCY_CODE, signer_name="An", reason="Ký", now=at)


def _keep(content: bytes) -> int:
    return store_document(content, filename="kq.pdf", media_type=PDF, purpose="result", now=NOW).id


@pytest.mark.slow
def test_demonstration_signs_with_time_stamp_and_revocation_data(settings: Settings) -> None:
    signed = _sign()
    assert signed.level == "B-LT"
    assert verify_pdf(signed.content, now=NOW + 6 * YEAR).status == "valid"
    assert not SignedRevision.objects.exists()


@pytest.mark.slow
def test_no_network_inside_a_transaction_and_the_job_completes_once(settings: Settings) -> None:
    settings.MOTCUA_TSA_URL = "http://127.0.0.1:9/tsa"  # nobody answers there: asking would be an error
    signed = _sign()
    assert (signed.level, verify_pdf(signed.content, now=NOW).status) == ("B-B", "valid")
    file_id = _keep(signed.content)
    assert complete_signatures(now=NOW).put_off == 1  # the service is away
    assert complete_signatures(now=NOW).put_off == 0  # and is not asked again at once
    row = SignedRevision.objects.get()
    assert (row.attempts, row.last_error != "", row.next_try_at) == (1, True, NOW + timedelta(minutes=1))
    settings.MOTCUA_TSA_URL = ""
    later = NOW + timedelta(minutes=2)
    assert complete_signatures(now=later).completed == 1
    assert complete_signatures(now=later).completed == 0
    content = read_file(file_id)
    assert content.startswith(signed.content)
    report = verify_pdf(content, now=NOW + 6 * YEAR)
    assert (report.status, report.signers[0].level) == ("valid", "B-LTA")
    assert find_origin_sha256(content) == hashlib.sha256(signed.content).hexdigest()
    assert find_origin_sha256(b"?") == hashlib.sha256(b"?").hexdigest()


@pytest.mark.slow
def test_archive_is_renewed_before_it_ages(settings: Settings) -> None:
    settings.MOTCUA_SIGNATURE_LEVEL = "B-LTA"
    signed = _sign()
    file_id = _keep(signed.content)
    assert signed.level == "B-LTA"
    assert complete_signatures(now=NOW + 10 * YEAR).completed == 0
    assert complete_signatures(now=NOW + 12 * YEAR - timedelta(days=30)).completed == 1
    assert len(verify_pdf(read_file(file_id), now=NOW + 12 * YEAR - timedelta(days=29)).archived_at) == 2


def test_paper_that_was_never_kept_is_forgotten(settings: Settings) -> None:
    settings.MOTCUA_TSA_URL = "http://127.0.0.1:9/tsa"
    _sign()
    settings.MOTCUA_TSA_URL = ""
    assert complete_signatures(now=NOW + timedelta(hours=1)).put_off == 1
    assert complete_signatures(now=NOW + timedelta(days=3)).put_off == 1
    assert SignedRevision.objects.get().next_try_at is None


@pytest.mark.slow
def test_another_worker_was_first(settings: Settings) -> None:
    settings.MOTCUA_TSA_URL = "http://127.0.0.1:9/tsa"
    file_id = _keep(_sign().content)
    settings.MOTCUA_TSA_URL = ""
    row = SignedRevision.objects.get()
    assert complete_signatures(now=NOW).completed == 1
    done = read_file(file_id)
    assert renew._archive(row, now=NOW) is False
    assert read_file(file_id) == done
    assert StoredFile.objects.get(pk=file_id).size_bytes == len(done)


class FullStore(FolderBlobStore):
    """A folder on a disk that is full: what lies there can be read, nothing comes to it."""

    def __init__(self) -> None:
        super().__init__(Path(django_settings.VAR_DIR) / "files")

    def put(self, sha256: str, content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.slow
def test_full_disk_loses_no_signature_and_the_next_round_completes(settings: Settings) -> None:
    settings.MOTCUA_TSA_URL = "http://127.0.0.1:9/tsa"
    file_id = _keep(_sign().content)
    before = read_file(file_id)
    settings.MOTCUA_TSA_URL = ""
    settings.MOTCUA_BLOB_STORE = f"{__name__}.FullStore"
    with pytest.raises(OSError, match="No space"):
        complete_signatures(now=NOW)
    with pytest.raises(OSError, match="No space"), transaction.atomic():
        _keep(before)  # nor is a row left behind that has no bytes
    assert (read_file(file_id), SignedRevision.objects.count(), StoredFile.objects.count()) == (before, 1, 1)
    settings.MOTCUA_BLOB_STORE = "folder"
    assert complete_signatures(now=NOW).completed == 1
    assert verify_pdf(read_file(file_id), now=NOW + YEAR).signers[0].level == "B-LTA"


@pytest.mark.parametrize("fields", [{"sha256": "x"}, {"origin_sha256": ""}, {"level": "B-X"}, {"wanted": ""}])
def test_table_holds_only_what_can_be(fields: dict[str, str]) -> None:
    good = {"sha256": "a" * 64, "origin_sha256": "a" * 64, "level": "B-B", "wanted": "B-LT", "created_at": NOW}
    SignedRevision.objects.create(**good)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignedRevision.objects.create(**(good | {"sha256": "b" * 64} | fields))
    with pytest.raises(IntegrityError), transaction.atomic():
        SignedRevision.objects.create(**good)
