"""A paper checked against its source enters the person's vault: with knowledge, source and reason, noted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from motcua.audit.public import list_decisions_of
from motcua.documents.tests.factories import INFECTED, list_stored, make_pdf
from motcua.dossiers.tests.factories import City, make_city, upload
from motcua.identity.tests.factories import sign_in
from motcua.kernel import clock
from motcua.vault.public import ask_paper_deletion, execute_due, find_papers
from motcua.vault.tests.factories import READING

pytestmark = pytest.mark.django_db
GOOD = {
    "kind": "person", "what": "giay_phep", "title": "Giấy phép lái xe hạng B", "issuer": "Sở Xây dựng",
    "issued_on": "01/02/2024", "valid_to": "", "source": "register", "source_note": "Sổ 12, dòng 345",
    "reason": "Người dân dùng nhiều lần", "knows": "yes",
}  # fmt: skip


@pytest.fixture
def city(db: None) -> City:
    return make_city()


def send(city: City, role: str = "counter", **changed: Any) -> Any:
    client = Client()
    sign_in(client, city.official(role).user_id)
    form = GOOD | {"agency": str(city.agency.id), "identifier": city.resident.personal_id or ""}
    return client.post(reverse("dossiers:verified"), form | {"file": upload("gplx.png")} | changed)


@pytest.mark.slow
def test_a_checked_paper_lies_in_the_vault_once_and_says_against_what(city: City) -> None:
    assert send(city).status_code == send(city).status_code == 302
    (paper,) = find_papers(city.resident.ref, now=clock.now())
    assert (paper.kind, paper.origin, paper.title) == (
        "verified:giay_phep", "verified", "Giấy phép lái xe hạng B (Sở Xây dựng)",
    )  # fmt: skip
    decisions = list_decisions_of(f"person:{city.resident.uuid}").items
    noted = [str(each) for each in decisions if each.what == "vault.deposit_verified"]
    assert noted and "Sổ 12, dòng 345" in noted[0] and "Người dân dùng nhiều lần" in noted[0]
    now = clock.now()
    ask_paper_deletion(paper.uuid, actor=READING.actor, now=now.replace(year=now.year - 1))
    execute_due(now=now)
    assert send(city).status_code == 422  # its owner has deleted it: it does not come back behind his back
    assert find_papers(city.resident.ref, now=now) == ()


@pytest.mark.slow
def test_the_office_keeps_no_readable_copy(city: City, settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path  # every blob of this test lies here
    before = list_stored()
    assert send(city).status_code == 302
    (file,) = list_stored()[len(before) :]
    assert (file.purpose, file.media_type) == ("vault", "application/octet-stream")
    blobs = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert blobs and not any(b"PNG" in blob or b"IHDR" in blob for blob in blobs)


@pytest.mark.slow
def test_a_file_that_cannot_be_scanned_now_or_is_infected_is_refused_and_not_kept(
    city: City, settings: LazySettings
) -> None:
    before = list_stored()
    settings.MOTCUA_SCANNER = "down"
    assert "chọn lại tệp rồi gửi lại" in send(city).content.decode()
    settings.MOTCUA_SCANNER = "fake"
    virus = SimpleUploadedFile(
        "gplx.pdf", make_pdf("Giấy phép").replace(b"startxref", b"% " + INFECTED + b"\nstartxref")
    )
    refused = send(city, file=virus)
    assert refused.status_code == 422 and "mã độc" in refused.content.decode()
    assert list_stored() == before and find_papers(city.resident.ref, now=clock.now()) == ()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changed", "beside"),
    [
        ({"knows": ""}, "knows"), ({"source": "neighbour"}, "source"), ({"source_note": " "}, "source_note"),
        ({"reason": ""}, "reason"), ({"title": ""}, "title"), ({"what": "x"}, "what"), ({"issuer": ""}, "issuer"),
        ({"issued_on": "01/02/2999"}, "issued_on"), ({"issued_on": "x"}, "issued_on"),
        ({"valid_to": "01/02/2020"}, "valid_to"), ({"valid_to": "mai"}, "valid_to"), ({"agency": "0"}, "agency"),
        ({"identifier": "12"}, "identifier"), ({"kind": "cat"}, "kind"), ({"file": ""}, "file"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_beside_its_question(city: City, changed: dict[str, str], beside: str) -> None:
    answer = send(city, **changed)
    assert answer.status_code == 422 and f'id="{beside}-error"' in answer.content.decode()
    assert find_papers(city.resident.ref, now=clock.now()) == ()


@pytest.mark.slow
def test_only_the_counter_may(city: City) -> None:
    assert {send(city, role).status_code for role in ("specialist", "leader")} == {403}
    assert Client().get(reverse("dossiers:verified")).status_code == 302
