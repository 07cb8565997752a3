"""The sealed copy of a signed paper follows what is signed behind its original later."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from pytest_django.fixtures import Settings

from motcua.documents.public import PDF, complete_signatures, ensure_demo_key, sign_paper, store_document, verify_pdf
from motcua.documents.tests.factories import make_bare_pdf
from motcua.identity.public import PartyRef
from motcua.identity.tests.factories import make_resident
from motcua.outbox.public import drain
from motcua.vault.models import Paper, PaperTail
from motcua.vault.public import find_papers, read_paper, renew_papers
from motcua.vault.tests.factories import NOW, PLAIN, READING, CertifiedCopy, put_paper

pytestmark = pytest.mark.django_db
REF = "H29.1-261119-9001"


@pytest.fixture
def owner() -> PartyRef:
    return make_resident().ref


def _store(content: bytes) -> int:
    return store_document(content, filename="kq.pdf", media_type=PDF, purpose="result", now=NOW).id


def _read(owner: PartyRef) -> bytes:
    (paper,) = find_papers(owner, now=NOW)
    content = read_paper(paper.uuid, reading=READING, now=NOW)
    assert paper.sha256 == hashlib.sha256(content).hexdigest()
    return content


@pytest.mark.slow
def test_copy_follows_twice_and_each_end_once(owner: PartyRef) -> None:
    put_paper(owner, origin_ref=REF)
    longer = [PLAIN + b" A", PLAIN + b" A B"]
    for content in longer:
        file_id = _store(content)
        assert [renew_papers(REF, file_id=file_id, now=NOW) for _ in range(2)] == [1, 0]
        assert _read(owner) == content
    assert PaperTail.objects.count() == 2
    assert renew_papers(REF, file_id=_store(longer[0]), now=NOW) == 0  # an older one, told late
    assert _read(owner) == longer[1]


def test_another_paper_does_not_take_its_place(owner: PartyRef) -> None:
    put_paper(owner, origin_ref=REF)
    assert renew_papers(REF, file_id=_store(b"X" + PLAIN + b" A"), now=NOW) == 0
    assert renew_papers("khac", file_id=_store(PLAIN + b" A"), now=NOW) == 0
    assert _read(owner) == PLAIN


def test_the_end_is_sealed_and_never_rewritten(owner: PartyRef) -> None:
    put_paper(owner, origin_ref=REF)
    renew_papers(REF, file_id=_store(PLAIN + b" bi mat"), now=NOW)
    tail = PaperTail.objects.get()
    from motcua.documents.public import read_file

    assert b"bi mat" not in read_file(tail.file_id)
    for change in (lambda: PaperTail.objects.update(position=9), lambda: PaperTail.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperTail.objects.create(paper=tail.paper, position=1, file_id=tail.file_id, added_at=NOW)


@pytest.mark.slow
def test_from_the_service_that_was_away_to_the_copy_in_the_vault(
    owner: PartyRef, settings: Settings, tmp_path: Path
) -> None:
    """The whole way: signed while the time-stamping service is away, certified, put away, completed, followed."""
    settings.VAR_DIR = tmp_path
    ensure_demo_key("H29.1", "UBND phường Thử", now=NOW)
    settings.MOTCUA_TSA_URL = "http://127.0.0.1:9/tsa"
    signed = sign_paper(make_bare_pdf(), agency_code="H29.1", signer_name="", reason="", now=NOW).content
    settings.MOTCUA_TSA_URL = ""
    assert verify_pdf(signed, now=NOW).signers[0].level == "B-B"
    code = "ABCD-EFGH-JKLM"
    put_paper(owner, content=signed, origin_ref=code, origin="certified_copy", kind="certified_copy:degree")
    file_id = _store(signed)
    assert not CertifiedCopy.objects.filter(file_id=file_id).exists()
    assert complete_signatures(now=NOW + timedelta(minutes=1)).completed == 1
    drain(now=NOW + timedelta(minutes=1))
    assert _read(owner) == signed  # whose file it is, nobody has said: nothing follows by chance
    assert renew_papers(code, file_id=file_id, now=NOW) == 1
    report = verify_pdf(_read(owner), now=NOW + timedelta(days=6 * 365))
    assert (report.status, report.signers[0].level) == ("valid", "B-LTA")
    assert Paper.objects.count() == 1
