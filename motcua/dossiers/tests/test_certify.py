"""Paper to digital at the counter: scanned, checked, certified, in the vault, verified by a stranger."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from motcua.audit.public import SYSTEM
from motcua.documents.public import read_file, store_document, verify_pdf
from motcua.documents.tests.factories import make_image
from motcua.dossiers.public import verify_file, verify_result
from motcua.dossiers.tests.factories import City, make_city, upload
from motcua.identity.public import PartyRef
from motcua.identity.tests.factories import make_official, sign_in
from motcua.kernel import clock
from motcua.outbox.public import drain
from motcua.payments.public import list_charges_by_code
from motcua.places.tests.factories import make_agency
from motcua.vault.public import (
    CHECKS,
    CopyInfo,
    CopyRefused,
    CopyUnknown,
    CopyWish,
    PaperRefused,
    approve_copy,
    cancel_copy,
    certify_copy,
    check_original,
    ensure_drawn,
    find_papers,
    list_copies,
    receive_original,
)
from motcua.vault.tests.factories import CertificationBook, CertifiedCopy

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db: None) -> City:
    return make_city()


def client_of(city: City, role: str, *, stepped_up: bool = False) -> Client:
    client = Client()
    sign_in(client, city.official(role).user_id, stepped_up=stepped_up)
    return client


def receive(city: City, **values: Any) -> CopyInfo:
    now = clock.now()
    scan = store_document(make_image("PNG"), filename="quet.png", media_type="image/png", purpose="scan", now=now)
    wish = CopyWish(**{"what": "van_bang", "title": "Bằng tốt nghiệp trung học", "issuer": "Sở Giáo dục", **values})
    return receive_original(
        city.resident.ref, agency_id=city.agency.id, wish=wish, scan_file_ids=[scan.id], actor=SYSTEM, now=now
    )


def check(city: City, copy: CopyInfo) -> CopyInfo:
    return check_original(copy.uuid, agency_ids=[city.agency.id], ticked=list(CHECKS), actor=SYSTEM, now=clock.now())


@pytest.mark.slow
def test_from_an_original_to_a_copy_that_a_stranger_verifies(city: City) -> None:
    counter, leader = client_of(city, "counter"), client_of(city, "leader", stepped_up=True)
    form = {
        "agency": str(city.agency.id), "kind": "person", "identifier": city.resident.personal_id or "",
        "what": "van_bang", "title": "Bằng tốt nghiệp trung học phổ thông", "issuer": "Sở Giáo dục và Đào tạo",
        "original_issued_on": "20/06/2010", "scans": [upload("mat-truoc.png"), upload("mat-sau.png")],
    }  # fmt: skip
    answer = counter.post(reverse("dossiers:certify_new"), form)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    page = counter.get(answer["Location"]).content.decode()
    assert "mat-truoc.png" in page and "Đối chiếu với bản chính" in page
    copy = CertifiedCopy.objects.get()
    args = [copy.uuid]
    assert counter.post(reverse("dossiers:certify_check", args=args), {"checks": ["original"]}).status_code == 409
    counter.post(reverse("dossiers:certify_check", args=args), {"checks": list(CHECKS)})
    assert "chờ người có thẩm quyền ký" in counter.get(reverse("dossiers:certify", args=args)).content.decode()
    copy.refresh_from_db()
    page = leader.get(reverse("dossiers:certify", args=args)).content.decode()
    assert copy.draft_sha256 in page and "6.000" not in page and copy.pages == 2
    assert counter.post(reverse("dossiers:certify_sign", args=args), {"sha256": copy.draft_sha256}).status_code == 403
    slow = client_of(city, "leader").post(reverse("dossiers:certify_sign", args=args), {"sha256": copy.draft_sha256})
    assert slow["Location"].startswith(reverse("identity:step_up"))
    assert leader.post(reverse("dossiers:certify_sign", args=args), {"sha256": "0" * 64}).status_code == 409
    assert leader.post(reverse("dossiers:certify_sign", args=args), {"sha256": copy.draft_sha256}).status_code == 302
    drain(now=clock.now())

    copy.refresh_from_db()
    assert copy.state == "certified" and copy.file_id is not None
    pdf = read_file(copy.file_id)
    assert b"<pdfaid:part>2" in pdf and verify_pdf(pdf).is_valid
    told = verify_file(pdf)
    assert told.status == "genuine" and told.result is not None and "01, quyển số 01/" in told.result.result_no
    assert verify_result(copy.verification_code.lower()) == told.result
    assert "Bằng tốt nghiệp" not in str(told.result)
    changed = bytearray(pdf)
    changed[len(pdf) // 3] ^= 1
    assert verify_file(bytes(changed)).status != "genuine"
    stranger = Client().get(f"/xac-minh/{copy.verification_code}/")
    assert stranger.status_code == 200 and "Bản sao điện tử có chứng thực" in stranger.content.decode()
    paper = find_papers(city.resident.ref, now=clock.now())[0]
    assert (paper.kind, paper.origin_ref) == ("certified_copy:van_bang", copy.verification_code)
    fee = list_charges_by_code(f"{city.agency.code}-BS{clock.local_date(clock.now()).year}-0001",
                               agency_codes=[city.agency.code])  # fmt: skip
    assert [charge.gross_vnd for charge in fee] == [4_000]
    drain(now=clock.now())
    assert len(find_papers(city.resident.ref, now=clock.now())) == 1


@pytest.mark.slow
def test_scans_stay_when_something_else_must_be_mended(city: City) -> None:
    counter = client_of(city, "counter")
    answer = counter.post(reverse("dossiers:certify_new"), {"scans": [upload("giu-lai.png")], "kind": "person"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "giu-lai.png" in page and "Số định danh cá nhân gồm 12" in page
    bad = counter.post(reverse("dossiers:certify_new"), {"scans": [upload("x.png", b"no picture")]})
    assert bad.status_code == 422
    stolen = counter.post(reverse("dossiers:certify_new"), {"kept": "1:forged"})
    assert stolen.status_code == 422 and "giu-lai.png" not in stolen.content.decode()


@pytest.mark.slow
def test_numbers_run_without_gaps_and_a_refusal_keeps_its_number(city: City) -> None:
    copies = [check(city, receive(city)) for _turn in range(3)]
    cancel_copy(
        copies[1].uuid, agency_ids=[city.agency.id], reason="Bản chính bị tẩy xóa", actor=SYSTEM, now=clock.now()
    )
    with pytest.raises(CopyRefused):
        cancel_copy(copies[1].uuid, agency_ids=[city.agency.id], reason="lại", actor=SYSTEM, now=clock.now())
    last = check(city, receive(city))
    assert [copy.no for copy in (*copies, last)] == [1, 2, 3, 4]
    with pytest.raises(RuntimeError), transaction.atomic():
        check(city, receive(city))
        raise RuntimeError("killed before the end")
    assert check(city, receive(city)).no == 5
    with pytest.raises(CopyRefused):  # a number is taken once
        check(city, last)
    book = CertificationBook.objects.get()
    for change in (
        "UPDATE vault_certificationbook SET last_no = last_no + 2",
        "DELETE FROM vault_certificationbook",
        "DELETE FROM vault_certifiedcopy",
        "UPDATE vault_certifiedcopy SET no = 99 WHERE no = 1",
        "UPDATE vault_certifiedcopy SET title = 'Khác' WHERE state = 'cancelled'",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert book.last_no == 5


@pytest.mark.slow
def test_only_what_was_shown_today_is_signed(city: City) -> None:
    from datetime import timedelta

    copy = check(city, receive(city))
    now, ids = clock.now(), [city.agency.id]
    yesterday = ensure_drawn(copy.uuid, agency_ids=ids, now=now - timedelta(days=1))
    with pytest.raises(CopyRefused):
        approve_copy(copy.uuid, agency_ids=ids, shown_sha256=yesterday.draft_sha256, actor=SYSTEM, now=now)
    today = ensure_drawn(copy.uuid, agency_ids=ids, now=now)
    assert today.draft_sha256 != yesterday.draft_sha256
    assert ensure_drawn(copy.uuid, agency_ids=ids, now=now) == today
    certify_copy(copy.uuid, now=now)  # nothing was approved: nothing is signed
    assert CertifiedCopy.objects.get().file_id is None


@pytest.mark.slow
def test_other_offices_and_strangers_learn_nothing(city: City) -> None:
    copy = check(city, receive(city))
    other = make_agency()
    ensure_drawn(copy.uuid, agency_ids=[city.agency.id], now=clock.now())
    scan = str(CertifiedCopy.objects.get().scan_file_ids[0])
    official, resident = Client(), Client()
    sign_in(official, make_official("counter", "leader", agency_id=other.id).user_id, stepped_up=True)
    sign_in(resident, city.resident.user_id)
    reads = [reverse(f"dossiers:{name}", args=[copy.uuid]) for name in ("certify", "certify_paper")]
    writes = [reverse(f"dossiers:certify_{name}", args=[copy.uuid]) for name in ("check", "sign", "cancel")]
    assert scan
    for address in reads:
        assert official.get(address).status_code == 404 and resident.get(address).status_code == 403
        assert Client().get(address).status_code == 302
    for address in writes:
        body = {"checks": list(CHECKS), "reason": "x"}
        assert official.post(address, body).status_code == 404 and resident.post(address, body).status_code == 403
    assert copy.title not in official.get(reverse("dossiers:certify_list")).content.decode()
    with pytest.raises(CopyUnknown):
        check_original(copy.uuid, agency_ids=[other.id], ticked=list(CHECKS), actor=SYSTEM, now=clock.now())


@pytest.mark.slow
def test_the_list_narrows_and_asks_as_often_for_many(city: City, django_assert_num_queries: Any) -> None:
    for _turn in range(3):
        check(city, receive(city))
    receive(city)
    with django_assert_num_queries(2):
        page = list_copies([city.agency.id], number=1)
    assert [copy.no for copy in page.items] == [None, 3, 2, 1]
    assert [copy.no for copy in list_copies([city.agency.id], number=1, state="waiting", book_no=2).items] == [2]
    counter = client_of(city, "counter")
    assert "Chờ đối chiếu" in counter.get(reverse("dossiers:certify_list"), {"so": "2"}).content.decode()


@pytest.mark.parametrize("wrong", [{"title": " "}, {"issuer": ""}, {"what": "gi_do"}])
def test_an_original_without_its_facts_is_not_taken_down(city: City, wrong: dict[str, Any]) -> None:
    with pytest.raises(PaperRefused):
        receive(city, **wrong)


def test_a_copy_without_a_scan_is_refused(city: City) -> None:
    wish = CopyWish(what="khac", title="Giấy", issuer="Ai đó")
    for scans in ([], [10**9]):
        with pytest.raises(PaperRefused):
            receive_original(
                PartyRef("person", city.resident.id), agency_id=city.agency.id, wish=wish, scan_file_ids=scans,
                actor=SYSTEM, now=clock.now(),
            )  # fmt: skip


@pytest.mark.slow
def test_all_that_is_missing_is_said_at_once(city: City) -> None:
    client = Client()
    sign_in(client, city.counter.user_id)
    page = client.post(reverse("dossiers:certify_new"), {"agency": city.agency.id, "kind": "person"})
    assert page.status_code == 422
    said = [found for found in re.findall(r'id="(\w+)-error"', page.content.decode())]
    assert said == ["scans", "title", "what", "issuer", "identifier"]


@pytest.mark.slow
def test_a_keeper_that_is_away_loses_no_copy(city: City, settings: Any) -> None:
    from datetime import timedelta

    now, ids = clock.now(), [city.agency.id]
    copy = ensure_drawn(check(city, receive(city)).uuid, agency_ids=ids, now=now)
    CertifiedCopy.objects.filter(uuid=copy.uuid).update(
        state="approved", approved_sha256=copy.draft_sha256, approved_at=now, approved_by_name="Lãnh đạo Thử"
    )
    certify_copy(copy.uuid, now=now)
    settings.MOTCUA_VAULT_KEEPER = "motcua.vault.tests.factories.make_absent_keeper"
    drain(now=now)
    assert CertifiedCopy.objects.get().state == "certified"
    settings.MOTCUA_VAULT_KEEPER = "software"
    assert find_papers(city.resident.ref, now=now) == ()
    drain(now=now + timedelta(hours=2))
    drain(now=now + timedelta(hours=2))
    assert [paper.origin_ref for paper in find_papers(city.resident.ref, now=now)] == [copy.verification_code]
