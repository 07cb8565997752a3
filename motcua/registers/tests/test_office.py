"""The registers' office: stewards see their agency's registers only; each look has a reason; lists do not cost more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motcua.audit.public import SYSTEM, list_reads_of
from motcua.identity.tests.factories import make_official, make_resident, sign_in
from motcua.kernel import clock
from motcua.outbox.public import drain
from motcua.places.public import AgencyInfo
from motcua.places.tests.factories import make_agency
from motcua.registers.actions.describing import assign_owner
from motcua.registers.actions.loading import Source, load_register
from motcua.registers.actions.measuring import measure_register
from motcua.registers.actions.writing import correct_record, write_record
from motcua.registers.models import CaseRecord, LoadRun, Register
from motcua.registers.tests.factories import describe, person
from motcua.registers.types import RecordInfo

pytestmark = pytest.mark.django_db
NOW = clock.now()
ONE = "079190000001"


@pytest.fixture
def agency(db: None) -> AgencyInfo:
    describe()
    agency = make_agency()
    assign_owner("people", agency_id=agency.id, actor=SYSTEM, now=NOW)
    return agency


@pytest.fixture
def steward(agency: AgencyInfo) -> Client:
    return _client("data_steward", agency)


def _client(role: str, agency: AgencyInfo) -> Client:
    client = Client()
    sign_in(client, make_official(role, agency_id=agency.id).user_id)
    return client


def _write() -> RecordInfo:
    return write_record(
        "people", person(phone="0900000001"), valid_from=NOW - timedelta(days=400), source="Phường Thử", now=NOW
    )


def _load(count: int = 4) -> LoadRun:
    rows = [*((n, person(number=f"0791900001{n:02d}")) for n in range(count)), (99, person(number="x"))]
    source = Source(file_name="dan-cu.csv", sha256="a" * 64, sender="Phường Thử", valid_from=NOW)
    load_register("people", lambda: iter(rows), source=source, now=NOW)
    drain(now=NOW)
    return LoadRun.objects.get()


def _wait() -> CaseRecord:
    return CaseRecord.objects.create(
        case_ref="H29.901-1", rule="1", register=Register.objects.get(code="people"), valid_from=NOW, created_at=NOW,
        data={"full_name": "Nguyễn Thử"}, problems=[{"field": "personal_id", "message": "không đúng dạng"}],
        source="Phường Thử",
    )  # fmt: skip


def _pages(code: str = "people") -> list[str]:
    record, run, row = _write(), _load(), _wait()
    return [
        reverse("registers:register", args=[code]), reverse("registers:record", args=[code, record.uuid]),
        reverse("registers:quality", args=[code]), reverse("registers:loads", args=[code]),
        reverse("registers:load", args=[code, run.uuid]), reverse("registers:report", args=[code, run.uuid]),
        reverse("registers:waiting", args=[code]), reverse("registers:settle", args=[code, row.pk]),
    ]  # fmt: skip


def _look(client: Client, key: str = "personal_id", value: str = ONE, reason: str = "Đối chiếu đơn") -> str:
    answer = client.post(
        reverse("registers:find", args=["people"]), {"khoa": key, "gia-tri": value, "ly-do": reason}, follow=True
    )
    return answer.content.decode()


@pytest.mark.slow
def test_no_page_is_open_to_others_and_registers_of_others_are_as_none(agency: AgencyInfo, steward: Client) -> None:
    pages = [reverse("registers:home"), *_pages()]
    _look(steward)
    resident = Client()
    sign_in(resident, make_resident().user_id)
    other = _client("data_steward", make_agency())
    for page in pages:
        assert steward.get(page).status_code == 200, page
        assert Client().get(page).status_code == 302
        assert _client("counter", agency).get(page).status_code == 403
        assert resident.get(page).status_code == 403
    for page in pages[1:]:
        assert other.get(page).status_code == 404
        assert steward.get(page.replace("/people/", "/land/")).status_code == 404
    assert "Dân cư" not in other.get(pages[0]).content.decode()


@pytest.mark.slow
def test_a_look_needs_a_reason_stands_in_the_log_and_no_number_stands_in_an_address(steward: Client) -> None:
    record = _write()
    assert "ghi lý do xem" in _look(steward, reason=" ")
    address = reverse("registers:record", args=["people", record.uuid])
    assert steward.get(address).status_code == 302
    assert "0900000001" in _look(steward)
    read = list_reads_of(f"record:{record.uuid}").items[0]
    assert read.purpose == "Đối chiếu đơn" and read.legal_ground
    assert "Không có bản ghi nào" in _look(steward, value="079190009999")
    assert "Hãy chọn số tra cứu" in _look(steward, key="nothing")


@pytest.mark.slow
def test_a_record_is_shown_as_of_two_times(steward: Client) -> None:
    record = _write()
    correct_record(
        record.uuid, person(phone="0900000002"), source="Đính chính", actor="thu", now=NOW + timedelta(days=2)
    )
    page = _look(steward)
    assert "0900000002" in page and "Đính chính" in page and "Đã thay" in page
    address = reverse("registers:record", args=["people", record.uuid])
    known = (NOW + timedelta(days=1)).date().isoformat()
    shown = steward.get(address, {"biet-ngay": known}).content.decode()
    assert shown.index("0900000001") < shown.index("Mọi lần ghi")
    assert "sổ không nói gì" in steward.get(address, {"dung-ngay": "1990-01-01"}).content.decode()
    assert steward.get(address, {"dung-ngay": "hôm qua", "trang": "9"}).status_code == 200


@pytest.mark.slow
def test_a_record_that_waits_is_completed_or_left_with_a_reason(steward: Client) -> None:
    row = _wait()
    address = reverse("registers:settle", args=["people", row.pk])
    wrong = steward.post(address, {"full_name": "Nguyễn Thử", "personal_id": "12"})
    assert wrong.status_code == 422 and "không đúng dạng" in wrong.content.decode()
    assert steward.post(address, {"bo-qua": "1", "ly-do": ""}).status_code == 422
    nobody = steward.post(address, {"full_name": "Nguyễn Thử", "personal_id": "", "van-ghi": "Cứ ghi"})
    assert nobody.status_code == 422 and "chưa biết là bản ghi nào" in nobody.content.decode()
    said = {"full_name": "Nguyễn Thử", "personal_id": ONE, "sex": "female"}
    gaps = steward.post(address, said)
    assert gaps.status_code == 422 and "Thiếu ngày sinh" in gaps.content.decode()
    right = steward.post(address, {**said, "van-ghi": "Hồ sơ giấy không ghi ngày sinh"}, follow=True)
    assert "Đã xong" in right.content.decode()
    row.refresh_from_db()
    assert row.record_id is not None and steward.get(address).status_code == 404


@pytest.mark.slow
def test_figures_stand_on_their_page_by_rule_and_agency(steward: Client) -> None:
    _load()
    measure_register("people", now=NOW)
    page = steward.get(reverse("registers:quality", args=["people"]), {"quy-tac": "has_area"}).content.decode()
    assert "Thiếu phường, xã nơi ở" in page and "Phường Thử" in page and "0,00 %" in page


@pytest.mark.slow
def test_lists_ask_as_often_for_many_rows_as_for_few(steward: Client) -> None:
    run, row = _load(), _wait()
    pages = [reverse("registers:home"), reverse("registers:loads", args=["people"]),
             reverse("registers:waiting", args=["people"])]  # fmt: skip
    for page in pages:
        _count(steward, page)  # how a register is described is read once a process
    few = [_count(steward, page) for page in pages]
    for number in range(5):
        run.pk, run.uuid, run.file_sha256 = None, f"{number:032d}", f"{number:064d}"
        run.save(force_insert=True)
        row.pk, row.case_ref = None, str(number)
        row.save(force_insert=True)
    assert [_count(steward, page) for page in pages] == few


def _count(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page).status_code == 200
    return len(asked)
